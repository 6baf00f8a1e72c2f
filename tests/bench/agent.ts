/**
 * What the agent costs: memory against an idle Deno, CPU time against collectd sampling the same metrics every 10 seconds.
 *
 * The agent runs as a release does: bundled by `deno bundle`, with the V8 flags of the task `fleetd` in deno.json, started
 * once before so that the runtime has its analysis of the code in its cache, as an executable has it inside. It does
 * everything it does in earnest: it samples, stores durably, syncs with a real server over HTTP and serves its local RPC;
 * collectd samples and sends nothing. Memory is that of an agent that also announces itself by mDNS, on the loopback
 * interface. CPU time is that of one with `--no-mdns`: what mDNS costs is half a millisecond for each packet that any
 * neighbour sends, so it would measure the network.
 *
 * All run side by side for the same span (`FLEETD_BENCH_S`, 300 seconds unless told), after a minute of settling; CPU time
 * is the scheduler's own, in nanoseconds. The number of processes is one of the metrics; collectd's way to it, the plugin
 * `processes`, reads every process and is most of what collectd uses where there are many (agent/decisions/0003).
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchResult } from "./bench_result.ts";
import { startHost } from "./host_process.ts";
import { CpuMeter, median, residentBytes } from "./measure.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SETTLE_MS = 60_000;
const LOOK_EVERY_MS = 5_000;
const WINDOW_MS = 60_000;

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
  const path = `${folder}/collectd.conf`;
  await Deno.writeTextFile(
    path,
    `BaseDir "${folder}"\nPIDFile "${folder}/collectd.pid"\n${COLLECTD}`,
  );
  try {
    return new Deno.Command("collectd", {
      args: ["-f", "-C", path],
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

/** The agent as a program of its own: the arguments of `deno` that run it. */
async function bundleAgent(folder: string): Promise<string[]> {
  const bundle = ["bundle", "--quiet", "--minify", "--code-splitting", "--outdir", folder];
  await finish([...bundle, "agent/main.ts"]);
  const { tasks } = JSON.parse(readFileSync(`${ROOT}deno.json`, "utf8"));
  const [flags] = /--v8-flags=\S+/.exec(tasks.fleetd.command) ?? [];
  if (flags === undefined) throw new Error("The task fleetd of deno.json names no --v8-flags");
  const run = ["run", "--allow-all", "--quiet", "--no-check", flags, `${folder}/main.js`];
  await finish([...run, "version"]);
  return run;
}

async function finish(args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 0) return;
  throw new Error(`deno ${args.join(" ")} failed:\n${new TextDecoder().decode(stderr)}`);
}

/** How the agent compares with both yardsticks while they run side by side. */
async function compare(
  { announced, quiet, collectd, idle, seconds }: {
    announced: number;
    quiet: number;
    collectd: number;
    idle: number;
    seconds: number;
  },
): Promise<BenchResult["rows"]> {
  const meters = [new CpuMeter(quiet), new CpuMeter(collectd)] as const;
  const memory: number[] = [], perWindow: number[] = [];
  const start = meters.map((meter) => meter.read());
  let before = start;
  let now = start;
  const ratioSince = (from: number[]) => (now[0]! - from[0]!) / (now[1]! - from[1]!);
  for (let ms = LOOK_EVERY_MS; ms <= seconds * 1_000; ms += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    now = meters.map((meter) => meter.read());
    memory.push(residentBytes(announced) / residentBytes(idle));
    if (ms % WINDOW_MS > 0) continue;
    perWindow.push(ratioSince(before));
    before = now;
  }
  const cpu = ratioSince(start);
  if (perWindow.length === 0) perWindow.push(cpu);
  return [
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
      spread: [Math.min(...perWindow), Math.max(...perWindow)],
      unit: "CPU time, spread by minute",
    },
  ];
}

/** Runs the bench. @throws Error when collectd is not installed, or the agent cannot be bundled */
export async function run(): Promise<BenchResult> {
  const seconds = Number(Deno.env.get("FLEETD_BENCH_S") ?? "300");
  const folder = await Deno.makeTempDir({ prefix: "fleetd-bench-" });
  await using ends = new AsyncDisposableStack();
  ends.defer(() => Deno.remove(folder, { recursive: true }));
  const program = await bundleAgent(`${folder}/program`);
  const server = await startHost("fleet_server.ts", [folder]);
  ends.defer(() => server.stop());
  await Deno.writeTextFile(`${folder}/token`, String(server.hello.token), { mode: 0o600 });
  const idle = await startHost("idle.ts");
  ends.defer(() => idle.stop());
  const collectd = await startCollectd(folder);
  ends.defer(() => ended(collectd));
  const start = (name: string, ...options: string[]) => {
    const storage = `${folder}/${name}`, url = `http://127.0.0.1:${server.hello.port}`;
    const agent = new Deno.Command(Deno.execPath(), {
      args: [...program, "agent", "--storage-dir", storage, "--server", url]
        .concat("--token-file", `${folder}/token`, "--rpc-port", "0", "--rpc-listen", "127.0.0.1")
        .concat("--log-level", "warn", options),
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    ends.defer(() => ended(agent));
    return agent.pid;
  };
  const pids = { announced: start("announced"), quiet: start("quiet", "--no-mdns") };
  await delay(SETTLE_MS);
  return {
    name: "agent",
    rows: await compare({ ...pids, collectd: collectd.pid, idle: idle.pid, seconds }),
  };
}

async function ended(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await child.status;
}
