/**
 * ChaCha20-Poly1305 (RFC 8439) with the 12-byte IETF nonce.
 *
 * @module
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

/** Length of the Poly1305 tag that ends each ciphertext. */
export const AEAD_TAG_BYTES = 16;

/** Key, nonce and additional data of one sealed message. A pair of key and nonce is used once. */
export interface AeadParameters {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** Authenticated, not encrypted; any length. */
  readonly additionalData: Uint8Array;
}

/** Encrypts and authenticates: the ciphertext is 16 bytes longer than the plaintext. */
export function aeadSeal(
  plaintext: Uint8Array,
  { key, nonce, additionalData }: AeadParameters,
): Uint8Array {
  return chacha20poly1305(key, nonce, additionalData).encrypt(plaintext);
}

/** Verifies and decrypts; `undefined` when the tag does not hold, whatever the cause. */
export function aeadOpen(
  ciphertext: Uint8Array,
  { key, nonce, additionalData }: AeadParameters,
): Uint8Array | undefined {
  if (ciphertext.length < AEAD_TAG_BYTES) return undefined;
  const cipher = chacha20poly1305(key, nonce, additionalData);
  try {
    return cipher.decrypt(ciphertext);
  } catch {
    // The lengths are right, so the only failure left is the tag.
    return undefined;
  }
}
