/**
 * Sequence numbers: replays, retries, clones, restores (PROTOCOL §4).
 *
 * @module
 */
import {
  DeviceStateCode,
  encodeSamples,
  macKey,
  NeedCode,
  sealSyncRequest,
  syncRequestCodec,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import { FleetStore, identifyDevice, systemActor, WHOLE_FLEET, WireRefusal } from "@fleetd/server";
import assert from "node:assert/strict";
import { direct, TestDevice } from "./test_device.ts";
import { fleetDatabases, HandClock, openTestFleet, random, type TestFleet } from "./test_fleet.ts";

const refusedWith = (code: number) => (error: unknown) =>
  error instanceof WireRefusal && error.code === code;

async function accepted(fleet: TestFleet): Promise<TestDevice> {
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  return device;
}

const sample = (fleet: TestFleet, first = 1) =>
  encodeSamples({
    epoch: 1,
    first,
    base: "unix",
    samples: [{ atMs: fleet.clock.nowMs(), values: new Map([[0, 0.25]]) }],
  });

Deno.test("a forged, altered or foreign message is refused and writes nothing", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const other = await accepted(fleet);
  const before = await fleet.rows("SELECT kid, last_seq FROM devices ORDER BY kid");
  await assert.rejects(device.resend(random(80)), refusedWith(WireErrorCode.malformed));
  const payload = syncRequestCodec.encode(device.request());
  const sealed = sealSyncRequest({
    kid: device.kid,
    seq: 9,
    payload,
    key: macKey(other.keys!.macToServer),
  });
  await assert.rejects(device.resend(sealed), refusedWith(WireErrorCode.badMac));
  const unknown = sealSyncRequest({
    kid: random(8),
    seq: 9,
    payload,
    key: macKey(device.keys!.macToServer),
  });
  await assert.rejects(device.resend(unknown), refusedWith(WireErrorCode.unknownKid));
  assert.deepEqual(await fleet.rows("SELECT kid, last_seq FROM devices ORDER BY kid"), before);
});

Deno.test("an identical retry gets a fresh answer and has no second effect", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const device = await accepted(fleet);
  const first = await device.sync({ metrics: sample(fleet) });
  clock.pass(5_000);
  const second = await device.resend(device.lastBody);
  assert.deepEqual(second.acks, first.acks);
  assert.deepEqual(second.acks, [{ stream: 1, epoch: 1, through: 1 }]);
  assert.equal(second.time, first.time + 5_000);
  assert.equal((await fleet.rows("SELECT * FROM telemetry_log")).length, 1);
  const [{ last_seen_ms }] = await fleet.rows("SELECT last_seen_ms FROM devices") as [
    { last_seen_ms: number },
  ];
  assert.equal(last_seen_ms, first.time);
});

Deno.test("numbers may jump ahead; an older one is stale, with the last one named", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  device.seq = 5_000;
  assert.equal((await device.sync()).error, undefined);
  device.seq = 300;
  const reply = await device.sync();
  assert.deepEqual(reply.error, { code: WireErrorCode.staleSeq, lastSeq: 5_001 });
  assert.equal(reply.state, DeviceStateCode.active);
});

Deno.test("the same number with another message is a clone alarm", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  await device.sync();
  const clone = syncRequestCodec.encode(device.request({ bootId: 77 }));
  const reply = await device.send(clone, { seq: device.seq });
  assert.equal(reply.error?.code, WireErrorCode.staleSeq);
  assert.equal(reply.state, DeviceStateCode.quarantined);
  assert.equal((await device.sync()).state, DeviceStateCode.quarantined);
  const events = await fleet.rows("SELECT severity FROM events WHERE name = 'device.clone_alarm'");
  assert.deepEqual(events, [{ severity: 1 }]);
  const audits = await fleet.rows("SELECT actor FROM audit WHERE action = 'device.quarantine'");
  assert.deepEqual(audits, [{ actor: "system:clone-alarm" }]);
});

Deno.test("a program that falls behind and catches up three times in a day is a clone alarm", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const device = await accepted(fleet);
  device.seq = 1_000;
  await device.sync();
  let boot = 4_711;
  /** A card that was copied goes into another machine: a new boot, old numbers, until it is told the last. */
  const restored = async () => {
    boot++;
    const request = () => syncRequestCodec.encode(device.request({ bootId: boot }));
    const behind = await device.send(request(), { seq: 7 });
    assert.equal(behind.error?.code, WireErrorCode.staleSeq);
    device.seq = behind.error.lastSeq! + 1;
    return (await device.send(request(), { seq: device.seq })).state;
  };
  assert.equal(await restored(), DeviceStateCode.active);
  assert.equal(await restored(), DeviceStateCode.active);
  clock.pass(86_400_001);
  assert.equal(await restored(), DeviceStateCode.active, "a day later the count begins anew");
  assert.equal(await restored(), DeviceStateCode.active);
  assert.equal(await restored(), DeviceStateCode.quarantined);
});

