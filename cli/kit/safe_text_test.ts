/**
 * @module
 */
import { deepEqual, doesNotMatch, equal } from "node:assert/strict";
import fc from "fast-check";
import { safeBlock, safeJson, safeText } from "./safe_text.ts";

const RUNS = Deno.env.get("FLEETD_CI") ? 100_000 : 2_000;
const DANGEROUS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\x1b",
      "\x07",
      "\x9b",
      "\u202e",
      "\u2066",
      "\r",
      "\n",
      "\ud800",
      "\u{e0041}",
      "\ufeff",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

Deno.test("escape sequences, bells and line breaks become visible text", () => {
  equal(safeText("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
  equal(safeText("a\nb\tc\r"), "a\\nb\\tc\\r");
  equal(safeText("exe\u202etxt.gpj"), "exe\\u{202e}txt.gpj");
  equal(safeText("Küche 台所 👩‍🔧"), "Küche 台所 👩‍🔧");
});

Deno.test("a block keeps its lines", () => {
  equal(safeBlock("a\n\tb\x1b"), "a\n\tb\\x1b");
});

Deno.test("property: no text is dangerous after it was made safe", () => {
  fc.assert(fc.property(hostile, (text) => doesNotMatch(safeText(text), DANGEROUS)), {
    numRuns: RUNS,
  });
});

Deno.test("property: JSON stays the same value and holds nothing dangerous", () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (value) => {
      const text = safeJson(value);
      doesNotMatch(text, DANGEROUS);
      deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: RUNS },
  );
});
