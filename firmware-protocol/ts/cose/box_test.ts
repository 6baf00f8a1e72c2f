import { deepStrictEqual, notDeepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { counting, KID } from "../../tools/sample_messages.ts";
import { openBox, sealBox } from "./box.ts";

const key = counting(9, 32);
const random = (length: number) => new Uint8Array(randomBytes(length));

Deno.test("a box opens to what was sealed, and no two boxes are alike", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (plaintext) => {
      const box = sealBox({ key, kid: KID, plaintext, random });
      deepStrictEqual(openBox({ key, kid: KID, box }), plaintext);
      notDeepStrictEqual(sealBox({ key, kid: KID, plaintext, random }), box);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a box adds 43 bytes to a plaintext of 8 to 239 bytes", () => {
  for (const length of [8, 100, 239]) {
    const box = sealBox({ key, kid: KID, plaintext: new Uint8Array(length), random });
    strictEqual(box.length, length + 43);
  }
});

Deno.test("a box opens neither with the other direction's key nor under another kid", () => {
  const box = sealBox({ key, kid: KID, plaintext: counting(0, 20), random });
  throws(() => openBox({ key: counting(8, 32), kid: KID, box }), { code: "box.invalid" });
  throws(() => openBox({ key, kid: counting(0, 8), box }), { code: "box.invalid" });
});

Deno.test("a box cut at any byte, or with a byte more, is malformed", () => {
  const box = sealBox({ key, kid: KID, plaintext: counting(0, 20), random });
  for (let end = 0; end < box.length; end++) {
    throws(() => openBox({ key, kid: KID, box: box.subarray(0, end) }), { code: "box.malformed" });
  }
  const longer = new Uint8Array([...box, 0]);
  throws(() => openBox({ key, kid: KID, box: longer }), { code: "box.malformed" });
});

Deno.test("keys and kids of a wrong length are our own mistakes", () => {
  const plaintext = new Uint8Array(1);
  throws(() => sealBox({ key: key.subarray(1), kid: KID, plaintext, random }), RangeError);
  throws(() => sealBox({ key, kid: KID.subarray(1), plaintext, random }), RangeError);
});
