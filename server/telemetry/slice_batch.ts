/**
 * @module
 * Cuts a batch without decoding it to samples and back, so that what is left is what the device sent.
 */
import type { Column, MetricsBatch } from "@fleetd/firmware-protocol";

/**
 * Samples `from` (inclusive) to `to` (exclusive) of a batch.
 * @param range 0 ≤ from < to ≤ count
 */
export function sliceBatch(
  batch: MetricsBatch,
  { from, to }: { readonly from: number; readonly to: number },
): MetricsBatch {
  const { dt } = batch;
  let t0 = batch.t0;
  for (let at = 0; at < from; at++) t0 += typeof dt === "number" ? dt : dt[at]!;
  return {
    ...batch,
    first: batch.first + from,
    t0,
    dt: typeof dt === "number" ? dt : dt.slice(from, to - 1),
    columns: batch.columns.map((column) => sliceColumn(column, { from, to, count: batch.count })),
    count: to - from,
  };
}

function sliceColumn(
  column: Column,
  { from, to, count }: { readonly from: number; readonly to: number; readonly count: number },
): Column {
  const { scale, values } = column;
  if (values.length !== count) return column;
  const kept = values.slice(from, to);
  if (scale === null) return { ...column, values: kept };
  let sum = 0;
  for (let at = 0; at < from; at++) sum += values[at] ?? 0;
  // The first value that is there carries the sum of all before it; a missing one does not move it.
  const first = kept.findIndex((value) => value !== null);
  if (first !== -1) kept[first] = kept[first]! + sum;
  return { ...column, values: kept };
}
