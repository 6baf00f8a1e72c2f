/**
 * How the benches measure: two sides in alternating rounds of one run, medians of the ratios, CPU time read from /proc.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

/** Median of at least one number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median of `ours / yardstick` over the rounds, with the lowest and the highest. */
export interface Ratio {
  readonly ratio: number;
  readonly spread: [number, number];
  readonly ours: number;
  readonly yardstick: number;
}

/** Runs both sides in turn, `rounds` times; each side returns its cost (any unit, the same for both). */
export async function alternate(
  { rounds, ours, yardstick }: {
    rounds: number;
    ours: () => number | Promise<number>;
    yardstick: () => number | Promise<number>;
  },
): Promise<Ratio> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) pairs.push([await ours(), await yardstick()]);
    else {
      const other = await yardstick();
      pairs.push([await ours(), other]);
    }
  }
  const ratios = pairs.map(([a, b]) => a / b);
  return {
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    ours: median(pairs.map(([a]) => a)),
    yardstick: median(pairs.map(([, b]) => b)),
  };
}

/** CPU time of a process and its threads so far, in milliseconds (10 ms steps; Linux counts 100 ticks a second). */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * CPU time of a process in nanoseconds, as the scheduler counts it. A thread's time is lost to others when it ends, so a
 * meter looks more often than the ten seconds that the runtime keeps an unused thread.
 */
export class CpuMeter {
  readonly #threads = new Map<string, number>();

  constructor(readonly pid: number) {}

  /** Looks at all threads; what they and those that have ended have used so far. */
  read(): number {
    const folder = `/proc/${this.pid}/task`;
    for (const thread of readdirSync(folder)) {
      try {
        const [ranNs] = readFileSync(`${folder}/${thread}/schedstat`, "latin1").split(" ");
        this.#threads.set(thread, Number(ranNs));
      } catch {
        // It ended between listing and reading: its last reading stands.
      }
    }
    return this.#threads.values().reduce((sum, ns) => sum + ns, 0);
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))![1]) *
    1024;
}
