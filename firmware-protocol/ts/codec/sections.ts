/**
 * A message as sections: its well-formedness is judged as a whole, its fields one by one, so that one bad
 * section never costs the others (PROTOCOL §4).
 *
 * @module
 */
import { PROTOCOL } from "../messages.gen.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** Key of the sync request's inventory, the one text-keyed map of the protocol. */
const INVENTORY_KEY = 18;

/**
 * Splits a map into its entries. All bytes are checked against the CBOR subset, none against a schema.
 *
 * @param bytes One integer-keyed map and nothing else.
 * @param textKeyed The key whose value may be a text-keyed map; by default the sync request's inventory.
 * @returns Entries by ascending key; the values are views of `bytes`.
 * @throws {ProtocolError} cbor.*, schema.wrong_type.
 */
export function readMap(bytes: Uint8Array, textKeyed = INVENTORY_KEY): Map<number, Uint8Array> {
  const entries = new Map<number, Uint8Array>();
  const reader = new Reader(bytes);
  let key = -1;
  for (let left = reader.map("map"); left > 0; left--) {
    key = reader.key(key, "map");
    const start = reader.pos;
    reader.skip("map", key === textKeyed);
    entries.set(key, bytes.subarray(start, reader.pos));
  }
  reader.leave();
  reader.finish("map");
  return entries;
}

/**
 * Puts encoded entries into one map.
 *
 * @param entries Keys strictly ascending, 0 to 65,535; values as field codecs encode them.
 * @throws {RangeError} when a key is out of range or order, or the whole breaks the CBOR subset.
 */
export function writeMap(entries: Iterable<readonly [number, Uint8Array]>): Uint8Array {
  const list = [...entries];
  const writer = new Writer();
  writer.map(list.length, "map");
  let previous = -1;
  for (const [key, value] of list) {
    if (!Number.isInteger(key) || key <= previous || key > PROTOCOL.maxKey) {
      throw new RangeError(`Cannot encode map: key ${key} after key ${previous}`);
    }
    writer.key(key);
    writer.raw(value);
    previous = key;
  }
  const bytes = writer.finish();
  // Sections may each hold to the limits that all of them together break.
  try {
    readMap(bytes);
  } catch (cause) {
    throw new RangeError(`Cannot encode map: ${(cause as Error).message}`, { cause });
  }
  return bytes;
}
