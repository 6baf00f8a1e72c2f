import assert from "node:assert/strict";
import { ProtocolError, syncRequestFields } from "@fleetd/firmware-protocol";
import fc from "fast-check";
import { fitInventory, fitText } from "./fit_inventory.ts";

const RUNS = Deno.env.get("FLEETD_CI") === "1" ? 100_000 : 2_000;

Deno.test("a text is cut between two characters, never inside one", () => {
  assert.equal(fitText("a".repeat(200), 128).length, 128);
  assert.equal(fitText("ä".repeat(100), 128), "ä".repeat(64));
  assert.equal(fitText("x" + "😀".repeat(40), 128), "x" + "😀".repeat(31));
});

Deno.test("control characters become blanks, and a device tree's closing NUL disappears", () => {
  assert.equal(fitText("Raspberry Pi 4\0", 128), "Raspberry Pi 4");
  assert.equal(fitText("half a \ud83d pair", 128), "half a \ufffd pair");
  assert.equal(fitText("a\u0000\u001b[31m\tb\u009fc\n", 128), "a [31m b c");
});

Deno.test("a fact without a readable value is left out", () => {
  const inventory = fitInventory([
    ["a", null],
    ["b", undefined],
    ["c", ""],
    ["d", "\0"],
    ["e", []],
    ["f", [""]],
    ["g", NaN],
    ["h", -1],
    ["i", 0.5],
    ["kept", 0],
  ]);
  assert.deepEqual([...inventory], [["kept", 0]]);
});

Deno.test("when not all fits, the facts named first stay", () => {
  const long = "x".repeat(128);
  const inventory = fitInventory(
    Array.from(
      { length: 70 },
      (_, number) => [`key-${String(number).padStart(2, "0")}`, long] as const,
    ),
  );
  assert.ok(inventory.size >= 29 && inventory.size < 32, `${inventory.size}`);
  assert.ok(inventory.has("key-00") && !inventory.has("key-40"));
});

Deno.test("whatever the hardware says, the protocol can carry it", () => {
  const text = fc.string({ unit: "binary", maxLength: 300 });
  const value = fc.oneof(
    text,
    fc.double(),
    fc.nat(),
    fc.array(text, { maxLength: 20 }),
    fc.constant(null),
  );
  const facts = fc.array(fc.tuple(fc.stringMatching(/^[a-z.]{1,32}$/), value), { maxLength: 100 });
  fc.assert(
    fc.property(facts, (table) => {
      const unique = [...new Map(table)];
      const inventory = fitInventory(unique);
      const bytes = syncRequestFields.inventory.encode(inventory);
      assert.ok(bytes.length <= 4_096);
      assert.deepEqual([...syncRequestFields.inventory.decode(bytes)], [...inventory]);
    }),
    { numRuns: RUNS / 4 },
  );
});

Deno.test("a text that did not go through here is what the protocol refuses", () => {
  assert.throws(
    () => syncRequestFields.inventory.encode(new Map([["model", "Pi\0"]])),
    (error) => error instanceof RangeError || error instanceof ProtocolError,
  );
});