Deno.test("what is only behind, and never goes on from the answer, is no clone", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  device.seq = 1_000;
  await device.sync();
  for (let i = 0; i < 10; i++) {
    const late = syncRequestCodec.encode(device.request({ bootId: 4_711 + i }));
    const reply = await device.send(late, { seq: 7 + i });
    assert.equal(reply.error?.code, WireErrorCode.staleSeq);
  }
  assert.equal((await device.sync()).state, DeviceStateCode.active);
});

Deno.test("replays by somebody on the network never put a device into quarantine", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const heard: Uint8Array[] = [];
  for (let i = 0; i < 10; i++) {
    await device.sync();
    heard.push(device.lastBody);
  }
  for (const bootId of [99, 98, 97]) {
    device.bootId = bootId;
    device.uptimeMs = 0;
    for (let i = 0; i < 10; i++) {
      await device.sync();
      heard.push(device.lastBody);
    }
  }
  const last = heard.pop()!;
  for (const body of [...heard, ...heard].reverse()) {
    const reply = await device.resend(body);
    assert.equal(reply.error?.code, WireErrorCode.staleSeq);
  }
  assert.equal((await device.resend(last)).error, undefined);
  assert.equal((await device.sync()).state, DeviceStateCode.active);
});

Deno.test("two boots that alternate are a clone alarm", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const [mine, theirs] = [device.bootId, (device.bootId ^ 1) >>> 0];
  assert.equal((await device.sync({ bootId: theirs })).state, DeviceStateCode.active);
  assert.equal((await device.sync({ bootId: mine })).state, DeviceStateCode.quarantined);
});

Deno.test("a new message under a replaced key is a clone alarm, a replayed one is not", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const device = await accepted(fleet);
  await device.sync();
  const replay = device.lastBody;
  const old = { kid: device.kid, keys: device.keys, seq: device.seq };
  await device.enrol();
  await device.sync();
  const fresh = { kid: device.kid, keys: device.keys, seq: device.seq };
  await assert.rejects(device.resend(replay), refusedWith(WireErrorCode.unknownKid));
  assert.deepEqual(await fleet.rows("SELECT quarantined FROM devices"), [{ quarantined: 0 }]);
  Object.assign(device, old);
  await assert.rejects(device.sync(), refusedWith(WireErrorCode.unknownKid));
  assert.deepEqual(await fleet.rows("SELECT quarantined FROM devices"), [{ quarantined: 1 }]);
  Object.assign(device, fresh);
  assert.equal((await device.sync()).state, DeviceStateCode.quarantined);
});

Deno.test("a message that was held back until its key was replaced is no clone alarm", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const held = sealSyncRequest({
    kid: device.kid,
    seq: device.seq + 1,
    payload: syncRequestCodec.encode(device.request()),
    key: macKey(device.keys!.macToServer),
  });
  await device.enrol();
  await device.sync();
  await assert.rejects(device.transport.sync(held), refusedWith(WireErrorCode.unknownKid));
  assert.equal((await device.sync()).state, DeviceStateCode.active);
});

Deno.test("in quarantine telemetry is kept as suspect and nothing is handed out, until a release with new keys", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const row = await fleet.devices.find(WHOLE_FLEET, device.handle);
  await fleet.database.write((tx) =>
    identifyDevice(tx, systemActor("test"), { commands: fleet.path.commands, device: row! })
  );
  await fleet.database.write((tx) => fleet.path.quarantine.quarantine(tx, row!.id));
  const reply = await device.sync({ metrics: sample(fleet) });
  assert.equal(reply.state, DeviceStateCode.quarantined);
  assert.equal(reply.commands, undefined);
  assert.deepEqual(reply.acks, [{ stream: 1, epoch: 1, through: 1 }]);
  assert.deepEqual(await fleet.rows("SELECT suspect FROM telemetry_log"), [{ suspect: 1 }]);
  assert.equal((await fleet.path.telemetry.latest([row!.id])).size, 0);

  await fleet.database.write((tx) =>
    fleet.admin.release(tx, systemActor("test"), { scope: WHOLE_FLEET, handle: device.handle })
  );
  const released = await device.sync();
  assert.equal(released.state, DeviceStateCode.active);
  assert.deepEqual(released.need, [NeedCode.rekey]);
  assert.equal(released.commands?.length, 1);
  await device.enrol({ reason: 2 });
  assert.equal((await device.sync()).need, undefined);
});

