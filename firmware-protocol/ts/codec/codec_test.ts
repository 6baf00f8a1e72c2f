import assert from "node:assert/strict";
import {
  commandReportCodec,
  enrolRequestCodec,
  helloCodec,
  logsBatchCodec,
  metricsBatchCodec,
  offerCodec,
  syncReplyFields,
  syncRequestCodec,
  syncRequestFields,
} from "../codecs.gen.ts";
import type { EnrolRequest, MetricsBatch, SyncRequest } from "../messages.gen.ts";
import { diagnose } from "./diagnose.ts";
import { decodeItem, encodeItem, Float } from "./item.ts";
import { halfToNumber, numberToHalf } from "./half_float.ts";
import { ProtocolError } from "./protocol_error.ts";
import { readMap, writeMap } from "./sections.ts";

const HEARTBEAT: SyncRequest = { v: 0, uptimeMs: 1, bootId: 2, serverEpoch: 3 };
const ENROL: EnrolRequest = {
  v: 0,
  hwClass: "rpi-5",
  agentVersion: "1.0.0",
  rxMax: 16_384,
  deviceId: new Uint8Array(16),
};
const BATCH: MetricsBatch = {
  epoch: 1,
  first: 0,
  t0: 0,
  base: 1,
  dt: 0,
  columns: [{ id: 0, scale: -3, values: [1] }],
  count: 1,
};

Deno.test("a value outside the schema is our own mistake: RangeError or TypeError with the field's name", () => {
  const mistakes: [() => unknown, RegExp][] = [
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, waitS: 51 }),
      /^RangeError: Cannot encode SyncRequest\.waitS: 51 is outside 0 to 50/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, uptimeMs: 0.5 }),
      /^RangeError: Cannot encode SyncRequest\.uptimeMs/,
    ],
    [() => syncRequestCodec.encode({ ...HEARTBEAT, uptimeMs: 2 ** 53 }), /^RangeError: .*uptimeMs/],
    [() => syncRequestCodec.encode({ ...HEARTBEAT, bootId: -1 }), /^RangeError: .*bootId/],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, v: undefined as unknown as number }),
      /^TypeError: .*SyncRequest\.v/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, resyncNonce: new Uint8Array(7) }),
      /^RangeError: .*resyncNonce: length 7 is outside 8 to 8/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, resyncNonce: [1] as unknown as Uint8Array }),
      /^TypeError: .*resyncNonce: not bytes/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, more: false as unknown as true }),
      /^TypeError: .*more/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, holds: new Array(9).fill(1) }),
      /^RangeError: .*holds/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, holds: 1 as unknown as number[] }),
      /^TypeError: .*holds: not an array/,
    ],
    [
      () => syncRequestCodec.encode({ ...HEARTBEAT, clock: 0, deviceTime: 1 }),
      /^RangeError: .*deviceTime without a clock/,
    ],
    [
      () => enrolRequestCodec.encode({ ...ENROL, hwClass: "RPi" }),
      /^RangeError: .*hwClass: it must match/,
    ],
    [
      () => enrolRequestCodec.encode({ ...ENROL, name: "a\u0007" }),
      /^RangeError: .*name: it holds a control character/,
    ],
    [
      () => enrolRequestCodec.encode({ ...ENROL, name: "\ud800" }),
      /^RangeError: .*name: it holds a lone surrogate/,
    ],
    [
      () => enrolRequestCodec.encode({ ...ENROL, name: "é".repeat(32) }),
      /^RangeError: .*name: length 64 is outside 1 to 63/,
    ],
    [
      () =>
        metricsBatchCodec.encode({ ...BATCH, columns: [{ id: 0, scale: null, values: [0.1] }] }),
      /^RangeError: .*0\.1 is not exact in 32 bits/,
    ],
    [
      () =>
        metricsBatchCodec.encode({ ...BATCH, columns: [{ id: 0, scale: null, values: [NaN] }] }),
      /^RangeError: .*not finite/,
    ],
    [
      () =>
        metricsBatchCodec.encode({
          ...BATCH,
          count: 2,
          columns: [{ id: 0, scale: 0, values: [2 ** 53 - 1, 1] }],
        }),
      /^RangeError: .*sum of deltas/,
    ],
    [
      () => metricsBatchCodec.encode({ ...BATCH, columns: BATCH.columns.concat(BATCH.columns) }),
      /^RangeError: .*metric 0 after metric 0/,
    ],
    [
      () => offerCodec.encode({ attempt: 1, action: 1, leaseS: 1 }),
      /^RangeError: Cannot encode Offer: an installation needs/,
    ],
  ];
  for (const [mistake, message] of mistakes) {
    assert.throws(mistake, (error) => {
      assert.match(String(error), message);
      return true;
    });
  }
});

Deno.test("an encoding that all its parts allow but that is too large as a whole is refused", () => {
  const lines = Array.from(
    { length: 64 },
    () => ({ dtMs: 0, level: 6, source: "s", text: "x".repeat(200) }),
  );
  const logs = { epoch: 1, first: 0, t0: 0, base: 1, lines };
  assert.throws(() => logsBatchCodec.encode(logs), /LogsBatch: 13\d\d\d bytes are more than 8192/);
  const columns = Array.from(
    { length: 64 },
    (_, id) => ({ id, scale: 0, values: new Array(64).fill(1) }),
  );
  assert.throws(
    () => metricsBatchCodec.encode({ ...BATCH, count: 64, columns }),
    /more than 4,096 items/,
  );
});

