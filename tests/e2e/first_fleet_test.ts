/**
 * The README's way to a fleet of one's own, with the real command lines as a person types them.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import {
  eventually,
  fleetdCommand,
  fleetsCommand,
  run,
  RunningProcess,
  Workplace,
} from "./processes.ts";

const HANDLE = /[a-z2-7]{4}(?:-[a-z2-7]{4}){3}/;
const FINGERPRINT = /[a-z2-7]{4}(?:-[a-z2-7]{4}){5}/;

/** A server of our own, signed in to with its setup code as a person would. */
async function openFleet(place: Workplace): Promise<
  { server: RunningProcess; url: string; fingerprint: string }
> {
  const server = place.startFleets(
    ..."server --port 0 --listen 127.0.0.1 --db fleet.db --no-mdns --log-level warn".split(" "),
  );
  const [, url] = await server.says(/running at (http:\/\/127\.0\.0\.1:\d+)/);
  const [, code] = await server.says(/^ {2}(\S+)\n {2}fleets login/m);
  const [fingerprint] = await server.says(FINGERPRINT);
  Deno.writeTextFileSync(place.path("code.txt"), `${code}\n`);
  const login = await place.fleets("login", url!, "--code-file", "code.txt");
  equal(login.code, 0, login.stderr);
  match(login.stderr, /Signed in to /);
  equal((Deno.statSync(place.path("profiles.json")).mode ?? 0) & 0o777, 0o600);
  return { server, url: url!, fingerprint };
}

