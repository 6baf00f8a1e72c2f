/**
 * Ed25519 (RFC 8032) as strict as the smallest device is.
 *
 * Verification is cofactorless, with S < L, A and R canonical, and neither A nor R of small order: the rule of
 * libsodium 1.0.18. @noble's own `verify` is cofactored even with `zip215: false`, so a signature made to fit only
 * that equation would be accepted by the server and refused by the device; hence the equation is written here.
 *
 * @module
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, requireLength } from "./bytes.ts";
import { digest8 } from "./digest.ts";

/** Length of an Ed25519 signature: R (32) ‖ S (32). */
export const SIGNATURE_BYTES = 64;

/** An Ed25519 key that signs manifests or root documents; kept offline. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The 32-byte seed of RFC 8032 §5.1.5. */
  readonly secretKey: Uint8Array;
  /** The name of the key in signed documents: the first 8 bytes of SHA-256(publicKey). */
  readonly keyId: Uint8Array;
}

/**
 * The signing key of a 32-byte seed; the bytes are copied.
 * @throws {RangeError} when the seed is not 32 bytes
 */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  requireLength(seed, 32, "an Ed25519 seed");
  const secretKey = seed.slice();
  const publicKey = ed25519.getPublicKey(secretKey);
  return { publicKey, secretKey, keyId: signingKeyId(publicKey) };
}

/** The 8-byte name of an Ed25519 public key. */
export function signingKeyId(publicKey: Uint8Array): Uint8Array {
  return digest8(publicKey);
}

/** The 64-byte signature of a message (RFC 8032 §5.1.6, deterministic). */
export function sign(message: Uint8Array, key: SigningKey): Uint8Array {
  return ed25519.sign(message, key.secretKey);
}

/**
 * Whether `signature` is `publicKey`'s over `message`, by the strict rule above.
 * All inputs are public, so nothing here needs constant time.
 */
export function verifySignature(
  signature: Uint8Array,
  { message, publicKey }: { message: Uint8Array; publicKey: Uint8Array },
): boolean {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== 32) return false;
  const { Point } = ed25519;
  const commitment = signature.subarray(0, 32);
  const response = littleEndian(signature.subarray(32));
  if (response >= Point.Fn.ORDER) return false;
  const A = canonicalPoint(publicKey);
  const R = canonicalPoint(commitment);
  if (A === undefined || R === undefined || A.isSmallOrder() || R.isSmallOrder()) return false;
  const challenge = Point.Fn.create(
    littleEndian(sha512(concatBytes(commitment, publicKey, message))),
  );
  const expected = Point.BASE.multiplyUnsafe(response).subtract(A.multiplyUnsafe(challenge));
  return expected.equals(R);
}

function canonicalPoint(bytes: Uint8Array) {
  try {
    // The strict reading of RFC 8032 §5.1.3: y < p, and no "negative zero" x.
    return ed25519.Point.fromBytes(bytes, false);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}
