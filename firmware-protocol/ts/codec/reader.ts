/**
 * Reads the strict subset of deterministic CBOR (RFC 8949 §4.2.1) that the protocol allows: definite
 * lengths, shortest forms, integers within ±(2^53 − 1), ascending small unsigned keys, valid UTF-8, no
 * tags, at most 6 levels and 4,096 items. A declared length is held against the bytes that remain before
 * anything is made of it, so nothing is ever allocated by what the input claims.
 *
 * It does not know messages; generated readers (codecs.gen.ts) call it field by field.
 *
 * @module
 */
import type { ProtocolErrorCode } from "../errors.gen.ts";
import { PROTOCOL } from "../messages.gen.ts";
import { compareBytes } from "./compare_bytes.ts";
import { halfToNumber, numberToHalf } from "./half_float.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { Range, TextRange } from "./range.ts";
import { readText } from "./text.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const MAX_HIGH_WORD = 0x1f_ffff;
const floatScratch = new DataView(new ArrayBuffer(4));

/** A position in bytes that are not trusted. */
export class Reader {
  readonly bytes: Uint8Array;
  /** Offset after the last byte. */
  readonly end: number;
  /** Offset of the next byte. */
  pos = 0;
  private itemsLeft: number = PROTOCOL.maxItems - 1;
  private depthLeft: number;

