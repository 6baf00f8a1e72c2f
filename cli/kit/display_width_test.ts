/**
 * @module
 */
import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { displayWidth, truncate, truncateStyled } from "./display_width.ts";

Deno.test("wide characters count two cells, marks and joiners none", () => {
  equal(displayWidth("kitchen"), 7);
  equal(displayWidth("台所"), 4);
  equal(displayWidth("Ku\u0308che"), 5);
  equal(displayWidth("👩‍🔧 ok"), 5);
  equal(displayWidth("\x1b[31mred\x1b[39m"), 3);
});

Deno.test("a cut text ends with an ellipsis and never splits a character", () => {
  equal(truncate("kitchen", 7), "kitchen");
  equal(truncate("kitchen", 6), "kitch…");
  equal(truncate("台所台所", 6), "台所…");
  equal(truncateStyled("\x1b[31mkitchen\x1b[39m", 4), "\x1b[31mkit…\x1b[0m");
});

Deno.test("property: a cut text fits", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, cells) => {
      ok(displayWidth(truncate(text, cells)) <= cells);
    }),
  );
});
