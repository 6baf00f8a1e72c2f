/**
 * The real agent through a server's outage and through its own kills: no sample is lost, no number used twice.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { metricByName } from "@fleetd/firmware-protocol";
import { eventually, LARGE, type RunningProcess, Workplace } from "../e2e/processes.ts";
import { CrashServer } from "./crash_server.ts";
import { checkIntegrity, readStoredDevice, type StoredSample } from "./stored_telemetry.ts";

const OUTAGE_MS = LARGE ? 60_000 : 20_000;
const KILLS = LARGE ? 20 : 5;
const SAMPLE_MS = 1_000;
/** A sample is due every second; a machine under load may be late with it by as much as this. */
const LATE_MS = 2_500;

/** Seconds since the start, which tell samples apart; on the wire as whole ones. */
const UPTIME = metricByName("uptime")!.id;
const SCALE_S = 0.6;

interface Detail {
  readonly handle: string;
  readonly streams: readonly { stream: string; epoch: number; through: number; lost: number }[];
}

/** A server and a real agent that samples every second and syncs every two. */
class Outage {
  readonly server: CrashServer;
  #agent: RunningProcess | undefined;
  handle = "";

  constructor(readonly place: Workplace) {
    this.server = new CrashServer(place);
  }

  get #arguments(): string[] {
    return [
      ...["agent", "--server", this.server.url, "--no-mdns", "--interval", "1"],
      ...["--rpc-port", "0", "--rpc-listen", "127.0.0.1"],
    ];
  }

  startAgent(): RunningProcess {
    return this.#agent = this.place.startFleetd(...this.#arguments);
  }

  async begin(): Promise<void> {
    await this.server.start();
    Deno.writeTextFileSync(this.place.path("token"), await this.server.enrolmentToken(1));
    const token = ["--token-file", this.place.path("token")];
    const once = await this.place.fleetd(...this.#arguments, ...token, "--once");
    equal(once.code, 0, once.stderr);
    this.handle = (await this.#devices())[0]!.handle;
    await this.server.api.request("PATCH", `/api/v1/devices/${this.handle}`, {
      act: "set the interval",
      body: { intervalS: 2 },
    });
    this.startAgent();
    await this.delivered(3);
  }

  get agent(): RunningProcess {
    return this.#agent!;
  }

  /** Waits until so many samples of the newest epoch are stored. */
  async delivered(count: number): Promise<void> {
    await eventually(async () => {
      const stream = (await this.detail()).streams.find(({ stream }) => stream === "metrics");
      return stream !== undefined && stream.through >= count;
    }, { deadlineMs: 120_000, describe: () => this.#agent!.report() });
  }

  async detail(): Promise<Detail> {
    return await this.server.api.request<Detail>("GET", `/api/v1/devices/${this.handle}`, {
      act: "read the device",
    });
  }

  /** Waits until the agent has delivered what it held, and more, then ends both in order. */
  async finish(): Promise<void> {
    const stream = (await this.detail()).streams.find(({ stream }) => stream === "metrics")!;
    await this.delivered(stream.through + 3);
    equal((await this.#agent!.end("SIGTERM")).code, 0);
    await this.server.stop();
  }

  async #devices(): Promise<{ handle: string }[]> {
    const { items } = await this.server.api.request<{ items: { handle: string }[] }>(
      "GET",
      "/api/v1/devices",
      { act: "list devices" },
    );
    return items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Every number of an epoch once, from the first on, in the order in which they were taken. */
function assertNoHoles(samples: readonly StoredSample[]): void {
  deepEqual(
    samples.map(({ counter }) => counter),
    samples.map((_, at) => 1 + at),
  );
}

/** Longest time between two consecutive samples, ms. */
function longestPause(all: readonly StoredSample[]): number {
  const samples = all.filter(({ dated }) => dated);
  return Math.max(...samples.slice(1).map(({ atMs }, at) => atMs - samples[at]!.atMs));
}

Deno.test(`a server that is away for ${OUTAGE_MS / 1000} s costs no sample`, async () => {
  await using place = await Workplace.open();
  await using outage = new Outage(place);
  await outage.begin();
  await outage.server.kill();
  const awayFromMs = Date.now();
  await delay(OUTAGE_MS);
  const awayToMs = Date.now();
  await outage.server.start();
  await outage.delivered(Math.floor(OUTAGE_MS / SAMPLE_MS));
  await outage.finish();

  equal(checkIntegrity(outage.server.database), "ok");
  const stored = readStoredDevice(outage.server.database, outage.handle);
  const samples = stored.samples.filter(({ epoch }) => epoch === stored.stream.epoch);
  // Besides these there is the one sample by which the device enrolled.
  equal(stored.samples.length, samples.length + 1);
  assertNoHoles(samples);
  deepEqual([stored.stream.through, stored.stream.lost], [samples.length, 0]);
  deepEqual([stored.quarantined, stored.staleMessages], [false, 0]);
  // The numbers say that nothing that was taken is missing; the times say that it was taken all along.
  const away = samples.filter(({ atMs }) => atMs > awayFromMs && atMs < awayToMs);
  ok(away.length >= 0.8 * OUTAGE_MS / SAMPLE_MS, `${away.length} samples in ${OUTAGE_MS} ms`);
  ok(
    longestPause(samples) <= LATE_MS,
    `${longestPause(samples)} ms without a sample`,
  );
});

Deno.test(`an agent killed ${KILLS} times loses at most the sample in the making and uses no number twice`, async () => {
  await using place = await Workplace.open();
  await using outage = new Outage(place);
  await outage.begin();
  /** Uptime of the newest sample that each process had taken when it was killed. */
  const taken: number[] = [];
  let agent = outage.agent;
  for (let kill = 0; kill < KILLS; kill++) {
    // Some are killed while they start, most at work, at any point between two samples.
    if (kill % 4 !== 3) {
      await agent.says("The agent starts");
      await delay(1_000);
    }
    await delay(Math.random() * 3_500);
    const newest = await newestSample(place);
    await agent.end("SIGKILL");
    if (newest !== undefined) taken.push(newest);
    agent = outage.startAgent();
  }
  await outage.delivered(3);
  await outage.finish();

  equal(checkIntegrity(outage.server.database), "ok");
  const { samples, stream, ...alarms } = readStoredDevice(outage.server.database, outage.handle);
  const epochs = [...new Set(samples.map(({ epoch }) => epoch))];
  deepEqual(epochs, epochs.toSorted((a, b) => a - b));
  for (const epoch of epochs) assertNoHoles(samples.filter((one) => one.epoch === epoch));
  equal(stream.lost, 0);
  deepEqual([alarms.quarantined, alarms.staleMessages], [false, 0]);
  // Only the sample in the making may be missing: what a process called taken is stored.
  ok(
    taken.length >= KILLS / 2,
    `only ${taken.length} of ${KILLS} kills met a process with samples`,
  );
  const uptimes = samples.map(({ values }) => values.get(UPTIME)!);
  for (const uptime of taken) {
    ok(
      uptimes.some((one) => Math.abs(one - uptime) < SCALE_S),
      `the sample at ${uptime} s is missing`,
    );
  }
});

/** Uptime of the newest sample that the agent says it has taken, s; undefined before the first one. */
async function newestSample(place: Workplace): Promise<number | undefined> {
  try {
    const { port } = JSON.parse(Deno.readTextFileSync(place.path("fleetd/rpc.json")));
    const answer = await fetch(`http://127.0.0.1:${port}/v1/status`);
    return (await answer.json()).latest?.uptime;
  } catch {
    return undefined; // it does not answer yet
  }
}
