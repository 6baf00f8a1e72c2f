/**
 * CBOR items without a schema, within the protocol's subset: for vectors, tools and tests. Messages are
 * read by their codecs, which are faster and stricter.
 *
 * @module
 */
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** A number that travels as a float; a plain number is an integer. */
export class Float {
  /** Finite, exact in 32 bits. */
  readonly value: number;

  /**
   * Marks a number as a float.
   *
   * @param value Finite, exact in 32 bits.
   */
  constructor(value: number) {
    this.value = value;
  }
}

/** One item; maps have integer keys, or text keys where they are allowed. */
export type Item =
  | number
  | Float
  | string
  | Uint8Array
  | boolean
  | null
  | readonly Item[]
  | ReadonlyMap<number | string, Item>;

/** What the subset forbids in general and a schema allows in one place each. */
export interface ItemOptions {
  /** Text-keyed maps, as an inventory is. */
  readonly textKeys?: boolean;
  /** Control characters in texts, as log lines have. */
  readonly control?: boolean;
}

const LABEL = "item";
const ANY_INTEGER = { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, label: LABEL };
const ANY_SIZE = { min: 0, max: Infinity, label: LABEL };

/**
 * Reads one item and nothing else.
 *
 * @throws {ProtocolError} cbor.*
 */
export function decodeItem(bytes: Uint8Array, options: ItemOptions = {}): Item {
  const reader = new Reader(bytes);
  const item = readItem(reader, options);
  reader.finish(LABEL);
  return item;
}

/**
 * The one encoding of an item.
 *
 * @throws {RangeError} where it is outside the subset.
 */
export function encodeItem(item: Item): Uint8Array {
  const writer = new Writer();
  writeItem(writer, item);
  return writer.finish();
}

function readItem(reader: Reader, options: ItemOptions): Item {
  const head = reader.bytes[reader.pos];
  if (head === undefined) return reader.wrongType(LABEL, "an item");
  switch (head >> 5) {
    case 0:
    case 1:
      return reader.int(ANY_INTEGER);
    case 2:
      return reader.byteString(ANY_SIZE);
    case 3:
      return reader.text({ ...ANY_SIZE, control: options.control ?? false });
    case 4:
      return reader.list(ANY_SIZE, (r) => readItem(r, options));
    case 5:
      return readMap(reader, options);
    case 7:
      return readSimple(reader, head);
    default:
      return reader.wrongType(LABEL, "an item without a tag");
  }
}

function readSimple(reader: Reader, head: number): Item {
  if (head < 0xf4 || head > 0xf6) return new Float(reader.float(LABEL));
  reader.pos++;
  return head === 0xf6 ? null : head === 0xf5;
}

function readMap(reader: Reader, options: ItemOptions): Item {
  const map = new Map<number | string, Item>();
  let left = reader.map(LABEL);
  const texts = options.textKeys && left > 0 && (reader.bytes[reader.pos] as number) >> 5 === 3;
  let previous: Uint8Array = new Uint8Array(0);
  let key: number | string = -1;
  for (; left > 0; left--) {
    if (texts) {
      const read = reader.textKey(previous, ANY_SIZE);
      previous = read.encoded;
      key = read.key;
    } else {
      key = reader.key(key as number, LABEL);
    }
    map.set(key, readItem(reader, options));
  }
  reader.leave();
  return map;
}

function writeItem(writer: Writer, item: Item): void {
  if (item === null) return writer.null();
  if (typeof item === "number") return writer.int(item, ANY_INTEGER);
  if (typeof item === "boolean") return writer.boolean(item);
  if (typeof item === "string") return writer.text(item, { ...ANY_SIZE, control: true });
  if (item instanceof Float) return writer.float(item.value, LABEL);
  if (item instanceof Uint8Array) return writer.byteString(item, ANY_SIZE);
  if (item instanceof Map) return writeMap(writer, item);
  writer.list(item as readonly Item[], ANY_SIZE, writeItem);
}

function writeMap(writer: Writer, map: ReadonlyMap<number | string, Item>): void {
  writer.map(map.size, LABEL);
  for (const [key, value] of map) {
    if (typeof key === "number") writer.key(key);
    else writer.text(key, ANY_SIZE);
    writeItem(writer, value);
  }
  writer.leave();
}
