/**
 * What a sync costs the server: CPU time for each signed, decoded, durable, sealed exchange of one 12-metric sample, many
 * devices at once, against a bare node:http server in Deno that reads the same body and answers 204.
 *
 * @module
 */
import type { BenchResult } from "./bench_result.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
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

/** Runs the bench. */
export async function run(): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "fleetd-bench-" });
  const [ours, bare] = [
    await startHost("fleet_server.ts", [folder]),
    await startHost("bare_server.ts"),
  ];
  const host = `127.0.0.1:${ours.hello.port}`;
  try {
    const devices = await enrolled(`http://${host}`, String(ours.hello.token));
    const queues = () =>
      devices.map((device) =>
        device.prepareRequests(REQUESTS_A_ROUND).map((body) =>
          rawPost({ path: "/d/1/sync", host, type: COSE, body })
        )
      );
    const round = async (side: "ours" | "bare") => {
      const [process, expect] = side === "ours" ? [ours, 200] : [bare, 204];
      const prepared = queues();
      const before = cpuMs(process.pid);
      const { answered, wrong } = await load({
        port: process.hello.port,
        queues: prepared,
        expect,
      });
      if (wrong > 0) {
        throw new Error(`${wrong} of ${answered} answers of ${side} were not ${expect}`);
      }
      return (1000 * (cpuMs(process.pid) - before)) / answered;
    };
    await round("ours");
    await round("bare");
    const { ratio, spread, ours: cost, yardstick } = await alternate({
      rounds: ROUNDS,
      ours: () => round("ours"),
      yardstick: () => round("bare"),
    });
    const unit = `CPU, ${cost.toFixed(0)} µs against ${yardstick.toFixed(0)} µs a request`;
    return {
      name: "ingest",
      rows: [{
        what: "durable signed sync against a bare POST→204",
        ratio,
        goal: 2.5,
        spread,
        unit,
      }],
    };
  } finally {
    await ours.stop();
    await bare.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
