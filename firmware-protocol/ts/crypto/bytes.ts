/**
 * What every secret needs from byte arrays: compare without telling where they differ, erase after use.
 *
 * @module
 */
import { concatBytes } from "@noble/hashes/utils.js";

export { concatBytes };

/** Fills `length` bytes from a cryptographically secure source; on a device the port provides it. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * Whether two byte strings are equal, in a time that depends on their length only.
 * JavaScript engines give no promise of constant time; there is no secret-dependent branch or index here.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** Overwrites secrets with zeros. Copies the engine made while moving memory are beyond its reach. */
export function erase(...secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/**
 * Refuses a value of the wrong length from our own code.
 * @throws {RangeError} naming what was given
 */
export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) {
    throw new RangeError(`${what} must be ${length} bytes, not ${bytes.length}`);
  }
}

/** The bytes of an ASCII label. */
export function ascii(label: string): Uint8Array {
  const bytes = new Uint8Array(label.length);
  for (let i = 0; i < label.length; i++) bytes[i] = label.charCodeAt(i);
  return bytes;
}
