/**
 * @module
 * The newest value of every metric of a device as one blob: entries of 18 bytes by ascending id, id uint16 ‖
 * Unix ms float64 ‖ value float64, big-endian. It is made when somebody looks and when batches are folded,
 * not with every sync.
 */
import { decodeColumns, metricsBatchCodec } from "@fleetd/firmware-protocol";
import type { StoredBatch } from "./telemetry_records.ts";

/** The newest value of one metric. */
export interface LatestValue {
  /** Metric id, 0..1,023. */
  readonly id: number;
  /** When it was measured, Unix ms. */
  readonly atMs: number;
  readonly value: number;
}

const ENTRY_BYTES = 18;

/** Reads a blob. */
export function readLatest(body: Uint8Array): LatestValue[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const values: LatestValue[] = [];
  for (let at = 0; at + ENTRY_BYTES <= body.length; at += ENTRY_BYTES) {
    values.push({
      id: view.getUint16(at),
      atMs: view.getFloat64(at + 2),
      value: view.getFloat64(at + 10),
    });
  }
  return values;
}

/**
 * The blob after these batches, in any order; suspect ones do not count.
 * @param body the blob before; empty = there was none
 */
export function mergeBatches(body: Uint8Array, batches: readonly StoredBatch[]): Uint8Array {
  let merged = body;
  for (const { suspect, fromMs, body: encoded } of batches) {
    if (suspect) continue;
    const batch = metricsBatchCodec.decode(encoded);
    const { atMs, columns } = decodeColumns(batch);
    const newer: LatestValue[] = [];
    for (const { id, values } of columns) {
      const at = values.findLastIndex((value) => value !== null);
      if (at === -1) continue;
      newer.push({ id, atMs: atMs[at]! + fromMs - batch.t0, value: values[at]! });
    }
    merged = mergeLatest(merged, newer);
  }
  return merged;
}

/**
 * Merges newer values into a blob; of two values of a metric the one measured later stays.
 * @param newer by ascending id
 */
export function mergeLatest(body: Uint8Array, newer: readonly LatestValue[]): Uint8Array {
  const old = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const merged = new Uint8Array(old.byteLength + newer.length * ENTRY_BYTES);
  const view = new DataView(merged.buffer);
  let at = 0, from = 0;
  const keep = (id: number) => {
    view.setUint16(at, id);
    view.setFloat64(at + 2, old.getFloat64(from + 2));
    view.setFloat64(at + 10, old.getFloat64(from + 10));
    at += ENTRY_BYTES;
  };
  for (const { id, atMs, value } of newer) {
    let oldId = from < old.byteLength ? old.getUint16(from) : Infinity;
    for (; oldId < id; oldId = from < old.byteLength ? old.getUint16(from) : Infinity) {
      keep(oldId);
      from += ENTRY_BYTES;
    }
    if (oldId === id && old.getFloat64(from + 2) > atMs) keep(id);
    else {
      view.setUint16(at, id);
      view.setFloat64(at + 2, atMs);
      view.setFloat64(at + 10, value);
      at += ENTRY_BYTES;
    }
    if (oldId === id) from += ENTRY_BYTES;
  }
  for (; from < old.byteLength; from += ENTRY_BYTES) keep(old.getUint16(from));
  return merged.subarray(0, at);
}