/** Runs `fleets`, which must succeed; its standard output. */
async function fleets(place: Workplace, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.fleets(...args);
  equal(code, 0, `fleets ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs `fleetd`, which must succeed; its standard output. */
async function fleetd(place: Workplace, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.fleetd(...args);
  equal(code, 0, `fleetd ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

interface Listed {
  readonly handle: string;
  readonly name: string | null;
  readonly admission: string;
  readonly online: boolean;
  readonly tofu: boolean;
  readonly labels: Record<string, string>;
  readonly latest: Record<string, number>;
}

async function listed(place: Workplace): Promise<Listed[]> {
  return JSON.parse(await fleets(place, "devices", "list", "-o", "json"));
}

const QUIET_AGENT = [
  "--no-mdns",
  "--rpc-port",
  "0",
  "--rpc-listen",
  "127.0.0.1",
  "--interval",
  "1",
];

Deno.test("from an empty folder to a device in the list: server, setup code, token, enroll, agent", async () => {
  await using place = await Workplace.open();
  const { server, url, fingerprint } = await openFleet(place);
  await using _server = server;
  const token = JSON.parse(
    await fleets(place, "tokens", "create", "-o", "json", "--label", "site=home"),
  );
  match(token.token, /^FT1-/);
  Deno.writeTextFileSync(place.path("token.txt"), token.token);

  const enroll = await place.fleetd("enroll", "--server", url, "--token-file", "token.txt");
  equal(enroll.code, 0, enroll.stderr);
  match(enroll.stderr, /No agent runs here\. Start it with: fleetd agent/);
  await using agent = place.startFleetd("agent", ...QUIET_AGENT, "--name", "bench");
  const device = await eventually(
    async () =>
      (await listed(place)).find((d) => d.admission === "accepted" && "cpu.use" in d.latest),
    { everyMs: 500, describe: () => agent.report() },
  );
  deepEqual([device.name, device.online, device.tofu], ["bench", true, false]);
  deepEqual(device.labels, { site: "home" });
  match(device.handle, HANDLE);

  const status = JSON.parse(await fleetd(place, "status", "-o", "json"));
  equal(status.handle, device.handle);
  equal(status.state, "accepted");
  equal(status.trust, "token");
  equal(status.server.fingerprint, fingerprint);
  const doctor = await place.fleetd("doctor", "--no-mdns", "-o", "json");
  const checks: { name: string; ok: boolean | null; found: string }[] = JSON.parse(doctor.stdout);
  deepEqual(checks.filter(({ ok }) => ok === false), []);
  equal(doctor.code, 0, doctor.stderr);

  // The rest of the commands on one device.
  const start = device.handle.slice(0, 4);
  await fleets(place, "devices", "rename", start, "kitchen");
  await fleets(place, "devices", "label", "kitchen", "floor=2", "site-");
  const page = await fleets(place, "devices", "show", "kitchen");
  for (const part of ["kitchen", device.handle, "floor=2", "cpu.use", "memory", "Inventory"]) {
    ok(page.includes(part), `${part} is missing in:\n${page}`);
  }
  ok(!page.includes("site=home"));
  const shown = JSON.parse(await fleets(place, "devices", "show", "kitchen", "-o", "json"));
  match(shown.fingerprint, FINGERPRINT);
  equal(shown.handle, device.handle);
  const identified = await place.fleets("devices", "identify", "kitchen");
  equal(identified.code, 0, identified.stderr);
  match(identified.stderr, /answered in/);
  match(agent.stderr, /identif/i);
  const csv = await fleets(place, "devices", "list", "-o", "csv", "--filter", "name=kitchen");
  equal(csv.trim().split("\n").length, 2);
  equal((await fleets(place, "devices", "list", "-o", "ndjson")).trim().split("\n").length, 1);

  await fleets(place, "devices", "remove", "kitchen", "--yes");
  deepEqual(await listed(place), []);
  equal(JSON.parse(await fleets(place, "devices", "list", "--all", "-o", "json")).length, 1);
  await eventually(async () => {
    const { state } = JSON.parse(await fleetd(place, "status", "-o", "json"));
    return state === "decommissioned";
  }, { everyMs: 500, describe: () => agent.report() });
  equal((await agent.end("SIGTERM")).code, 0);
  equal((await server.end("SIGINT")).code, 0);
});

Deno.test("a device without a token waits until its fingerprint was compared, and is then told to trust", async () => {
  await using place = await Workplace.open();
  const { server, url, fingerprint: serverFingerprint } = await openFleet(place);
  await using _server = server;
  equal((await place.fleets("devices", "register")).code, 0);
  await using agent = place.startFleetd("agent", ...QUIET_AGENT, "--server", url);
  const { handle } = await eventually(
    async () => (await listed(place)).find((d) => d.admission === "pending"),
    { everyMs: 500, describe: () => agent.report() },
  );
  const waiting = await place.fleets("devices", "register");
  equal(waiting.code, 2);
  ok(waiting.stdout.includes(handle));
  const [fingerprint] = FINGERPRINT.exec(waiting.stdout)!;
  equal(fingerprint.slice(0, 19), handle);
  match(waiting.stderr, /fleets devices register HANDLE --fingerprint FINGERPRINT/);
  match(
    await fleetd(place, "status"),
    /pending; accept it on the server with: fleets devices register/,
  );
  const onDevice = await fleetd(place, "status");
  ok(onDevice.includes(fingerprint), `the device shows the same fingerprint:\n${onDevice}`);
  equal(JSON.parse(await fleetd(place, "status", "-o", "json")).fingerprint, fingerprint);

  const wrong = fingerprint.slice(0, -1) + (fingerprint.endsWith("a") ? "b" : "a");
  const refused = await place.fleets(
    "devices",
    "register",
    handle.slice(0, 6),
    "--fingerprint",
    wrong,
  );
  equal(refused.code, 6);
  match(refused.stderr, /its fingerprint is another one/);
  equal((await listed(place))[0]!.admission, "pending");

  const accepted = await place.fleets(
    "devices",
    "register",
    handle.slice(0, 6),
    "--fingerprint",
    fingerprint,
  );
  equal(accepted.code, 0, accepted.stderr);
  await eventually(async () => (await listed(place))[0]!.latest["memory.used"] !== undefined, {
    everyMs: 500,
    describe: () => agent.report(),
  });
  equal(JSON.parse(await fleetd(place, "status", "-o", "json")).trust, "tofu");

  const other = serverFingerprint.replace(/^./, (c) => c === "a" ? "b" : "a");
  equal((await place.fleetd("trust", other)).code, 6);
  await fleetd(place, "trust", serverFingerprint);
  await eventually(
    async () => JSON.parse(await fleetd(place, "status", "-o", "json")).trust === "confirmed",
    { everyMs: 500, describe: () => agent.report() },
  );
  equal((await agent.end("SIGINT")).code, 0);
  equal((await server.end("SIGTERM")).code, 0);
});

Deno.test("a device that is turned away learns of it, and a spent token leaves one waiting", async () => {
  await using place = await Workplace.open();
  const { server, url } = await openFleet(place);
  await using _server = server;
  const { token } = JSON.parse(await fleets(place, "tokens", "create", "-o", "json"));
  Deno.writeTextFileSync(place.path("token.txt"), token);
  const once = ["agent", ...QUIET_AGENT, "--server", url, "--token-file", "token.txt", "--once"];
  const first = await place.fleetd(...once);
  equal(first.code, 0, first.stderr);
  const [device] = await listed(place);
  equal(device!.admission, "accepted");
  ok("cpu.use" in device!.latest, "one run of --once delivers one whole sample");

  const second = new RunningProcess(
    fleetdCommand(
      "agent",
      ...QUIET_AGENT,
      "--server",
      url,
      "--token-file",
      place.path("token.txt"),
      "--storage-dir",
      place.path("second"),
    ),
    { env: place.env },
  );
  await using _second = second;
  const { handle } = await eventually(
    async () => (await listed(place)).find((d) => d.admission === "pending"),
    { everyMs: 500, describe: () => second.report() },
  );
  await fleets(place, "devices", "reject", handle);
  await eventually(async () => {
    const { stdout } = await place.fleetd(
      "status",
      "-o",
      "json",
      "--storage-dir",
      place.path("second"),
    );
    return JSON.parse(stdout).state === "rejected";
  }, { everyMs: 500, describe: () => second.report() });
  const tokens = JSON.parse(await fleets(place, "tokens", "list", "-o", "json"));
  equal(tokens[0].used, 1);
  equal((await second.end("SIGTERM")).code, 0);
  equal((await server.end("SIGTERM")).code, 0);
});

Deno.test("without a server the list is one clear sentence and the command that starts one", async () => {
  await using place = await Workplace.open();
  const free = await listenOn(0);
  const { port } = free.address() as AddressInfo;
  await closed(free);
  const { code, stdout, stderr } = await run(
    fleetsCommand("devices", "list"),
    { env: { ...place.env, FLEETS_URL: `http://127.0.0.1:${port}` } },
  );
  equal(code, 5);
  equal(stdout, "");
  match(stderr, /^error: Cannot list devices: no server answers at http:\/\/127\.0\.0\.1:\d+\.\n/);
  match(stderr, /Start one with: fleets server --port/);
});

Deno.test("both tools say their version", async () => {
  await using place = await Workplace.open();
  match(await fleets(place, "version"), /^fleets \d+\.\d+\.\d+ /);
  match(await fleetd(place, "version"), /^fleetd \d+\.\d+\.\d+ \(protocol 1\.\d+/);
});

Deno.test("an explicit local port that is taken is an error, the default one moves on, and 0 says which", async () => {
  await using place = await Workplace.open();
  const lone = [
    "agent",
    "--no-mdns",
    "--server",
    "http://127.0.0.1:9",
    "--rpc-listen",
    "127.0.0.1",
  ];
  const other = await listenOn(0);
  const { port } = other.address() as AddressInfo;
  // Whoever holds the default port, it is taken.
  const first = await listenOn(7400).catch(() => undefined);
  try {
    const refused = await place.fleetd(...lone, "--rpc-port", String(port));
    equal(refused.code, 1);
    match(refused.stderr, new RegExp(`port ${port} is taken\\. Pass another --rpc-port`));

    await using moved = place.startFleetd(...lone);
    const [, next] = await moved.says(/Port 7400 is taken, .*next free one port=(\d+)/);
    ok(Number(next) > 7400 && Number(next) < 7500);
    equal(
      (await fetch(`http://127.0.0.1:${next}/v1/info`).then((a) => a.json())).state,
      "unenrolled",
    );
    equal((await moved.end("SIGINT")).code, 0);

    await using any = place.startFleetd(...lone, "--rpc-port", "0");
    const [, chosen] = await any.says(/local RPC listens port=(\d+)/);
    equal(
      (await fetch(`http://127.0.0.1:${chosen}/v1/health`).then((a) => a.json())).state,
      "unenrolled",
    );
    equal((await any.end("SIGTERM")).code, 0);
  } finally {
    await closed(other);
    if (first !== undefined) await closed(first);
  }
});

function listenOn(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
