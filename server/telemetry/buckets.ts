/**
 * @module
 * Aggregates of one metric in equal buckets of time.
 */
import type { TelemetryPoint } from "./telemetry.ts";

/** Minimum, maximum and mean of the values in each bucket. */
export class Buckets {
  readonly #startMs: number;
  readonly #widthMs: number;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;

  /** @param range `startMs` a multiple of `widthMs`, `buckets` ≤ 2,001 */
  constructor(
    range: { readonly startMs: number; readonly widthMs: number; readonly buckets: number },
  ) {
    this.#startMs = range.startMs;
    this.#widthMs = range.widthMs;
    this.#min = new Float64Array(range.buckets).fill(Infinity);
    this.#max = new Float64Array(range.buckets).fill(-Infinity);
    this.#sum = new Float64Array(range.buckets);
    this.#count = new Uint32Array(range.buckets);
  }

  /** Counts a value; one outside the range is ignored. */
  add(atMs: number, value: number): void {
    const at = Math.floor((atMs - this.#startMs) / this.#widthMs);
    if (at < 0 || at >= this.#count.length) return;
    this.#min[at] = Math.min(this.#min[at]!, value);
    this.#max[at] = Math.max(this.#max[at]!, value);
    this.#sum[at]! += value;
    this.#count[at]! += 1;
  }

  /** The buckets that hold something. */
  points(): TelemetryPoint[] {
    const points: TelemetryPoint[] = [];
    for (let at = 0; at < this.#count.length; at++) {
      const count = this.#count[at]!;
      if (count === 0) continue;
      points.push({
        atMs: this.#startMs + at * this.#widthMs,
        min: this.#min[at]!,
        max: this.#max[at]!,
        mean: this.#sum[at]! / count,
        count,
      });
    }
    return points;
  }
}
