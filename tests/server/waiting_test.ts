/**
 * Long polls: woken at once, one for each kid, ended by newer messages, by retries and by the end.
 *
 * @module
 */
import { DeviceStateCode, type SyncReply } from "@fleetd/firmware-protocol";
import { identifyDevice, queriesOf, SYSTEM_CLOCK, systemActor, WHOLE_FLEET } from "@fleetd/server";
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { direct, TestDevice } from "./test_device.ts";
import { fleetDatabases, openTestFleet, type TestFleet } from "./test_fleet.ts";

async function accepted(fleet: TestFleet) {
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  return { device, row: (await fleet.devices.find(WHOLE_FLEET, device.handle))! };
}

const identify = (fleet: TestFleet, device: Parameters<typeof identifyDevice>[2]["device"]) =>
  fleet.database.write((tx) =>
    identifyDevice(tx, systemActor("test"), { commands: fleet.path.commands, device })
  );

async function waiting(fleet: TestFleet, count: number): Promise<void> {
  while (fleet.path.waiting() !== count) await setImmediate();
}

Deno.test("a command wakes the poll that waits for it", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const { device, row } = await accepted(fleet);
  const held = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  const id = await identify(fleet, row);
  assert.equal((await held).commands?.[0]?.id, id);
  assert.equal(fleet.path.waiting(), 0);
});

Deno.test("a command queued while the poll is being taken is not missed", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK, lookEveryMs: 600_000 });
  const { device, row } = await accepted(fleet);
  for (let round = 0; round < 20; round++) {
    const through = round;
    const held = device.sync({ waitS: 50, commandsThrough: through });
    // Both works share one group: the command is committed before the poll is known to anybody.
    const id = await identify(fleet, row);
    assert.equal((await held).commands?.[0]?.id, id);
    await device.sync({
      commandsThrough: id,
      reports: {
        epoch: 1,
        first: round + 1,
        items: [{ kind: 1, time: 0, body: { id, status: 0 } }],
      },
    });
  }
});

Deno.test("an interval changed between two polls is told by the next at once, and only once", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK, lookEveryMs: 600_000 });
  const { device, row } = await accepted(fleet);
  await fleet.database.write((tx) =>
    queriesOf(tx).raw.run("UPDATE devices SET interval_s = ? WHERE id = ?", [7, row.id])
  );
  assert.equal((await device.sync({ waitS: 50 })).intervalS, 7);
  const held = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  await identify(fleet, row);
  await held;
});

Deno.test("acceptance wakes a pending device", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol();
  await device.sync();
  const held = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  await fleet.accept(device.handle);
  assert.equal((await held).state, DeviceStateCode.active);
});

Deno.test("a newer message ends the older wait with an empty answer", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK, lookEveryMs: 600_000 });
  const { device } = await accepted(fleet);
  const first = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  const second = device.sync({ waitS: 50 });
  const reply: SyncReply = await first;
  assert.deepEqual([reply.commands, reply.error], [undefined, undefined]);
  await waiting(fleet, 1);
  await device.sync();
  // It has ended by now or never does: nothing else wakes it.
  for (let turn = 0; turn < 100; turn++) await setImmediate();
  assert.equal(fleet.path.waiting(), 0);
  await second;
});

Deno.test("an identical retry takes over the wait", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const { device, row } = await accepted(fleet);
  const lost = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  const retried = device.resend(device.lastBody);
  assert.equal((await lost).commands, undefined);
  await waiting(fleet, 1);
  const id = await identify(fleet, row);
  assert.equal((await retried).commands?.[0]?.id, id);
});

Deno.test("a poll that has something to hear is answered at once; one without ends by its time", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const { device } = await accepted(fleet);
  const told = await device.sync({ waitS: 50, inventoryDigest: new Uint8Array(8) });
  assert.deepEqual(told.need, [2]);
  const idle = await device.sync({ waitS: 1 });
  assert.deepEqual([idle.need, idle.commands, idle.error], [undefined, undefined, undefined]);
});

Deno.test("a poll whose device went away ends", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const { device } = await accepted(fleet);
  const gone = new AbortController();
  const held = device.sync({ waitS: 50 }, gone.signal);
  await waiting(fleet, 1);
  gone.abort();
  await held;
  assert.equal(fleet.path.waiting(), 0);
});

Deno.test("closing ends every wait with an empty answer", async () => {
  const fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const { device } = await accepted(fleet);
  const held = device.sync({ waitS: 50 });
  await waiting(fleet, 1);
  await fleet.close();
  assert.equal((await held).error, undefined);
});

Deno.test("a poll on one server hears a command queued on another by looking", async () => {
  const { path, drop } = await fleetDatabases.make({ lasting: true });
  try {
    await using one = await openTestFleet({ path, clock: SYSTEM_CLOCK, lookEveryMs: 50 });
    await using two = await openTestFleet({ path, clock: SYSTEM_CLOCK, wrap: one.wrap });
    const { device, row } = await accepted(one);
    const held = device.sync({ waitS: 50 });
    await waiting(one, 1);
    const id = await identify(two, row);
    assert.equal((await held).commands?.[0]?.id, id);
    // A newer message on another server ends the wait here as well.
    const older = device.sync({ waitS: 50, commandsThrough: id });
    await waiting(one, 1);
    device.transport = direct(two.path);
    await device.sync();
    assert.equal((await older).commands, undefined);
  } finally {
    await drop();
  }
});

Deno.test("a handshake answered by one server is confirmed by another", async () => {
  const { path, drop } = await fleetDatabases.make({ lasting: true });
  try {
    await using one = await openTestFleet({ path, clock: SYSTEM_CLOCK });
    await using two = await openTestFleet({ path, clock: SYSTEM_CLOCK, wrap: one.wrap });
    assert.deepEqual(one.serverKey, two.serverKey);
    const device = new TestDevice(direct(one.path), one.serverKey);
    await device.enrol({ token: await one.token() });
    device.transport = direct(two.path);
    assert.equal((await device.sync()).state, DeviceStateCode.active);
    device.transport = direct(one.path);
    assert.equal((await device.sync()).state, DeviceStateCode.active);
  } finally {
    await drop();
  }
});

Deno.test("with 200 devices waiting a command reaches its device well within a second", async () => {
  await using fleet = await openTestFleet({ clock: SYSTEM_CLOCK });
  const token = await fleet.token({ uses: 200 });
  const devices = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
    const transport = direct(fleet.path, `192.0.2.${i}`);
    const device = new TestDevice(transport, fleet.serverKey);
    await device.enrol({ token });
    await device.sync();
    return { device, row: (await fleet.devices.find(WHOLE_FLEET, device.handle))! };
  }));
  const queuedAtMs = new Map<string, number>();
  const latencies: number[] = [];
  const polls = devices.map(async ({ device }) => {
    const { commands } = await device.sync({ waitS: 50 });
    assert.equal(commands?.length, 1);
    latencies.push(performance.now() - queuedAtMs.get(device.handle)!);
  });
  await waiting(fleet, 200);
  for (const { row } of devices) {
    queuedAtMs.set(row.handle, performance.now());
    await identify(fleet, row);
  }
  await Promise.all(polls);
  latencies.sort((a, b) => a - b);
  assert.ok(latencies[197]! < 1_000, `p99 ${latencies[197]} ms`);
});
