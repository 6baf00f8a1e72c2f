import assert from "node:assert/strict";
import { diffInventory } from "./inventory.ts";

Deno.test("a difference names what came, changed and went, and nothing else", () => {
  assert.deepEqual(
    diffInventory(
      { kernel: "6.1", addresses: ["10.0.0.1"], disks: 1, same: ["a"] },
      { kernel: "6.6", addresses: ["10.0.0.1", "fe80::1"], same: ["a"], soc: "bcm2711" },
    ),
    [
      { field: "addresses", before: ["10.0.0.1"], after: ["10.0.0.1", "fe80::1"] },
      { field: "disks", before: 1, after: null },
      { field: "kernel", before: "6.1", after: "6.6" },
      { field: "soc", before: null, after: "bcm2711" },
    ],
  );
});

Deno.test("names that JavaScript objects know by themselves are no facts", () => {
  assert.deepEqual(diffInventory({}, {}), []);
  assert.deepEqual(diffInventory({}, JSON.parse('{"constructor": "x"}')), [
    { field: "constructor", before: null, after: "x" },
  ]);
});
