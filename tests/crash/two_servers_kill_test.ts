/**
 * kill -9 of either of two servers on one PostgreSQL, and of PostgreSQL itself, under load: what was acknowledged is there,
 * once.
 *
 * @module
 */
import { decodeSamples, metricByName, metricsBatchCodec } from "@fleetd/firmware-protocol";
import { deepEqual, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { DEMO_DEVICES } from "../demo/models.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { eventually, LARGE, Workplace } from "../e2e/processes.ts";
import { Balancer } from "../server/balancer.ts";
import { SeveralServers } from "../server/several_servers.ts";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "../store/postgres_cluster.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);

const KILLS = LARGE ? 100 : 8;
const DEVICES = 8;
/** Carries the sample's own number, so that a stored sample can be recognised by its content. */
const NUMBER = metricByName("processes")!.id;

/** Takes a sample and delivers it, over and over, repeating the same bytes until they are answered. */
async function report(device: SimulatedDevice, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted || device.acknowledged < device.taken - 1) {
    if (!stopping.aborted) device.take(new Map([[NUMBER, device.taken]]));
    try {
      await device.sync();
      // Breathing space for the servers on a small machine.
      await delay(2);
    } catch {
      await delay(20);
    }
  }
}

interface Stored {
  readonly numbers: readonly number[];
  readonly stream: { readonly epoch: number; readonly through: number; readonly lost: number };
  readonly quarantined: number;
}

async function stored(cluster: PostgresCluster, name: string, handle: string): Promise<Stored> {
  const [device] = await cluster.query<Record<string, string> & { quarantined: number }>(
    name,
    `SELECT id, quarantined, metrics_epoch AS epoch, metrics_through AS through, metrics_lost AS lost
     FROM devices WHERE handle = $1`,
    [handle],
  );
  // Nothing is old enough to be in a block.
  const batches = await cluster.query<{ body: Uint8Array }>(
    name,
    "SELECT body FROM telemetry_log WHERE device_id = $1 ORDER BY id",
    [device!.id],
  );
  return {
    numbers: batches.flatMap(({ body }) =>
      decodeSamples(metricsBatchCodec.decode(new Uint8Array(body))).map(({ values }) =>
        values.get(NUMBER)!
      )
    ),
    stream: {
      epoch: Number(device!.epoch),
      through: Number(device!.through),
      lost: Number(device!.lost),
    },
    quarantined: device!.quarantined,
  };
}

Deno.test({
  name:
    `after ${KILLS} kills of either server and a crash of PostgreSQL every acknowledged sample is stored exactly once`,
  ignore: reason !== undefined,
  async fn() {
    await using cluster = await PostgresCluster.start({ fsync: true });
    const name = await cluster.createDatabase();
    await using place = await Workplace.open();
    await using fleet = await SeveralServers.start(place, cluster.url(name));
    const servers = [fleet.a, fleet.b];
    await using balancer = await Balancer.start(servers.map(({ port }) => port));
    const token = await fleet.enrolmentToken(DEVICES);
    const devices = Array.from({ length: DEVICES }, () =>
      new SimulatedDevice({
        url: balancer.url,
        token,
        model: DEMO_DEVICES[0]!.model,
        now: Date.now,
        timeoutMs: 10_000,
      }));
    for (const device of devices) {
      await device.enrol();
      do await device.sync(); while (device.eager);
    }
    const acknowledged = () => devices.reduce((sum, one) => sum + one.acknowledged + 1, 0);
    const stop = new AbortController();
    const reporting = Promise.all(devices.map((device) => report(device, stop.signal)));
    let progress = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const before = acknowledged();
        await delay(100 + Math.random() * 400);
        const killed = servers[Math.floor(Math.random() * 2)]!;
        await killed.kill();
        if (kill === KILLS / 2) await cluster.restart();
        // The other one goes on alone.
        const alone = acknowledged();
        await eventually(() => acknowledged() > alone + DEVICES, { everyMs: 20 });
        if (acknowledged() > before) progress += 1;
        await killed.start();
      }
    } finally {
      stop.abort();
    }
    await reporting;
    ok(progress === KILLS);
    for (const device of devices) {
      const wanted = Array.from({ length: device.taken }, (_, at) => at);
      const { numbers, stream, quarantined } = await stored(cluster, name, device.handle);
      deepEqual(numbers, wanted);
      deepEqual(stream, { epoch: 1, through: device.acknowledged, lost: 0 });
      deepEqual(quarantined, 0);
    }
    await Promise.all(servers.map((server) => server.stop()));
  },
});
