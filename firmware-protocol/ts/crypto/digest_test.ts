import { deepStrictEqual } from "node:assert/strict";
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
