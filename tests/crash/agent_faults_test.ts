/**
 * A disk that fails under the real agent: the n-th flush, rename or write answers with an error. The agent goes on
 * reporting, and never crashes.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  eventually,
  fleetdCommand,
  LARGE,
  type RunningProcess,
  Workplace,
} from "../e2e/processes.ts";
import { reasonForNoTrace, saySkipped, TracedProcess } from "../e2e/tracing.ts";
import { CrashServer } from "./crash_server.ts";
import { readStoredDevice } from "./stored_telemetry.ts";

const reason = await reasonForNoTrace();
saySkipped("disk failures", reason);

/** A failure: which call, with which error, how often. */
interface Fault {
  readonly call: string;
  readonly error: "ENOSPC" | "EIO";
  /** As strace counts, for each thread by itself: `3` once, `3+` from then on, `1+2` every other. */
  readonly when: string;
}

const MOMENTS = LARGE
  ? ["1", "2", "3", "4", "5", "6", "1+2", "2+2", "2+", "3+"]
  : ["1", "2", "2+2"];
const FAULTS: readonly Fault[] = [
  ...MOMENTS.map((when): Fault => ({ call: "fsync,fdatasync", error: "EIO", when })),
  ...MOMENTS.map((when): Fault => ({ call: "rename,renameat,renameat2", error: "ENOSPC", when })),
];

/** A server, and a storage directory of an agent that is accepted already. */
async function enrolled(place: Workplace, server: CrashServer): Promise<string> {
  await server.start();
  Deno.writeTextFileSync(place.path("token"), await server.enrolmentToken(1));
  const once = await place.fleetd(
    ...agentArguments(server),
    ...["--token-file", place.path("token"), "--once"],
  );
  equal(once.code, 0, once.stderr);
  const { items } = await server.api.request<{ items: { handle: string }[] }>(
    "GET",
    "/api/v1/devices",
    { act: "list devices" },
  );
  const { handle } = items[0]!;
  await server.api.request("PATCH", `/api/v1/devices/${handle}`, {
    act: "set the interval",
    body: { intervalS: 1 },
  });
  return handle;
}

const agentArguments = ({ url }: CrashServer) => [
  ...["agent", "--server", url, "--no-mdns", "--interval", "1"],
  ...["--rpc-port", "0", "--rpc-listen", "127.0.0.1"],
];

interface Progress {
  readonly latestAtMs: number | null;
}

/** A start that cannot reserve its numbers on disk would have to use some twice: it says so and ends. */
const CANNOT_BEGIN = /^error: Cannot write "[^"]+\/sequence\.\d\.json": [^\n]+\n {2}[^\n]+\n$/;

/** Waits until two newer samples have come in one after the other. */
async function goesOnReporting(
  server: CrashServer,
  { handle, agent }: { handle: string; agent: RunningProcess },
): Promise<void> {
  const latest = async () =>
    (await server.api.request<Progress>("GET", `/api/v1/devices/${handle}`, {
      act: "read the device",
    })).latestAtMs ?? 0;
  for (let round = 0; round < 2; round++) {
    const before = await latest();
    await eventually(async () => agent.code !== undefined || await latest() > before, {
      everyMs: 250,
      describe: () => `no new sample:\n${agent.report()}`,
    });
    equal(agent.code, undefined, `the agent ended:\n${agent.report()}`);
  }
}

/** Nothing stored twice, and no number given to two messages. */
function assertSound(server: CrashServer, handle: string): void {
  const { samples, quarantined, staleMessages } = readStoredDevice(server.database, handle);
  const numbers = samples.map(({ epoch, counter }) => `${epoch} ${counter}`);
  equal(new Set(numbers).size, numbers.length);
  deepEqual([quarantined, staleMessages], [false, 0]);
}

Deno.test({
  name: "an agent whose flushes and renames fail goes on reporting, once and for all of them",
  ignore: reason !== undefined,
  async fn() {
    await using place = await Workplace.open();
    await using server = new CrashServer(place);
    const handle = await enrolled(place, server);
    let survived = 0;
    for (const { call, error, when } of FAULTS) {
      await using agent = new TracedProcess(fleetdCommand(...agentArguments(server)), {
        options: ["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}:when=${when}`],
        file: place.path("trace"),
        env: place.env,
      });
      try {
        await goesOnReporting(server, { handle, agent: agent.tracer });
        equal(await agent.end(), 0, agent.tracer.report());
      } catch (cause) {
        if (agent.tracer.code === 1 && CANNOT_BEGIN.test(agent.tracer.stderr)) continue;
        throw new Error(`${call} ${error} when=${when}: ${(cause as Error).message}`, { cause });
      }
      if (Deno.readTextFileSync(place.path("trace")).includes("(INJECTED)")) survived++;
    }
    ok(
      survived >= FAULTS.length / 3,
      `only ${survived} of ${FAULTS.length} failures were lived through`,
    );
    const whole = place.startFleetd(...agentArguments(server));
    await using _whole = whole;
    await goesOnReporting(server, { handle, agent: whole });
    equal((await whole.end()).code, 0, whole.report());
    await server.stop();
    assertSound(server, handle);
  },
});

Deno.test({
  name: "an agent whose disk is full goes on reporting, and stores again once there is room",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  async fn() {
    await using place = await Workplace.open();
    await using server = new CrashServer(place);
    Deno.mkdirSync(place.path("fleetd"));
    await mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", place.path("fleetd"));
    try {
      const handle = await enrolled(place, server);
      await using agent = place.startFleetd(...agentArguments(server));
      await goesOnReporting(server, { handle, agent });
      fill(place.path("fleetd/filler"));
      await eventually(async () => (await status(place)).buffer.inMemory, {
        everyMs: 500,
        describe: () => `the disk never was too full:\n${agent.report()}`,
      });
      await goesOnReporting(server, { handle, agent });
      equal((await agent.end("SIGTERM")).code, 0, agent.report());
      // It also starts there: what control files need was set aside.
      await using next = place.startFleetd(...agentArguments(server));
      await goesOnReporting(server, { handle, agent: next });
      Deno.removeSync(place.path("fleetd/filler"));
      await eventually(async () => !(await status(place)).buffer.inMemory, {
        everyMs: 500,
        describe: () => `it did not store again:\n${next.report()}`,
      });
      await goesOnReporting(server, { handle, agent: next });
      equal((await next.end("SIGTERM")).code, 0, next.report());
      await server.stop();
      assertSound(server, handle);
    } finally {
      await umount(place.path("fleetd"));
    }
  },
});

async function status(place: Workplace): Promise<{ buffer: { inMemory: boolean } }> {
  const { stdout } = await place.fleetd("status", "-o", "json");
  return JSON.parse(stdout);
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  for (const size of [65_536, 4_096, 1]) {
    try {
      while (file.writeSync(new Uint8Array(size)) > 0);
    } catch { /* it is full */ }
  }
}

const mount = (...args: string[]) => system("mount", args);
const umount = (path: string) => system("umount", [path]);

async function system(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}
