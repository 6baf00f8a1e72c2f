/**
 * The demo as a person starts it: a process that brings a whole fleet up, tells this machine's truth, and leaves nothing.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { AGENT_SERVICE, browse, SERVER_SERVICE } from "@fleetd/firmware-protocol";
import { MachineFigures } from "./machine_figures.ts";
import {
  descendants,
  eventually,
  exists,
  RunningProcess,
  testProgram,
  Workplace,
} from "./processes.ts";

const onLinux = { ignore: Deno.build.os !== "linux" };

interface Latest {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly atMs: number;
}

interface Detail {
  readonly handle: string;
  readonly name: string;
  readonly latestValues: readonly Latest[];
}

interface Hello {
  readonly url: string;
  readonly token: string;
  readonly devices: readonly {
    readonly handle: string;
    readonly name: string;
    readonly admission: string;
    readonly latest: Readonly<Record<string, number>>;
  }[];
}

/** Starts the demo with its temporary files in the folder. */
function startDemo(place: Workplace, ...args: string[]): RunningProcess {
  Deno.mkdirSync(place.path("tmp"), { recursive: true });
  return new RunningProcess(testProgram("demo/demo.ts", ...args), {
    env: { TMPDIR: place.path("tmp"), DENO_NO_UPDATE_CHECK: "1" },
  });
}

async function hello(demo: RunningProcess): Promise<Hello> {
  const [line] = await demo.says(/^\{.*\}$/m, 120_000);
  return JSON.parse(line);
}

/** Ends the demo as Ctrl-C does, and with it, should it fail, whatever it started. */
async function endDemo(demo: RunningProcess, started: readonly number[]): Promise<number> {
  try {
    return (await demo.end("SIGINT")).code;
  } finally {
    for (const pid of started) if (exists(pid)) Deno.kill(pid, "SIGKILL");
  }
}

