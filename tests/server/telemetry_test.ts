/**
 * Telemetry on its way in and out: stored once, dated, aggregated.
 *
 * @module
 */
import {
  dictionaryDigest,
  type DictionaryEntry,
  encodeSamples,
  type MetricsBatch,
  NeedCode,
  type Sample,
} from "@fleetd/firmware-protocol";
import { DomainError, WHOLE_FLEET } from "@fleetd/server";
import assert from "node:assert/strict";
import { direct, TestDevice } from "./test_device.ts";
import { HandClock, openTestFleet, type TestFleet } from "./test_fleet.ts";

const MINUTE_MS = 60_000;

async function accepted(fleet: TestFleet): Promise<{ device: TestDevice; id: number }> {
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  return { device, id: (await fleet.devices.find(WHOLE_FLEET, device.handle))!.id };
}

function batch(
  fleet: TestFleet,
  options: Partial<Parameters<typeof encodeSamples>[0]> & { count?: number } = {},
): MetricsBatch {
  const { first = 1, count = 3 } = options;
  const samples: Sample[] = Array.from({ length: count }, (_, i) => ({
    atMs: fleet.clock.nowMs() - (count - i) * 10_000,
    values: new Map([[0, (first + i) / 100]]),
  }));
  return encodeSamples({ epoch: 1, first, base: "unix", samples, ...options });
}

async function values(fleet: TestFleet, id: number): Promise<[number, number][]> {
  const { series } = await fleet.path.telemetry.query({
    deviceId: id,
    metrics: ["cpu.use"],
    fromMs: fleet.clock.nowMs() - 60 * MINUTE_MS,
    toMs: fleet.clock.nowMs() + MINUTE_MS,
    resolutionMs: 1,
  });
  return (series[0]?.points ?? []).map(({ mean, count }) => [Number(mean.toFixed(3)), count]);
}

Deno.test("overlapping, repeated and late batches store every sample once; what was dropped is counted", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  const ack = async (metrics: MetricsBatch) => (await device.sync({ metrics })).acks?.[0]?.through;
  assert.equal(await ack(batch(fleet, { first: 1, count: 3 })), 3);
  assert.equal(await ack(batch(fleet, { first: 1, count: 3 })), 3);
  clock.pass(20_000);
  assert.equal(await ack(batch(fleet, { first: 2, count: 4 })), 5);
  clock.pass(1_000);
  assert.equal(await ack(batch(fleet, { first: 9, count: 1 })), 9);
  assert.deepEqual(
    (await values(fleet, id)).map(([value]) => value).sort(),
    [0.01, 0.02, 0.03, 0.04, 0.05, 0.09],
  );
  assert.deepEqual(
    await fleet.rows("SELECT epoch, through, lost FROM streams"),
    [{ epoch: 1, through: 9, lost: 3 }],
  );
  // A new buffer ends the old one; what still comes of the old is acknowledged and ignored.
  assert.equal(await ack(batch(fleet, { epoch: 5, first: 1, count: 1 })), 1);
  const late = await device.sync({ metrics: batch(fleet, { epoch: 1, first: 10, count: 2 }) });
  assert.deepEqual(late.acks, [{ stream: 1, epoch: 1, through: 11 }]);
  assert.deepEqual(
    await fleet.rows("SELECT epoch, through, lost FROM streams"),
    [{ epoch: 5, through: 1, lost: 3 }],
  );
});

