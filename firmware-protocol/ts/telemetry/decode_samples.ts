/**
 * Delta columns back to values. The batch may come from anywhere: sizes and sums are held against their
 * limits, whether or not the codec did so before.
 *
 * @module
 */
import type { ProtocolErrorCode } from "../errors.gen.ts";
import { ProtocolError } from "../codec/protocol_error.ts";
import { type Column, type MetricsBatch, PROTOCOL } from "../messages.gen.ts";
import type { Sample } from "./sample.ts";
import { fromScaled } from "./scale.ts";

/** All values of one metric. */
export interface MetricColumn {
  /** Metric id, 0 to 1,023. */
  readonly id: number;
  /** One value for each sample; null where it was not measured. */
  readonly values: readonly (number | null)[];
}

/** A batch by metric. */
export interface SampleColumns {
  /** Time of each sample: Unix ms or uptime ms, as the batch's base says. */
  readonly atMs: readonly number[];
  /** Metrics by ascending id. */
  readonly columns: readonly MetricColumn[];
}

/**
 * Values of a batch by metric: what storage and queries want.
 *
 * @throws {ProtocolError} schema.length, schema.inconsistent, schema.order, schema.out_of_range.
 */
export function decodeColumns(batch: MetricsBatch): SampleColumns {
  const { count } = batch;
  if (!Number.isInteger(count) || count < 1 || count > PROTOCOL.samplesMax) {
    fail("schema.out_of_range", `count ${count} is outside 1 to ${PROTOCOL.samplesMax}`);
  }
  if (batch.columns.length > PROTOCOL.columnsMax) {
    fail("schema.length", `${batch.columns.length} columns are more than ${PROTOCOL.columnsMax}`);
  }
  let previous = -1;
  const columns = batch.columns.map((column) => {
    if (!(column.id > previous)) fail("schema.order", `metric ${column.id} after ${previous}`);
    previous = column.id;
    return { id: column.id, values: columnValues(column, count) };
  });
  return { atMs: sampleTimes(batch), columns };
}

/**
 * Samples of a batch in their order.
 *
 * @throws {ProtocolError} As {@link decodeColumns}.
 */
export function decodeSamples(batch: MetricsBatch): Sample[] {
  const { atMs, columns } = decodeColumns(batch);
  return atMs.map((time, at) => {
    const values = new Map<number, number>();
    for (const column of columns) {
      const value = column.values[at];
      if (value !== null && value !== undefined) values.set(column.id, value);
    }
    return { atMs: time, values };
  });
}

/**
 * Time of each sample: Unix ms or uptime ms, as the batch's base says. For whoever wants no values: a batch
 * that the codec accepted has none that {@link decodeColumns} would refuse.
 *
 * @throws {ProtocolError} schema.inconsistent, schema.out_of_range.
 */
export function sampleTimes({ t0, dt, count }: MetricsBatch): number[] {
  if (typeof dt !== "number" && dt.length !== count - 1) {
    fail("schema.inconsistent", `dt has ${dt.length} entries for ${count} samples`);
  }
  const atMs: number[] = [];
  let time = t0;
  for (let at = 0; at < count; at++) {
    if (at > 0) time += typeof dt === "number" ? dt : dt[at - 1] as number;
    if (!Number.isSafeInteger(time) || time < 0) fail("schema.out_of_range", `time ${time}`);
    atMs.push(time);
  }
  return atMs;
}

/**
 * The newest value of one metric in a batch that the codec accepted, without making anything of the others;
 * undefined where there is none.
 */
export function newestValue(
  { columns }: Pick<MetricsBatch, "columns">,
  id: number,
): number | undefined {
  for (const column of columns) {
    if (column.id > id) return undefined;
    if (column.id === id) return newestOf(column);
  }
  return undefined;
}

function newestOf({ scale, values }: Column): number | undefined {
  let sum = 0;
  let newest: number | undefined;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    newest = scale === null ? value : sum;
  }
  return newest === undefined || scale === null ? newest : fromScaled(newest, scale);
}

function columnValues({ id, scale, values }: Column, count: number): (number | null)[] {
  if (values.length !== count && values.length !== 1) {
    fail("schema.inconsistent", `metric ${id} has ${values.length} entries for ${count} samples`);
  }
  if (scale !== null && (!Number.isInteger(scale) || scale < -9 || scale > 9)) {
    fail("schema.out_of_range", `metric ${id} has scale ${scale}`);
  }
  const decoded = scale === null ? values.slice() : sums(values, scale);
  if (values.length === count) return decoded;
  return new Array<number | null>(count).fill(decoded[0] ?? null);
}

function sums(values: readonly (number | null)[], scale: number): (number | null)[] {
  let sum = 0;
  return values.map((delta) => {
    if (delta === null) return null;
    sum += delta;
    if (!Number.isSafeInteger(sum)) {
      fail("schema.out_of_range", "a sum of deltas leaves ±(2^53 − 1)");
    }
    return fromScaled(sum, scale);
  });
}

function fail(code: ProtocolErrorCode, state: string): never {
  throw new ProtocolError(code, `Cannot decode samples: ${state}`, { field: "MetricsBatch" });
}
