/**
 * Inventory, commands, reports, and the room in a reply.
 *
 * @module
 */
import {
  CommandStatus,
  DeviceStateCode,
  digest8,
  type Inventory,
  NeedCode,
  PROTOCOL,
  ReportKind,
  type ReportsBatch,
  syncReplyCodec,
  syncRequestFields,
} from "@fleetd/firmware-protocol";
import { DomainError, identifyDevice, systemActor, WHOLE_FLEET } from "@fleetd/server";
import assert from "node:assert/strict";
import { direct, TestDevice } from "./test_device.ts";
import { HandClock, openTestFleet, type TestFleet } from "./test_fleet.ts";

const ACTOR = systemActor("test");

async function accepted(fleet: TestFleet) {
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  return { device, row: (await fleet.devices.find(WHOLE_FLEET, device.handle))! };
}

const identify = (fleet: TestFleet, device: Parameters<typeof identifyDevice>[2]["device"]) =>
  fleet.database.write((tx) =>
    identifyDevice(tx, ACTOR, { commands: fleet.path.commands, device })
  );

Deno.test("inventory travels when its digest is new, and every change is kept", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, row } = await accepted(fleet);
  const first: Inventory = new Map<string, string | number | string[]>([["cores", 4], [
    "kernel",
    "6.1",
  ]]);
  const digestOf = (inventory: Inventory) => digest8(syncRequestFields.inventory.encode(inventory));
  assert.deepEqual((await device.sync({ inventoryDigest: digestOf(first) })).need, [
    NeedCode.inventory,
  ]);
  assert.equal((await device.sync({ inventory: first })).need, undefined);
  assert.equal((await device.sync({ inventoryDigest: digestOf(first) })).need, undefined);
  const second: Inventory = new Map(
    [["addresses", ["10.0.0.1"]], ["cores", 4], ["kernel", "6.6"]] as [
      string,
      string | number | string[],
    ][],
  );
  clock.pass(1_000);
  assert.deepEqual((await device.sync({ inventoryDigest: digestOf(second) })).need, [
    NeedCode.inventory,
  ]);
  await device.sync({ inventoryDigest: digestOf(second), inventory: second });
  assert.deepEqual(await fleet.path.inventory.get(null, row.id), {
    facts: { addresses: ["10.0.0.1"], cores: 4, kernel: "6.6" },
    changedAtMs: clock.nowMs(),
  });
  const changes = await fleet.path.inventory.changes(WHOLE_FLEET, { deviceId: row.id, limit: 10 });
  assert.deepEqual(changes.map(({ field, before, after }) => [field, before, after]), [
    ["kernel", "6.1", "6.6"],
    ["addresses", null, ["10.0.0.1"]],
  ]);
  const elsewhere = await fleet.path.inventory.changes({ labels: { site: "other" } }, {
    deviceId: row.id,
    limit: 10,
  });
  assert.deepEqual(elsewhere, [], "outside the scope there is nothing");
});

Deno.test("a command repeats until the device has taken it, and ends with its report", async () => {
  await using fleet = await openTestFleet();
  const { device, row } = await accepted(fleet);
  const id = await identify(fleet, row);
  const handed = await device.sync();
  assert.deepEqual(handed.commands, [{ id, name: "identify", ttlS: 300 }]);
  assert.deepEqual((await device.sync()).commands, handed.commands);
  assert.equal((await device.sync({ commandsThrough: id })).commands, undefined);
  assert.equal((await fleet.path.commands.get(row, id)).state, "delivered");
  const reports: ReportsBatch = {
    epoch: 3,
    first: 1,
    items: [{
      kind: ReportKind.command,
      time: 0,
      body: { id, status: CommandStatus.ok, output: new TextEncoder().encode("here") },
    }],
  };
  const reply = await device.sync({ reports });
  assert.deepEqual(reply.acks, [{ stream: 3, epoch: 3, through: 1 }]);
  const done = await fleet.path.commands.get(row, id);
  assert.deepEqual(
    [done.state, done.status, new TextDecoder().decode(done.output!)],
    ["finished", CommandStatus.ok, "here"],
  );
  const late = { ...reports, items: [{ ...reports.items[0]!, body: { id, status: 1 } }] };
  await device.sync({ reports: late as ReportsBatch });
  assert.equal((await fleet.path.commands.get(row, id)).status, CommandStatus.ok);
});

