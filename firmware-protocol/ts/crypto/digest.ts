/**
 * SHA-256 and the 8-byte short digest ("dig8") by which dictionaries, inventories and keys are named.
 *
 * @module
 */
import { DIGEST_BYTES, engine, INITIAL_STATE } from "./sha256_engine.ts";

/** SHA-256 (FIPS 180-4): 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES);
  engine.start(INITIAL_STATE, 0);
  engine.add(bytes);
  engine.finish(digest);
  engine.wipe();
  return digest;
}

/** The first 8 bytes of SHA-256: enough to name a thing, never enough to prove it. */
export function digest8(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).slice(0, 8);
}