async function apiDetail({ url, token }: Hello, handle: string): Promise<Detail> {
  const answer = await fetch(`${url}/api/v1/devices/${handle}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  equal(answer.status, 200);
  return await answer.json();
}

async function shown(place: Workplace, name: string): Promise<Detail> {
  const { code, stdout, stderr } = await place.fleets("devices", "show", name, "-o", "json");
  equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const valueOf = ({ latestValues }: Detail, metric: string): Latest => {
  const found = latestValues.find((one) => one.metric === metric);
  ok(found, `${metric} is missing`);
  return found;
};

/** Times of the agent's samples, Unix ms, ascending. */
async function sampleTimes({ url, token }: Hello, handle: string): Promise<number[]> {
  const query = new URLSearchParams({
    metric: "uptime",
    from: String(Date.now() - 600_000),
    to: String(Date.now() + 60_000),
    resolution: "1",
  });
  const answer = await fetch(`${url}/api/v1/devices/${handle}/telemetry?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const body = await answer.json();
  equal(answer.status, 200, JSON.stringify(body));
  return body.series[0].points.map((point: { atMs: number }) => point.atMs);
}

function close(what: string, actual: number, { value, tolerance }: {
  readonly value: number;
  readonly tolerance: number;
}): void {
  ok(
    Math.abs(actual - value) <= tolerance,
    `${what} is ${actual}, /proc says ${value} ± ${tolerance}`,
  );
}

/** Holds what the server and its command line say of this machine against /proc, for the same moments. */
async function agreesWithProc(
  figures: MachineFigures,
  { fleet, detail }: { fleet: Hello; detail: Detail },
): Promise<void> {
  const memory = valueOf(detail, "memory.used");
  equal(valueOf(detail, "memory.total").value, figures.memoryTotalBytes);
  close("memory.used", memory.value, figures.memoryUsed(memory.atMs));
  const cpu = valueOf(detail, "cpu.use");
  const before = (await sampleTimes(fleet, detail.handle)).findLast((atMs) => atMs < cpu.atMs)!;
  close("cpu.use", cpu.value, figures.cpuUse(before, cpu.atMs));
}

Deno.test(
  "the demo brings up six devices, and what it shows of this machine agrees with /proc",
  onLinux,
  async () => {
    await using place = await Workplace.open();
    await using demo = startDemo(place, "--json", "--port", "0");
    let started: number[] = [];
    try {
      const fleet = await hello(demo);
      started = descendants(demo.pid);
      deepEqual(Object.keys(fleet), ["url", "token", "devices"]);
      match(fleet.url, /^http:\/\/127\.0\.0\.1:\d+$/);
      match(fleet.token, /^flt_/);
      equal(fleet.devices.length, 6);
      equal(fleet.devices.every(({ admission }) => admission === "accepted"), true);
      const hot = fleet.devices.filter((d) => (d.latest["temperature.cpu"] ?? 0) >= 80);
      equal(hot.filter(({ name }) => name !== hostname()).length, 1);

      Deno.writeTextFileSync(place.path("token"), fleet.token);
      const login = await place.fleets("login", fleet.url, "--token-file", place.path("token"));
      equal(login.code, 0, login.stderr);

      using figures = new MachineFigures();
      const own = fleet.devices.find(({ name }) => name === hostname())!;
      ok("cpu.use" in own.latest, "its first figures are complete");
      // A sample whose whole window, from the sample before it on, has been watched here.
      await eventually(
        async () =>
          (await sampleTimes(fleet, own.handle)).filter((at) => at > figures.sinceMs).length >= 2,
        { deadlineMs: 90_000, everyMs: 500 },
      );
      await agreesWithProc(figures, { fleet, detail: await apiDetail(fleet, own.handle) });
      await agreesWithProc(figures, { fleet, detail: await shown(place, own.name) });
    } finally {
      equal(await endDemo(demo, started), 0);
    }
    deepEqual(started.filter(exists), []);
    deepEqual([...Deno.readDirSync(place.path("tmp"))], []);
  },
);

Deno.test(
  "Ctrl-C ends the demo with goodbyes, without a process or a file left behind",
  onLinux,
  async () => {
    await using place = await Workplace.open();
    await using demo = startDemo(place, "--json", "--port", "0");
    const looking = new AbortController();
    const gone = new Set<string>();
    const here = new Set<string>();
    const browsing = (async () => {
      const types = [AGENT_SERVICE, SERVER_SERVICE];
      for await (
        const { kind, service } of browse({ types, signal: looking.signal, loopback: true })
      ) {
        const key = `${service.type} ${service.port}`;
        if (kind === "down") gone.add(key);
        else here.add(key);
      }
    })();
    let started: number[] = [];
    try {
      const fleet = await hello(demo);
      started = descendants(demo.pid);
      equal(started.length, 1, "the agent is the only process besides the demo itself");
      const own = fleet.devices.find(({ name }) => name === hostname())!;
      const status = Deno.readTextFileSync(`/proc/${started[0]}/cmdline`).split("\0");
      const storage = status[status.indexOf("--storage-dir") + 1]!;
      const { port } = JSON.parse(Deno.readTextFileSync(`${storage}/rpc.json`));
      const services = [`${AGENT_SERVICE} ${port}`, `${SERVER_SERVICE} ${new URL(fleet.url).port}`];
      await eventually(() => services.every((one) => here.has(one)), {
        describe: () => `${own.handle} or the server was not seen: ${[...here]}`,
      });
      equal(await endDemo(demo, started), 0);
      equal(demo.stderr, "");
      deepEqual(started.filter(exists), []);
      deepEqual([...Deno.readDirSync(place.path("tmp"))], []);
      // Without goodbyes the records would live for two minutes.
      await eventually(() => services.every((one) => gone.has(one)), {
        deadlineMs: 20_000,
        describe: () => `no goodbye of ${services.filter((one) => !gone.has(one))}`,
      });
    } finally {
      await endDemo(demo, started);
      looking.abort();
      await browsing;
    }
  },
);

Deno.test(
  "a demo whose port is taken goes to another one and says so, with the way in",
  onLinux,
  async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    await using place = await Workplace.open();
    await using demo = startDemo(place, "--port", String(port));
    let started: number[] = [];
    try {
      await demo.says("Ctrl-C ends the demo.", 120_000);
      started = descendants(demo.pid);
      match(demo.stdout, new RegExp(`Port ${port} is taken, so this demo is on another one`));
      const [, url, signIn] = /Look\s+(http:[^\s#]+)\/setup#[a-z0-9-]+\n.+\n\s+Sign in\s+(.+)/i
        .exec(demo.stdout)!;
      ok(url !== `http://127.0.0.1:${port}`);
      equal(
        (await fetch(`${url}/healthz`).then((answer) => answer.body?.cancel().then(() => answer)))!
          .status,
        200,
      );
      // What it says to type works as it stands.
      const [, file] = /task fleets login \S+ --token-file (\S+)$/.exec(signIn!)!;
      const login = await place.fleets("login", url!, "--token-file", file!);
      equal(login.code, 0, login.stderr);
      for (
        const name of [
          hostname(),
          "kitchen-display",
          "garage-camera",
          "greenhouse",
          "door-sensor",
          "rain-gauge",
        ]
      ) {
        ok(demo.stdout.includes(name), `${name} is in the table`);
      }
      match(demo.stdout, /\(this machine\)/);
    } finally {
      equal(await endDemo(demo, started), 0);
      await new Promise((resolve) => other.close(resolve));
    }
  },
);
