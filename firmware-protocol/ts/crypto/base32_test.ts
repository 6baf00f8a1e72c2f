import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ascii } from "./bytes.ts";
import { base32, bytesFromBase32, inGroupsOfFour, strangerInBase32 } from "./base32.ts";

Deno.test("base32 gives the published answer of RFC 4648 section 10", () => {
  strictEqual(base32(ascii("fooba")), "mzxw6ytb");
  deepStrictEqual(bytesFromBase32("MZXW6YTB"), ascii("fooba"));
});

Deno.test("base32 reads back what it wrote, in either case", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { maxLength: 9 }),
      (groups) => {
        const bytes = new Uint8Array(groups.flatMap((group) => [...group]));
        const text = base32(bytes);
        deepStrictEqual(bytesFromBase32(text), bytes);
        deepStrictEqual(bytesFromBase32(text.toUpperCase()), bytes);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("base32 refuses lengths that would leave bits over, and foreign letters", () => {
  throws(() => base32(new Uint8Array(4)), RangeError);
  throws(() => bytesFromBase32("abcdefg"), RangeError);
  throws(() => bytesFromBase32("abcdefg1"), RangeError);
  strictEqual(strangerInBase32("abcXYZ27"), undefined);
  strictEqual(strangerInBase32("ab0c"), "0");
});

Deno.test("letters are shown in groups of four", () => {
  strictEqual(inGroupsOfFour("abcdefgh"), "abcd-efgh");
});
