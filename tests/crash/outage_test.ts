/**
 * The real agent through a server's outage and through its own kills: no sample is lost, no number used twice.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { eventually, LARGE, type RunningProcess, Workplace } from "../e2e/processes.ts";
import { CrashServer } from "./crash_server.ts";
import { checkIntegrity, readStoredDevice, type StoredSample } from "./stored_telemetry.ts";

const OUTAGE_MS = LARGE ? 60_000 : 20_000;
const KILLS = LARGE ? 20 : 5;
const SAMPLE_MS = 1_000;
/** A sample is due every second; a machine under load may be late with it by as much as this. */
const LATE_MS = 2_500;

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

  startAgent(): RunningProcess {
    return this.#agent = this.place.startFleetd(
      "agent",
      ...["--server", this.server.url, "--token-file", this.place.path("token"), "--no-mdns"],
      ...["--rpc-port", "0", "--rpc-listen", "127.0.0.1", "--interval", "1"],
    );
  }

  async begin(): Promise<void> {
    await this.server.start();
    Deno.writeTextFileSync(this.place.path("token"), await this.server.enrolmentToken(1));
    this.startAgent();
    this.handle = (await eventually(async () => (await this.#devices())[0])).handle;
    await this.server.api.request("PATCH", `/api/v1/devices/${this.handle}`, {
      act: "set the interval",
      body: { intervalS: 2 },
    });
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
  equal(new Set(stored.samples.map(({ epoch }) => epoch)).size, 1);
  assertNoHoles(stored.samples);
  deepEqual([stored.stream.through, stored.stream.lost], [stored.samples.length, 0]);
  deepEqual([stored.quarantined, stored.staleMessages], [false, 0]);
  // The numbers say that nothing that was taken is missing; the times say that it was taken all along.
  const away = stored.samples.filter(({ atMs }) => atMs > awayFromMs && atMs < awayToMs);
  ok(away.length >= 0.8 * OUTAGE_MS / SAMPLE_MS, `${away.length} samples in ${OUTAGE_MS} ms`);
  ok(
    longestPause(stored.samples) <= LATE_MS,
    `${longestPause(stored.samples)} ms without a sample`,
  );
});

Deno.test(`an agent killed ${KILLS} times loses at most the sample in the making and uses no number twice`, async () => {
  await using place = await Workplace.open();
  await using outage = new Outage(place);
  await outage.begin();
  /** When each process said that it starts (absent when it was killed before) and when it was killed. */
  const lives: { readonly fromMs?: number; readonly toMs: number }[] = [];
  let agent = outage.agent;
  let fromMs: number | undefined = Date.now();
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(Math.random() * 5_000);
    await agent.end("SIGKILL");
    lives.push({ fromMs, toMs: Date.now() });
    agent = outage.startAgent();
    fromMs = undefined;
    // Every fourth one may be killed while it starts.
    if (kill % 4 === 3) continue;
    await agent.says("The agent starts");
    fromMs = Date.now();
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
  for (const { fromMs, toMs } of lives) {
    const last = samples.findLast(({ dated, atMs }) => dated && atMs <= toMs)!;
    // A process that lived long enough to sample has its last sample stored but for the one in the making.
    if (fromMs === undefined || toMs - fromMs < SAMPLE_MS + LATE_MS) continue;
    ok(toMs - last.atMs <= LATE_MS, `nothing of the last ${toMs - last.atMs} ms before a kill`);
  }
});
