/**
 * The fixed frames of COSE messages (RFC 9052), written and read byte for byte.
 *
 * Every header of ours is known in advance, so a frame is compared with what it must be instead of being parsed:
 * one encoding of each message exists, the deterministic one, and a second one is refused. Payloads are opaque here.
 *
 * @module
 */
import { ProtocolError } from "../codec/protocol_error.ts";
import type { Range } from "../codec/range.ts";
import { Reader } from "../codec/reader.ts";
import { Writer } from "../codec/writer.ts";

/** Room for any payload: what carries a frame limits its size. */
export const ANY_LENGTH: Range = { min: 0, max: Infinity, label: "the payload" };

/**
 * Length of the head of a byte string of up to 65,535 bytes.
 * The busiest frames are laid out in place with this and {@link writeBytesHead}: a `Writer`, which grows and copies,
 * costs as much there as the MAC itself.
 */
export function bytesHeadLength(length: number): number {
  return length < 24 ? 1 : length < 0x100 ? 2 : 3;
}

/** Writes that head at `at`; returns where the bytes themselves go. */
export function writeBytesHead(
  target: Uint8Array,
  { at, length }: { at: number; length: number },
): number {
  if (length < 24) {
    target[at] = 0x40 | length;
  } else if (length < 0x100) {
    target[at] = 0x58;
    target[at + 1] = length;
  } else {
    target[at] = 0x59;
    target[at + 1] = length >>> 8;
    target[at + 2] = length;
  }
  return at + bytesHeadLength(length);
}

/** A byte string with its head. */
export function bytesItem(bytes: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.byteString(bytes, ANY_LENGTH);
  return writer.finish();
}

/** A text string with its head. */
export function textItem(text: string): Uint8Array {
  const writer = new Writer();
  writer.text(text, ANY_LENGTH);
  return writer.finish();
}

/** An array of encoded items. */
export function arrayItem(...items: Uint8Array[]): Uint8Array {
  const writer = new Writer();
  writer.array(items.length, ANY_LENGTH);
  for (const item of items) writer.raw(item);
  return writer.finish();
}

/** The code of a frame that is not as it must be. */
type MalformedCode = "envelope.malformed" | "box.malformed" | "signature.malformed";

/** Reads a frame from its start. Byte strings are returned as views of the frame. */
export class FrameReader {
  readonly #reader: Reader;
  readonly #kind: { name: string; code: MalformedCode };

  constructor(readonly frame: Uint8Array, kind: { name: string; code: MalformedCode }) {
    this.#reader = new Reader(frame);
    this.#kind = kind;
  }

  /** Where the next item starts. */
  get at(): number {
    return this.#reader.pos;
  }

  /** Steps over exactly these bytes. */
  expect(bytes: Uint8Array, what: string): void {
    const { frame, at } = this;
    for (let i = 0; i < bytes.length; i++) {
      if (frame[at + i] !== bytes[i]) throw this.malformed(what);
    }
    this.#reader.pos = at + bytes.length;
  }

  /** Steps over one byte that must be this. */
  expectByte(byte: number, what: string): void {
    if (this.frame[this.at] !== byte) throw this.malformed(what);
    this.#reader.pos++;
  }

  /** Steps over `length` bytes, whatever they are. */
  pass(length: number, what: string): void {
    const end = this.at + length;
    if (end > this.frame.length) throw this.malformed(what);
    this.#reader.pos = end;
  }

  /** Takes `length` bytes as they are. */
  take(length: number, what: string): Uint8Array {
    const { at } = this;
    this.pass(length, what);
    return this.frame.subarray(at, at + length);
  }

  /** Takes a byte string with the shortest head. */
  takeBytes(range: Range): Uint8Array {
    try {
      return this.#reader.byteString(range);
    } catch (cause) {
      throw this.malformed(range.label, cause);
    }
  }

  /** Refuses anything that follows. */
  end(): void {
    if (this.at !== this.frame.length) throw this.malformed("its end");
  }

  /** The error that names what was not as it must be. */
  malformed(what: string, cause?: unknown): ProtocolError {
    const { name, code } = this.#kind;
    return new ProtocolError(code, `Cannot read ${name}: ${what} is not valid.`, { cause });
  }
}
