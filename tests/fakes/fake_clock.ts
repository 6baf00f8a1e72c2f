/**
 * Virtual time. Nothing passes until a test says so; sleepers wake in the order of their time, and everything they cause
 * is done before the next one wakes, so that a day of an agent's life takes milliseconds and is the same each time.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Clock } from "@fleetd/agent";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** {@linkcode Clock} under a test's control. */
export class FakeClock implements Clock {
  #monotonicMs: number;
  #wallOffsetMs: number;
  #sleepers: Sleeper[] = [];
  #order = 0;

  /** Starts at a plausible wall clock, one minute after boot. */
  constructor({ nowMs = Date.UTC(2030, 0, 1), monotonicMs = 60_000 } = {}) {
    this.#monotonicMs = monotonicMs;
    this.#wallOffsetMs = nowMs - monotonicMs;
  }

  nowMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (delayMs <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { wakeAtMs: this.#monotonicMs + delayMs, order: this.#order++, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** When the next sleeper wakes, on the monotonic clock; `null` when nobody sleeps. */
  get nextWakeMs(): number | null {
    return this.#next()?.wakeAtMs ?? null;
  }

  /** Lets time pass, waking who is due, each with all that it causes. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#monotonicMs + durationMs;
    await settle();
    for (let next; (next = this.#next()) !== undefined && next.wakeAtMs <= endMs;) {
      this.#monotonicMs = Math.max(this.#monotonicMs, next.wakeAtMs);
      next.wake();
      await settle();
    }
    this.#monotonicMs = Math.max(this.#monotonicMs, endMs);
  }

  /**
   * Lets time pass until the condition holds.
   *
   * @throws {Error} when it does not within `limitMs`, or when nobody is left who could make it hold
   */
  async advanceUntil(condition: () => boolean, limitMs = 24 * 3_600_000): Promise<void> {
    const endMs = this.#monotonicMs + limitMs;
    await settle();
    while (!condition()) {
      const wakeAtMs = this.nextWakeMs;
      if (wakeAtMs === null) {
        throw new Error("Cannot wait on: the condition does not hold and nobody sleeps");
      }
      if (wakeAtMs > endMs) {
        throw new Error(`Cannot wait on: the condition does not hold after ${limitMs} ms`);
      }
      await this.advance(wakeAtMs - this.#monotonicMs);
    }
  }

  /** Sets the wall clock, as NTP or a user does; the monotonic clock does not notice. */
  setWall(nowMs: number): void {
    this.#wallOffsetMs = nowMs - this.#monotonicMs;
  }

  /** A restart of the host: the monotonic clock begins again, the wall clock goes on, whoever slept is gone. */
  reboot({ offMs = 30_000 } = {}): void {
    const nowMs = this.nowMs() + offMs;
    this.#sleepers = [];
    this.#monotonicMs = 0;
    this.setWall(nowMs);
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      const sooner = next === undefined || sleeper.wakeAtMs < next.wakeAtMs ||
        (sleeper.wakeAtMs === next.wakeAtMs && sleeper.order < next.order);
      if (sooner) next = sleeper;
    }
    return next;
  }
}

/** Resolves when all that can go on without time passing has gone on. */
export async function settle(): Promise<void> {
  // One turn of the event loop runs every pending promise reaction; work that itself waits a turn gets a few.
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
