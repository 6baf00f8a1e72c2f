import { deepStrictEqual, doesNotMatch, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { FIXED } from "../tools/generate_vectors.ts";
import { formatToken, parseToken, tokenMatchesServer } from "./token.ts";

const { token, server, device } = FIXED;
const text = formatToken({ ...token, serverKey: server.publicKey });
const malformed = (message: RegExp) => ({ code: "token.malformed", message });

Deno.test("a token is FT1- and 64 letters, and reads back", () => {
  strictEqual(/^FT1-[A-Z2-7]{64}$/.test(text), true);
  const parsed = parseToken(text);
  deepStrictEqual(parsed.id, token.id);
  deepStrictEqual(parsed.secret, token.secret);
});

Deno.test("every token reads back as it was made", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(8), bytes(16), bytes(32), (id, secret, serverKey) => {
      const parsed = parseToken(formatToken({ id, secret, serverKey }));
      deepStrictEqual(parsed.id, id);
      deepStrictEqual(parsed.secret, secret);
      strictEqual(tokenMatchesServer(parsed, serverKey), true);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a token may be typed in either case, with spaces, dashes and line ends anywhere", () => {
  const parsed = parseToken(text);
  const groups = text.slice(4).match(/.{4}/g)!;
  for (
    const typed of [
      text.toLowerCase(),
      `  ${text}\r\n`,
      `ft1 ${groups.join(" ").toLowerCase()}`,
      `FT1-${groups.join("-")}`,
      `FT1–${groups.join("‑")}`,
      text.replace("-", ""),
      `${text.slice(0, 30)}\n${text.slice(30)}`,
    ]
  ) {
    deepStrictEqual(parseToken(typed), parsed);
  }
});

Deno.test("a text that is no token is refused with what is wrong, and without the text itself", () => {
  throws(() => parseToken(" \n"), malformed(/it is empty/));
  throws(() => parseToken(text.slice(4)), malformed(/does not start with FT1-/));
  throws(() => parseToken(text.replace("FT1", "FT2")), malformed(/does not start with FT1-/));
  throws(() => parseToken(text.slice(0, -1)), malformed(/63 letters follow FT1-.*must be 64/));
  throws(() => parseToken(text + "A"), malformed(/65 letters/));
  throws(() => parseToken(text.slice(0, -1) + "0"), malformed(/"0".*a zero is the letter O/));
  throws(() => parseToken(text.slice(0, -1) + "!"), malformed(/"!"/));
  throws(() => parseToken("FT1-"), malformed(/0 letters/));
  try {
    parseToken(text.slice(0, -1));
  } catch (error) {
    doesNotMatch((error as Error).message, new RegExp(text.slice(4, 12)));
  }
});

Deno.test("a token belongs to its server's key and to no other", () => {
  const parsed = parseToken(text);
  strictEqual(tokenMatchesServer(parsed, server.publicKey), true);
  strictEqual(tokenMatchesServer(parsed, device.publicKey), false);
});

Deno.test("parts of a wrong length are our own mistakes", () => {
  const serverKey = server.publicKey;
  throws(() => formatToken({ ...token, id: new Uint8Array(7), serverKey }), RangeError);
  throws(() => formatToken({ ...token, secret: new Uint8Array(15), serverKey }), RangeError);
  throws(() => formatToken({ ...token, serverKey: new Uint8Array(31) }), RangeError);
});
