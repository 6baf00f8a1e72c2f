/**
 * What administrators see of devices and do to them, over HTTP, with devices that speak the real protocol.
 *
 * @module
 */
import { DeviceStateCode, fingerprintOf, NeedCode } from "@fleetd/firmware-protocol";
import assert from "node:assert/strict";
import { AdminFleet, type Answer } from "./admin_fleet.ts";

const handles = (page: Answer["json"]): string[] =>
  page.items.map(({ handle }: { handle: string }) => handle);

Deno.test("a device's list entry and its detail say what it sent", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({
    name: "pump-1",
    labels: { site: "north" },
    figures: { "cpu.use": 0.25, "temperature.cpu": 51.5 },
  });
  const { items: [entry], next } = await fleet.do("GET", "/api/v1/devices");
  assert.equal(next, null);
  assert.equal(entry.handle, device.handle);
  assert.equal(entry.name, "pump-1");
  assert.equal(entry.model, "Test Pi 4");
  assert.equal(entry.admission, "accepted");
  assert.equal(entry.online, true);
  assert.equal(entry.address, "127.0.0.1");
  assert.deepEqual(entry.labels, { site: "north" });
  assert.deepEqual(entry.latest, { "cpu.use": 0.25, "temperature.cpu": 51.5 });
  const detail = await fleet.do("GET", `/api/v1/devices/${device.handle}`);
  assert.equal(detail.deviceId, Buffer.from(device.deviceId).toString("hex"));
  assert.equal(detail.fingerprint, fingerprintOf(device.key.publicKey));
  assert.equal(detail.latestValues[0].unit, "ratio");
  assert.deepEqual(detail.inventory.fields, { "os.name": "Debian" });
  assert.equal(detail.streams[0].stream, "metrics");
  assert.deepEqual(detail.alarms, []);
});

Deno.test("the device id is for admins only, and no answer but theirs holds it", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "north" } });
  const id = Buffer.from(device.deviceId).toString("hex");
  for (const role of ["viewer", "operator"] as const) {
    const token = await fleet.token(role);
    const { json, text } = await fleet.send("GET", `/api/v1/devices/${device.handle}`, { token });
    assert.equal("deviceId" in json, false);
    assert.equal(text.includes(id), false);
  }
  for (
    const path of [
      "/api/v1/devices",
      "/api/v1/audit",
      "/metrics?devices=true",
      "/",
      `/api/v1/devices/${device.handle}/events`,
    ]
  ) {
    assert.equal(
      (await fleet.raw("GET", path, { token: fleet.admin })).text.includes(id),
      false,
      path,
    );
  }
});

Deno.test("a waiting device is accepted only with its own fingerprint, and learns of it at its next sync", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device();
  const path = `/api/v1/devices/${device.handle}`;
  assert.deepEqual(handles(await fleet.do("GET", "/api/v1/devices?admission=pending")), [
    device.handle,
  ]);
  const own = fingerprintOf(device.key.publicKey);
  const accept = (fingerprint: string) =>
    fleet.send("POST", `${path}/accept`, { token: fleet.admin, body: { fingerprint } });
  for (const wrong of ["", "aaaa-bbbb-cccc-dddd", own.slice(0, -1), own.slice(0, 4), `${own}a`]) {
    const { status, json, text } = await accept(wrong);
    assert.equal(status, 409, wrong);
    assert.equal(json.code, "device.fingerprint_mismatch");
    assert.equal(text.includes(own), false, "the right one is not told");
  }
  assert.equal((await device.sync()).state, DeviceStateCode.pending);
  const accepted = await accept(own.toUpperCase().replaceAll("-", " "));
  assert.equal(accepted.json.admission, "accepted");
  assert.ok(accepted.json.acceptedAtMs > 0);
  assert.equal((await device.sync()).state, DeviceStateCode.active);
  assert.equal((await accept(device.handle)).status, 200, "saying it again changes nothing");
  const { items } = await fleet.do("GET", `/api/v1/audit?target=device:${device.handle}`);
  assert.equal(
    items.filter(({ action }: { action: string }) => action === "device.accept").length,
    1,
  );
});

