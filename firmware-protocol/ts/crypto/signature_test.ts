import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import edges from "../../vectors/ed25519_edges.json" with { type: "json" };
import vectors from "../../vectors/primitives.json" with { type: "json" };
import { sign, signingKeyFromSeed, signingKeyId, verifySignature } from "./signature.ts";
import { sha256 } from "./digest.ts";

for (const test of vectors.ed25519.cases) {
  Deno.test(`Ed25519 gives the published answer of RFC 8032 ${test.name}`, () => {
    const key = signingKeyFromSeed(hexToBytes(test.seed));
    const message = hexToBytes(test.message);
    const { publicKey } = key;
    deepStrictEqual(bytesToHex(publicKey), test.publicKey);
    const signature = sign(message, key);
    deepStrictEqual(bytesToHex(signature), test.signature);
    strictEqual(verifySignature(signature, { message, publicKey }), true);
    const longer = new Uint8Array([...message, 0]);
    strictEqual(verifySignature(signature, { message: longer, publicKey }), false);
  });
}

for (const test of edges.cases) {
  Deno.test(`Ed25519 ${test.valid ? "accepts" : "refuses"} ${test.name}`, () => {
    const message = hexToBytes(test.message);
    const publicKey = hexToBytes(test.publicKey);
    strictEqual(
      verifySignature(hexToBytes(test.signature), { message, publicKey }),
      test.valid,
    );
  });
}

Deno.test("Ed25519 refuses a signature whose S is shifted by the group order", () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const { seed } = vectors.ed25519.cases[1]!;
  const key = signingKeyFromSeed(hexToBytes(seed));
  const message = Uint8Array.of(1, 2, 3);
  const signature = sign(message, key);
  let S = BigInt("0x" + bytesToHex(signature.slice(32).reverse())) + order;
  for (let i = 32; i < 64; i++, S >>= 8n) signature[i] = Number(S & 0xffn);
  strictEqual(verifySignature(signature, { message, publicKey: key.publicKey }), false);
});

Deno.test("Ed25519 refuses every single-bit change of signature and key", () => {
  const key = signingKeyFromSeed(new Uint8Array(32).fill(3));
  const message = Uint8Array.of(1);
  const signature = sign(message, key);
  for (let bit = 0; bit < 512; bit++) {
    const altered = signature.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    strictEqual(verifySignature(altered, { message, publicKey: key.publicKey }), false);
  }
  for (let bit = 0; bit < 256; bit++) {
    const publicKey = key.publicKey.slice();
    publicKey[bit >> 3]! ^= 1 << (bit & 7);
    strictEqual(verifySignature(signature, { message, publicKey }), false);
  }
});

Deno.test("inputs of a wrong length do not verify", () => {
  const key = signingKeyFromSeed(new Uint8Array(32));
  const message = new Uint8Array(0);
  const signature = sign(message, key);
  const { publicKey } = key;
  strictEqual(verifySignature(signature.subarray(1), { message, publicKey }), false);
  const short = publicKey.subarray(1);
  strictEqual(verifySignature(signature, { message, publicKey: short }), false);
});

Deno.test("a signing key is named by the first 8 bytes of the digest of its public key", () => {
  const key = signingKeyFromSeed(new Uint8Array(32).fill(9));
  deepStrictEqual(key.keyId, sha256(key.publicKey).slice(0, 8));
  deepStrictEqual(signingKeyId(key.publicKey), key.keyId);
});
