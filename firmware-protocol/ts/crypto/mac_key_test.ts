import { createHmac } from "node:crypto";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import vectors from "../../vectors/primitives.json" with { type: "json" };
import { sha256 } from "./digest.ts";
import { macKey } from "./mac_key.ts";

const NOTHING = new Uint8Array(0);

/** HMAC pads a short key with zeros and hashes a long one: so every published key becomes one of 32 bytes. */
function asKeyOf32(key: Uint8Array): Uint8Array {
  if (key.length > 64) return sha256(key);
  const padded = new Uint8Array(32);
  padded.set(key);
  return padded;
}

for (const test of vectors.hmacSha256.cases) {
  Deno.test(`HMAC-SHA-256 gives the published answer of RFC 4231 ${test.name}`, () => {
    const key = macKey(asKeyOf32(hexToBytes(test.key)));
    const tag = key.tag(hexToBytes(test.data), NOTHING);
    deepStrictEqual(bytesToHex(tag).slice(0, test.tag.length), test.tag);
  });
}

Deno.test("a MAC key gives node:crypto's tag wherever the message is cut in two", () => {
  const bytes = (max: number) => fc.uint8Array({ maxLength: max });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      bytes(200),
      bytes(300),
      (secret, head, body) => {
        const expected = createHmac("sha256", secret).update(head).update(body).digest();
        const key = macKey(secret);
        deepStrictEqual(key.tag(head, body), new Uint8Array(expected));
        strictEqual(key.verify(new Uint8Array(expected), { head, body }), true);
        // Once more: the cached states were not consumed.
        deepStrictEqual(key.tag(head, body), new Uint8Array(expected));
      },
    ),
    { numRuns: Deno.env.get("FLEETD_CI") === "1" ? 20_000 : 500 },
  );
});

Deno.test("a MAC key gives node:crypto's tag for messages longer than what is gathered at once", () => {
  const secret = new Uint8Array(32).fill(5);
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at * 31);
  for (
    const [head, body] of [[0, 1_024], [960, 64], [1_023, 1], [1_100, 0], [75, 65_535]] as const
  ) {
    const message = { head: bytes.subarray(0, head), body: bytes.subarray(head, head + body) };
    const expected = createHmac("sha256", secret).update(bytes.subarray(0, head + body)).digest();
    deepStrictEqual(macKey(secret).tag(message.head, message.body), new Uint8Array(expected));
  }
});

Deno.test("keys used by turns do not disturb each other", () => {
  const one = macKey(new Uint8Array(32).fill(1));
  const two = macKey(new Uint8Array(32).fill(2));
  const body = Uint8Array.of(1, 2, 3);
  const first = one.tag(NOTHING, body);
  const second = two.tag(NOTHING, body);
  deepStrictEqual(one.tag(NOTHING, body), first);
  deepStrictEqual(two.tag(NOTHING, body), second);
  strictEqual(one.verify(second, { head: NOTHING, body }), false);
});

Deno.test("a tag that is shortened, lengthened or changed in any bit is refused", () => {
  const key = macKey(new Uint8Array(32).fill(7));
  const body = Uint8Array.of(9, 9);
  const tag = key.tag(NOTHING, body);
  const message = { head: NOTHING, body };
  strictEqual(key.verify(tag.subarray(0, 31), message), false);
  strictEqual(key.verify(new Uint8Array([...tag, 0]), message), false);
  strictEqual(key.verify(NOTHING, message), false);
  for (let bit = 0; bit < 256; bit++) {
    const altered = tag.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    strictEqual(key.verify(altered, message), false);
  }
});

Deno.test("a MAC key of another length than 32 bytes is our own mistake", () => {
  throws(() => macKey(new Uint8Array(31)), RangeError);
});

Deno.test("an erased MAC key cannot be used any more", () => {
  const key = macKey(new Uint8Array(32));
  key.erase();
  throws(() => key.tag(NOTHING, NOTHING));
});
