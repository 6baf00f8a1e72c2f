/**
 * Diagnostic notation (RFC 8949 §8): an encoding for people to read.
 *
 * @module
 */
import { decodeItem, Float, type Item } from "./item.ts";

/**
 * One item in diagnostic notation.
 *
 * @param bytes One item of the protocol's subset; text-keyed maps and control characters are let through.
 * @throws {ProtocolError} cbor.*
 */
export function diagnose(bytes: Uint8Array): string {
  return notation(decodeItem(bytes, { textKeys: true, control: true }));
}

function notation(item: Item): string {
  if (item instanceof Float) return float(item.value);
  if (item instanceof Uint8Array) return `h'${item.toHex()}'`;
  if (typeof item === "string") return JSON.stringify(item);
  if (item instanceof Map) {
    const entries = [...item].map(([key, value]) => `${notation(key)}: ${notation(value)}`);
    return `{${entries.join(", ")}}`;
  }
  if (Array.isArray(item)) return `[${item.map(notation).join(", ")}]`;
  return String(item);
}

/** A float keeps its point, so that it is not mistaken for an integer. */
function float(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  if (/[.]/.test(text)) return text;
  return text.includes("e") ? text.replace("e", ".0e") : `${text}.0`;
}
