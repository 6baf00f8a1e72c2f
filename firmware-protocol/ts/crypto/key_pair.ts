/**
 * X25519 (RFC 7748): the static keys of devices and servers, and the ephemeral keys of a handshake.
 *
 * @module
 */
import { x25519 } from "@noble/curves/ed25519.js";
import { ProtocolError } from "../codec/protocol_error.ts";
import { type RandomBytes, requireLength } from "./bytes.ts";

/** Length of an X25519 public or secret key. */
export const KEY_BYTES = 32;

/** An X25519 key pair. */
export interface KeyPair {
  /** 32 bytes, little-endian u coordinate. */
  readonly publicKey: Uint8Array;
  /** 32 random bytes as drawn; clamped when used (RFC 7748 §5). */
  readonly secretKey: Uint8Array;
}

/** Draws a new key pair. The array that `random` returns becomes the secret key, so that no copy is left behind. */
export function generateKeyPair(random: RandomBytes): KeyPair {
  const secretKey = random(KEY_BYTES);
  requireLength(secretKey, KEY_BYTES, "an X25519 secret key");
  return { publicKey: x25519.getPublicKey(secretKey), secretKey };
}

/**
 * The key pair of a stored secret; the bytes are copied.
 * @throws {RangeError} when the secret is not 32 bytes
 */
export function keyPairFromSecret(secret: Uint8Array): KeyPair {
  requireLength(secret, KEY_BYTES, "an X25519 secret key");
  const secretKey = secret.slice();
  return { publicKey: x25519.getPublicKey(secretKey), secretKey };
}

/**
 * The 32-byte shared secret. Public keys of small order, which would give all zeros whatever the secret is, are
 * refused (RFC 7748 §6.1).
 * @throws {ProtocolError} `key.small_order`
 * @throws {RangeError} when a key is not 32 bytes
 */
export function sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  requireLength(secretKey, KEY_BYTES, "an X25519 secret key");
  requireLength(publicKey, KEY_BYTES, "an X25519 public key");
  let shared: Uint8Array | undefined;
  try {
    shared = x25519.getSharedSecret(secretKey, publicKey);
  } catch {
    // Both lengths are right: what is left is a public key of small order.
  }
  if (shared === undefined || shared.every((byte) => byte === 0)) {
    throw new ProtocolError(
      "key.small_order",
      "Cannot agree on a key: the other side's public key is one of the few that give no secret.",
    );
  }
  return shared;
}
