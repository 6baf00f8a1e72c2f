/**
 * Two server processes on one PostgreSQL: whichever answers, it is one fleet.
 *
 * @module
 */
import { DeviceStateCode } from "@fleetd/firmware-protocol";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { DEMO_DEVICES } from "../demo/models.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { eventually, fleetsCommand, run, RunningProcess, Workplace } from "../e2e/processes.ts";
import {
  PASSWORD,
  PostgresCluster,
  reasonForNoPostgres,
  sayNoPostgres,
  USER,
} from "../store/postgres_cluster.ts";
import { Balancer } from "./balancer.ts";
import { type OneServer, SeveralServers } from "./several_servers.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);

let cluster: PostgresCluster;
Deno.test.beforeAll(async () => {
  if (reason === undefined) cluster = await PostgresCluster.start();
});
Deno.test.afterAll(async () => {
  await cluster?.stop();
});

function test(name: string, fn: (place: Workplace) => Promise<void>): void {
  Deno.test({
    name,
    ignore: reason !== undefined,
    async fn() {
      await using place = await Workplace.open();
      await fn(place);
    },
  });
}

async function startBoth(
  place: Workplace,
  options: { skewMs?: number } = {},
): Promise<SeveralServers> {
  return await SeveralServers.start(place, cluster.url(await cluster.createDatabase()), options);
}

function deviceOf(url: string, token?: string): SimulatedDevice {
  return new SimulatedDevice({
    url,
    token,
    model: DEMO_DEVICES[0]!.model,
    now: Date.now,
    timeoutMs: 40_000,
  });
}

/** Sends prepared bytes to a server, past the device. */
async function post(server: OneServer, body: Uint8Array): Promise<Uint8Array> {
  const answer = await fetch(`${server.url}/d/1/sync`, {
    method: "POST",
    headers: { "content-type": "application/cose" },
    body: body as BodyInit,
  });
  equal(answer.status, 200);
  return new Uint8Array(await answer.arrayBuffer());
}

async function storedSamples(fleet: SeveralServers, handle: string): Promise<number> {
  const [row] = await cluster.query<{ through: string }>(
    new URL(fleet.database).pathname.slice(1),
    "SELECT metrics_through AS through FROM devices WHERE handle = $1",
    [handle],
  );
  return Number(row!.through);
}

test("servers that start together on an empty database are one fleet; a device enrols at one and syncs with the other", async (place) => {
  await using fleet = await startBoth(place);
  const { a, b } = fleet;
  const facts = await Promise.all(
    [a, b].map((server) =>
      fleet.api(server).request<{ fingerprint: string }>("GET", "/api/v1/server", { act: "ask" })
    ),
  );
  equal(facts[0]!.fingerprint, facts[1]!.fingerprint);

  const device = deviceOf(a.url, await fleet.enrolmentToken(1));
  await device.enrol();
  const first = device.nextRequest();
  const answered = device.accept(first, await post(b, first));
  equal(answered.state, DeviceStateCode.active);

  // One message at both at once and again: taken once, answered every time.
  for (let round = 0; round < 20; round++) {
    // One server is behind: what it remembers of the session is not what the other has made of it.
    device.take();
    const only = device.nextRequest();
    device.accept(only, await post([a, b][round % 2]!, only));
    device.take();
    const body = device.nextRequest();
    const answers = await Promise.all([post(a, body), post(b, body), post(a, body)]);
    for (const bytes of [...answers, await post(b, body)]) device.accept(body, bytes);
    equal(device.acknowledged, device.taken - 1);
  }
  equal(await storedSamples(fleet, device.handle), device.acknowledged);
  const [{ batches, quarantined }] = await cluster.query<{ batches: string; quarantined: number }>(
    new URL(fleet.database).pathname.slice(1),
    `SELECT (SELECT count(*) FROM telemetry_log) AS batches, quarantined FROM devices`,
  ) as [{ batches: string; quarantined: number }];
  deepEqual([Number(batches), quarantined], [40, 0]);
});

test("behind a balancer whole lives of devices go from server to server, request by request", async (place) => {
  await using fleet = await startBoth(place);
  await using balancer = await Balancer.start([fleet.a.port, fleet.b.port]);
  const token = await fleet.enrolmentToken(20);
  const devices = await Promise.all(Array.from({ length: 20 }, async () => {
    const device = deviceOf(balancer.url, token);
    await device.enrol();
    do await device.sync(); while (device.eager);
    for (let sample = 0; sample < 25; sample++) {
      device.take();
      await device.sync();
    }
    return device;
  }));
  for (const device of devices) {
    equal(device.state, DeviceStateCode.active);
    equal(device.acknowledged, 24);
    equal(await storedSamples(fleet, device.handle), 24);
  }
});