Deno.test("a long output comes in parts and the command ends with the last", async () => {
  await using fleet = await openTestFleet();
  const { device, row } = await accepted(fleet);
  const id = await identify(fleet, row);
  const output = new Uint8Array(2_500).map((_, at) => at % 251);
  for (let part = 0; part < 3; part++) {
    const piece = output.slice(part * 1_024, (part + 1) * 1_024);
    const body = { id, status: 0, output: piece, part, fullSize: output.length };
    await device.sync({
      reports: { epoch: 3, first: part + 1, items: [{ kind: ReportKind.command, time: 0, body }] },
    });
    const { state } = await fleet.path.commands.get(row, id);
    assert.equal(state, part < 2 ? "delivered" : "finished");
  }
  assert.deepEqual((await fleet.path.commands.get(row, id)).output, output);
});

Deno.test("a command that nobody takes in time expires", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const { device, row } = await accepted(fleet);
  const id = await identify(fleet, row);
  clock.pass(300_000);
  assert.equal((await device.sync()).commands, undefined);
  await fleet.path.housekeeping.clean();
  assert.equal((await fleet.path.commands.get(row, id)).state, "expired");
});

Deno.test("a small reply takes the commands that fit and says that more wait", async () => {
  await using fleet = await openTestFleet();
  const { device, row } = await accepted(fleet);
  for (let i = 0; i < 6; i++) {
    await fleet.database.write((tx) =>
      fleet.path.commands.queue(tx, ACTOR, {
        device: row,
        name: "x",
        args: new Uint8Array(300),
        ttlS: 60,
      })
    );
  }
  const small = await device.sync({ rxMax: 1_024 });
  assert.deepEqual(small.commands?.map(({ id }) => id), [1, 2]);
  assert.equal(small.more, true);
  assert.ok(syncReplyCodec.encode(small).length + PROTOCOL.replyOverheadBytes <= 1_024);
  const next = await device.sync({ rxMax: 16_384, commandsThrough: 2 });
  assert.deepEqual(next.commands?.map(({ id }) => id), [3, 4, 5, 6]);
  assert.equal(next.more, undefined);
});

Deno.test("a device has a bounded number of open commands", async () => {
  await using fleet = await openTestFleet();
  const { row } = await accepted(fleet);
  for (let i = 0; i < 16; i++) await identify(fleet, row);
  await assert.rejects(
    identify(fleet, row),
    (error) => error instanceof DomainError && error.code === "command.queue_full",
  );
  await assert.rejects(fleet.path.commands.get(row, 99), { code: "command.not_found" });
});

Deno.test("an event is kept once however often it is sent, and what nobody claims is not lost", async () => {
  await using fleet = await openTestFleet();
  const { device, row } = await accepted(fleet);
  const reports: ReportsBatch = {
    epoch: 3,
    first: 1,
    items: [
      { kind: ReportKind.event, time: 0, body: { name: "door.open", severity: 4, text: "north" } },
      { kind: ReportKind.deployment, time: 0, body: { attempt: 1, state: 1 } },
    ],
  };
  await device.sync({ reports });
  await device.sync({ reports });
  const events = await fleet.path.deviceEvents.list(WHOLE_FLEET, { deviceId: row.id, limit: 10 });
  assert.deepEqual(events.map(({ name, reported }) => [name, reported]), [
    ["report.unclaimed", true],
    ["door.open", true],
    ["device.enrolled", false],
  ]);
  const elsewhere = { labels: { site: "other" } };
  assert.deepEqual(
    await fleet.path.deviceEvents.list(elsewhere, { deviceId: row.id, limit: 10 }),
    [],
  );
});

Deno.test("watchers learn that a device comes, changes and falls silent", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const kinds: string[] = [];
  const unsubscribe = fleet.live.subscribe(({ kind }) => kinds.push(kind));
  const { device } = await accepted(fleet);
  assert.deepEqual(kinds, ["device.changed"]);
  clock.pass(3 * 60_000 + 29_999);
  await fleet.path.housekeeping.sweep();
  assert.deepEqual(kinds.splice(0), ["device.changed"]);
  clock.pass(1);
  await fleet.path.housekeeping.sweep();
  await fleet.path.housekeeping.sweep();
  assert.deepEqual(kinds.splice(0), ["device.offline"]);
  assert.equal((await device.sync()).state, DeviceStateCode.active);
  assert.deepEqual(kinds.splice(0), ["device.online"]);
  unsubscribe();
});
