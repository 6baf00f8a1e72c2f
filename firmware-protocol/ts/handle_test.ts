import { strictEqual, throws } from "node:assert/strict";
import { FIXED } from "../tools/generate_vectors.ts";
import { fingerprintOf, fingerprintPrefix, handleOf, matchesFingerprint } from "./handle.ts";

const { publicKey } = FIXED.device;

Deno.test("a handle is four groups of four letters, and begins the fingerprint of six", () => {
  const handle = handleOf(publicKey);
  strictEqual(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/.test(handle), true);
  const fingerprint = fingerprintOf(publicKey);
  strictEqual(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/.test(fingerprint), true);
  strictEqual(fingerprint.startsWith(`${handle}-`), true);
  strictEqual(fingerprintPrefix(publicKey), handle.replaceAll("-", ""));
});

Deno.test("a fingerprint is recognised however a person types it, but only whole and only right", () => {
  const fingerprint = fingerprintOf(publicKey);
  for (
    const typed of [
      fingerprint,
      fingerprint.toUpperCase(),
      fingerprint.replaceAll("-", ""),
      ` ${fingerprint.replaceAll("-", " ")}\n`,
    ]
  ) {
    strictEqual(matchesFingerprint(typed, publicKey), true);
  }
  strictEqual(matchesFingerprint(handleOf(publicKey), publicKey), false);
  strictEqual(matchesFingerprint("", publicKey), false);
  strictEqual(matchesFingerprint(fingerprintOf(FIXED.server.publicKey), publicKey), false);
  strictEqual(matchesFingerprint(`${fingerprint}a`, publicKey), false);
});

Deno.test("a key of a wrong length has no name", () => {
  throws(() => handleOf(new Uint8Array(31)), RangeError);
});
