/**
 * @module
 * The newest value of every metric of a device as one blob, so that a sync costs one row: entries of 18
 * bytes by ascending id, id uint16 ‖ Unix ms float64 ‖ value float64, big-endian.
 */

/** The newest value of one metric. */
export interface LatestValue {
  /** Metric id, 0..1,023. */
  readonly id: number;
  /** When it was measured, Unix ms. */
  readonly atMs: number;
  readonly value: number;
}

const ENTRY_BYTES = 18;
const NOTHING = new DataView(new ArrayBuffer(0));

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
 * Merges newer values into a blob; of two values of a metric the one measured later stays.
 * @param newer by ascending id
 */
export function mergeLatest(body: Uint8Array | null, newer: readonly LatestValue[]): Uint8Array {
  const old = body === null ? NOTHING : new DataView(body.buffer, body.byteOffset, body.byteLength);
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
