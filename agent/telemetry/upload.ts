/**
 * From the buffer to a batch: the oldest samples, dated as well as the agent can, as many as fit.
 *
 * A batch has one time base and its times never fall (PROTOCOL §6), so it ends where the base, the boot or the direction
 * of time changes; the next batch goes on there.
 *
 * @module
 */
import {
  encodeSamples,
  type MetricsBatch,
  PROTOCOL,
  type SampleBatch,
  samplesThatFit,
  Stream,
} from "@fleetd/firmware-protocol";
import type { RecordBuffer, RecordRun } from "./record_buffer.ts";
import { readSampleRecord, type SampleRecord } from "./sample_record.ts";

/** How the time of a sample follows from its uptime. */
export interface Dating {
  /** The present boot, 32 bits. */
  readonly bootId: number;
  /** Unix ms at uptime 0 of the present boot, or `null` while it is not known. */
  readonly unixAtBootMs: number | null;
}

/** The next batch, and whether the buffer holds more. */
export interface Upload {
  readonly batch: MetricsBatch;
  readonly more: boolean;
}

/** Stream number of metrics. */
export const METRICS_STREAM = Stream.metrics;

/**
 * The oldest samples as a batch of at most `maxBytes`, or `null` when there are none or not even one fits. Samples that
 * cannot be read are given up (they were checked when written: another version's).
 * @throws {DiskError}
 */
export async function nextUpload(
  buffer: RecordBuffer,
  { maxBytes, dating }: { readonly maxBytes: number; readonly dating: Dating },
): Promise<Upload | null> {
  for (;;) {
    const run = await buffer.oldest({ records: PROTOCOL.samplesMax, bytes: 256 << 10 });
    if (run === null) return null;
    const records = run.records.map(readSampleRecord);
    const bad = records.findIndex((record) => record === null);
    if (bad === 0) {
      await buffer.release(run.epoch, run.first);
      continue;
    }
    const whole = records.slice(0, bad < 0 ? records.length : bad) as SampleRecord[];
    return uploadOf(run, { whole, maxBytes, dating });
  }
}

function uploadOf(
  run: RecordRun,
  { whole, maxBytes, dating }: { whole: SampleRecord[]; maxBytes: number; dating: Dating },
): Upload | null {
  const dated = whole.map((record) => date(record, dating));
  const start = dated[0]!;
  const end = dated.findIndex((one, at) =>
    at > 0 &&
    (one.base !== start.base || one.bootId !== start.bootId || one.atMs < dated[at - 1]!.atMs)
  );
  const samples = end < 0 ? dated : dated.slice(0, end);
  const all: SampleBatch = {
    epoch: run.epoch,
    first: run.first,
    base: start.base,
    bootId: start.bootId ?? undefined,
    samples,
  };
  const count = samplesThatFit(all, maxBytes);
  if (count === 0) return null;
  const batch = encodeSamples({ ...all, samples: samples.slice(0, count) });
  return { batch, more: count < run.records.length };
}

/** Unix time where it is known or follows from the present boot's clock, else uptime of the sample's boot. */
function date({ bootId, uptimeMs, unixMs, values }: SampleRecord, dating: Dating) {
  const known = unixMs ??
    (bootId === dating.bootId && dating.unixAtBootMs !== null
      ? dating.unixAtBootMs + uptimeMs
      : null);
  return known === null
    ? { base: "uptime" as const, bootId, atMs: Math.round(uptimeMs), values }
    : { base: "unix" as const, bootId: null, atMs: Math.max(0, Math.round(known)), values };
}
