import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import { metricsBatchCodec } from "../codecs.gen.ts";
import { type DictionaryEntry, type MetricsBatch, TimeBase } from "../messages.gen.ts";
import { STANDARD_METRICS } from "../metrics.gen.ts";
import { decodeColumns, decodeSamples, newestValue, sampleTimes } from "./decode_samples.ts";
import { dictionaryDigest } from "./dictionary.ts";
import { encodeSamples, samplesThatFit } from "./encode_samples.ts";
import { metricById, metricByName, type Sample } from "./sample.ts";

const CASES = process.env.FLEETD_CI === "1" ? 100_000 : 2_000;
const DICTIONARY: DictionaryEntry[] = [
  { id: 128, name: "tank.level", unit: "m" },
  { id: 200, name: "ph", unit: "" },
  { id: 1_023, name: "flow", unit: "l/min" },
];
/** SHA-256 of [[128, "a", "m"]] by another program. */
const KNOWN_DIGEST = "80ed8e1cbdf21d44";
const FRAME = { epoch: 7, first: 100, base: "unix" } as const;

function sample(atMs: number, ...values: [number, number][]): Sample {
  return { atMs, values: new Map(values) };
}

/** What comes back from the wire. */
function roundTrip(samples: Sample[], dictionary?: DictionaryEntry[]): Sample[] {
  const batch = encodeSamples({ ...FRAME, samples, dictionary });
  return decodeSamples(metricsBatchCodec.decode(metricsBatchCodec.encode(batch)));
}

Deno.test("ids and names of the standard metrics are unique and find each other", () => {
  for (const metric of STANDARD_METRICS) {
    assert.equal(metricById(metric.id), metric);
    assert.equal(metricByName(metric.name), metric);
  }
  assert.equal(new Set(STANDARD_METRICS.map(({ id }) => id)).size, STANDARD_METRICS.length);
  assert.equal(metricByName("no.such"), undefined);
});

Deno.test("a standard value comes back rounded to its metric's scale, as the nearest decimal", () => {
  const [back] = roundTrip([sample(5, [0, 0.12345], [13, 51.64], [4, 1_482_000_499])]);
  assert.deepEqual([...(back as Sample).values], [[0, 0.123], [4, 1_482_000_000], [13, 51.6]]);
});

Deno.test("a custom value keeps every decimal a scale can hold", () => {
  const samples = [sample(5, [128, 1.25], [200, 7.3]), sample(6, [128, 1.5], [200, 7.123456789])];
  assert.deepEqual(roundTrip(samples, DICTIONARY), samples);
});

Deno.test("a custom value no scale can hold comes back in single precision", () => {
  const batch = encodeSamples({
    ...FRAME,
    samples: [sample(5, [200, Math.PI])],
    dictionary: DICTIONARY,
  });
  assert.equal(batch.columns[0]?.scale, null);
  assert.equal(decodeSamples(batch)[0]?.values.get(200), Math.fround(Math.PI));
});

Deno.test("a value beyond all scales and single precision is held to the largest float", () => {
  const [back] = roundTrip([sample(5, [200, 1e300], [1_023, -1e300])], DICTIONARY);
  assert.deepEqual([...(back as Sample).values.values()], [
    3.4028234663852886e38,
    -3.4028234663852886e38,
  ]);
});

Deno.test("deltas too large for integers turn their column into floats", () => {
  const far = Number.MAX_SAFE_INTEGER;
  const batch = encodeSamples({ ...FRAME, samples: [sample(5, [11, far]), sample(6, [11, -far])] });
  assert.deepEqual(batch.columns, [{ id: 11, scale: null, values: [2 ** 53, -(2 ** 53)] }]);
  metricsBatchCodec.decode(metricsBatchCodec.encode(batch));
});

Deno.test("a constant column and a constant spacing are one number each", () => {
  const samples = [0, 1, 2, 3].map((at) => sample(1_000 * at, [5, 4_026_531_840], [0, at / 10]));
  const batch = encodeSamples({ ...FRAME, samples });
  assert.equal(batch.dt, 1_000);
  assert.deepEqual(batch.columns[1], { id: 5, scale: 0, values: [4_026_531_840] });
  assert.deepEqual(decodeSamples(batch), samples);
});

