import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import vectors from "../../vectors/primitives.json" with { type: "json" };
import { aeadOpen, aeadSeal } from "./aead.ts";

for (const test of vectors.chacha20Poly1305.cases) {
  Deno.test(`ChaCha20-Poly1305 gives the published answer of RFC 8439 ${test.name}`, () => {
    const parameters = {
      key: hexToBytes(test.key),
      nonce: hexToBytes(test.nonce),
      additionalData: hexToBytes(test.additionalData),
    };
    const sealed = aeadSeal(hexToBytes(test.plaintext), parameters);
    deepStrictEqual(bytesToHex(sealed), test.ciphertext + test.tag);
    deepStrictEqual(bytesToHex(aeadOpen(sealed, parameters)!), test.plaintext);
    const additionalData = parameters.additionalData.slice(1);
    strictEqual(aeadOpen(sealed, { ...parameters, additionalData }), undefined);
  });
}

Deno.test("a ciphertext shorter than its tag does not open", () => {
  const parameters = {
    key: new Uint8Array(32),
    nonce: new Uint8Array(12),
    additionalData: new Uint8Array(0),
  };
  for (let length = 0; length < 16; length++) {
    strictEqual(aeadOpen(new Uint8Array(length), parameters), undefined);
  }
});