Deno.test("a rejected device is told so; an accepted one cannot be rejected but is taken out of the fleet", async () => {
  await using fleet = await AdminFleet.start();
  const waiting = await fleet.device();
  assert.equal(
    (await fleet.do("POST", `/api/v1/devices/${waiting.handle}/reject`)).admission,
    "rejected",
  );
  assert.equal((await waiting.sync()).state, DeviceStateCode.rejected);
  const member = await fleet.device({ labels: { site: "x" } });
  const path = `/api/v1/devices/${member.handle}`;
  const refused = await fleet.send("POST", `${path}/reject`, { token: fleet.admin });
  assert.equal(refused.status, 409);
  assert.match(refused.json.detail, /it is accepted, not pending; take it out of the fleet/);
  assert.equal((await fleet.send("DELETE", path, { token: fleet.admin })).status, 204);
  assert.equal((await member.sync()).state, DeviceStateCode.decommissioned);
  assert.deepEqual(
    handles(await fleet.do("GET", "/api/v1/devices")),
    [waiting.handle],
    "not listed any more",
  );
  assert.deepEqual(handles(await fleet.do("GET", "/api/v1/devices?admission=decommissioned")), [
    member.handle,
  ]);
  assert.equal((await fleet.do("GET", path)).admission, "decommissioned", "its history stays");
  assert.equal(
    (await fleet.send("DELETE", path, { token: fleet.admin })).status,
    204,
    "saying it again changes nothing",
  );
});

Deno.test("a device in quarantine is shown with its alarm and released by an admin only, who asks it for new keys", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  const path = `/api/v1/devices/${device.handle}`;
  const release = (token: string) => fleet.send("POST", `${path}/release`, { token });
  assert.equal((await release(fleet.admin)).json.code, "device.wrong_state", "it is in none yet");
  await fleet.tamper(async (raw) => await raw.run("UPDATE devices SET quarantined = 1", []));
  const shown = await fleet.do("GET", path);
  assert.equal(shown.quarantined, true);
  assert.deepEqual(shown.alarms.map(({ code }: { code: string }) => code), ["device.quarantined"]);
  assert.equal((await release(await fleet.token("operator"))).status, 403);
  assert.equal((await device.sync()).state, DeviceStateCode.quarantined);
  assert.equal((await release(fleet.admin)).json.quarantined, false);
  const reply = await device.sync();
  assert.equal(reply.state, DeviceStateCode.active);
  assert.ok(reply.need?.includes(NeedCode.rekey));
});

Deno.test("a device let in by its address alone is marked until somebody compares its fingerprint", async () => {
  await using fleet = await AdminFleet.start({ enrolment: "open" });
  const device = await fleet.device();
  const path = `/api/v1/devices/${device.handle}`;
  const shown = await fleet.do("GET", path);
  assert.deepEqual([shown.admission, shown.tofu], ["accepted", true]);
  assert.deepEqual(shown.alarms.map(({ code }: { code: string }) => code), ["device.tofu"]);
  const confirmed = await fleet.do("POST", `${path}/accept`, { fingerprint: shown.fingerprint });
  assert.equal(confirmed.tofu, false);
  assert.equal(confirmed.acceptedAtMs, shown.acceptedAtMs);
});

Deno.test("names, labels and intervals are changed, checked and audited with before and after", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ name: "old", labels: { site: "north", ring: "1" } });
  const path = `/api/v1/devices/${device.handle}`;
  const edited = await fleet.do("PATCH", path, {
    name: "new",
    intervalS: 300,
    labels: { ring: null, site: "south", note: "a b=c/ö" },
  });
  assert.equal(edited.name, "new");
  assert.equal(edited.intervalS, 300);
  assert.deepEqual(edited.labels, { note: "a b=c/ö", site: "south" });
  assert.equal((await device.sync()).intervalS, 300);
  const { items } = await fleet.do("GET", `/api/v1/audit?target=device:${device.handle}&limit=2`);
  assert.equal(items[0].action, "device.label");
  assert.deepEqual(items[0].before, { ring: "1", site: "north" });
  assert.deepEqual(items[1].before, { name: "old", intervalS: 60 });
  assert.match(items[1].actor, /^token:[a-z2-7]{12} boss$/);
  const entries = async () => (await fleet.do("GET", "/api/v1/audit/check")).entries;
  const before = await entries();
  await fleet.do("PATCH", path, { name: "new", labels: { site: "south", absent: null } });
  assert.equal(await entries(), before, "nothing changed, nothing written");
  const long = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "v"]));
  for (
    const [body, code] of [
      [{ name: "a b" }, "device.name_invalid"],
      [{ name: "<script>" }, "device.name_invalid"],
      [{ name: "" }, "device.name_invalid"],
      [{ name: "a".repeat(64) }, "device.name_invalid"],
      [{ labels: { "": "v" } }, "device.label_invalid"],
      [{ labels: { k: "" } }, "device.label_invalid"],
      [{ labels: { k: "a\nb" } }, "device.label_invalid"],
      [{ labels: { k: "ö".repeat(33) } }, "device.label_invalid"],
      [{ labels: long }, "device.label_invalid"],
      [{ intervalS: 0 }, "request.invalid"],
      [{ intervalS: 604_801 }, "request.invalid"],
      [{ admission: "accepted" }, "request.invalid"],
    ] as const
  ) {
    const { status, json } = await fleet.send("PATCH", path, { token: fleet.admin, body });
    assert.equal(status, 400, JSON.stringify(body));
    assert.equal(json.code, code, JSON.stringify(body));
  }
  assert.equal(await entries(), before, "a refused change leaves nothing");
  assert.equal((await fleet.do("GET", path)).name, "new");
});

