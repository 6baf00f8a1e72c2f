import { deepStrictEqual, notDeepStrictEqual, throws } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import vectors from "../../vectors/primitives.json" with { type: "json" };
import { generateKeyPair, keyPairFromSecret, sharedSecret } from "./key_pair.ts";

const { scalarMult, iterated, diffieHellman } = vectors.x25519;

for (const test of scalarMult) {
  Deno.test(`X25519 gives the published answer of RFC 7748 ${test.name}`, () => {
    const output = sharedSecret(hexToBytes(test.scalar), hexToBytes(test.u));
    deepStrictEqual(bytesToHex(output), test.output);
  });
}

Deno.test("X25519 repeated 1 and 1,000 times gives the published answers of RFC 7748 section 5.2", () => {
  let k = new Uint8Array(32);
  k[0] = 9;
  let u = k;
  for (let count = 1; count <= 1_000; count++) {
    [k, u] = [new Uint8Array(sharedSecret(k, u)), k];
    const expected = iterated.find((entry) => entry.count === count);
    if (expected !== undefined) deepStrictEqual(bytesToHex(k), expected.output);
  }
});

Deno.test("both sides of RFC 7748 section 6.1 agree on the published secret", () => {
  const alice = keyPairFromSecret(hexToBytes(diffieHellman.aliceSecret));
  const bob = keyPairFromSecret(hexToBytes(diffieHellman.bobSecret));
  deepStrictEqual(bytesToHex(alice.publicKey), diffieHellman.alicePublic);
  deepStrictEqual(bytesToHex(bob.publicKey), diffieHellman.bobPublic);
  const shared = sharedSecret(alice.secretKey, bob.publicKey);
  deepStrictEqual(bytesToHex(shared), diffieHellman.shared);
  deepStrictEqual(sharedSecret(bob.secretKey, alice.publicKey), shared);
});

/** The points of order 1, 2, 4 and 8 of the curve and its twist, in every encoding of 32 bytes. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].flatMap((hex) => {
  const topBitSet = hexToBytes(hex);
  topBitSet[31]! |= 0x80;
  return [hex, bytesToHex(topBitSet)];
});

for (const publicKey of SMALL_ORDER) {
  Deno.test(`the small-order public key ${publicKey.slice(0, 8)}…${publicKey.slice(-2)} is refused`, () => {
    const { secretKey } = keyPairFromSecret(hexToBytes(diffieHellman.aliceSecret));
    throws(() => sharedSecret(secretKey, hexToBytes(publicKey)), { code: "key.small_order" });
  });
}

Deno.test("a generated key pair is the one of the random bytes that were drawn", () => {
  let draws = 0;
  const random = (length: number) => new Uint8Array(length).fill(++draws);
  const first = generateKeyPair(random);
  const second = generateKeyPair(random);
  deepStrictEqual(first.secretKey, new Uint8Array(32).fill(1));
  deepStrictEqual(first.publicKey, keyPairFromSecret(first.secretKey).publicKey);
  notDeepStrictEqual(first.publicKey, second.publicKey);
});

Deno.test("keys of another length than 32 bytes are our own mistake", () => {
  throws(() => keyPairFromSecret(new Uint8Array(31)), RangeError);
  throws(() => sharedSecret(new Uint8Array(32), new Uint8Array(33)), RangeError);
  throws(() => generateKeyPair(() => new Uint8Array(16)), RangeError);
});
