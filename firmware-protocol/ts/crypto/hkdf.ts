/**
 * HKDF with SHA-256 (RFC 5869).
 *
 * @module
 */
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { erase } from "./bytes.ts";

/** HKDF-Extract (RFC 5869 §2.2): a 32-byte pseudo-random key. */
export function hkdfExtract(salt: Uint8Array, inputKey: Uint8Array): Uint8Array {
  return extract(sha256, inputKey, salt);
}

/** HKDF-Expand (RFC 5869 §2.3): `length` bytes, 1..8,160, bound to `info`. */
export function hkdfExpand(
  pseudoRandomKey: Uint8Array,
  { info, length }: { info: Uint8Array; length: number },
): Uint8Array {
  return expand(sha256, pseudoRandomKey, info, length);
}

/** Extract then expand in one step. The intermediate key is erased. */
export function hkdf(
  inputKey: Uint8Array,
  { salt, info, length }: { salt: Uint8Array; info: Uint8Array; length: number },
): Uint8Array {
  const pseudoRandomKey = hkdfExtract(salt, inputKey);
  try {
    return hkdfExpand(pseudoRandomKey, { info, length });
  } finally {
    erase(pseudoRandomKey);
  }
}
