/**
 * Samples to delta columns. Values of standard metrics are rounded to the metric's scale; values of custom
 * metrics keep every decimal where a scale can hold them all, and travel as 32-bit floats where none can.
 *
 * @module
 */
import { metricsBatchCodec } from "../codecs.gen.ts";
import {
  type Column,
  type DictionaryEntry,
  type MetricsBatch,
  PROTOCOL,
  TimeBase,
} from "../messages.gen.ts";
import { dictionaryDigest } from "./dictionary.ts";
import { metricById, type Sample } from "./sample.ts";
import { exactScale, toScaled } from "./scale.ts";

/** What a batch is made from. */
export interface SampleBatch {
  /** Epoch of the stream's buffer, 32 bits. */
  readonly epoch: number;
  /** Counter of the first sample, at most 2^48 - 1. */
  readonly first: number;
  /** What `atMs` counts from. */
  readonly base: "unix" | "uptime";
  /** Boot the uptime belongs to; required with base `uptime`. */
  readonly bootId?: number;
  /** 1 to 1,024 samples, times never falling. A clock that was set back starts a new batch. */
  readonly samples: readonly Sample[];
  /** Dictionary of the custom metrics, ids ascending; required where a sample has ids of 128 and more. */
  readonly dictionary?: readonly DictionaryEntry[];
  /** Whether the dictionary itself travels, not only its digest; by default it does. */
  readonly sendDictionary?: boolean;
}

/** Items of a request that other sections may need; the rest of the 4,096 is for samples. */
const ITEMS_FOR_OTHERS = 1_536;

/**
 * Makes a metrics batch.
 *
 * A value that is not finite counts as not measured. A metric that no sample holds has no column.
 *
 * @throws {RangeError} for no samples or too many, times that fall or are no integers, more than 64
 *   metrics, ids of 128 and more without a dictionary, or no bootId with base `uptime`.
 */
export function encodeSamples(batch: SampleBatch): MetricsBatch {
  const { samples, dictionary } = batch;
  const start = samples[0];
  if (start === undefined || samples.length > PROTOCOL.samplesMax) {
    throw new RangeError(
      `Cannot encode samples: there are ${samples.length}, a batch holds 1 to ${PROTOCOL.samplesMax}`,
    );
  }
  if (batch.base === "uptime" && batch.bootId === undefined) {
    throw new RangeError("Cannot encode samples: base uptime needs a bootId");
  }
  const encoded: MetricsBatch = {
    epoch: batch.epoch,
    first: batch.first,
    t0: start.atMs,
    base: batch.base === "unix" ? TimeBase.unix : TimeBase.uptime,
    dt: spacing(samples),
    columns: metricIds(samples).map((id) => column(id, samples)),
    count: samples.length,
  };
  if (batch.base === "uptime") encoded.bootId = batch.bootId;
  const custom = encoded.columns.filter(({ id }) => id >= PROTOCOL.customIdMin);
  if (custom.length > 0) {
    nameCustomMetrics(encoded, custom, dictionary ?? []);
    if (batch.sendDictionary ?? true) encoded.dictionaryEntries = dictionary;
  }
  return encoded;
}

/**
 * How many leading samples make a batch of at most `maxBytes`, leaving items for the other sections of a
 * request. 0 where not even one fits.
 *
 * @param maxBytes Room for the encoded batch.
 */
export function samplesThatFit(batch: SampleBatch, maxBytes: number): number {
  let fits = 0;
  let beyond = Math.min(batch.samples.length, PROTOCOL.samplesMax) + 1;
  while (beyond - fits > 1) {
    const tried = (fits + beyond) >> 1;
    const encoded = encodeSamples({ ...batch, samples: batch.samples.slice(0, tried) });
    if (items(encoded) <= PROTOCOL.maxItems - ITEMS_FOR_OTHERS && size(encoded) <= maxBytes) {
      fits = tried;
    } else beyond = tried;
  }
  return fits;
}

function items({ columns, dt, dictionaryEntries }: MetricsBatch): number {
  const spacings = typeof dt === "number" ? 0 : dt.length;
  return columns.reduce((sum, { values }) => sum + 3 + values.length, 21) + spacings +
    (dictionaryEntries?.length ?? 0) * 4;
}

function size(batch: MetricsBatch): number {
  return metricsBatchCodec.encode(batch).length;
}

function spacing(samples: readonly Sample[]): number | number[] {
  const steps: number[] = [];
  for (let at = 1; at < samples.length; at++) {
    const step = (samples[at] as Sample).atMs - (samples[at - 1] as Sample).atMs;
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(
        `Cannot encode samples: the time of sample ${at} falls or is no integer`,
      );
    }
    steps.push(step);
  }
  const first = steps[0] ?? 0;
  return steps.every((step) => step === first) ? first : steps;
}

function metricIds(samples: readonly Sample[]): number[] {
  const ids = new Set<number>();
  for (const { values } of samples) {
    for (const [id, value] of values) {
      if (Number.isFinite(value)) ids.add(id);
    }
  }
  if (ids.size > PROTOCOL.columnsMax) {
    throw new RangeError(
      `Cannot encode samples: ${ids.size} metrics are more than ${PROTOCOL.columnsMax}`,
    );
  }
  return [...ids].sort((a, b) => a - b);
}

function column(id: number, samples: readonly Sample[]): Column {
  const values = samples.map((sample) => {
    const value = sample.values.get(id);
    return value !== undefined && Number.isFinite(value) ? value : null;
  });
  const known = values.filter((value) => value !== null);
  const scale = metricById(id)?.scale ?? exactScale(known);
  const deltas = scale === null ? null : scaledDeltas(values, scale);
  if (deltas !== null) return { id, scale, values: collapse(deltas, 0) };
  const floats = values.map((value) => value === null ? null : single(value));
  return { id, scale: null, values: collapse(floats, floats[0] ?? null) };
}

/** First value and deltas, or null where one of them is no safe integer. */
function scaledDeltas(values: readonly (number | null)[], scale: number): (number | null)[] | null {
  const deltas: (number | null)[] = [];
  let last = 0;
  for (const value of values) {
    if (value === null) {
      deltas.push(null);
      continue;
    }
    const integer = toScaled(value, scale);
    const delta = integer - last;
    if (!Number.isSafeInteger(integer) || !Number.isSafeInteger(delta)) return null;
    deltas.push(delta);
    last = integer;
  }
  return deltas;
}

/** Single precision, held to its range. */
function single(value: number): number {
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  return Math.sign(value) * (2 - 2 ** -23) * 2 ** 127;
}

/** One entry for a column whose other entries all repeat `same`. */
function collapse(values: (number | null)[], same: number | null): (number | null)[] {
  if (values[0] === null || values.length === 1) return values;
  for (let at = 1; at < values.length; at++) {
    if (!Object.is(values[at], same)) return values;
  }
  return values.slice(0, 1);
}

function nameCustomMetrics(
  encoded: MetricsBatch,
  custom: readonly Column[],
  dictionary: readonly DictionaryEntry[],
): void {
  const known = new Set(dictionary.map(({ id }) => id));
  const unnamed = custom.find(({ id }) => !known.has(id));
  if (unnamed !== undefined) {
    throw new RangeError(
      `Cannot encode samples: metric ${unnamed.id} is not in the dictionary; declare its name and unit`,
    );
  }
  encoded.dictionary = dictionaryDigest(dictionary);
}
