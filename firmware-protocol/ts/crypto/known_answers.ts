/**
 * Known-answer tests of every primitive, run when a program starts: a broken engine, a miscompiled build or a
 * tampered library must not enrol a device. Published answers only; about 30 ms, once.
 *
 * @module
 */
import { ProtocolError } from "../codec/protocol_error.ts";
import { aeadOpen, aeadSeal } from "./aead.ts";
import { ascii, equalBytes } from "./bytes.ts";
import { sha256 } from "./digest.ts";
import { hkdf } from "./hkdf.ts";
import { keyPairFromSecret, sharedSecret } from "./key_pair.ts";
import { macKey } from "./mac_key.ts";
import { sign, signingKeyFromSeed, verifySignature } from "./signature.ts";

/** A primitive by name, and whether it gives its published answers; it may throw as well. */
export type KnownAnswer = readonly [primitive: string, holds: () => boolean];

/**
 * Runs the known-answer tests of all primitives.
 * @throws {ProtocolError} `crypto.self_test_failed`, naming the primitive
 */
export function selfTest(): void {
  checkKnownAnswers(KNOWN_ANSWERS);
}

/**
 * Runs known-answer tests in order.
 * @throws {ProtocolError} `crypto.self_test_failed` at the first that does not hold
 */
export function checkKnownAnswers(tests: readonly KnownAnswer[]): void {
  for (const [primitive, holds] of tests) {
    let passed = false;
    let cause: unknown;
    try {
      passed = holds();
    } catch (error) {
      cause = error;
    }
    if (!passed) {
      throw new ProtocolError(
        "crypto.self_test_failed",
        `Cannot use cryptography: ${primitive} gave a wrong answer, so nothing was sent. ` +
          "Reinstall this program; if it fails again, the machine is at fault.",
        { cause },
      );
    }
  }
}

const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  ["SHA-256", sha256Holds],
  ["HMAC-SHA-256", hmacHolds],
  ["HKDF-SHA-256", hkdfHolds],
  ["ChaCha20-Poly1305", aeadHolds],
  ["X25519", x25519Holds],
  ["Ed25519", ed25519Holds],
];

/** FIPS 180-2 appendix B.1. */
function sha256Holds(): boolean {
  const digest = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  return equalBytes(sha256(ascii("abc")), digest);
}

/** RFC 4231 §4.8; HMAC hashes its long key first, to the 32 bytes that our keys have. */
function hmacHolds(): boolean {
  const key = macKey(sha256(new Uint8Array(131).fill(0xaa)));
  const message = ascii(
    "This is a test using a larger than block-size key and a larger than block-size data. " +
      "The key needs to be hashed before being used by the HMAC algorithm.",
  );
  const tag = hex("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
  return key.verify(tag, { head: message.subarray(0, 55), body: message.subarray(55) }) &&
    !key.verify(tag, { head: message, body: message });
}

/** RFC 5869 appendix A.1. */
function hkdfHolds(): boolean {
  const output = hkdf(new Uint8Array(22).fill(0x0b), {
    salt: counting(13),
    info: hex("f0f1f2f3f4f5f6f7f8f9"),
    length: 42,
  });
  const expected =
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
  return equalBytes(output, hex(expected));
}

/** RFC 8439 §2.8.2. */
function aeadHolds(): boolean {
  const parameters = {
    key: hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
    nonce: hex("070000004041424344454647"),
    additionalData: hex("50515253c0c1c2c3c4c5c6c7"),
  };
  const plaintext = ascii(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
      "sunscreen would be it.",
  );
  const sealed = aeadSeal(plaintext, parameters);
  const tag = hex("1ae10b594f09e26a7e902ecbd0600691");
  if (!equalBytes(sealed.subarray(-16), tag)) return false;
  const opened = aeadOpen(sealed, parameters);
  sealed[0]! ^= 1;
  return opened !== undefined && equalBytes(opened, plaintext) &&
    aeadOpen(sealed, parameters) === undefined;
}

/** RFC 7748 §6.1, and the refusal of a key of small order. */
function x25519Holds(): boolean {
  const alice = keyPairFromSecret(
    hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"),
  );
  const bobPublicKey = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  if (!equalBytes(sharedSecret(alice.secretKey, bobPublicKey), shared)) return false;
  try {
    sharedSecret(alice.secretKey, new Uint8Array(32));
    return false;
  } catch (error) {
    return error instanceof ProtocolError && error.code === "key.small_order";
  }
}

/** RFC 8032 §7.1, test 2. */
function ed25519Holds(): boolean {
  const key = signingKeyFromSeed(
    hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
  );
  const signature = hex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  const { publicKey } = key;
  return equalBytes(sign(Uint8Array.of(0x72), key), signature) &&
    verifySignature(signature, { message: Uint8Array.of(0x72), publicKey }) &&
    !verifySignature(signature, { message: Uint8Array.of(0x73), publicKey });
}

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at);
}

function hex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => {
    return parseInt(text.slice(2 * at, 2 * at + 2), 16);
  });
}
