/**
 * What the server shows of itself: Prometheus figures, live events, its announcement.
 *
 * @module
 */
import { findServers, fingerprintPrefix } from "@fleetd/firmware-protocol";
import { readConfig, SILENT_LOG, startServer } from "@fleetd/server";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminFleet } from "./admin_fleet.ts";

/** Values by series, after holding every line against the format's grammar. */
function parsePrometheus(text: string): Map<string, number> {
  const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"`;
  const sample = new RegExp(
    `^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${label}(?:,${label})*\\})? (NaN|[+-]?Inf|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`,
  );
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  assert.ok(text.endsWith("\n"));
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (kind === "TYPE") {
      assert.equal(types.has(name!), false, `${name} twice`);
      assert.match(rest!, /^(gauge|counter|histogram)$/);
      types.set(name!, rest!);
    }
    if (kind !== undefined) continue;
    const match = sample.exec(line);
    assert.ok(match, line);
    const family = match[1]!.replace(/_(bucket|sum|count)$/, "");
    assert.ok(types.has(match[1]!) || types.get(family) === "histogram", `${line} has no type`);
    const series = match[1]! + (match[2] ?? "");
    assert.equal(values.has(series), false, `${series} twice`);
    values.set(series, Number(match[3]!.replace("Inf", "Infinity")));
  }
  return values;
}

Deno.test("figures are valid Prometheus text and tell the fleet's and the server's state", async () => {
  await using fleet = await AdminFleet.start();
  await fleet.device({ name: "pump", labels: { site: "x" } });
  await fleet.device();
  await fleet.send("GET", "/api/v1/devices", { token: "wrong" });
  const { text, headers } = await fleet.send("GET", "/metrics", { token: fleet.admin });
  assert.equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  const values = parsePrometheus(text);
  assert.equal(values.get('fleetd_devices{admission="accepted"}'), 1);
  assert.equal(values.get('fleetd_devices{admission="pending"}'), 1);
  assert.equal(values.get("fleetd_devices_online"), 1);
  assert.equal(values.get('fleetd_devices_by_agent_version{version="0.1.0"}'), 1);
  assert.equal(
    values.get('fleets_http_requests_total{route="GET /api/v1/devices",status="401"}'),
    1,
  );
  assert.equal(values.get('fleetd_records_lost{stream="metrics"}'), 0);
  assert.equal(values.get("fleets_telemetry_batches_total"), 1);
  const [commits, works] = [values.get("fleets_commits_total")!, values.get("fleets_works_total")!];
  assert.ok(commits > 0 && works >= commits);
  assert.ok(values.get("process_resident_memory_bytes")! > 1e6);
  const sync = 'fleets_http_request_duration_seconds_bucket{route="POST /d/1/sync",le="+Inf"}';
  assert.equal(
    values.get(sync),
    values.get('fleets_http_request_duration_seconds_count{route="POST /d/1/sync"}'),
  );
  assert.equal(text.includes("fleetd_device_"), false, "devices' own figures only when asked for");
  const each = parsePrometheus(
    (await fleet.send("GET", "/metrics?devices=true", { token: fleet.admin })).text,
  );
  const [cpu] = [...each].filter(([series]) => series.startsWith("fleetd_device_cpu_use{"));
  assert.match(cpu![0], /^fleetd_device_cpu_use\{handle="[a-z2-7-]{19}",name="pump"\}$/);
  assert.equal(cpu![1], 0.25);
});

Deno.test("health and readiness are public and empty", async () => {
  await using fleet = await AdminFleet.start();
  for (const path of ["/healthz", "/readyz"]) {
    const { status, text } = await fleet.send("GET", path, {
      headers: { "x-forwarded-for": "192.0.2.1" },
    });
    assert.equal(status, 200);
    assert.equal(text, "");
  }
});

interface Stream {
  /** The next event of that kind with its id and data. */
  next(kind: string): Promise<{ id: string; data: { handle?: string; kind?: string } }>;
  close(): void;
}

function openStream(
  fleet: AdminFleet,
  { query = "", lastId }: { query?: string; lastId?: string } = {},
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${fleet.admin}`,
      ...(lastId === undefined ? {} : { "last-event-id": lastId }),
    };
    const request = httpRequest({
      host: "127.0.0.1",
      port: fleet.server.port,
      path: `/api/v1/events/stream${query}`,
      agent: false,
      headers,
    }, (response) => {
      let text = "";
      let wake = () => {};
      response.setEncoding("utf8");
      response.on("error", () => {});
      response.on("data", (chunk: string) => {
        text += chunk;
        wake();
      });
      resolve({
        async next(kind) {
          for (;;) {
            const end = text.indexOf("\n\n");
            if (end === -1) {
              await new Promise<void>((done) => wake = done);
              continue;
            }
            const fields = Object.fromEntries(
              text.slice(0, end).split("\n").map((
                line,
              ) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
            );
            text = text.slice(end + 2);
            if (fields.event === kind) return { id: fields.id!, data: JSON.parse(fields.data!) };
          }
        },
        close: () => request.destroy(),
      });
    });
    request.on("error", reject);
    request.end();
  });
}

Deno.test("watchers hear of new, changed and removed devices, and go on where they were", async () => {
  await using fleet = await AdminFleet.start();
  const stream = await openStream(fleet);
  const device = await fleet.device();
  assert.equal((await stream.next("device.changed")).data.handle, device.handle);
  await fleet.do("POST", `/api/v1/devices/${device.handle}/accept`, { fingerprint: device.handle });
  const accepted = await stream.next("device.changed");
  stream.close();
  await fleet.do("PATCH", `/api/v1/devices/${device.handle}`, { name: "pump" });
  await fleet.do("DELETE", `/api/v1/devices/${device.handle}`);
  const resumed = await openStream(fleet, { lastId: accepted.id });
  assert.deepEqual((await resumed.next("device.removed")).data.handle, device.handle);
  resumed.close();
  const lost = await openStream(fleet, { lastId: "another-run.7" });
  await lost.next("reset");
  lost.close();
});

Deno.test("telemetry is said only to watchers who want it", async () => {
  await using fleet = await AdminFleet.start();
  const stream = await openStream(fleet, { query: "?telemetry=true" });
  const device = await fleet.device({ labels: { site: "x" } });
  assert.equal((await stream.next("device.telemetry")).data.handle, device.handle);
  stream.close();
});

Deno.test("a server on loopback is announced there with its fingerprint, and says goodbye", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleets-mdns-"));
  const name = `Test ${crypto.randomUUID().slice(0, 8)}`;
  const server = await startServer(
    readConfig({ port: 0, listen: "127.0.0.1", db: join(folder, "fleet.db"), name }),
    { log: SILENT_LOG },
  );
  const stop = new AbortController();
  const prefix = server.facts.fingerprint.replaceAll("-", "").slice(0, 16);
  let closing: Promise<void> | undefined;
  for await (
    const { kind, server: found } of findServers({ signal: stop.signal, loopback: true })
  ) {
    if (found.fingerprintPrefix !== prefix) continue;
    if (kind === "down") break;
    assert.deepEqual(found.urls, [server.url]);
    assert.equal(found.txt.v, "1.0");
    assert.equal(prefix.length, fingerprintPrefix(new Uint8Array(32)).length);
    closing ??= server.close();
  }
  stop.abort();
  await closing;
  rmSync(folder, { recursive: true });
});