Deno.test("filters find parts of names, handles, models and labels literally; label, admission and online narrow", async () => {
  await using fleet = await AdminFleet.start();
  const north = await fleet.device({ name: "Pump-1", labels: { site: "north", note: "50%_x" } });
  const south = await fleet.device({ name: "valve", labels: { site: "south" } });
  const found = async (query: string) => handles(await fleet.do("GET", `/api/v1/devices?${query}`));
  assert.deepEqual(await found("filter=pUmP"), [north.handle]);
  assert.deepEqual(await found("filter=Test%20Pi"), [north.handle, south.handle]);
  assert.deepEqual(await found(`filter=${south.handle.slice(2, 12)}`), [south.handle]);
  assert.deepEqual(await found("filter=north"), [north.handle]);
  assert.deepEqual(await found("filter=50%25_"), [north.handle]);
  assert.deepEqual(await found("filter=%25"), [north.handle], "a per cent sign is only itself");
  assert.deepEqual(await found("filter=_"), [north.handle]);
  assert.deepEqual(await found("filter=%5C"), []);
  assert.deepEqual(await found("filter='%20OR%201=1--"), []);
  assert.deepEqual(await found("label=site=south"), [south.handle]);
  assert.deepEqual(await found("label=site=north&label=note=50%25_x"), [north.handle]);
  assert.deepEqual(await found("label=site=north&label=note=other"), []);
  assert.deepEqual(await found("online=true"), [north.handle, south.handle]);
  fleet.clock.shiftMs += 3 * 60_000 + 29_000;
  await south.sync();
  fleet.clock.shiftMs += 2_000;
  assert.deepEqual(
    await found("online=true"),
    [south.handle],
    "offline after three intervals and half a minute",
  );
  assert.deepEqual(await found("online=false"), [north.handle]);
  const { alarms } = await fleet.do("GET", `/api/v1/devices/${north.handle}`);
  assert.deepEqual(alarms.map(({ code }: { code: string }) => code), ["device.offline"]);
});

Deno.test("a caller of a part of the fleet sees and changes that part only", async () => {
  await using fleet = await AdminFleet.start();
  const north = await fleet.device({ labels: { site: "north" } });
  const south = await fleet.device({ labels: { site: "south" } });
  const token = await fleet.token("admin", { labels: { site: "north" } });
  const as = (method: string, path: string, body?: unknown) =>
    fleet.send(method, path, { token, body });
  assert.deepEqual(handles((await as("GET", "/api/v1/devices")).json), [north.handle]);
  assert.deepEqual(handles((await as("GET", "/api/v1/devices?label=site=south")).json), []);
  const unknown = await as("GET", "/api/v1/devices/aaaa-bbbb-cccc-dddd");
  for (
    const [method, rest, body] of [
      ["GET", ""],
      ["PATCH", "", { name: "mine" }],
      ["DELETE", ""],
      ["POST", "/accept", { fingerprint: south.handle }],
      ["POST", "/reject"],
      ["POST", "/release"],
      ["POST", "/identify"],
      ["GET", "/commands/1"],
      ["GET", "/telemetry?metric=cpu.use"],
      ["GET", "/events"],
      ["GET", "/inventory-changes"],
    ] as const
  ) {
    const { status, json } = await as(method, `/api/v1/devices/${south.handle}${rest}`, body);
    assert.equal(status, 404, `${method} ${rest}`);
    assert.equal(
      json.detail.replace(south.handle, "X"),
      unknown.json.detail.replace("aaaa-bbbb-cccc-dddd", "X"),
    );
  }
  const escape = await as("PATCH", `/api/v1/devices/${north.handle}`, {
    labels: { site: "south" },
  });
  assert.equal(
    escape.json.code,
    "device.label_invalid",
    "it cannot push a device out of its own sight",
  );
  assert.match((await as("GET", "/metrics")).text, /fleetd_devices\{admission="accepted"\} 1\n/);
  const token2 = await as("POST", "/api/v1/enrolment-tokens", {
    labels: { site: "north", ring: "1" },
  });
  assert.equal(token2.status, 201);
  const listed = (await as("GET", "/api/v1/enrolment-tokens")).json.items;
  assert.ok(
    listed.length >= 1 && listed.every(({ labels }: Answer["json"]) => labels.site === "north"),
  );
  const all = (await fleet.do("GET", "/api/v1/enrolment-tokens")).items;
  const foreign = all.find(({ labels }: Answer["json"]) => labels.site === "south");
  assert.equal((await as("DELETE", `/api/v1/enrolment-tokens/${foreign.id}`)).status, 404);
  assert.equal((await as("DELETE", `/api/v1/enrolment-tokens/${token2.json.id}`)).status, 204);
});

