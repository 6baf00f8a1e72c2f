/**
 * The way of the first administrator, API tokens and enrolment tokens over HTTP.
 *
 * @module
 */
import { greeting, readConfig, SILENT_LOG, startServer } from "@fleetd/server";
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { AdminFleet } from "./admin_fleet.ts";
import { fleetDatabases } from "./test_fleet.ts";

Deno.test("the first start shows a setup code that makes one administrator; later starts show none", async () => {
  await using fleet = await AdminFleet.start();
  const code = fleet.server.setupCode!;
  assert.ok(greeting(fleet.server).some((line) => line.includes(code)));
  const again = await fleet.send("POST", "/api/v1/setup", { body: { code, name: "thief" } });
  assert.equal(again.status, 409);
  assert.equal(again.json.code, "setup.closed");
  await fleet.stop();
  const restarted = await AdminFleet.start({ folder: fleet.folder, admin: fleet.admin });
  assert.equal(restarted.server.setupCode, null);
  assert.ok(
    greeting(restarted.server).some((line) =>
      line.includes("Sign in with your user name, or an API token")
    ),
  );
  assert.equal((await restarted.do("GET", "/api/v1/server")).caller.role, "admin");
  await restarted.stop();
});

Deno.test("neither the database nor any answer holds the setup code, an API token's secret or an enrolment token's", async () => {
  await using fleet = await AdminFleet.start();
  const api = await fleet.do("POST", "/api/v1/api-tokens", { name: "ci", role: "viewer" });
  const enrolment = await fleet.do("POST", "/api/v1/enrolment-tokens", {
    uses: 3,
    ttlS: 3_600,
    name: "batch",
  });
  const secrets = [
    fleet.server.setupCode!,
    fleet.admin.slice(-43),
    api.token.slice(-43),
    enrolment.token.slice(-40),
  ];
  for (
    const path of [
      "/api/v1/api-tokens",
      "/api/v1/enrolment-tokens",
      "/api/v1/audit",
      "/",
      "/metrics",
    ]
  ) {
    const { text } = await fleet.raw("GET", path, { token: fleet.admin });
    for (const secret of secrets) assert.equal(text.includes(secret), false, path);
  }
  await fleet.stop();
  const stored = await fleetDatabases.contents(fleet.server.config.db);
  for (const secret of secrets) assert.equal(stored.includes(secret), false);
  if (!fleetDatabases.areFiles) return;
  assert.equal(
    statSync(join(fleet.folder, "fleet.db")).mode & 0o077,
    0,
    "nobody else reads the database",
  );
  assert.equal(statSync(join(fleet.folder, "fleet.db.key")).mode & 0o077, 0, "nor the key");
});

Deno.test("API tokens are listed with their last use, and revoking works at once", async () => {
  await using fleet = await AdminFleet.start();
  const viewer = await fleet.do("POST", "/api/v1/api-tokens", {
    name: "ci",
    role: "viewer",
    ttlS: 3_600,
  });
  assert.equal(viewer.expiresAtMs - viewer.createdAtMs, 3_600_000);
  assert.equal((await fleet.send("GET", "/api/v1/devices", { token: viewer.token })).status, 200);
  const { items } = await fleet.do("GET", "/api/v1/api-tokens");
  assert.ok(items.find(({ id }: { id: string }) => id === viewer.id).lastUsedMs > 0);
  await fleet.do("DELETE", `/api/v1/api-tokens/${viewer.id}`);
  assert.equal((await fleet.send("GET", "/api/v1/devices", { token: viewer.token })).status, 401);
  const own = items.find(({ name }: { name: string }) => name === "boss");
  const last = await fleet.send("DELETE", `/api/v1/api-tokens/${own.id}`, { token: fleet.admin });
  assert.equal(last.json.code, "api_token.last_admin");
  assert.equal((await fleet.send("GET", "/api/v1/devices", { token: fleet.admin })).status, 200);
});

Deno.test("an enrolment token admits as many devices as it says, labels them and then is spent; revoked, none", async () => {
  await using fleet = await AdminFleet.start();
  const { id } = await fleet.do("POST", "/api/v1/enrolment-tokens", { labels: { site: "x" } });
  const state = async (of: string) =>
    (await fleet.do("GET", "/api/v1/enrolment-tokens")).items.find((token: { id: string }) =>
      token.id === of
    ).state;
  assert.equal(await state(id), "usable");
  await fleet.device({ labels: { site: "x" } });
  const spent = (await fleet.do("GET", "/api/v1/enrolment-tokens")).items.find((
    { used }: { used: number },
  ) => used === 1);
  assert.equal(spent.state, "spent");
  await fleet.do("DELETE", `/api/v1/enrolment-tokens/${id}`);
  assert.equal(await state(id), "revoked");
  const again = await fleet.send("DELETE", `/api/v1/enrolment-tokens/${id}`, {
    token: fleet.admin,
  });
  assert.equal(again.json.code, "enrolment_token.not_found");
  for (
    const body of [{ uses: 0 }, { uses: 1.5 }, { uses: 100_001 }, { ttlS: 59 }, {
      ttlS: 31_536_001,
    }, { hwClass: "Pi 4" }]
  ) {
    const { json } = await fleet.send("POST", "/api/v1/enrolment-tokens", {
      token: fleet.admin,
      body,
    });
    assert.equal(json.code, "enrolment_token.invalid", JSON.stringify(body));
  }
});

Deno.test("the audit log's chain holds over everything done here, and a changed row is found", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  for (let i = 0; i < 30; i++) {
    await fleet.do("PATCH", `/api/v1/devices/${device.handle}`, { name: `n${i}` });
  }
  const whole = await fleet.do("GET", "/api/v1/audit/check");
  assert.equal(whole.brokenAtId, null);
  const seen: number[] = [];
  let cursor: string | null = "";
  do {
    const page = await fleet.do("GET", `/api/v1/audit?limit=7${cursor ? `&cursor=${cursor}` : ""}`);
    seen.push(...page.items.map(({ id }: { id: number }) => id));
    cursor = page.next;
  } while (cursor !== null);
  assert.equal(seen.length, whole.entries);
  assert.deepEqual(seen, [...seen].sort((a, b) => b - a), "newest first, each once");
  const [change, remove] = [
    "UPDATE audit SET actor = 'nobody' WHERE id = 5",
    "DELETE FROM audit WHERE id = 5",
  ];
  for (const sql of [change, remove]) {
    await assert.rejects(fleet.tamper(async (raw) => await raw.run(sql, [])), /append-only/);
  }
  await fleet.tamper(async (raw) => {
    const table = fleetDatabases.areFiles ? "" : " ON audit";
    await raw.run(`DROP TRIGGER audit_unchanged${table}`, []);
    await raw.run(change, []);
  });
  assert.equal((await fleet.do("GET", "/api/v1/audit/check")).brokenAtId, 5);
});

Deno.test("a server that lets devices in by their address says so at every start", async () => {
  await using fleet = await AdminFleet.start();
  await fleet.stop();
  const server = await startServer(
    readConfig({
      port: 0,
      listen: "127.0.0.1",
      db: join(fleet.folder, "fleet.db"),
      mdns: false,
      enrolment: "open",
    }),
    { log: SILENT_LOG },
  );
  assert.ok(greeting(server).some((line) => line.startsWith("WARNING: enrolment is open")));
  await server.close();
});