Deno.test("sections that hold too many items together are refused when they are put together", () => {
  const columns = Array.from(
    { length: 60 },
    (_, id) => ({ id, scale: 0, values: new Array(64).fill(1) }),
  );
  const metrics = syncRequestFields.metrics.encode({ ...BATCH, count: 64, columns });
  const reports = syncRequestFields.reports.encode({
    epoch: 1,
    first: 0,
    items: Array.from(
      { length: 16 },
      () => ({ kind: 3, time: 0, body: { name: "n", severity: 1 } }),
    ),
  });
  assert.equal(readMap(writeMap([[12, metrics]])).size, 1);
  assert.throws(() => writeMap([[12, metrics], [14, reports]]), /too many|more than 4,096 items/);
});

Deno.test("bytes that decode are views of the input, and an absent field is absent", () => {
  const encoded = enrolRequestCodec.encode(ENROL);
  const decoded = enrolRequestCodec.decode(encoded);
  assert.equal(decoded.deviceId.buffer, encoded.buffer);
  assert.deepEqual(Object.keys(decoded), ["v", "hwClass", "agentVersion", "rxMax", "deviceId"]);
  assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
});

Deno.test("an enumerated number that is not known yet is let through", () => {
  assert.equal(
    commandReportCodec.decode(commandReportCodec.encode({ id: 1, status: 77 })).status,
    77,
  );
});

Deno.test("a section decodes by itself and leaves the others alone", () => {
  const good = syncRequestCodec.encode({ ...HEARTBEAT, metrics: BATCH, holds: [1] });
  const sections = readMap(good);
  const bad = new Map(sections).set(12, Uint8Array.fromHex("a10101"));
  const split = readMap(writeMap(bad));
  assert.throws(
    () => syncRequestFields.metrics.decode(split.get(12) as Uint8Array),
    (error) =>
      error instanceof ProtocolError && error.code === "schema.missing_field" &&
      error.field === "MetricsBatch.first",
  );
  assert.deepEqual(syncRequestFields.holds.decode(split.get(19) as Uint8Array), [1]);
  assert.equal(syncRequestFields.v.required, true);
  assert.equal(syncReplyFields.acks.required, false);
  assert.equal(syncReplyFields.acks.key, 5);
});

Deno.test("sections are written by ascending keys only", () => {
  const zero = Uint8Array.of(0);
  for (
    const entries of [[[2, zero], [1, zero]], [[1, zero], [1, zero]], [[-1, zero]], [[
      65_536,
      zero,
    ]], [[0.5, zero]]]
  ) {
    assert.throws(() => writeMap(entries as [number, Uint8Array][]), RangeError);
  }
  assert.throws(() => writeMap([[1, Uint8Array.of(0xff)]]), RangeError);
});

Deno.test("only the inventory may be keyed by text", () => {
  const textKeyed = Uint8Array.fromHex("a1616101");
  assert.equal(readMap(Uint8Array.fromHex("a112" + textKeyed.toHex())).size, 1);
  assert.throws(() => readMap(Uint8Array.fromHex("a113" + textKeyed.toHex())), {
    code: "cbor.key_type",
  });
  assert.throws(() => readMap(Uint8Array.fromHex("a11281" + textKeyed.toHex())), {
    code: "cbor.key_type",
  });
  assert.throws(() => readMap(textKeyed), { code: "cbor.key_type" });
});

Deno.test("a wrong type says what was expected where", () => {
  assert.throws(
    () => helloCodec.decode(Uint8Array.fromHex("a10161ff")),
    (error) =>
      error instanceof ProtocolError && error.field === "Hello.majorMin" &&
      error.message === "Cannot decode Hello.majorMin: expected an unsigned integer (byte 2)",
  );
});

Deno.test("every half-precision float survives both conversions; what is not one is told apart", () => {
  for (let bits = 0; bits < 0x1_0000; bits++) {
    const value = halfToNumber(bits);
    if (Number.isFinite(value)) assert.equal(numberToHalf(value), bits);
  }
  for (const value of [65_520, 2 ** -25, 1.0001, 1 / 3, 3.4e38, 2 ** -149].map(Math.fround)) {
    assert.equal(numberToHalf(value), -1);
  }
});

Deno.test("diagnostic notation tells floats from integers, bytes from text, and text keys from numbers", () => {
  const hex = "8701f93c00f980004201ff6161a20102030463616263";
  assert.equal(
    diagnose(Uint8Array.fromHex(hex)),
    `[1, 1.0, -0.0, h'01ff', "a", {1: 2, 3: 4}, "abc"]`,
  );
  assert.equal(diagnose(Uint8Array.fromHex("a16161fa7f7fffff")), `{"a": 3.4028234663852886e+38}`);
  assert.equal(
    diagnose(encodeItem([new Float(2 ** -24), true, null])),
    "[5.960464477539063e-8, true, null]",
  );
  assert.throws(() => decodeItem(Uint8Array.fromHex("6100")), { code: "cbor.control_character" });
});