test("a poll that waits at one server is woken within a second by what happens at the other", async (place) => {
  await using fleet = await startBoth(place);
  const { a, b } = fleet;
  const device = deviceOf(b.url, await fleet.enrolmentToken(1));
  await device.enrol();
  do await device.sync(); while (device.eager);
  const latencies: number[] = [];
  for (let round = 0; round < 5; round++) {
    let identifiedAtMs = 0;
    device.onIdentify = () => identifiedAtMs = performance.now();
    const waiting = device.sync({ waitS: 30 });
    await eventually(async () => await waitingAt(fleet, b) === 1, { everyMs: 20 });
    await fleet.api(a).request("POST", `/api/v1/devices/${device.handle}/identify`, {
      act: "identify",
    });
    const askedAtMs = performance.now();
    await waiting;
    latencies.push(identifiedAtMs - askedAtMs);
    do await device.sync(); while (device.eager);
  }
  ok(latencies.every((ms) => ms < 1_000), latencies.join(" "));
});

test("the event stream of one server shows what happens at the other, and says when it may have missed something", async (place) => {
  await using fleet = await startBoth(place);
  const { a, b } = fleet;
  const device = deviceOf(a.url, await fleet.enrolmentToken(1));
  await device.enrol();
  do await device.sync(); while (device.eager);
  const stop = new AbortController();
  const answer = await fetch(`${b.url}/api/v1/events/stream?telemetry=true`, {
    headers: { authorization: `Bearer ${fleet.admin}` },
    signal: stop.signal,
  });
  equal(answer.status, 200);
  let text = "";
  const reading = (async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part;
  })().catch(() => {});
  const shows = async (what: string) => {
    const startedMs = performance.now();
    await eventually(() => text.includes(what), { everyMs: 5, describe: () => text });
    ok(performance.now() - startedMs < 1_000, what);
  };
  await fleet.api(a).request("PATCH", `/api/v1/devices/${device.handle}`, {
    act: "name it",
    body: { name: "greenhouse" },
  });
  await shows(`event: device.changed\ndata: {"kind":"device.changed","handle":"${device.handle}"`);
  device.take();
  await device.sync();
  await shows("event: device.telemetry");
  equal(text.includes("event: reset"), false);
  // The connection over which it hears is cut: it is made anew, and watchers are told.
  await cutWatches(fleet);
  await eventually(() => text.includes("event: reset"), { describe: () => text });
  text = "";
  await eventually(async () => {
    await fleet.api(a).request("PATCH", `/api/v1/devices/${device.handle}`, {
      act: "name it",
      body: { name: `greenhouse-${text.length}` },
    });
    return text.includes("event: device.changed");
  });
  stop.abort();
  await reading;
});

test("clocks that differ by minutes harm nobody: the time is the database's", async (place) => {
  await using fleet = await startBoth(place, { skewMs: -600_000 });
  const { a, b } = fleet;
  const device = deviceOf(a.url, await fleet.enrolmentToken(1));
  await device.enrol();
  // A handshake lasts two minutes, and the first message comes to the server that lives ten minutes ago.
  const first = device.nextRequest();
  const reply = device.accept(first, await post(b, first));
  equal(reply.state, DeviceStateCode.active);
  ok(Math.abs(reply.time - Date.now()) < 5_000, `${reply.time - Date.now()} ms`);
  for (const server of [a, b]) {
    const { online, lastSeenMs } = await fleet.api(server).request<
      { online: boolean; lastSeenMs: number }
    >("GET", `/api/v1/devices/${device.handle}`, { act: "look" });
    equal(online, true);
    ok(Math.abs(lastSeenMs - Date.now()) < 5_000);
  }
});

test("readiness is the truth: 503 without a database and with one that takes no changes; then all goes on", async (place) => {
  await using own = await PostgresCluster.start();
  const name = await own.createDatabase();
  await using fleet = await SeveralServers.start(place, own.url(name));
  const { a, b } = fleet;
  const device = deviceOf(a.url, await fleet.enrolmentToken(1));
  await device.enrol();
  do await device.sync(); while (device.eager);
  const ready = () => Promise.all([a.status("/readyz"), b.status("/readyz")]);
  deepEqual(await ready(), [200, 200]);
  await own.stopServing();
  deepEqual(await ready(), [503, 503]);
  deepEqual([await a.status("/healthz"), await b.status("/healthz")], [200, 200]);
  device.take();
  const body = device.nextRequest();
  equal((await refusedSync(a, body)).status, 503);
  await own.restart();
  await eventually(async () => (await ready()).every((status) => status === 200));
  device.accept(body, await post(b, body));
  equal(device.acknowledged, 0);
});

