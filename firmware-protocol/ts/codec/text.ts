/**
 * UTF-8 both ways, strictly: malformed sequences, lone surrogates and, unless a field allows them,
 * control characters (Unicode Cc) are refused.
 *
 * @module
 */
import { ProtocolError } from "./protocol_error.ts";
import type { TextRange } from "./range.ts";

// A byte order mark is a character like any other here.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
// deno-lint-ignore no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const SHORT = 48;

/**
 * Text of its UTF-8.
 *
 * @throws {ProtocolError} cbor.invalid_utf8, cbor.control_character.
 */
export function readText(bytes: Uint8Array, { label, control }: TextRange): string {
  if (bytes.length <= SHORT) {
    const ascii = readAscii(bytes);
    if (ascii !== undefined) return ascii;
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new ProtocolError("cbor.invalid_utf8", `Cannot decode ${label}: invalid UTF-8`, {
      field: label,
      cause,
    });
  }
  if (!control && CONTROL.test(text)) {
    throw new ProtocolError(
      "cbor.control_character",
      `Cannot decode ${label}: it holds a control character`,
      { field: label },
    );
  }
  return text;
}

/**
 * UTF-8 of a text.
 *
 * @throws {RangeError} for a lone surrogate, or a control character where none is allowed.
 */
export function writeText(text: string, { label, control }: TextRange): Uint8Array {
  if (!text.isWellFormed()) {
    throw new RangeError(`Cannot encode ${label}: it holds a lone surrogate`);
  }
  if (!control && CONTROL.test(text)) {
    throw new RangeError(`Cannot encode ${label}: it holds a control character`);
  }
  return encoder.encode(text);
}

/** Text of printable ASCII, or undefined where a byte is anything else. */
function readAscii(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
