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
  const older = body === null ? [] : readLatest(body);
  const merged = new Uint8Array((older.length + newer.length) * ENTRY_BYTES);
  const view = new DataView(merged.buffer);
  let at = 0, old = 0, next = 0;
  while (old < older.length || next < newer.length) {
    const a = older[old], b = newer[next];
    if (a !== undefined && (b === undefined || a.id <= b.id)) old++;
    if (b !== undefined && (a === undefined || b.id <= a.id)) next++;
    const isBothHere = a !== undefined && b !== undefined && a.id === b.id;
    const kept = isBothHere
      ? a.atMs > b.atMs ? a : b
      : a !== undefined && (b === undefined || a.id < b.id)
      ? a
      : b!;
    view.setUint16(at, kept.id);
    view.setFloat64(at + 2, kept.atMs);
    view.setFloat64(at + 10, kept.value);
    at += ENTRY_BYTES;
  }
  return merged.subarray(0, at);
}
