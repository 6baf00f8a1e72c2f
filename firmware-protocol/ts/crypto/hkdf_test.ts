import { deepStrictEqual } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import vectors from "../../vectors/primitives.json" with { type: "json" };
import { hkdf, hkdfExpand, hkdfExtract } from "./hkdf.ts";

for (const test of vectors.hkdfSha256.cases) {
  Deno.test(`HKDF gives the published answer of RFC 5869 ${test.name}`, () => {
    const salt = hexToBytes(test.salt);
    const info = hexToBytes(test.info);
    const pseudoRandomKey = hkdfExtract(salt, hexToBytes(test.inputKey));
    deepStrictEqual(bytesToHex(pseudoRandomKey), test.pseudoRandomKey);
    const { length } = test;
    deepStrictEqual(bytesToHex(hkdfExpand(pseudoRandomKey, { info, length })), test.output);
    const atOnce = hkdf(hexToBytes(test.inputKey), { salt, info, length });
    deepStrictEqual(bytesToHex(atOnce), test.output);
  });
}
