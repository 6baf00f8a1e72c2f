/**
 * Names made from keys, for people: a device's public handle, and fingerprints to compare by eye.
 *
 * @module
 */
import { base32, inGroupsOfFour } from "./crypto/base32.ts";
import { requireLength } from "./crypto/bytes.ts";
import { sha256 } from "./crypto/digest.ts";

const HANDLE_BYTES = 10;
const FINGERPRINT_BYTES = 15;

/**
 * The public name of a device: the first 80 bits of SHA-256 of its X25519 public key, as 4 groups of 4 lower-case
 * base32 letters (RFC 4648 alphabet a-z, 2-7).
 * @throws {RangeError} when the key is not 32 bytes
 */
export function handleOf(publicKey: Uint8Array): string {
  return nameOf(publicKey, HANDLE_BYTES);
}

/**
 * The fingerprint that people compare before they trust a key: the first 120 bits of SHA-256 of the public key, as
 * 6 groups of 4 letters. The first 4 groups of a device's fingerprint are its handle.
 * @throws {RangeError} when the key is not 32 bytes
 */
export function fingerprintOf(publicKey: Uint8Array): string {
  return nameOf(publicKey, FINGERPRINT_BYTES);
}

/** What announcements carry of a server's fingerprint (TXT `fp`): its first 16 letters, without dashes. */
export function fingerprintPrefix(publicKey: Uint8Array): string {
  return handleOf(publicKey).replaceAll("-", "");
}

function nameOf(publicKey: Uint8Array, bytes: number): string {
  requireLength(publicKey, 32, "an X25519 public key");
  return inGroupsOfFour(base32(sha256(publicKey).subarray(0, bytes)));
}

/**
 * Whether a person's text is the fingerprint of this key: all 24 letters, in either case, with or without dashes and
 * spaces. A part of a fingerprint is never enough.
 * @throws {RangeError} when the key is not 32 bytes
 */
export function matchesFingerprint(text: string, publicKey: Uint8Array): boolean {
  const letters = text.replace(/[\s\u2010-\u2015-]+/gu, "").toLowerCase();
  return letters === fingerprintOf(publicKey).replaceAll("-", "");
}