Deno.test("a device without a clock is dated by its uptime, records of an older boot stay undated", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  const samples = (atMs: number): Sample[] => [{ atMs, values: new Map([[0, 0.5]]) }];
  const uptime = (bootId: number, first: number, atMs: number) =>
    encodeSamples({ epoch: 1, first, base: "uptime", bootId, samples: samples(atMs) });
  await device.sync({ uptimeMs: 100_000, metrics: uptime(device.bootId, 1, 70_000) });
  assert.deepEqual(
    await fleet.rows("SELECT from_ms, to_ms FROM telemetry_log"),
    [{ from_ms: clock.nowMs() - 30_000, to_ms: clock.nowMs() - 30_000 }],
  );
  await device.sync({ uptimeMs: 101_000, metrics: uptime((device.bootId + 1) >>> 0, 2, 70_000) });
  assert.deepEqual(
    await fleet.rows("SELECT from_ms, to_ms FROM telemetry_log WHERE id = 2"),
    [{ from_ms: null, to_ms: null }],
  );
  const range = await fleet.path.telemetry.query({
    deviceId: id,
    metrics: ["cpu.use"],
    fromMs: clock.nowMs() - MINUTE_MS,
    toMs: clock.nowMs() + 1,
    resolutionMs: 1_000,
  });
  assert.equal(range.undatedBatches, 1);
  assert.equal(range.series[0]?.points.length, 1);
});

Deno.test("a clock that was never set, or is ahead of the server's, dates nothing", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  for (const [first, atMs] of [[1, 1_000], [2, clock.nowMs() + 86_400_000]] as const) {
    const samples = [{ atMs, values: new Map([[0, 1]]) }];
    await device.sync({ metrics: encodeSamples({ epoch: 1, first, base: "unix", samples }) });
  }
  assert.deepEqual(
    await fleet.rows("SELECT from_ms FROM telemetry_log"),
    [{ from_ms: null }, { from_ms: null }],
  );
  assert.equal((await fleet.path.telemetry.latest([id])).size, 0);
});

Deno.test("custom metrics need their dictionary once; without it nothing is acknowledged", async () => {
  await using fleet = await openTestFleet();
  const { device, id } = await accepted(fleet);
  const dictionary: DictionaryEntry[] = [{ id: 200, name: "tank.level", unit: "ratio" }];
  const custom = (first: number, sendDictionary: boolean) =>
    encodeSamples({
      epoch: 1,
      first,
      base: "unix",
      dictionary,
      sendDictionary,
      samples: [{ atMs: fleet.clock.nowMs(), values: new Map([[0, 0.1], [200, 0.75]]) }],
    });
  const asked = await device.sync({ metrics: custom(1, false) });
  assert.deepEqual(asked.need, [NeedCode.dictionary]);
  assert.equal(asked.acks, undefined);
  assert.deepEqual(await fleet.rows("SELECT * FROM telemetry_log"), []);
  const told = await device.sync({ metrics: custom(1, true) });
  assert.deepEqual([told.need, told.acks?.[0]?.through], [undefined, 1]);
  assert.equal((await device.sync({ metrics: custom(2, false) })).acks?.[0]?.through, 2);
  const latest = (await fleet.path.telemetry.latest([id])).get(id)!;
  assert.deepEqual(latest.metrics.map(({ name, unit, value }) => ({ name, unit, value })), [
    { name: "cpu.use", unit: "ratio", value: 0.1 },
    { name: "tank.level", unit: "ratio", value: 0.75 },
  ]);
  const { series } = await fleet.path.telemetry.query({
    deviceId: id,
    metrics: ["tank.level", "nothing.known"],
    fromMs: fleet.clock.nowMs() - 1_000,
    toMs: fleet.clock.nowMs() + 1_000,
    resolutionMs: 2_000,
  });
  assert.deepEqual(series.map(({ name, unit, points }) => [name, unit, points[0]?.count]), [
    ["tank.level", "ratio", 2],
  ]);
});

Deno.test("a dictionary that is not what its digest names is rejected", async () => {
  await using fleet = await openTestFleet();
  const { device } = await accepted(fleet);
  const entries: DictionaryEntry[] = [{ id: 200, name: "a", unit: "" }];
  const metrics: MetricsBatch = {
    ...batch(fleet),
    dictionary: dictionaryDigest([{ id: 200, name: "b", unit: "" }]),
    dictionaryEntries: entries,
  };
  const reply = await device.sync({ metrics });
  assert.equal(reply.rejected?.[0]?.section, 12);
  assert.deepEqual(await fleet.rows("SELECT * FROM telemetry_dictionaries"), []);
});

