import { deepStrictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ascii } from "./bytes.ts";
import { digest8, sha256 } from "./digest.ts";

Deno.test("SHA-256 gives the answers of FIPS 180-2, and digest8 their first 8 bytes", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  deepStrictEqual(bytesToHex(sha256(ascii("abc"))), abc);
  deepStrictEqual(bytesToHex(digest8(ascii("abc"))), abc.slice(0, 16));
  deepStrictEqual(
    bytesToHex(sha256(ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

Deno.test("SHA-256 gives node:crypto's digest for messages of every length around whole blocks and gathered parts", () => {
  const bytes = new Uint8Array(5_000);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 167 + (at >> 8)) & 0xff;
  const lengths = [...Array(200).keys(), ...around(1_024), ...around(2_048), ...around(4_096)];
  for (const length of lengths) {
    const message = bytes.subarray(0, length);
    const expected = createHash("sha256").update(message).digest("hex");
    deepStrictEqual(bytesToHex(sha256(message)), expected, `${length} bytes`);
  }
});

function around(length: number): number[] {
  return Array.from({ length: 140 }, (_, at) => length - 70 + at);
}
