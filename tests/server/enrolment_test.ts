/**
 * How devices become known: by token, by approval, on trust; and what keeps strangers out.
 *
 * @module
 */
import {
  DeviceStateCode,
  encodeSamples,
  EnrolReason,
  TokenStatus,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import { WireRefusal } from "@fleetd/server";
import assert from "node:assert/strict";
import { direct, TestDevice } from "./test_device.ts";
import { HandClock, openTestFleet, random } from "./test_fleet.ts";

const refusedWith = (code: number) => (error: unknown) =>
  error instanceof WireRefusal && error.code === code;

Deno.test("a device with a token is accepted at its first sync, with the token's labels", async () => {
  await using fleet = await openTestFleet();
  const token = await fleet.token({ labels: { site: "x" } });
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  const reply = await device.enrol({
    token,
    name: "pi-1",
    labels: [{ key: "site", value: "wished" }, { key: "room", value: "2" }],
  });
  assert.equal(reply.pskIndex, 0);
  assert.equal(reply.state, DeviceStateCode.active);
  assert.equal(reply.tokenStatus, TokenStatus.used);
  assert.deepEqual(
    await fleet.rows("SELECT * FROM devices"),
    [],
    "nothing is a device before the first MAC",
  );
  assert.deepEqual(await fleet.rows("SELECT used FROM enrolment_tokens"), [{ used: 0 }]);

  const first = await device.sync();
  assert.equal(first.state, DeviceStateCode.active);
  assert.equal(first.error, undefined);
  const [row] = await fleet.rows("SELECT handle, admission, name, tofu FROM devices");
  assert.deepEqual(row, { handle: device.handle, admission: "accepted", name: "pi-1", tofu: 0 });
  assert.deepEqual(await fleet.rows("SELECT key, value FROM device_labels ORDER BY key"), [
    { key: "room", value: "2" },
    { key: "site", value: "x" },
  ]);
  assert.deepEqual(await fleet.rows("SELECT used FROM enrolment_tokens"), [{ used: 1 }]);
  const actions = await fleet.rows<{ action: string; actor: string }>(
    "SELECT action, actor FROM audit ORDER BY id",
  );
  assert.deepEqual(actions.at(-1), { action: "device.enrol", actor: `device:${device.handle}` });
});

Deno.test("of 200 devices that use a one-use token at once exactly one is accepted", async () => {
  await using fleet = await openTestFleet({
    settings: {
      pending: { total: 300, perAddress: 300 },
      handshakes: { total: 1_000, perAddress: 300, lifetimeMs: 120_000 },
    },
  });
  const token = await fleet.token({ uses: 1 });
  const devices = await Promise.all(Array.from({ length: 200 }, async () => {
    const device = new TestDevice(direct(fleet.path), fleet.serverKey);
    assert.equal((await device.enrol({ token })).tokenStatus, TokenStatus.used);
    return device;
  }));
  const replies = await Promise.all(devices.map((device) => device.sync()));
  const active = replies.filter(({ state }) => state === DeviceStateCode.active);
  assert.equal(active.length, 1);
  assert.deepEqual(await fleet.rows("SELECT used FROM enrolment_tokens"), [{ used: 1 }]);
  assert.deepEqual(
    await fleet.rows("SELECT admission, count(*) AS n FROM devices GROUP BY admission ORDER BY 1"),
    [{ admission: "accepted", n: 1 }, { admission: "pending", n: 199 }],
  );
});

Deno.test("a refused token is answered under the zero PSK, pending, with the reason", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const spent = await fleet.token();
  const first = new TestDevice(direct(fleet.path), fleet.serverKey);
  await first.enrol({ token: spent });
  await first.sync();
  const expired = await fleet.token({ ttlS: 60 });
  const otherClass = await fleet.token({ hwClass: "esp32", ttlS: 3_600 });
  clock.pass(61_000);
  for (
    const [token, status] of [
      [spent, TokenStatus.spent],
      [expired, TokenStatus.expired],
      [otherClass, TokenStatus.otherClass],
      [{ id: random(8), secret: random(16) }, TokenStatus.unknown],
    ] as const
  ) {
    const device = new TestDevice(direct(fleet.path), fleet.serverKey);
    const reply = await device.enrol({ token });
    assert.equal(reply.pskIndex, 1);
    assert.equal(reply.tokenStatus, status);
    assert.equal(reply.state, DeviceStateCode.pending);
    assert.equal((await device.sync()).state, DeviceStateCode.pending);
  }
});

Deno.test("a device that guessed a token's secret cannot finish the handshake", async () => {
  await using fleet = await openTestFleet();
  const token = await fleet.token();
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await assert.rejects(device.enrol({ token: { id: token.id, secret: random(16) } }), {
    code: "handshake.failed",
  });
  assert.deepEqual(await fleet.rows("SELECT used FROM enrolment_tokens"), [{ used: 0 }]);
});

