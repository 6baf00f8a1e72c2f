/**
 * What the agent costs: memory against an idle Deno, CPU time against collectd sampling the same metrics every 10 seconds.
 *
 * The agent does everything it does in earnest: it samples, stores, and syncs with a real server over HTTP. collectd
 * samples and sends nothing. Both run side by side for the same span (`FLEETD_BENCH_S`, 300 seconds unless told), after
 * a minute of settling; CPU time is the scheduler's own, in nanoseconds.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchResult } from "./bench_result.ts";
import { startHost } from "./host_process.ts";
import { median, residentBytes } from "./measure.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Nanoseconds that all threads of a process have run. */
function cpuNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    return sum +
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ")[0]);
  }, 0);
}

const COLLECTD = `Interval 10
FQDNLookup false
Hostname "bench"
LoadPlugin cpu
LoadPlugin load
LoadPlugin memory
LoadPlugin swap
LoadPlugin df
LoadPlugin disk
LoadPlugin interface
LoadPlugin processes
LoadPlugin uptime
LoadPlugin thermal
<Plugin df>
  MountPoint "/"
</Plugin>
`;

async function startCollectd(folder: string): Promise<Deno.ChildProcess> {
  const config = `${folder}/collectd.conf`;
  await Deno.writeTextFile(
    config,
    `BaseDir "${folder}"\nPIDFile "${folder}/collectd.pid"\n${COLLECTD}`,
  );
  try {
    return new Deno.Command("collectd", {
      args: ["-f", "-C", config],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (cause) {
    throw new Error(
      "Cannot start collectd: it is not installed; run: sudo apt-get install -y --no-install-recommends collectd-core",
      { cause },
    );
  }
}

function startAgent(
  folder: string,
  { url, tokenFile }: { url: string; tokenFile: string },
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-P=fleetd",
      "--quiet",
      "--no-check",
      `${ROOT}agent/main.ts`,
      "agent",
      "--storage-dir",
      folder,
      "--server",
      url,
    ]
      .concat(
        "--token-file",
        tokenFile,
        "--rpc-port",
        "0",
        "--rpc-listen",
        "127.0.0.1",
        "--no-mdns",
      ),
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Runs the bench. @throws Error when collectd is not installed */
export async function run(): Promise<BenchResult> {
  const seconds = Number(Deno.env.get("FLEETD_BENCH_S") ?? "300");
  const folder = await Deno.makeTempDir({ prefix: "fleetd-bench-" });
  const server = await startHost("fleet_server.ts", [folder]);
  await Deno.writeTextFile(`${folder}/token`, String(server.hello.token), { mode: 0o600 });
  const idle = await startHost("idle.ts");
  const collectd = await startCollectd(folder);
  const agent = startAgent(`${folder}/agent`, {
    url: `http://127.0.0.1:${server.hello.port}`,
    tokenFile: `${folder}/token`,
  });
  try {
    await delay(60_000);
    const before = { agent: cpuNs(agent.pid), collectd: cpuNs(collectd.pid) };
    const memory: number[] = [];
    for (let s = 0; s < seconds; s += 10) {
      await delay(10_000);
      memory.push(residentBytes(agent.pid) / residentBytes(idle.pid));
    }
    const spent = {
      agent: cpuNs(agent.pid) - before.agent,
      collectd: cpuNs(collectd.pid) - before.collectd,
    };
    const cpu = spent.agent / spent.collectd;
    return {
      name: "agent",
      rows: [
        {
          what: "resident memory against an idle Deno",
          ratio: median(memory),
          goal: 1.6,
          spread: [Math.min(...memory), Math.max(...memory)],
          unit: "RSS",
        },
        {
          what: `CPU against collectd, 10 s, ${seconds} s`,
          ratio: cpu,
          goal: 1.0,
          spread: [cpu, cpu],
          unit: "CPU time",
        },
      ],
    };
  } finally {
    for (const child of [agent, collectd]) {
      child.kill("SIGTERM");
      await child.status;
    }
    await idle.stop();
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
