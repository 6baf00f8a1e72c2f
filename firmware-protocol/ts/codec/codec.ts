/**
 * What an encoding looks like from outside: bytes to value and back, whole messages or single fields.
 *
 * @module
 */
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** Both directions of one message. */
export interface Codec<T> {
  /** Name of the message, or `Message.field`. */
  readonly name: string;
  /**
   * The one encoding of a value.
   *
   * @throws {TypeError|RangeError} Naming the field, where the value is outside the schema.
   */
  encode(value: T): Uint8Array;
  /**
   * The value of an encoding. Byte strings inside are views of `bytes`.
   *
   * @throws {ProtocolError} cbor.*, schema.*.
   */
  decode(bytes: Uint8Array): T;
}

/** Both directions of one field of a message, for sections that are judged one by one. */
export interface FieldCodec<T> extends Codec<T> {
  /** Integer key of the field in its map. */
  readonly key: number;
  /** Whether the map is invalid without it. */
  readonly required: boolean;
}

/** Reads a value at the reader's position. */
export type Read<T> = (reader: Reader) => T;
/** Writes a value. */
export type Write<T> = (writer: Writer, value: T) => void;

/** How a codec is made. */
export interface CodecParts<T> {
  readonly name: string;
  readonly read: Read<T>;
  readonly write: Write<T>;
  /** Largest encoding, in bytes. */
  readonly maxBytes?: number;
}

/** Builds the codec of a whole message. */
export function messageCodec<T>(
  { name, read, write, maxBytes = Infinity }: CodecParts<T>,
): Codec<T> {
  return {
    name,
    encode(value) {
      const writer = new Writer();
      write(writer, value);
      if (writer.size > maxBytes) {
        throw new RangeError(
          `Cannot encode ${name}: ${writer.size} bytes are more than ${maxBytes}`,
        );
      }
      return writer.finish();
    },
    decode(bytes) {
      if (bytes.length > maxBytes) {
        throw new ProtocolError(
          "schema.too_large",
          `Cannot decode ${name}: ${bytes.length} bytes are more than ${maxBytes}`,
          { field: name },
        );
      }
      const reader = new Reader(bytes);
      const value = read(reader);
      reader.finish(name);
      return value;
    },
  };
}

/** Builds the codec of one field. */
export function fieldCodec<T>(
  { key, required, name, read, write }: CodecParts<T> & { key: number; required: boolean },
): FieldCodec<T> {
  return {
    key,
    required,
    name,
    encode(value) {
      const writer = new Writer(1);
      write(writer, value);
      return writer.finish();
    },
    decode(bytes) {
      const reader = new Reader(bytes, 1);
      const value = read(reader);
      reader.finish(name);
      return value;
    },
  };
}