Deno.test("a missing or not finite value is null, leaves the delta base alone, and comes back as absent", () => {
  const samples = [
    sample(0, [0, NaN]),
    sample(10, [0, 0.5], [17, -61]),
    sample(20),
    sample(25, [0, 0.6], [17, Infinity]),
  ];
  const batch = encodeSamples({ ...FRAME, samples });
  assert.deepEqual(batch.columns, [
    { id: 0, scale: -3, values: [null, 500, null, 100] },
    { id: 17, scale: 0, values: [null, -61, null, null] },
  ]);
  assert.deepEqual(batch.dt, [10, 10, 5]);
  assert.deepEqual(
    decodeSamples(batch).map(({ values }) => [...values]),
    [[], [[0, 0.5], [17, -61]], [], [[0, 0.6]]],
  );
});

Deno.test("uptime needs a boot id and carries it", () => {
  const samples = [sample(5, [0, 0])];
  assert.throws(() => encodeSamples({ ...FRAME, base: "uptime", samples }), RangeError);
  const batch = encodeSamples({ ...FRAME, base: "uptime", bootId: 9, samples });
  assert.equal(batch.base, TimeBase.uptime);
  assert.equal(batch.bootId, 9);
});

Deno.test("no samples, too many, falling or fractional times and too many metrics are our own mistakes", () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => sample(at));
  const metrics = Array.from({ length: 65 }, (_, id): [number, number] => [id, 1]);
  for (const samples of [[], many(1_025), [sample(2), sample(1)], [sample(1), sample(1.5)]]) {
    assert.throws(() => encodeSamples({ ...FRAME, samples }), RangeError);
  }
  assert.throws(() => encodeSamples({ ...FRAME, samples: [sample(1, ...metrics)] }), RangeError);
});

Deno.test("a custom metric travels with the digest of its dictionary, and with the dictionary unless told not to", () => {
  const samples = [sample(1, [128, 2])];
  assert.throws(() => encodeSamples({ ...FRAME, samples }), /metric 128 is not in the dictionary/);
  const batch = encodeSamples({ ...FRAME, samples, dictionary: DICTIONARY });
  assert.deepEqual(batch.dictionary, dictionaryDigest(DICTIONARY));
  assert.deepEqual(batch.dictionaryEntries, DICTIONARY);
  const bare = encodeSamples({ ...FRAME, samples, dictionary: DICTIONARY, sendDictionary: false });
  assert.deepEqual(bare.dictionary, batch.dictionary);
  assert.equal(bare.dictionaryEntries, undefined);
  const standard = encodeSamples({
    ...FRAME,
    samples: [sample(1, [0, 1])],
    dictionary: DICTIONARY,
  });
  assert.equal(standard.dictionary, undefined);
});

Deno.test("the digest of a dictionary is that of its bytes in a batch, and follows every part of it", () => {
  // [[128, "a", "m"]] = 81 83 18 80 61 61 61 6d; its SHA-256 begins with:
  assert.equal(dictionaryDigest([{ id: 128, name: "a", unit: "m" }]).toHex(), KNOWN_DIGEST);
  const others = [{ id: 129, name: "a", unit: "m" }, { id: 128, name: "b", unit: "m" }];
  for (const entry of others) assert.notEqual(dictionaryDigest([entry]).toHex(), KNOWN_DIGEST);
  assert.throws(() => dictionaryDigest([]), RangeError);
  assert.throws(
    () => dictionaryDigest([DICTIONARY[1], DICTIONARY[0]] as DictionaryEntry[]),
    RangeError,
  );
});

Deno.test("as many samples are packed as fit, and one more would not", () => {
  const samples = Array.from(
    { length: 300 },
    (_, at) => sample(at * 10_007 + at % 3, [0, (at % 97) / 100]),
  );
  for (const maxBytes of [60, 200, 1_000]) {
    const fits = samplesThatFit({ ...FRAME, samples }, maxBytes);
    const size = (count: number) =>
      metricsBatchCodec.encode(encodeSamples({ ...FRAME, samples: samples.slice(0, count) }))
        .length;
    assert.ok(fits > 0 && size(fits) <= maxBytes, `${fits} samples in ${maxBytes} bytes`);
    assert.ok(fits === samples.length || size(fits + 1) > maxBytes);
  }
  assert.equal(samplesThatFit({ ...FRAME, samples }, 10), 0);
  // Items run out before bytes do: twenty metrics, far more bytes than needed.
  const wide = Array.from(
    { length: 1_024 },
    (_, at) => sample(at, ...Array.from({ length: 20 }, (_, id): [number, number] => [id, at % 7])),
  );
  const fits = samplesThatFit({ ...FRAME, samples: wide }, 100_000);
  assert.ok(fits > 100 && fits < 200, `${fits}`);
});

