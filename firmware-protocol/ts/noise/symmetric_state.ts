/**
 * The symmetric half of a Noise handshake with ChaChaPoly and SHA-256 (Noise rev 34 §5.1, §5.2): the running hash,
 * the chaining key, and the cipher that the last mixed key gives.
 *
 * @module
 */
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { ascii, concatBytes, erase } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/digest.ts";
import { hkdfExpand, hkdfExtract } from "../crypto/hkdf.ts";

const HASH_BYTES = 32;
const NO_INFO = new Uint8Array(0);

/** What Split() leaves: the transport keys of both directions, and the hash that names this handshake. */
export interface HandshakeKeys {
  /** 32 bytes, initiator to responder. */
  readonly k1: Uint8Array;
  /** 32 bytes, responder to initiator. */
  readonly k2: Uint8Array;
  /** 32 bytes, the final handshake hash h. */
  readonly handshakeHash: Uint8Array;
}

/** The nonce of a Noise cipher: 4 zero bytes, then the counter as 8 bytes little-endian (Noise rev 34 §12.3). */
export function noiseNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(counter), true);
  return nonce;
}

/** SymmetricState of Noise rev 34 §5.2. Not for use after {@link SymmetricState.split} or {@link SymmetricState.erase}. */
export class SymmetricState {
  #chainingKey: Uint8Array;
  #hash: Uint8Array;
  #cipherKey: Uint8Array;
  #counter = 0;

  private constructor(chainingKey: Uint8Array, hash: Uint8Array, cipherKey: Uint8Array) {
    this.#chainingKey = chainingKey;
    this.#hash = hash;
    this.#cipherKey = cipherKey;
  }

  /** Starts from a protocol name longer than 32 characters, whose hash is the first h, and mixes the prologue in. */
  static start(protocolName: string, prologue: Uint8Array): SymmetricState {
    const name = ascii(protocolName);
    if (name.length <= HASH_BYTES) throw new RangeError("the protocol name must exceed 32 bytes");
    const hash = sha256(name);
    const state = new SymmetricState(hash.slice(), hash, new Uint8Array(0));
    state.mixHash(prologue);
    return state;
  }

  /** An independent copy, so that several pre-shared keys can be tried on one message. */
  clone(): SymmetricState {
    const copy = new SymmetricState(
      this.#chainingKey.slice(),
      this.#hash.slice(),
      this.#cipherKey.slice(),
    );
    copy.#counter = this.#counter;
    return copy;
  }

  mixHash(data: Uint8Array): void {
    this.#hash = sha256(concatBytes(this.#hash, data));
  }

  /** MixKey; `inputKey` stays the caller's to erase. */
  mixKey(inputKey: Uint8Array): void {
    this.#useKey(this.#advance(inputKey, 2)[0]!);
  }

  /** MixKeyAndHash, for pre-shared keys (Noise rev 34 §9.1). */
  mixKeyAndHash(inputKey: Uint8Array): void {
    const [toHash, key] = this.#advance(inputKey, 3);
    this.mixHash(toHash!);
    erase(toHash!);
    this.#useKey(key!);
  }

  /** EncryptAndHash: 16 bytes longer than the plaintext. A key must have been mixed in. */
  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = aeadSeal(plaintext, this.#nextUse());
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** DecryptAndHash: `undefined`, and the state is of no further use, when the tag does not hold. */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array | undefined {
    const plaintext = aeadOpen(ciphertext, this.#nextUse());
    if (plaintext !== undefined) this.mixHash(ciphertext);
    return plaintext;
  }

  /** Split: hands the transport keys over and erases the rest. */
  split(): HandshakeKeys {
    const [k1, k2] = this.#outputs(hkdfExtract(this.#chainingKey, NO_INFO), 2);
    const handshakeHash = this.#hash.slice();
    this.erase();
    return { k1: k1!, k2: k2!, handshakeHash };
  }

  /** Overwrites the chaining key and the cipher key. */
  erase(): void {
    erase(this.#chainingKey, this.#cipherKey);
  }

  #nextUse() {
    if (this.#cipherKey.length === 0) throw new TypeError("no key has been mixed in yet");
    return {
      key: this.#cipherKey,
      nonce: noiseNonce(this.#counter++),
      additionalData: this.#hash,
    };
  }

  #useKey(key: Uint8Array): void {
    erase(this.#cipherKey);
    this.#cipherKey = key;
    this.#counter = 0;
  }

  /** HKDF of Noise rev 34 §4.3: the first output is the next chaining key, the others are returned. */
  #advance(inputKey: Uint8Array, count: number): Uint8Array[] {
    const [chainingKey, ...rest] = this.#outputs(
      hkdfExtract(this.#chainingKey, inputKey),
      count,
    );
    erase(this.#chainingKey);
    this.#chainingKey = chainingKey!;
    return rest;
  }

  /** Noise's HKDF outputs are the blocks of RFC 5869's HKDF-Expand with an empty info. */
  #outputs(pseudoRandomKey: Uint8Array, count: number): Uint8Array[] {
    const stream = hkdfExpand(pseudoRandomKey, { info: NO_INFO, length: count * HASH_BYTES });
    const outputs: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      outputs.push(stream.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    }
    erase(pseudoRandomKey, stream);
    return outputs;
  }
}
