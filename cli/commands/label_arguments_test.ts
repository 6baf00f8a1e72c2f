/**
 * @module
 */
import { deepEqual, throws } from "node:assert/strict";
import { collectLabel, parseLabelChanges } from "./label_arguments.ts";

Deno.test("labels are set with key=value and removed with key-", () => {
  deepEqual(parseLabelChanges(["site=berlin", "floor-", "note=a=b", "a-b=c-"]), {
    site: "berlin",
    floor: null,
    note: "a=b",
    "a-b": "c-",
  });
});

Deno.test("what is no label is refused before anything is sent", () => {
  for (
    const text of [
      "site",
      "=x",
      "-",
      "a b=c",
      "site=",
      "k".repeat(33) + "=x",
      "site=" + "ü".repeat(33),
      "site=a\x1bb",
    ]
  ) {
    throws(() => parseLabelChanges([text]), /label/);
  }
  throws(() => parseLabelChanges(["site=a", "site-"]), /given twice/);
});

Deno.test("a repeated option collects its labels", () => {
  deepEqual(collectLabel("a=1", collectLabel("b=2", undefined)), { a: "1", b: "2" });
});