Deno.test("after a restore the epoch grows and every kid proves itself with a nonce first", async () => {
  const { path, drop } = await fleetDatabases.make({ lasting: true });
  try {
    const wrapKeyedLikeBefore = await (async () => {
      await using fleet = await openTestFleet({ path });
      const device = await accepted(fleet);
      await device.sync();
      await fleet.token({ uses: 5 });
      const stolen = device.lastBody;
      await fleet.database.write((tx) =>
        new FleetStore(fleet.database).markRestored(tx, {
          nowMs: fleet.clock.nowMs(),
          nonce: () => random(8),
        })
      );
      return { device, stolen, wrap: fleet.wrap };
    })();
    const { device, stolen, wrap } = wrapKeyedLikeBefore;
    await using fleet = await openTestFleet({ path, wrap });
    device.transport = direct(fleet.path);
    const asked = await device.sync({ metrics: sample(fleet) });
    assert.equal(asked.error?.code, WireErrorCode.resync);
    assert.equal(asked.serverEpoch, 2);
    assert.equal(asked.acks, undefined);
    assert.deepEqual(await fleet.rows("SELECT * FROM telemetry_log"), []);
    assert.equal((await device.resend(stolen)).error?.code, WireErrorCode.resync);
    const answered = await device.sync({
      resyncNonce: asked.resyncNonce,
      serverEpoch: 2,
      metrics: sample(fleet),
    });
    assert.equal(answered.error, undefined);
    assert.deepEqual(answered.acks, [{ stream: 1, epoch: 1, through: 1 }]);
    assert.equal((await device.sync()).error, undefined, "the nonce is used up");
    const [{ usable }] = await fleet.rows(
      "SELECT count(*) AS usable FROM enrolment_tokens WHERE not_after_ms > ?",
      fleet.clock.nowMs(),
    ) as [{ usable: number }];
    assert.equal(usable, 0, "tokens of the backup are spent");
  } finally {
    await drop();
  }
});

Deno.test("after a restore command ids go on above what the device has taken", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  await device.sync({ commandsThrough: 41 });
  const row = await fleet.devices.find(WHOLE_FLEET, device.handle);
  const id = await fleet.database.write((tx) =>
    identifyDevice(tx, systemActor("test"), { commands: fleet.path.commands, device: row! })
  );
  assert.equal(id, 42);
  assert.equal((await device.sync()).commands?.[0]?.id, 42);
});

Deno.test("a section that breaks its schema is rejected by itself; the others count", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const good = syncRequestCodec.encode(
    device.request({ metrics: sample(fleet), commandsThrough: 3 }),
  );
  // Scale 9 becomes 10 … the batch stays well-formed CBOR and breaks its schema.
  const batch = { ...sample(fleet), columns: [{ id: 0, scale: 9, values: [1] }] };
  const bytes = syncRequestCodec.encode(device.request({ metrics: batch, commandsThrough: 3 }));
  const at = bytes.findIndex((_, i) =>
    bytes[i] === 0x83 && bytes[i + 1] === 0 && bytes[i + 2] === 9
  );
  bytes[at + 2] = 10;
  assert.notDeepEqual(bytes, good);
  const reply = await device.send(bytes, { seq: ++device.seq });
  assert.deepEqual(reply.rejected, [
    { section: 12, code: WireErrorCode.schema, epoch: 1, through: 1 },
  ]);
  assert.equal(reply.error, undefined);
  assert.equal(reply.acks, undefined);
  assert.deepEqual(await fleet.rows("SELECT commands_through FROM devices"), [{
    commands_through: 3,
  }]);
});

Deno.test("a request whose head cannot be read gets an authenticated error and writes nothing", async () => {
  await using fleet = await openTestFleet();
  const device = await accepted(fleet);
  const seq = device.seq;
  const headless = await device.send(Uint8Array.of(0xa1, 0x00, 0x00), { seq: seq + 1 });
  assert.deepEqual(headless.error, { code: WireErrorCode.schema, section: 1 });
  const garbage = await device.send(Uint8Array.of(0x9f, 0xff), { seq: seq + 1 });
  assert.deepEqual(garbage.error, { code: WireErrorCode.malformed });
  assert.deepEqual(await fleet.rows("SELECT last_seq FROM devices"), [{ last_seq: seq }]);
});
