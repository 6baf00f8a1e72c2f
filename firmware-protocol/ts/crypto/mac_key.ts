/**
 * HMAC-SHA-256 (RFC 2104) for many messages under one key.
 *
 * A key's two padded blocks are hashed once and the states kept; a message then costs its own blocks and one
 * more. Copying the states into a scratch object that is reused makes it twice as fast as `node:crypto`'s
 * createHmac, which prepares the key each time and crosses into native code (decisions/0003).
 * Both give the same bytes; the tests compare them.
 *
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, requireLength } from "./bytes.ts";

/** Length of a full HMAC-SHA-256 tag (COSE alg 5, "HMAC 256/256"). */
export const TAG_BYTES = 32;

/** An HMAC-SHA-256 key, ready for use. Opaque: made by {@link macKey}, used by the envelope functions. */
export interface MacKey {
  /** The 32-byte tag over `head` followed by `body`. */
  tag(head: Uint8Array, body: Uint8Array): Uint8Array;
  /** Whether `tag` belongs to `head` followed by `body`; constant time over the tag. */
  verify(tag: Uint8Array, message: { head: Uint8Array; body: Uint8Array }): boolean;
  /** Overwrites the states; the key must not be used afterwards. */
  erase(): void;
}

type KeyedState = ReturnType<typeof hmac.create>;

// One scratch state serves all keys: a tag is computed without yielding, and the digest wipes it.
const scratch: KeyedState = hmac.create(sha256, new Uint8Array(TAG_BYTES));
const computed = new Uint8Array(TAG_BYTES);

class CachedMacKey implements MacKey {
  readonly #state: KeyedState;

  constructor(key: Uint8Array) {
    this.#state = hmac.create(sha256, key);
  }

  tag(head: Uint8Array, body: Uint8Array): Uint8Array {
    const tag = new Uint8Array(TAG_BYTES);
    this.#compute(head, body, tag);
    return tag;
  }

  verify(tag: Uint8Array, { head, body }: { head: Uint8Array; body: Uint8Array }): boolean {
    this.#compute(head, body, computed);
    const same = equalBytes(tag, computed);
    computed.fill(0);
    return same;
  }

  erase(): void {
    this.#state.destroy();
  }

  #compute(head: Uint8Array, body: Uint8Array, tag: Uint8Array): void {
    this.#state._cloneInto(scratch);
    scratch.update(head).update(body).digestInto(tag);
  }
}

/**
 * Prepares a 32-byte HMAC-SHA-256 key. Costs two hash blocks; keep the result as long as the session is in use.
 * @throws {RangeError} when the key is not 32 bytes
 */
export function macKey(key: Uint8Array): MacKey {
  requireLength(key, 32, "a MAC key");
  return new CachedMacKey(key);
}