test("one server does the housekeeping, and the other takes over when it is gone", async (place) => {
  await using fleet = await startBoth(place);
  const name = new URL(fleet.database).pathname.slice(1);
  const leader = async () => {
    const rows = await cluster.query<{ pid: number }>(
      name,
      `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND a.application_name = 'fleets watch' AND a.datname = $1`,
      [name],
    );
    ok(rows.length <= 1);
    return rows[0]?.pid;
  };
  const first = await eventually(leader);
  // Whose connection it is nobody says: one of the two is killed until it was the leader's.
  await fleet.a.kill();
  const second = await eventually(async () => await leader() ?? false);
  if (second === first) {
    await fleet.a.start();
    await fleet.b.kill();
    ok(
      await eventually(async () => {
        const now = await leader();
        return now !== undefined && now !== first && now;
      }),
    );
  }
});

test("without its key, or with another, a server does not start, says why, and never says the password", async (place) => {
  const name = await cluster.createDatabase();
  const url = cluster.url(name);
  const args = ["--port", "0", "--listen", "127.0.0.1", "--no-mdns", "--log-level", "debug"];
  const started = async (more: readonly string[], env: Record<string, string> = {}) => {
    await using server = new RunningProcess(fleetsCommand("server", ...args, ...more), {
      env: { ...place.env, ...env },
    });
    await server.says("is running at");
    const { code, stdout, stderr } = await server.end("SIGINT");
    equal(code, 0, stderr);
    return stdout + stderr;
  };
  const output = [await started(["--db", url, "--data-dir", place.path("a")])];
  match(output[0]!, new RegExp(`database +postgres://${USER}@127`));
  const refused = async (folder: string) => {
    const { code, stderr } = await run(
      fleetsCommand("server", ...args, "--db", url, "--data-dir", folder),
    );
    equal(code, 1);
    output.push(stderr);
    return stderr;
  };
  match(await refused(place.path("b")), /key file .*b.*\.key is missing.*copy it from another/);
  await Deno.writeTextFile(place.path(`b/${name}.key`), "ab".repeat(32));
  match(await refused(place.path("b")), /wrapped under another key/);
  // The same key elsewhere, and the password in the environment.
  await Deno.copyFile(place.path(`a/${name}.key`), place.path("shared.key"));
  const bare = cluster.url(name, { password: false });
  const passwords = place.path("passwords");
  await Deno.writeTextFile(passwords, `127.0.0.1:*:*:${USER}:${PASSWORD}\n`, { mode: 0o600 });
  const ways: [string, Record<string, string>][] = [
    [bare, { PGPASSWORD: PASSWORD }],
    [bare, { PGPASSFILE: passwords }],
    [cluster.socketUrl(name), {}],
  ];
  for (const [db, env] of ways) {
    const key = place.path("shared.key"), folder = place.path("c");
    const more = ["--db", db, "--data-dir", folder, "--key-file", key];
    output.push(await started(more, env));
  }
  const wrong = await run(fleetsCommand("server", ...args, "--db", bare), {
    env: { ...place.env, PGPASSWORD: "wrong" },
    cwd: place.folder,
  });
  equal(wrong.code, 6);
  match(wrong.stderr, /password authentication failed.*PGPASSWORD/s);
  output.push(wrong.stderr);
  for (const text of output) {
    equal(text.includes(PASSWORD) || text.includes(encodeURIComponent(PASSWORD)), false, text);
  }
});

async function waitingAt(fleet: SeveralServers, server: OneServer): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${fleet.admin}` },
  });
  return Number(/^fleets_waiting_polls (\d+)$/m.exec(await answer.text())?.[1]);
}

async function cutWatches(fleet: SeveralServers): Promise<void> {
  const name = new URL(fleet.database).pathname.slice(1);
  await cluster.query(
    name,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'fleets watch' AND datname = $1`,
    [name],
  );
}

async function refusedSync(server: OneServer, body: Uint8Array): Promise<Response> {
  const answer = await fetch(`${server.url}/d/1/sync`, {
    method: "POST",
    headers: { "content-type": "application/cose" },
    body: body as BodyInit,
  });
  await answer.body?.cancel();
  return answer;
}