  /**
   * Starts at the first byte.
   *
   * @param bytes What to read; never written to.
   * @param outerDepth Levels already around these bytes: 0 for a whole message, 1 for a section.
   */
  constructor(bytes: Uint8Array, outerDepth = 0) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.depthLeft = PROTOCOL.maxDepth - outerDepth;
  }

  /** Ends with an error about `label`. */
  fail(code: ProtocolErrorCode, label: string, state: string): never {
    throw new ProtocolError(code, `Cannot decode ${label}: ${state} (byte ${this.pos})`, {
      field: label,
    });
  }

  /** Unsigned integer within [min, max]. */
  uint(range: Range): number {
    const head = this.bytes[this.pos] as number;
    let value: number;
    if (head < 0x18) {
      this.pos++;
      value = head;
    } else {
      value = this.head(0, range.label);
    }
    if (value < range.min || value > range.max) this.outOfRange(value, range);
    return value;
  }

  /** Signed integer within [min, max]. */
  int(range: Range): number {
    const head = this.bytes[this.pos] as number;
    let value: number;
    if (head < 0x18) {
      this.pos++;
      value = head;
    } else if (head >= 0x20 && head < 0x38) {
      this.pos++;
      value = 0x1f - head;
    } else {
      value = head < 0x20 ? this.head(0, range.label) : this.negative(range.label);
    }
    if (value < range.min || value > range.max) this.outOfRange(value, range);
    return value;
  }

  /** Any signed integer, or null. */
  intOrNull(label: string): number | null {
    const head = this.bytes[this.pos] as number;
    if (head < 0x18) {
      this.pos++;
      return head;
    }
    if (head < 0x20) return this.head(0, label);
    if (head < 0x38) {
      this.pos++;
      return 0x1f - head;
    }
    if (head === 0xf6) {
      this.pos++;
      return null;
    }
    return this.negative(label);
  }

  /** Finite float in the shorter of 16 and 32 bits, or null. */
  floatOrNull(label: string): number | null {
    if (this.bytes[this.pos] === 0xf6) {
      this.pos++;
      return null;
    }
    return this.float(label);
  }

  /** Finite float in the shorter of 16 and 32 bits. */
  float(label: string): number {
    const head = this.bytes[this.pos] as number;
    if (head === 0xf9) {
      const value = halfToNumber(this.floatBits(2, label));
      if (!Number.isFinite(value)) this.fail("cbor.float_not_finite", label, "not finite");
      return value;
    }
    if (head === 0xfa) {
      floatScratch.setUint32(0, this.floatBits(4, label));
      const value = floatScratch.getFloat32(0);
      if (!Number.isFinite(value)) this.fail("cbor.float_not_finite", label, "not finite");
      if (numberToHalf(value) >= 0) this.fail("cbor.float_not_shortest", label, "fits 16 bits");
      return value;
    }
    if (head === 0xfb) {
      this.floatBits(8, label);
      this.fail("cbor.float_width", label, "a 64-bit float");
    }
    return this.wrongType(label, "a float");
  }

  /** The value true. */
  flag(label: string): true {
    if (this.bytes[this.pos] !== 0xf5) this.wrongType(label, "true");
    this.pos++;
    return true;
  }

  /** Byte string of [min, max] bytes, as a view of the input. */
  byteString(range: Range): Uint8Array {
    const length = this.length(0x40, range.label);
    if (length < range.min || length > range.max) this.wrongSize(length, range);
    const start = this.pos;
    this.pos = start + length;
    return this.bytes.subarray(start, this.pos);
  }

  /** Text of [min, max] bytes of UTF-8, held to the range's pattern where it has one. */
  text(range: TextRange): string {
    const length = this.length(0x60, range.label);
    if (length < range.min || length > range.max) this.wrongSize(length, range);
    const start = this.pos;
    this.pos = start + length;
    const text = readText(this.bytes.subarray(start, this.pos), range);
    if (range.pattern !== undefined && !range.pattern.test(text)) {
      this.fail("schema.pattern", range.label, `it must match ${range.pattern.source}`);
    }
    return text;
  }

  /** Enters an array of [min, max] entries; call `leave` after them. */
  array(range: Range): number {
    const count = this.count(range.label);
    if (count < range.min || count > range.max) this.wrongSize(count, range);
    this.enter(count, range.label);
    return count;
  }

  /** Array of [min, max] entries, each read by `read`. */
  list<T>(range: Range, read: (reader: Reader) => T): T[] {
    const entries: T[] = [];
    for (let left = this.array(range); left > 0; left--) entries.push(read(this));
    this.leave();
    return entries;
  }

  /** Enters a map; call `leave` after its entries. */
  map(label: string): number {
    const head = this.bytes[this.pos] as number;
    let count: number;
    if (head >= 0xa0 && head < 0xb8) {
      this.pos++;
      count = head - 0xa0;
    } else {
      count = this.head(0xa0, label);
    }
    if (count * 2 > this.end - this.pos) this.beyond(label);
    this.enter(count * 2, label);
    return count;
  }

  /** Accounts for one level more and its items, where a caller has read the head of an array itself. */
  enter(items: number, label: string): void {
    if ((this.itemsLeft -= items) < 0) {
      this.fail("cbor.too_many_items", label, "more than 4,096 items");
    }
    if (--this.depthLeft < 0) this.fail("cbor.too_deep", label, "nested deeper than 6");
  }

  /** Leaves an array or map. */
  leave(): void {
    this.depthLeft++;
  }

  /** The next key of a map, larger than `previous` (-1 before the first). */
  key(previous: number, label: string): number {
    const head = this.bytes[this.pos] as number;
    let key: number;
    if (head < 0x18) {
      this.pos++;
      key = head;
    } else {
      key = this.slowKey(label);
    }
    if (key <= previous) {
      this.fail(
        key === previous ? "cbor.duplicate_key" : "cbor.key_order",
        label,
        `key ${key} after key ${previous}`,
      );
    }
    return key;
  }

  /** Passes one item of any allowed kind; a text-keyed map only where `textKeys` says so. */
  skip(label: string, textKeys = false): void {
    const head = this.bytes[this.pos];
    if (head === undefined) this.fail("cbor.truncated", label, "the bytes end here");
    // Nearly every item is an integer of one byte.
    if (head < 0x18 || (head >= 0x20 && head < 0x38)) {
      this.pos++;
      return;
    }
    switch (head >> 5) {
      case 0:
        this.head(0, label);
        return;
      case 1:
        this.negative(label);
        return;
      case 2: {
        const length = this.length(0x40, label);
        this.pos += length;
        return;
      }
      case 3:
        this.text(anything(label));
        return;
      case 4: {
        const count = this.count(label);
        this.enter(count, label);
        for (let left = count; left > 0; left--) this.skip(label);
        this.leave();
        return;
      }
      case 5:
        this.skipMap(label, textKeys);
        return;
      case 7:
        if (head >= 0xf4 && head <= 0xf6) this.pos++;
        else this.float(label);
        return;
      default:
        this.wrongType(label, "an allowed item");
    }
  }

  /**
   * The next key of a text-keyed map.
   *
   * @param previous The key before it as encoded, empty before the first: keys ascend bytewise in their
   * encodings (RFC 8949 §4.2.1), so shorter keys come first.
   */
  textKey(previous: Uint8Array, range: TextRange): { key: string; encoded: Uint8Array } {
    const { label } = range;
    const start = this.pos;
    const key = this.text(range);
    const encoded = this.bytes.subarray(start, this.pos);
    const order = compareBytes(previous, encoded);
    if (order === 0) this.fail("cbor.duplicate_key", label, `key "${key}" occurs twice`);
    if (order > 0) this.fail("cbor.key_order", label, `key "${key}" is not ascending`);
    return { key, encoded };
  }

  /** Refuses bytes after the item. */
  finish(label: string): void {
    if (this.pos !== this.end) {
      this.fail("cbor.trailing_bytes", label, `${this.end - this.pos} bytes follow`);
    }
  }

  /** Ends with an error about a field that must be there. */
  missing(label: string): never {
    return this.fail("schema.missing_field", label, "it is missing");
  }

  /** Holds what was read since `start` against a size limit in bytes. */
  limit(start: number, maxBytes: number, label: string): void {
    const size = this.pos - start;
    if (size > maxBytes) {
      this.fail("schema.too_large", label, `${size} bytes are more than ${maxBytes}`);
    }
  }

  /** Says why the next byte does not start what was expected. */
  wrongType(label: string, expected: string): never {
    const head = this.bytes[this.pos];
    if (head === undefined) return this.fail("cbor.truncated", label, "the bytes end here");
    const major = head >> 5;
    const info = head & 0x1f;
    if (info >= 28 && info <= 30) return this.fail("cbor.reserved_head", label, "reserved head");
    if (info === 31 && major !== 6) {
      return this.fail("cbor.indefinite_length", label, "indefinite length");
    }
    if (major === 6) return this.fail("cbor.tag", label, "a tag");
    if (major === 7 && (head < 0xf4 || head > 0xf6) && info < 25) {
      return this.fail("cbor.simple_value", label, "a simple value other than false, true, null");
    }
    return this.fail("schema.wrong_type", label, `expected ${expected}`);
  }

  private skipMap(label: string, textKeys: boolean): void {
    let left = this.map(label);
    if (textKeys && left > 0 && (this.bytes[this.pos] as number) >> 5 === 3) {
      let previous: Uint8Array = NOTHING;
      for (; left > 0; left--) {
        previous = this.textKey(previous, anything(label)).encoded;
        this.skip(label);
      }
    } else {
      let previous = -1;
      for (; left > 0; left--) {
        previous = this.key(previous, label);
        this.skip(label);
      }
    }
    this.leave();
  }

  private slowKey(label: string): number {
    const head = this.bytes[this.pos];
    if (head !== undefined && (head & 0x1f) < 28 && head >= 0x20 && head >> 5 !== 6) {
      this.fail("cbor.key_type", label, "a key is no unsigned integer");
    }
    const key = this.head(0, label);
    if (key > PROTOCOL.maxKey) this.fail("cbor.key_range", label, `key ${key} is too large`);
    return key;
  }

  /** The number of entries in the head of an array. */
  private count(label: string): number {
    const head = this.bytes[this.pos] as number;
    let count: number;
    if (head >= 0x80 && head < 0x98) {
      this.pos++;
      count = head - 0x80;
    } else {
      count = this.head(0x80, label);
    }
    if (count > this.end - this.pos) this.beyond(label);
    return count;
  }

  private length(type: number, label: string): number {
    const short = (this.bytes[this.pos] as number) - type;
    let length: number;
    if (short >= 0 && short < 0x18) {
      this.pos++;
      length = short;
    } else {
      length = this.head(type, label);
    }
    if (length > this.end - this.pos) this.beyond(label);
    return length;
  }

  /**
   * The argument of a head of the given type (its lowest initial byte), shortest form enforced
   * (RFC 8949 §3, §4.2.1). What is not plainly right goes to `badHead`, which says why.
   */
  private head(type: number, label: string): number {
    const { bytes, pos, end } = this;
    const info = (bytes[pos] as number) - type;
    if (info === 24 && pos + 1 < end) {
      const value = bytes[pos + 1] as number;
      if (value >= 24) {
        this.pos = pos + 2;
        return value;
      }
    } else if (info === 25 && pos + 2 < end) {
      const value = pair(bytes, pos + 1);
      if (value >= 0x100) {
        this.pos = pos + 3;
        return value;
      }
    } else if (info === 26 && pos + 4 < end) {
      const value = word(bytes, pos + 1);
      if (value >= 0x1_0000) {
        this.pos = pos + 5;
        return value;
      }
    } else if (info === 27 && pos + 8 < end) {
      const high = word(bytes, pos + 1);
      if (high > 0 && high <= MAX_HIGH_WORD) {
        this.pos = pos + 9;
        return high * 0x1_0000_0000 + word(bytes, pos + 5);
      }
    }
    return this.badHead(type, label);
  }

  private badHead(type: number, label: string): never {
    const info = (this.bytes[this.pos] as number) - type;
    if (!(info >= 24 && info <= 27)) return this.wrongType(label, NAMES[type >> 5] as string);
    if (this.pos + (1 << (info - 24)) >= this.end) {
      return this.fail("cbor.truncated", label, "the bytes end here");
    }
    if (info === 27 && word(this.bytes, this.pos + 1) > MAX_HIGH_WORD) {
      return this.tooLarge(type, label);
    }
    return this.fail("cbor.not_shortest", label, "not in its shortest form");
  }

  private negative(label: string): number {
    const value = -1 - this.head(0x20, label);
    if (value < -MAX) this.tooLarge(0x20, label);
    return value;
  }

  private tooLarge(type: number, label: string): never {
    if (type > 0x20) this.beyond(label);
    return this.fail("cbor.integer_range", label, "outside ±(2^53 − 1)");
  }

  /** The bits of a float of `size` bytes, the head passed too; 0 for one of 8. */
  private floatBits(size: 2 | 4 | 8, label: string): number {
    const { bytes, pos } = this;
    if (pos + size >= this.end) this.fail("cbor.truncated", label, "the bytes end here");
    this.pos = pos + 1 + size;
    if (size === 8) return 0;
    return size === 2 ? pair(bytes, pos + 1) : word(bytes, pos + 1);
  }

  private beyond(label: string): never {
    return this.fail("cbor.length_exceeds_input", label, "a length is larger than what remains");
  }

  private outOfRange(value: number, { min, max, label }: Range): never {
    return this.fail("schema.out_of_range", label, `${value} is outside ${min} to ${max}`);
  }

  private wrongSize(size: number, { min, max, label }: Range): never {
    return this.fail("schema.length", label, `${size} is outside ${min} to ${max}`);
  }
}

const NOTHING = new Uint8Array(0);
const NAMES = ["an unsigned integer", "an integer", "bytes", "text", "an array", "a map"];

/** Limits that allow whatever is well-formed. */
function anything(label: string): TextRange {
  return { min: 0, max: Infinity, label, control: true };
}

function word(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;
}

function pair(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
