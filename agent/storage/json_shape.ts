/**
 * Reading of our own JSON files: each function returns the value in its type or throws, so that a file of another shape
 * counts as damaged and never gets further.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** A file that does not hold what it should. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** A JSON object. @throws {ShapeError} */
export function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(what);
  return value as Readonly<Record<string, unknown>>;
}

/** An integer from 0 to 2^53−1. @throws {ShapeError} */
export function countOf(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw wrong(what);
  return value;
}

/** Text. @throws {ShapeError} */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw wrong(what);
  return value;
}

/** A list, each item read by `read`. @throws {ShapeError} */
export function listOf<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw wrong("list");
  return value.map(read);
}

/** One of some texts. @throws {ShapeError} */
export function oneOf<const T extends string>(value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrong(choices.join("|"));
  return found;
}

/** Bytes written by {@linkcode bytesToText}, exactly `length` of them. @throws {ShapeError} */
export function bytesOf(value: unknown, length: number): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(textOf(value, "bytes"), "base64url"));
  if (bytes.length !== length) throw wrong(`${length} bytes`);
  return bytes;
}

/** Bytes as base64url text. */
export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function wrong(what: string): ShapeError {
  return new ShapeError(`expected ${what}`);
}