Deno.test("commands, events, telemetry and inventory changes of a device are read over HTTP", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  const path = `/api/v1/devices/${device.handle}`;
  const command = await fleet.send("POST", `${path}/identify`, { token: fleet.admin });
  assert.equal(command.status, 202);
  assert.equal(command.json.state, "waiting");
  const shown = await fleet.do("GET", `${path}/commands/${command.json.id}`);
  assert.equal(shown.name, "identify");
  assert.equal(
    (await fleet.send("GET", `${path}/commands/999`, { token: fleet.admin })).json.code,
    "command.not_found",
  );
  const range = await fleet.do("GET", `${path}/telemetry?metric=cpu.use&metric=absent`);
  assert.equal(range.series.length, 1);
  assert.equal(range.series[0].metric, "cpu.use");
  assert.equal(range.series[0].points[0].mean, 0.25);
  assert.equal(
    (await fleet.send("GET", `${path}/telemetry?metric=cpu.use&from=5&to=5`, {
      token: fleet.admin,
    })).json.code,
    "telemetry.query_invalid",
  );
  assert.equal(
    (await fleet.send("GET", `${path}/telemetry`, { token: fleet.admin })).json.code,
    "request.invalid",
  );
  assert.deepEqual((await fleet.do("GET", `${path}/inventory-changes`)).items, []);
  assert.ok(Array.isArray((await fleet.do("GET", `${path}/events?limit=1`)).items));
});

Deno.test("ten thousand devices are listed page by page, each once, while others come and go", async () => {
  const first = await AdminFleet.start();
  await first.stop();
  await insertDevices(first, 10_000);
  await using fleet = await AdminFleet.start({ folder: first.folder, admin: first.admin });
  const seen = new Set<string>();
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Answer["json"] = await fleet.do(
      "GET",
      `/api/v1/devices?limit=500${cursor === null ? "" : `&cursor=${cursor}`}`,
    );
    for (const handle of handles(page)) {
      assert.equal(seen.has(handle), false, `${handle} twice`);
      seen.add(handle);
    }
    if (pages === 3) {
      await fleet.do("DELETE", `/api/v1/devices/${handles(page)[0]}`);
      await fleet.device({ labels: { site: "late" } });
    }
    cursor = page.next;
    pages += 1;
  } while (cursor !== null);
  assert.equal(pages, 21);
  assert.equal(seen.size, 10_001);
  const filtered = await fleet.do("GET", "/api/v1/devices?filter=dev-9999");
  assert.equal(filtered.items.length, 1);
  const labelled = await fleet.do("GET", "/api/v1/devices?label=site=s7&limit=500");
  assert.equal(labelled.items.length, 100);
  for (const bad of ["nonsense", "", "ZDE6eA", "ZDE6LTE"]) {
    const { status } = await fleet.send("GET", `/api/v1/devices?cursor=${bad}`, {
      token: fleet.admin,
    });
    assert.equal(status, 400, bad);
  }
});

/** Rows as enrolment writes them, without ten thousand handshakes. */
function insertDevices(fleet: AdminFleet, count: number): Promise<void> {
  const device =
    `INSERT INTO devices (handle, public_key, device_id, name, hw_class, model, agent_version, admission, interval_s,
      rx_max, created_at_ms, last_seen_ms) VALUES (?, ?, ?, ?, 'rpi-arm64', 'Pi', '0.1.0', 'accepted', 60, 16384, 1, 1)
     RETURNING id`;
  const label = "INSERT INTO device_labels (device_id, key, value) VALUES (?, 'site', ?)";
  return fleet.tamper(async (raw) => {
    for (let i = 0; i < count; i++) {
      const digits = i.toString(8).padStart(16, "0").replaceAll(
        /[01]/g,
        (digit) => "ab"[Number(digit)]!,
      );
      const key = new Uint8Array(32);
      new DataView(key.buffer).setUint32(0, i + 1);
      const { id } = (await raw.get<{ id: number }>(device, [
        digits.match(/.{4}/g)!.join("-"),
        key,
        key.subarray(0, 16),
        `dev-${i}`,
      ]))!;
      await raw.run(label, [id, `s${i % 100}`]);
    }
  });
}
