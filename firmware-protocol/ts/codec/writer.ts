/**
 * Writes the strict subset of deterministic CBOR that `reader.ts` reads, and nothing else: what a writer
 * produced is always accepted. Limits are checked here too, so a bad argument of our own code ends with a
 * `TypeError` or `RangeError` that names the field, before anything leaves the process.
 *
 * @module
 */
import { PROTOCOL } from "../messages.gen.ts";
import { numberToHalf } from "./half_float.ts";
import type { Range, TextRange } from "./range.ts";
import { writeText } from "./text.ts";

const INITIAL_BYTES = 256;
/** Larger buffers are not kept. */
const KEPT_BYTES = 4_096;
const NOTHING = new Uint8Array(0);
const floatScratch = new DataView(new ArrayBuffer(4));

/** The buffer of a writer that is done, for the next one: making one costs as much as filling it. */
let spare: Uint8Array | undefined;

/** A growing encoding. */
export class Writer {
  private bytes: Uint8Array;
  private pos = 0;
  private itemsLeft: number = PROTOCOL.maxItems - 1;
  private depthLeft: number;

  /** @param outerDepth Levels that will be around these bytes: 0 for a whole message, 1 for a section. */
  constructor(outerDepth = 0) {
    this.bytes = spare ?? new Uint8Array(INITIAL_BYTES);
    spare = undefined;
    this.depthLeft = PROTOCOL.maxDepth - outerDepth;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.pos;
  }

  /** A copy of what was written. The writer is done with that. */
  finish(): Uint8Array {
    const { bytes, pos } = this;
    this.bytes = NOTHING;
    this.pos = 0;
    if (bytes.length <= KEPT_BYTES) spare = bytes;
    return bytes.slice(0, pos);
  }

  /** Ends with an error about `label`. */
  fail(label: string, state: string): never {
    throw new RangeError(`Cannot encode ${label}: ${state}`);
  }

  /** Unsigned integer within [min, max]. */
  uint(value: number, range: Range): void {
    this.checkInteger(value, range);
    this.head(0, value);
  }

  /** Signed integer within [min, max]. */
  int(value: number, range: Range): void {
    this.checkInteger(value, range);
    if (value < 0) this.head(0x20, -1 - value);
    else this.head(0, value);
  }

  /** Signed integer or null. */
  intOrNull(value: number | null, range: Range): void {
    if (value === null) this.null();
    else this.int(value, range);
  }

  /** Float in the shorter of 16 and 32 bits; the value must be exact in 32 bits. Or null. */
  floatOrNull(value: number | null, label: string): void {
    if (value === null) this.null();
    else this.float(value, label);
  }

  /** Finite float in the shorter of 16 and 32 bits; the value must be exact in 32 bits. */
  float(value: number, label: string): void {
    if (typeof value !== "number") throw new TypeError(`Cannot encode ${label}: not a number`);
    if (!Number.isFinite(value)) this.fail(label, `${value} is not finite`);
    if (Math.fround(value) !== value) {
      this.fail(label, `${value} is not exact in 32 bits; round it`);
    }
    const half = numberToHalf(value);
    this.reserve(5);
    if (half >= 0) {
      this.bytes[this.pos++] = 0xf9;
      this.bytes[this.pos++] = half >> 8;
      this.bytes[this.pos++] = half & 0xff;
      return;
    }
    floatScratch.setFloat32(0, value);
    this.bytes[this.pos++] = 0xfa;
    this.word(floatScratch.getUint32(0));
  }

  /** The value true. */
  flag(value: true, label: string): void {
    if (value !== true) throw new TypeError(`Cannot encode ${label}: only true or absent`);
    this.byte(0xf5);
  }

  /** The value true or false. */
  boolean(value: boolean): void {
    this.byte(value ? 0xf5 : 0xf4);
  }

  /** The value null. */
  null(): void {
    this.byte(0xf6);
  }

  /** Byte string of [min, max] bytes. */
  byteString(value: Uint8Array, range: Range): void {
    if (!(value instanceof Uint8Array)) {
      throw new TypeError(`Cannot encode ${range.label}: not bytes`);
    }
    this.checkSize(value.length, range);
    this.head(0x40, value.length);
    this.raw(value);
  }

