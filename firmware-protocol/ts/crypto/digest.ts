/**
 * SHA-256 and the 8-byte short digest ("dig8") by which dictionaries, inventories and keys are named.
 *
 * @module
 */
import { sha256 as sha256Of } from "@noble/hashes/sha2.js";

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Of(bytes);
}

/** The first 8 bytes of SHA-256: enough to name a thing, never enough to prove it. */
export function digest8(bytes: Uint8Array): Uint8Array {
  return sha256Of(bytes).slice(0, 8);
}
