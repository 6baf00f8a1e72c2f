/**
 * SHA-256 from a kept state on, for short messages at the lowest cost: the compression function of `@noble/hashes`, with
 * the bytes gathered in one place that is made once.
 *
 * What noble does around that function for each message (views of the input, copies of the state, a wipe after each part)
 * costs as much as three of its blocks, and a sync has some fifteen (decisions/0003). One engine serves everybody: a
 * digest is computed without yielding, and everything it was made from is wiped.
 *
 * @module
 */
import { _SHA256 } from "@noble/hashes/sha2.js";

/** Length of a digest. */
export const DIGEST_BYTES = 32;
/** Length of a block. */
export const BLOCK_BYTES = 64;

/** Bytes gathered before they are hashed. */
const ROOM_BYTES = 16 * BLOCK_BYTES;
/** The mark of the end and the length, 1 + 8 bytes, need at most one block more. */
const room = new Uint8Array(ROOM_BYTES + BLOCK_BYTES);
const view = new DataView(room.buffer);

/** Eight words: what a number of whole blocks leaves behind. */
export type HashState = Int32Array;

class Sha256Engine extends _SHA256 {
  #gathered = 0;
  #hashedBytes = 0;
  #mostGathered = 0;

  /** Goes on from a state that `hashedBytes` bytes, whole blocks, have led to. */
  start(state: HashState, hashedBytes: number): void {
    this.#load(state);
    this.#gathered = 0;
    this.#hashedBytes = hashedBytes;
  }

  add(bytes: Uint8Array): void {
    const { length } = bytes;
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + ROOM_BYTES - this.#gathered);
      room.set(to - from === length ? bytes : bytes.subarray(from, to), this.#gathered);
      this.#gathered += to - from;
      from = to;
      if (this.#gathered === ROOM_BYTES) this.#compress();
    }
  }

  /** Ends the message and writes its digest, 32 bytes. */
  finish(digest: Uint8Array, at = 0): void {
    const end = this.#gathered;
    const bits = 8 * (this.#hashedBytes + end);
    room[end] = 0x80;
    const lengthAt = ((end + 9 + BLOCK_BYTES - 1) & -BLOCK_BYTES) - 8;
    room.fill(0, end + 1, lengthAt);
    view.setUint32(lengthAt, Math.floor(bits / 0x1_0000_0000));
    view.setUint32(lengthAt + 4, bits >>> 0);
    this.#gathered = lengthAt + 8;
    this.#compress();
    this.#write(digest, at);
  }

  /** The state after the whole blocks added so far. */
  keep(): HashState {
    this.#compress();
    return Int32Array.from(this.get());
  }

  /** Forgets the message and what was made of it. */
  wipe(): void {
    room.fill(0, 0, this.#mostGathered);
    this.#mostGathered = 0;
    this.roundClean();
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
  }

  #compress(): void {
    const end = this.#gathered;
    for (let at = 0; at < end; at += BLOCK_BYTES) this.process(view, at);
    if (end > this.#mostGathered) this.#mostGathered = end;
    this.#hashedBytes += end;
    this.#gathered = 0;
  }

  #load(state: HashState): void {
    this.A = state[0]!;
    this.B = state[1]!;
    this.C = state[2]!;
    this.D = state[3]!;
    this.E = state[4]!;
    this.F = state[5]!;
    this.G = state[6]!;
    this.H = state[7]!;
  }

  #write(digest: Uint8Array, at: number): void {
    writeWord(digest, at, this.A);
    writeWord(digest, at + 4, this.B);
    writeWord(digest, at + 8, this.C);
    writeWord(digest, at + 12, this.D);
    writeWord(digest, at + 16, this.E);
    writeWord(digest, at + 20, this.F);
    writeWord(digest, at + 24, this.G);
    writeWord(digest, at + 28, this.H);
  }
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** The one engine: from `start` to `wipe` nothing may be waited for. */
export const engine = new Sha256Engine();

/** The state before the first block. */
export const INITIAL_STATE: HashState = engine.keep();
