/**
 * HMAC-SHA-256 (RFC 2104) for many messages under one key.
 *
 * A key's two padded blocks are hashed once and the states kept; a message then costs its own blocks and one
 * more. That makes it more than twice as fast as `node:crypto`'s createHmac, which prepares the key each time and
 * crosses into native code (decisions/0003).
 * Both give the same bytes; the tests compare them.
 *
 * @module
 */
import { equalBytes, requireLength } from "./bytes.ts";
import {
  BLOCK_BYTES,
  DIGEST_BYTES,
  engine,
  type HashState,
  INITIAL_STATE,
} from "./sha256_engine.ts";

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

const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

// One of each serves all keys: a tag is computed without yielding, and what was secret is wiped.
const inner = new Uint8Array(DIGEST_BYTES);
const computed = new Uint8Array(TAG_BYTES);

class CachedMacKey implements MacKey {
  #inner: HashState | undefined;
  #outer: HashState | undefined;

  constructor(key: Uint8Array) {
    this.#inner = stateAfter(key, INNER_PAD);
    this.#outer = stateAfter(key, OUTER_PAD);
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
    this.#inner?.fill(0);
    this.#outer?.fill(0);
    this.#inner = this.#outer = undefined;
  }

  #compute(head: Uint8Array, body: Uint8Array, tag: Uint8Array): void {
    if (this.#inner === undefined || this.#outer === undefined) {
      throw new TypeError("a MAC key was used after it was erased");
    }
    engine.start(this.#inner, BLOCK_BYTES);
    engine.add(head);
    engine.add(body);
    engine.finish(inner);
    engine.start(this.#outer, BLOCK_BYTES);
    engine.add(inner);
    engine.finish(tag);
    engine.wipe();
    inner.fill(0);
  }
}

/** The state after the key's padded block. */
function stateAfter(key: Uint8Array, pad: number): HashState {
  const block = new Uint8Array(BLOCK_BYTES).fill(pad);
  for (let at = 0; at < key.length; at++) block[at]! ^= key[at]!;
  engine.start(INITIAL_STATE, 0);
  engine.add(block);
  const state = engine.keep();
  engine.wipe();
  block.fill(0);
  return state;
}

/**
 * Prepares a 32-byte HMAC-SHA-256 key. Costs two hash blocks; keep the result as long as the session is in use.
 * @throws {RangeError} when the key is not 32 bytes
 */
export function macKey(key: Uint8Array): MacKey {
  requireLength(key, 32, "a MAC key");
  return new CachedMacKey(key);
}