  /** Text of [min, max] bytes of UTF-8, held to the range's pattern where it has one. */
  text(value: string, range: TextRange): void {
    if (typeof value !== "string") throw new TypeError(`Cannot encode ${range.label}: not text`);
    const bytes = writeText(value, range);
    this.checkSize(bytes.length, range);
    if (range.pattern !== undefined && !range.pattern.test(value)) {
      this.fail(range.label, `it must match ${range.pattern.source}`);
    }
    this.head(0x60, bytes.length);
    this.raw(bytes);
  }

  /** Starts an array of `count` entries, which must be within [min, max]; call `leave` after them. */
  array(count: number, range: Range): void {
    this.checkSize(count, range);
    this.enter(count, range.label);
    this.head(0x80, count);
  }

  /** Array of [min, max] entries, each written by `write`. */
  list<T>(entries: readonly T[], range: Range, write: (writer: Writer, entry: T) => void): void {
    if (!Array.isArray(entries)) throw new TypeError(`Cannot encode ${range.label}: not an array`);
    this.array(entries.length, range);
    for (const entry of entries) write(this, entry);
    this.leave();
  }

  /** Starts a map of `count` entries; call `leave` after them. */
  map(count: number, label: string): void {
    this.enter(count * 2, label);
    this.head(0xa0, count);
  }

  /** Ends an array or map. */
  leave(): void {
    this.depthLeft++;
  }

  /** A key of a map. */
  key(key: number): void {
    this.head(0, key);
  }

  /** Holds what was written since `start` against a size limit in bytes. */
  limit(start: number, maxBytes: number, label: string): void {
    const size = this.pos - start;
    if (size > maxBytes) this.fail(label, `${size} bytes are more than ${maxBytes}`);
  }

  /** Bytes that are already encoded. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.pos);
    this.pos += bytes.length;
  }

  private enter(items: number, label: string): void {
    if (items > this.itemsLeft) this.fail(label, "the message would hold more than 4,096 items");
    this.itemsLeft -= items;
    if (this.depthLeft <= 0) this.fail(label, "nested deeper than 6");
    this.depthLeft--;
  }

  private checkInteger(value: number, { min, max, label }: Range): void {
    if (typeof value !== "number") throw new TypeError(`Cannot encode ${label}: not a number`);
    if (!Number.isSafeInteger(value)) this.fail(label, `${value} is no integer within ±(2^53 − 1)`);
    if (value < min || value > max) this.fail(label, `${value} is outside ${min} to ${max}`);
  }

  private checkSize(size: number, { min, max, label }: Range): void {
    if (size < min || size > max) this.fail(label, `length ${size} is outside ${min} to ${max}`);
  }

  private reserve(size: number): void {
    const needed = this.pos + size;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.pos++] = value;
  }

  private word(value: number): void {
    this.bytes[this.pos++] = value >>> 24;
    this.bytes[this.pos++] = (value >>> 16) & 0xff;
    this.bytes[this.pos++] = (value >>> 8) & 0xff;
    this.bytes[this.pos++] = value & 0xff;
  }

  /** Head with its argument in the shortest form; `major` is already shifted. */
  private head(major: number, value: number): void {
    this.reserve(9);
    if (value < 24) {
      this.bytes[this.pos++] = major | value;
    } else if (value < 0x100) {
      this.bytes[this.pos++] = major | 24;
      this.bytes[this.pos++] = value;
    } else if (value < 0x1_0000) {
      this.bytes[this.pos++] = major | 25;
      this.bytes[this.pos++] = value >> 8;
      this.bytes[this.pos++] = value & 0xff;
    } else if (value < 0x1_0000_0000) {
      this.bytes[this.pos++] = major | 26;
      this.word(value);
    } else {
      this.bytes[this.pos++] = major | 27;
      this.word(Math.floor(value / 0x1_0000_0000));
      this.word(value % 0x1_0000_0000);
    }
  }
}
