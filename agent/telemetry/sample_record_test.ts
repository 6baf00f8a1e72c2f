import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { readSampleRecord, writeSampleRecord } from "./sample_record.ts";

const CASES = Deno.env.get("FLEETD_CI") ? 100_000 : 2_000;

const sample = fc.record({
  bootId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  uptimeMs: fc.maxSafeNat(),
  unixMs: fc.option(fc.maxSafeNat(), { nil: null }),
  values: fc.array(fc.tuple(fc.integer({ min: 0, max: 1_023 }), fc.double({ noNaN: true })))
    .map((entries) => new Map(entries)),
});

Deno.test("a sample comes back from its record as it was", () => {
  fc.assert(
    fc.property(sample, (one) => deepEqual(readSampleRecord(writeSampleRecord(one)), one)),
    { numRuns: CASES },
  );
});

Deno.test("a record of another version or length is none", () => {
  const record = writeSampleRecord({
    bootId: 1,
    uptimeMs: 2,
    unixMs: 3,
    values: new Map([[4, 5]]),
  });
  equal(readSampleRecord(Uint8Array.of(2, ...record.subarray(1))), null);
  equal(readSampleRecord(record.subarray(0, record.length - 1)), null);
  equal(readSampleRecord(new Uint8Array(0)), null);
});
