/**
 * Records on disk: `[length u32 | crc32 u32 | bytes]`, little-endian, one after the other. What is torn or rotten ends
 * the reading; what was read before it is whole.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** Bytes that a frame adds to its record. */
export const FRAME_BYTES = 8;
/** Longest record. */
export const RECORD_MAX_BYTES = 16_384;

/** A record in its frame. @throws {RangeError} when it is empty or longer than {@linkcode RECORD_MAX_BYTES} */
export function frame(record: Uint8Array): Uint8Array {
  if (record.length === 0 || record.length > RECORD_MAX_BYTES) {
    throw new RangeError(`a record has 1 to ${RECORD_MAX_BYTES} bytes, not ${record.length}`);
  }
  const framed = new Uint8Array(FRAME_BYTES + record.length);
  const view = new DataView(framed.buffer);
  view.setUint32(0, record.length, true);
  view.setUint32(4, crc32(record), true);
  framed.set(record, FRAME_BYTES);
  return framed;
}

/** The whole records at the beginning of `bytes`, as views. */
export function unframe(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = view.getUint32(at, true);
    const end = at + FRAME_BYTES + length;
    if (length === 0 || length > RECORD_MAX_BYTES || end > bytes.length) break;
    const record = bytes.subarray(at + FRAME_BYTES, end);
    if (crc32(record) !== view.getUint32(at + 4, true)) break;
    records.push(record);
    at = end;
  }
  return records;
}
