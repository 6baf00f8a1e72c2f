/**
 * A sample as it lies in the buffer, little-endian: `[1 u8 | flags u8 | boot id u32 | uptime ms f64 | Unix ms f64 when
 * flagged | (metric id u16 | value f64)*]`. It keeps both clocks, so that a sample taken before the time was known can be
 * dated later, by us or by the server (PROTOCOL §6).
 *
 * @module
 */

/** A sample with everything known about its time. */
export interface SampleRecord {
  /** Boot that the uptime belongs to, 32 bits. */
  readonly bootId: number;
  /** Milliseconds since that boot. */
  readonly uptimeMs: number;
  /** Unix ms, or `null` when the clock could not be believed. */
  readonly unixMs: number | null;
  /** Value by metric id, 0 to 1,023. */
  readonly values: ReadonlyMap<number, number>;
}

const VERSION = 1;
const HAS_UNIX = 1;
const HEAD_BYTES = 14;
const VALUE_BYTES = 10;

/** The record's bytes. */
export function writeSampleRecord({ bootId, uptimeMs, unixMs, values }: SampleRecord): Uint8Array {
  const head = HEAD_BYTES + (unixMs === null ? 0 : 8);
  const bytes = new Uint8Array(head + values.size * VALUE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, unixMs === null ? 0 : HAS_UNIX);
  view.setUint32(2, bootId, true);
  view.setFloat64(6, uptimeMs, true);
  if (unixMs !== null) view.setFloat64(HEAD_BYTES, unixMs, true);
  let at = head;
  for (const [id, value] of values) {
    view.setUint16(at, id, true);
    view.setFloat64(at + 2, value, true);
    at += VALUE_BYTES;
  }
  return bytes;
}

/** Reads one back; `null` for a record of another version or length. */
export function readSampleRecord(bytes: Uint8Array): SampleRecord | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || view.getUint8(0) !== VERSION) return null;
  const flagged = view.getUint8(1) === HAS_UNIX;
  const head = HEAD_BYTES + (flagged ? 8 : 0);
  if (bytes.length < head || (bytes.length - head) % VALUE_BYTES !== 0) return null;
  const values = new Map<number, number>();
  for (let at = head; at < bytes.length; at += VALUE_BYTES) {
    values.set(view.getUint16(at, true), view.getFloat64(at + 2, true));
  }
  return {
    bootId: view.getUint32(2, true),
    uptimeMs: view.getFloat64(6, true),
    unixMs: flagged ? view.getFloat64(HEAD_BYTES, true) : null,
    values,
  };
}
