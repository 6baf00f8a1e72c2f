/**
 * What a sync costs the server: CPU time for each signed, decoded, durable, sealed exchange of one 12-metric sample, many
 * devices at once, against a bare node:http server in Deno that reads the same body and answers 204.
 *
 * @module
 */
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { descendants } from "../e2e/processes.ts";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "../store/postgres_cluster.ts";
import type { BenchResult, BenchRow } from "./bench_result.ts";
import { startHost } from "./host_process.ts";
import { load, rawPost } from "./keep_alive.ts";
import { alternate, cpuMs } from "./measure.ts";
import { TWELVE_METRICS } from "./twelve_metrics.ts";

const DEVICES = 256;
const ROUNDS = 9;
const REQUESTS_A_ROUND = 40;

const COSE = "application/cose";

async function enrolled(url: string, token: string): Promise<SimulatedDevice[]> {
  const devices: SimulatedDevice[] = [];
  for (let i = 0; i < DEVICES; i++) {
    const device = new SimulatedDevice({ url, token, model: TWELVE_METRICS, now: Date.now });
    await device.enrol();
    do await device.sync(); while (device.eager);
    devices.push(device);
  }
  return devices;
}

/** Something that takes the load. */
interface Side {
  /** CPU time that a round costs, µs for each request. */
  round(): Promise<number>;
  stop(): Promise<void>;
}

/** A fleet's server with its devices. `processes` are those whose time counts. */
async function fleetSide(
  folder: string,
  { db, processes = () => [] }: { db?: string; processes?: () => readonly number[] } = {},
): Promise<Side & { queues(): Uint8Array[][] }> {
  const server = await startHost("fleet_server.ts", [folder, ...db === undefined ? [] : [db]]);
  const host = `127.0.0.1:${server.hello.port}`;
  const devices = await enrolled(`http://${host}`, String(server.hello.token));
  const queues = () =>
    devices.map((device) =>
      device.prepareRequests(REQUESTS_A_ROUND).map((body) =>
        rawPost({ path: "/d/1/sync", host, type: COSE, body })
      )
    );
  return {
    queues,
    round: () =>
      cost(server.hello.port, {
        queues: queues(),
        expect: 200,
        pids: () => [server.pid, ...processes()],
      }),
    stop: () => server.stop(),
  };
}

async function cost(
  port: number,
  { queues, expect, pids }: {
    queues: readonly (readonly Uint8Array[])[];
    expect: number;
    pids: () => readonly number[];
  },
): Promise<number> {
  const spent = () => pids().reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = spent();
  const { answered, wrong } = await load({ port, queues, expect });
  if (wrong > 0) throw new Error(`${wrong} of ${answered} answers were not ${expect}`);
  return (1000 * (spent() - before)) / answered;
}

async function compared(
  { what, goal, names }: { what: string; goal: number; names: readonly [string, string] },
  ours: Side,
  yardstick: Side,
): Promise<BenchRow> {
  await ours.round();
  await yardstick.round();
  const result = await alternate({
    rounds: ROUNDS,
    ours: () => ours.round(),
    yardstick: () => yardstick.round(),
  });
  const [a, b] = [result.ours.toFixed(0), result.yardstick.toFixed(0)];
  const unit = `CPU, ${a} µs ${names[0]} against ${b} µs ${names[1]} a request`;
  return { what, ratio: result.ratio, goal, spread: result.spread, unit };
}

/** The same load on PostgreSQL, its processes included, with every commit on the disk. */
async function onPostgres(sqlite: Side, folder: string): Promise<BenchRow | undefined> {
  const reason = await reasonForNoPostgres();
  sayNoPostgres(reason);
  if (reason !== undefined) return undefined;
  await using cluster = await PostgresCluster.start({ fsync: true });
  const db = cluster.url(await cluster.createDatabase());
  const processes = () => [cluster.pid, ...descendants(cluster.pid)];
  const postgres = await fleetSide(folder, { db, processes });
  try {
    return await compared(
      {
        what: "the same on PostgreSQL, server and database, against SQLite",
        goal: 3,
        names: ["PostgreSQL", "SQLite"],
      },
      postgres,
      sqlite,
    );
  } finally {
    await postgres.stop();
  }
}

/** Runs the bench. */
export async function run(): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "fleetd-bench-" });
  const bareHost = await startHost("bare_server.ts");
  const sqlite = await fleetSide(folder);
  const bare: Side = {
    round: () =>
      cost(bareHost.hello.port, {
        queues: sqlite.queues(),
        expect: 204,
        pids: () => [bareHost.pid],
      }),
    stop: () => bareHost.stop(),
  };
  try {
    const rows = [
      await compared(
        {
          what: "durable signed sync against a bare POST→204",
          goal: 2.5,
          names: ["ours", "bare"],
        },
        sqlite,
        bare,
      ),
      await onPostgres(sqlite, folder),
    ];
    return { name: "ingest", rows: rows.filter((row) => row !== undefined) };
  } finally {
    await sqlite.stop();
    await bare.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