Deno.test("the newest value of each metric stays, whatever order batches come in", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  const now = clock.nowMs();
  const send = (first: number, atMs: number, values: [number, number][]) =>
    device.sync({
      metrics: encodeSamples({
        epoch: 1,
        first,
        base: "unix",
        samples: [{ atMs, values: new Map(values) }],
      }),
    });
  await send(1, now, [[0, 0.9], [1, 100]]);
  await send(2, now - 50_000, [[0, 0.1], [2, 500]]);
  await send(3, now + 1_000, [[1, 200]]);
  const latest = (await fleet.path.telemetry.latest([id])).get(id)!;
  assert.equal(latest.atMs, now + 1_000);
  assert.deepEqual(latest.metrics.map(({ value, atMs }) => [value, atMs - now]), [
    [0.9, 0],
    [200, 1_000],
    [500, -50_000],
  ]);
});

Deno.test("a range comes in at most 2,000 buckets with minimum, maximum and mean", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  const end = clock.nowMs();
  for (let first = 1, hours = 48; hours > 0; hours--, first += 360) {
    const samples = Array.from({ length: 360 }, (_, i) => ({
      atMs: end - hours * 3_600_000 + i * 10_000,
      values: new Map([[0, i % 2 === 0 ? 0 : 1]]),
    }));
    await device.sync({ metrics: encodeSamples({ epoch: 1, first, base: "unix", samples }) });
  }
  const query = { deviceId: id, metrics: ["cpu.use"], fromMs: end - 172_800_000, toMs: end };
  const fine = await fleet.path.telemetry.query({ ...query, resolutionMs: 1 });
  assert.ok(fine.series[0]!.points.length <= 2_000);
  assert.equal(fine.series[0]!.points.reduce((sum, point) => sum + point.count, 0), 48 * 360);
  const hourly = await fleet.path.telemetry.query({ ...query, resolutionMs: 3_600_000 });
  assert.equal(hourly.resolutionMs, 3_600_000);
  assert.equal(hourly.series[0]!.points.length, 48);
  assert.deepEqual(hourly.series[0]!.points[7], {
    atMs: end - 172_800_000 + 7 * 3_600_000,
    min: 0,
    max: 1,
    mean: 0.5,
    count: 360,
  });
  for (const wrong of [{ toMs: query.fromMs }, { resolutionMs: 0 }, { metrics: [] }]) {
    await assert.rejects(
      fleet.path.telemetry.query({ ...query, resolutionMs: 1, ...wrong }),
      (error) => error instanceof DomainError && error.code === "telemetry.query_invalid",
    );
  }
});

Deno.test("a batch that lasts days is stored in pieces and found whole", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  const end = clock.nowMs();
  const samples = Array.from({ length: 100 }, (_, i) => ({
    atMs: end - (100 - i) * 3_600_000,
    values: new Map([[0, i / 100]]),
  }));
  const metrics = encodeSamples({ epoch: 1, first: 1, base: "unix", samples });
  assert.equal((await device.sync({ metrics })).acks?.[0]?.through, 100);
  assert.equal((await fleet.rows("SELECT * FROM telemetry_log")).length, 4);
  const { series } = await fleet.path.telemetry.query({
    deviceId: id,
    metrics: ["cpu.use"],
    fromMs: end - 30 * 3_600_000,
    toMs: end,
    resolutionMs: 60_000,
  });
  assert.deepEqual(
    series[0]!.points.map(({ mean }) => Number(mean.toFixed(3))),
    Array.from({ length: 30 }, (_, i) => (70 + i) / 100),
  );
});

Deno.test("old telemetry goes after its time, newer stays", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, id } = await accepted(fleet);
  for (let first = 1; first <= 700; first++) {
    await device.sync({ metrics: batch(fleet, { first, count: 1 }) });
  }
  clock.pass(29 * 86_400_000);
  await fleet.path.housekeeping.clean();
  clock.pass(2 * 86_400_000);
  await device.sync({ metrics: batch(fleet, { first: 701, count: 1 }) });
  await fleet.path.housekeeping.clean();
  assert.deepEqual(await fleet.rows("SELECT * FROM telemetry_blocks"), []);
  assert.deepEqual(await values(fleet, id), [[7.01, 1]]);
});
