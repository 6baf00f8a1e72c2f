import assert from "node:assert/strict";
import {
  decodeSamples,
  encodeSamples,
  metricsBatchCodec,
  type Sample,
} from "@fleetd/firmware-protocol";
import fc from "fast-check";
import { sliceBatch } from "./slice_batch.ts";

const sample = fc.record({
  step: fc.integer({ min: 0, max: 5_000 }),
  values: fc.array(
    fc.tuple(
      fc.constantFrom(0, 1, 4, 20),
      fc.option(fc.integer({ min: -5_000, max: 5_000 }), { nil: null }),
    ),
    { maxLength: 4 },
  ),
});

Deno.test("a slice decodes to the same samples as the whole, and encodes", () => {
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.nat(),
      (list, a, b) => {
        let atMs = 1_700_000_000_000;
        const samples: Sample[] = list.map(({ step, values }) => ({
          atMs: atMs += step,
          values: new Map<number, number>(
            values.flatMap(([id, v]) => v === null ? [] : [[id, v / 10] as const]),
          ),
        }));
        const batch = encodeSamples({ epoch: 1, first: 5, base: "unix", samples });
        const from = a % samples.length;
        const to = from + 1 + b % (samples.length - from);
        const cut = sliceBatch(batch, { from, to });
        assert.equal(cut.first, 5 + from);
        assert.deepEqual(decodeSamples(cut), decodeSamples(batch).slice(from, to));
        const again = metricsBatchCodec.decode(metricsBatchCodec.encode(cut));
        assert.deepEqual(decodeSamples(again), decodeSamples(cut));
      },
    ),
    { numRuns: Deno.env.get("FLEETD_CI") === "1" ? 100_000 : 2_000 },
  );
});
