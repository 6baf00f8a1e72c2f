/**
 * What this machine's own /proc says, read again and again beside the agent, so that a figure of the agent can be held
 * against the moment at which it was taken.
 *
 * @module
 */

/** The counters at one moment. */
interface Reading {
  /** Unix ms. */
  readonly atMs: number;
  /** Processor ticks since the start: all, and those with nothing to do. */
  readonly ticks: { readonly total: number; readonly idle: number };
  /** MemTotal − MemAvailable, bytes. */
  readonly memoryUsedBytes: number;
}

/** A figure and how far another measurement of the same may be from it. */
export interface Expected {
  readonly value: number;
  readonly tolerance: number;
}

const EVERY_MS = 100;

/** Watches /proc from the moment it is made until it is disposed. */
export class MachineFigures {
  readonly #readings: Reading[] = [read()];
  readonly #timer = setInterval(() => this.#readings.push(read()), EVERY_MS);
  /** MemTotal, bytes. */
  readonly memoryTotalBytes = memory().total;

  /** Unix ms of the first reading. */
  get sinceMs(): number {
    return this.#readings[0]!.atMs;
  }

  /**
   * Share of time in which the processors worked between two moments (Unix ms). Both count the same ticks, but this
   * program reads them a little before or after: by that share of the window, and by the kernel's tick, they may differ.
   */
  cpuUse(fromMs: number, toMs: number): Expected {
    const from = this.#nearest(fromMs), to = this.#nearest(toMs);
    const total = to.ticks.total - from.ticks.total;
    const value = total <= 0 ? 0 : 1 - (to.ticks.idle - from.ticks.idle) / total;
    const offMs = Math.abs(from.atMs - fromMs) + Math.abs(to.atMs - toMs);
    return { value, tolerance: 0.03 + offMs / (toMs - fromMs) };
  }

  /**
   * Memory in use at a moment (Unix ms): between the least and the most that was seen within half a second of it, and as
   * programs come and go within milliseconds, 3 % of all memory beside that.
   */
  memoryUsed(atMs: number): Expected {
    const near = this.#readings.filter((one) => Math.abs(one.atMs - atMs) <= 500);
    const used = (near.length > 0 ? near : [this.#nearest(atMs)]).map((one) => one.memoryUsedBytes);
    const least = Math.min(...used), most = Math.max(...used);
    return {
      value: (least + most) / 2,
      tolerance: (most - least) / 2 + 0.03 * this.memoryTotalBytes,
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #nearest(atMs: number): Reading {
    return this.#readings.reduce((best, one) =>
      Math.abs(one.atMs - atMs) < Math.abs(best.atMs - atMs) ? one : best
    );
  }
}

function read(): Reading {
  const [, ...fields] = Deno.readTextFileSync("/proc/stat").split("\n")[0]!.split(/\s+/);
  // user nice system idle iowait irq softirq steal; guests are counted in user already (proc(5)).
  const ticks = fields.slice(0, 8).map(Number);
  const { used } = memory();
  return {
    atMs: Date.now(),
    ticks: { total: ticks.reduce((sum, one) => sum + one, 0), idle: ticks[3]! + ticks[4]! },
    memoryUsedBytes: used,
  };
}

function memory(): { total: number; used: number } {
  const text = Deno.readTextFileSync("/proc/meminfo");
  const bytes = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)![1]);
  const total = bytes("MemTotal");
  return { total, used: total - bytes("MemAvailable") };
}
