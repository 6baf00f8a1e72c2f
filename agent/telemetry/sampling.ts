/**
 * Takes a sample at every interval and puts it into the buffer. Ticks stand on the grid of the monotonic clock, so they
 * do not drift; a tick missed while the host slept is skipped, never made up.
 *
 * @module
 */
import type { Clock } from "../ports.ts";
import type { Readings } from "./collect/collector.ts";
import { sampleValues } from "./collect/sample_values.ts";
import type { RecordBuffer } from "./record_buffer.ts";
import { type SampleRecord, writeSampleRecord } from "./sample_record.ts";

/**
 * From the first look at the host to the first sample. Shares of time and rates need two looks; without the first, a
 * device would show none of them until its second sample.
 */
const FIRST_LOOK_MS = 1_000;

/** What sampling needs. */
export interface SamplingParts {
  readonly clock: Clock;
  readonly buffer: RecordBuffer;
  /** One look at the host, see `collect/collector.ts`. */
  readonly collect: () => Readings;
  /** The present boot, 32 bits. */
  readonly bootId: number;
  /** The host's or the server's time, Unix ms, or `null` when neither can be believed. */
  readonly unixNowMs: () => number | null;
}

/** The newest sample, for people. */
export interface LatestSample {
  readonly atMonotonicMs: number;
  readonly readings: Readings;
}

/** The sampler of one agent. */
export class Sampling {
  latest: LatestSample | null = null;

  constructor(private readonly parts: SamplingParts) {}

  /** Takes samples until `signal` aborts. `onSample` is called after each. */
  async run(
    intervalMs: number,
    { signal, onSample }: { readonly signal: AbortSignal; readonly onSample?: () => void },
  ): Promise<void> {
    const { clock } = this.parts;
    while (!signal.aborted) {
      await this.take();
      onSample?.();
      await clock.sleep(intervalMs - clock.monotonicMs() % intervalMs, signal);
    }
  }

  /** To be called before all else: lets the first sample hold what only two looks can tell. */
  async lookFirst(signal: AbortSignal): Promise<void> {
    this.parts.collect();
    await this.parts.clock.sleep(FIRST_LOOK_MS, signal);
  }

  /** Takes one sample. */
  async take(): Promise<void> {
    const { clock, buffer, collect, bootId, unixNowMs } = this.parts;
    const readings = new Map(collect());
    readings.set("telemetry.dropped", buffer.fill().dropped);
    const uptimeMs = clock.monotonicMs();
    const values = sampleValues(readings);
    const record: SampleRecord = { bootId, uptimeMs, unixMs: unixNowMs(), values };
    await buffer.append(writeSampleRecord(record));
    this.latest = { atMonotonicMs: uptimeMs, readings };
  }
}