Deno.test("a hostile batch is refused, not summed", () => {
  const batch = encodeSamples({
    ...FRAME,
    samples: [sample(1, [0, 1], [5, 1]), sample(2, [0, 0.5], [5, 2])],
  });
  const columns = (
    values: (number | null)[],
    scale: number | null = 0,
  ) => [{ id: 0, scale, values }];
  const max = Number.MAX_SAFE_INTEGER;
  const hostile: [Partial<MetricsBatch>, string][] = [
    [{ columns: columns([max, 1]) }, "schema.out_of_range"],
    [{ columns: columns([-max, -1]) }, "schema.out_of_range"],
    [{ columns: columns([1, 2, 3]) }, "schema.inconsistent"],
    [{ columns: columns([]) }, "schema.inconsistent"],
    [{ columns: columns([1, 2], 10) }, "schema.out_of_range"],
    [{ columns: columns([1, 2], 0.5) }, "schema.out_of_range"],
    [{ columns: [...columns([1]), ...columns([1])] }, "schema.order"],
    [{ columns: new Array(65).fill({ id: 0, scale: 0, values: [1] }) }, "schema.length"],
    [{ dt: [] }, "schema.inconsistent"],
    [{ dt: max }, "schema.out_of_range"],
    [{ count: 1e9 }, "schema.out_of_range"],
    [{ count: 0 }, "schema.out_of_range"],
    [{ count: 1.5 }, "schema.out_of_range"],
  ];
  for (const [change, code] of hostile) {
    assert.throws(() => decodeSamples({ ...batch, ...change }), { code }, JSON.stringify(change));
    assert.throws(() => decodeColumns({ ...batch, ...change }), { code });
  }
});

const anySamples = fc.array(
  fc.record({
    step: fc.oneof(fc.constant(10_000), fc.integer({ min: 0, max: 100_000 })),
    values: fc.array(
      fc.tuple(
        fc.constantFrom(0, 4, 5, 17, 128, 200, 1_023),
        fc.oneof(
          fc.integer({ min: -1_000, max: 1_000 }).map((cents) => cents / 100),
          fc.maxSafeInteger(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
        ),
      ),
      { maxLength: 7 },
    ),
  }),
  { minLength: 1, maxLength: 20 },
).map((rows) => {
  let atMs = 1_760_000_000_000;
  return rows.map(({ step, values }) => ({ atMs: atMs += step, values: new Map(values) }));
});

Deno.test("samples come back with their times, within half a unit of their scale or in single precision", () => {
  fc.assert(
    fc.property(anySamples, (samples) => {
      const batch = encodeSamples({ ...FRAME, samples, dictionary: DICTIONARY });
      const decoded = metricsBatchCodec.decode(metricsBatchCodec.encode(batch));
      assert.deepEqual(decoded, batch);
      const back = decodeSamples(decoded);
      assert.deepEqual(back.map(({ atMs }) => atMs), samples.map(({ atMs }) => atMs));
      samples.forEach(({ values }, at) => {
        assert.equal(back[at]?.values.size, values.size);
        for (const [id, value] of values) {
          const scale = batch.columns.find((column) => column.id === id)?.scale ?? null;
          const near = back[at]?.values.get(id) as number;
          const slack = scale === null
            ? Math.max(Math.abs(value) * 2 ** -23, 2 ** -148)
            : 10 ** scale * 0.5 + Math.abs(value) * 2 ** -52;
          const largest = 3.4028234663852886e38;
          const held = Math.min(Math.max(value, -largest), largest);
          assert.ok(Math.abs(near - held) <= slack, `metric ${id}: ${value} came back as ${near}`);
        }
      });
    }),
    { numRuns: CASES },
  );
});

Deno.test("a batch that the codec accepts, changed bytes or not, has times and values that can be read", () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  let accepted = 0;
  fc.assert(
    fc.property(anySamples, fc.array(change, { maxLength: 3 }), (samples, changes) => {
      const bytes = metricsBatchCodec.encode(
        encodeSamples({ ...FRAME, samples, dictionary: DICTIONARY }),
      );
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      let batch: MetricsBatch;
      try {
        batch = metricsBatchCodec.decode(bytes);
      } catch {
        return;
      }
      accepted++;
      const { atMs, columns } = decodeColumns(batch);
      assert.deepEqual(sampleTimes(batch), atMs);
      for (const { id, values } of columns) {
        assert.equal(newestValue(batch, id), values.findLast((value) => value !== null));
      }
      assert.equal(newestValue(batch, 1_024), undefined);
    }),
    { numRuns: CASES },
  );
  assert.ok(accepted > CASES / 8, `${accepted} batches were accepted`);
});
