/**
 * Time on Deno. The monotonic clock is the kernel's boot clock where /proc shows it, because it counts the hours a
 * machine was asleep and because two processes of one boot read the same number; elsewhere it is the process' own clock
 * laid over the uptime the system reported at the start.
 *
 * Reading /proc costs a hundred times what the process' own clock does, and an exchange asks a dozen times. So the
 * process' clock carries the time on between two looks; only a sleep of the machine makes them differ.
 *
 * @module
 */
import { uptime } from "node:os";
import type { Clock } from "../ports.ts";

/**
 * Longest single timer. Timers stand still while a machine sleeps; waking this often bounds by how much a sleep that began
 * before overshoots after it.
 */
const LONGEST_TIMER_MS = 30_000;
/** After a sleep the clock is behind for at most this long. */
const LOOK_EVERY_MS = 100;

/** {@linkcode Clock} on Deno. Holds nothing that needs closing. */
export class DenoClock implements Clock {
  /** Boot clock at the process clock's zero; it only grows, by what the machine slept. */
  #bootAtZeroMs = (bootClockMs() ?? uptime() * 1000) - performance.now();
  #lookedAtMs = -Infinity;
  #lastMs = 0;

  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    const processMs = performance.now();
    if (processMs - this.#lookedAtMs >= LOOK_EVERY_MS) this.#look(processMs);
    this.#lastMs = Math.max(this.#lastMs, Math.floor(this.#bootAtZeroMs + processMs));
    return this.#lastMs;
  }

  #look(processMs: number): void {
    this.#lookedAtMs = processMs;
    const bootMs = bootClockMs();
    // /proc cuts to 10 ms, so of two looks the one that shows more is closer to the truth.
    if (bootMs !== null) this.#bootAtZeroMs = Math.max(this.#bootAtZeroMs, bootMs - processMs);
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const endMs = this.monotonicMs() + Math.max(0, delayMs);
    for (let leftMs = delayMs; leftMs > 0; leftMs = endMs - this.monotonicMs()) {
      if (signal?.aborted) return;
      await timer(Math.min(leftMs, LONGEST_TIMER_MS), signal);
    }
  }
}

/** Uptime by the kernel's boot clock with a resolution of 10 ms, or `null` where there is no /proc. */
function bootClockMs(): number | null {
  if (Deno.build.os !== "linux") return null;
  try {
    const seconds = Number.parseFloat(Deno.readTextFileSync("/proc/uptime"));
    return Number.isFinite(seconds) ? seconds * 1000 : null;
  } catch {
    return null;
  }
}

function timer(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(handle);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const handle = setTimeout(finish, delayMs);
    signal?.addEventListener("abort", finish, { once: true });
  });
}
