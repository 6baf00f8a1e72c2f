/**
 * SHA-256 and the 8-byte short digest ("dig8") by which dictionaries, inventories and keys are named.
 *
 * @module
 */
import { sha256 as sha256Of } from "@noble/hashes/sha2.js";

const DIGEST_BYTES = 32;

// One state that stays empty and one that is used: making a new one each time costs as much as hashing a message.
const empty = sha256Of.create();
const scratch = sha256Of.create();

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES);
  empty._cloneInto(scratch);
  scratch.update(bytes).digestInto(digest);
  return digest;
}

/** The first 8 bytes of SHA-256: enough to name a thing, never enough to prove it. */
export function digest8(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).slice(0, 8);
}
