import assert from "node:assert/strict";
import fc from "fast-check";
import { stepStream } from "./stream_position.ts";
import type { StreamPosition } from "./sync_records.ts";

Deno.test("the first batch of a stream is new as a whole", () => {
  assert.deepEqual(stepStream(null, { epoch: 7, first: 1, count: 3 }), {
    kind: "new",
    skip: 0,
    position: { epoch: 7, through: 3, lost: 0 },
  });
});

Deno.test("an overlapping batch brings only what is new, and what is missing in between is lost", () => {
  const at = { epoch: 7, through: 10, lost: 2 };
  assert.deepEqual(stepStream(at, { epoch: 7, first: 8, count: 5 }), {
    kind: "new",
    skip: 3,
    position: { epoch: 7, through: 12, lost: 2 },
  });
  assert.deepEqual(stepStream(at, { epoch: 7, first: 14, count: 1 }), {
    kind: "new",
    skip: 0,
    position: { epoch: 7, through: 14, lost: 5 },
  });
  assert.deepEqual(stepStream(at, { epoch: 7, first: 9, count: 2 }), { kind: "known" });
});

Deno.test("a higher epoch ends the older, a lower one is over", () => {
  const at = { epoch: 7, through: 10, lost: 0 };
  assert.deepEqual(stepStream(at, { epoch: 9, first: 3, count: 2 }), {
    kind: "new",
    skip: 0,
    position: { epoch: 9, through: 4, lost: 2 },
  });
  assert.deepEqual(stepStream(at, { epoch: 6, first: 11, count: 2 }), { kind: "ended" });
});

Deno.test("whatever arrives, repeated or overlapping, each record is stored once and none is skipped", () => {
  const batches = fc.array(
    fc.record({ first: fc.integer({ min: 1, max: 40 }), count: fc.integer({ min: 1, max: 12 }) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(batches, (list) => {
      const stored: number[] = [];
      let at: StreamPosition | null = null;
      for (const { first, count } of list) {
        const step = stepStream(at, { epoch: 1, first, count });
        if (step.kind !== "new") continue;
        for (let i = step.skip; i < count; i++) stored.push(first + i);
        at = step.position;
      }
      assert.equal(new Set(stored).size, stored.length);
      assert.deepEqual(stored, [...stored].sort((a, b) => a - b));
      if (at !== null) assert.equal(stored.length + at.lost, at.through);
    }),
    { numRuns: Deno.env.get("FLEETD_CI") === "1" ? 100_000 : 2_000 },
  );
});