Deno.test("a device without a token waits, says little, and is let in by an administrator", async () => {
  await using fleet = await openTestFleet();
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  assert.equal((await device.enrol()).state, DeviceStateCode.pending);
  const metrics = encodeSamples({
    epoch: 1,
    first: 1,
    base: "unix",
    samples: [{ atMs: fleet.clock.nowMs(), values: new Map([[0, 0.5]]) }],
  });
  const pending = await device.sync({ metrics, inventoryDigest: random(8) });
  assert.equal(pending.state, DeviceStateCode.pending);
  assert.ok(pending.intervalS >= 30);
  assert.deepEqual(
    [pending.acks, pending.need, pending.rejected, pending.error],
    [undefined, undefined, undefined, undefined],
    "sections beyond the head get neither ack nor error",
  );
  assert.deepEqual(await fleet.rows("SELECT * FROM telemetry_log"), []);
  await fleet.accept(device.handle);
  const accepted = await device.sync({ metrics });
  assert.equal(accepted.state, DeviceStateCode.active);
  assert.deepEqual(accepted.acks, [{ stream: 1, epoch: 1, through: 1 }]);
});

Deno.test("open mode lets private addresses in, marked, and nobody else", async () => {
  await using fleet = await openTestFleet({ settings: { mode: "open" } });
  for (
    const [address, state, tofu] of [["192.168.1.9", "accepted", 1], [
      "203.0.113.9",
      "pending",
      0,
    ]] as const
  ) {
    const device = new TestDevice(direct(fleet.path, address), fleet.serverKey);
    await device.enrol();
    await device.sync();
    assert.deepEqual(
      await fleet.rows("SELECT admission, tofu FROM devices WHERE handle = ?", device.handle),
      [{ admission: state, tofu }],
    );
  }
});

Deno.test("a known serial or device id with a new key waits even with a token", async () => {
  await using fleet = await openTestFleet();
  const token = await fleet.token({ uses: 9 });
  const owner = new TestDevice(direct(fleet.path), fleet.serverKey);
  await owner.enrol({ token, serial: "S1" });
  await owner.sync();
  const sameSerial = new TestDevice(direct(fleet.path), fleet.serverKey);
  await sameSerial.enrol({ token, serial: "S1" });
  assert.equal((await sameSerial.sync()).state, DeviceStateCode.pending);
  const sameId = new TestDevice(direct(fleet.path), fleet.serverKey, { deviceId: owner.deviceId });
  await sameId.enrol({ token });
  assert.equal((await sameId.sync()).state, DeviceStateCode.pending);
  assert.deepEqual(await fleet.rows("SELECT used FROM enrolment_tokens"), [{ used: 1 }]);
  const names = await fleet.rows("SELECT name FROM events WHERE name = 'enrolment.identity_held'");
  assert.equal(names.length, 2);
});

Deno.test("enrolling again needs no token, ends the older kid and is written down", async () => {
  await using fleet = await openTestFleet();
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  const old = { kid: device.kid, keys: device.keys, seq: device.seq };
  assert.equal(
    (await device.enrol({ reason: EnrolReason.unknownKid })).state,
    DeviceStateCode.active,
  );
  // Until the new kid is confirmed the old one works.
  const fresh = { kid: device.kid, keys: device.keys };
  Object.assign(device, old);
  assert.equal((await device.sync()).state, DeviceStateCode.active);
  Object.assign(device, fresh, { seq: 0 });
  assert.equal((await device.sync()).state, DeviceStateCode.active);
  assert.deepEqual(
    await fleet.rows("SELECT status, count(*) AS n FROM sessions GROUP BY status ORDER BY 1"),
    [{ status: "active", n: 1 }, { status: "revoked", n: 1 }],
  );
  assert.deepEqual(
    (await fleet.rows<{ name: string }>("SELECT name FROM events ORDER BY id")).map((e) => e.name),
    ["device.enrolled", "device.reenrolled"],
  );
});

Deno.test("more than three re-enrolments of one key in a day are a clone alarm", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ token: await fleet.token() });
  await device.sync();
  for (let again = 1; again <= 4; again++) {
    clock.pass(3_600_000);
    await device.enrol();
    const { state } = await device.sync();
    assert.equal(state, again <= 3 ? DeviceStateCode.active : DeviceStateCode.quarantined);
  }
});

