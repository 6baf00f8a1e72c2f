import assert from "node:assert/strict";
import { mergeLatest, readLatest } from "./latest_values.ts";

Deno.test("the later measurement of a metric stays, others are kept", () => {
  const first = mergeLatest(new Uint8Array(), [
    { id: 0, atMs: 10, value: 1 },
    { id: 4, atMs: 10, value: 2 },
    { id: 900, atMs: 10, value: 3 },
  ]);
  const second = mergeLatest(first, [
    { id: 0, atMs: 20, value: 5 },
    { id: 3, atMs: 20, value: -7.5 },
    { id: 900, atMs: 5, value: 9 },
  ]);
  assert.deepEqual(readLatest(second), [
    { id: 0, atMs: 20, value: 5 },
    { id: 3, atMs: 20, value: -7.5 },
    { id: 4, atMs: 10, value: 2 },
    { id: 900, atMs: 10, value: 3 },
  ]);
});