Deno.test("an administrator's rejection outlives a token", async () => {
  await using fleet = await openTestFleet();
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol();
  await device.sync();
  await fleet.database.write((tx) =>
    fleet.admin.reject(tx, { name: "system:test", address: null }, {
      scope: { labels: {} },
      handle: device.handle,
    })
  );
  const reply = await device.enrol({ token: await fleet.token() });
  assert.equal(reply.state, DeviceStateCode.rejected);
  const { state, intervalS } = await device.sync();
  assert.deepEqual([state, intervalS], [DeviceStateCode.rejected, 86_400]);
});

Deno.test("a hello of another server is marked", async () => {
  await using fleet = await openTestFleet();
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol({ helloDigest: random(32) });
  await device.sync();
  assert.deepEqual(await fleet.rows("SELECT hello_mismatch FROM devices"), [{ hello_mismatch: 1 }]);
  await device.enrol({ helloDigest: fleet.helloDigest });
  await device.sync();
  assert.deepEqual(await fleet.rows("SELECT hello_mismatch FROM devices"), [{ hello_mismatch: 0 }]);
});

Deno.test("what is no handshake is refused without a trace", async () => {
  await using fleet = await openTestFleet();
  for (const bytes of [new Uint8Array(0), random(96), random(1_024)]) {
    await assert.rejects(
      fleet.path.enrol(bytes, { address: "192.0.2.1" }),
      refusedWith(WireErrorCode.malformed),
    );
  }
  assert.deepEqual(await fleet.rows("SELECT * FROM handshakes"), []);
});

Deno.test("waiting devices are bounded for each address and in all; the oldest contact goes", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({
    clock,
    settings: { pending: { total: 10, perAddress: 3 } },
  });
  const enrolled: TestDevice[] = [];
  const enrolFrom = async (address: string) => {
    const device = new TestDevice(direct(fleet.path, address), fleet.serverKey);
    await device.enrol();
    clock.pass(1_000);
    await device.sync();
    enrolled.push(device);
  };
  for (let i = 0; i < 4; i++) await enrolFrom("192.0.2.1");
  await assert.rejects(enrolled[0]!.sync(), refusedWith(WireErrorCode.unknownKid));
  assert.equal((await enrolled[1]!.sync()).state, DeviceStateCode.pending);
  // Devices that came in with a token never count.
  const accepted = new TestDevice(direct(fleet.path, "192.0.2.1"), fleet.serverKey);
  await accepted.enrol({ token: await fleet.token() });
  await accepted.sync();
  for (let i = 0; i < 12; i++) await enrolFrom(`198.51.100.${i}`);
  const [counts] = await fleet.rows(
    `SELECT count(*) FILTER (WHERE admission = 'pending') AS pending,
       count(*) FILTER (WHERE admission = 'accepted') AS accepted FROM devices`,
  );
  assert.deepEqual(counts, { pending: 10, accepted: 1 });
  const evictions = await fleet.rows("SELECT target FROM audit WHERE action = 'device.evict'");
  assert.equal(evictions.length, 1 + 3 + 12 - 10);
});

Deno.test("unconfirmed handshakes are bounded for each address, in all, and in time", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({
    clock,
    settings: { handshakes: { total: 5, perAddress: 2, lifetimeMs: 120_000 } },
  });
  const devices: TestDevice[] = [];
  for (const address of ["a", "a", "a", "b", "c", "d", "e"]) {
    const device = new TestDevice(direct(fleet.path, address), fleet.serverKey);
    clock.pass(10);
    await device.enrol();
    devices.push(device);
  }
  assert.deepEqual(
    await fleet.rows("SELECT address FROM handshakes ORDER BY created_at_ms"),
    ["a", "b", "c", "d", "e"].map((address) => ({ address })),
  );
  await assert.rejects(devices[0]!.sync(), refusedWith(WireErrorCode.unknownKid));
  assert.equal((await devices[6]!.sync()).state, DeviceStateCode.pending);
  clock.pass(120_000);
  await assert.rejects(devices[5]!.sync(), refusedWith(WireErrorCode.unknownKid));
});

Deno.test("devices that nobody accepted go a day after their last contact", async () => {
  const clock = new HandClock();
  await using fleet = await openTestFleet({ clock });
  const device = new TestDevice(direct(fleet.path), fleet.serverKey);
  await device.enrol();
  await device.sync();
  clock.pass(80_000_000);
  await device.sync();
  clock.pass(80_000_000);
  await fleet.path.housekeeping.clean();
  assert.equal((await fleet.rows("SELECT 1 FROM devices")).length, 1);
  clock.pass(6_500_000);
  await fleet.path.housekeeping.clean();
  assert.equal((await fleet.rows("SELECT 1 FROM devices")).length, 0);
  await assert.rejects(device.sync(), refusedWith(WireErrorCode.unknownKid));
});
