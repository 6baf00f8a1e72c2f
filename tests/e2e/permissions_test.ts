/**
 * What the tools may not do. `fleets` is held by its permissions. Deno opens /proc and /sys, where the agent's telemetry
 * comes from, to no smaller permission than all, so that the agent is held by a look at its modules and by a trace instead.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { readModuleGraph } from "../tools/module_graph.ts";
import { eventually, fleetdCommand, ROOT, run, Workplace } from "./processes.ts";
import { reasonForNoTrace, saySkipped, TracedProcess } from "./tracing.ts";
import { CrashServer } from "../crash/crash_server.ts";

const reason = await reasonForNoTrace();
saySkipped("trace of the agent", reason);

async function attempts(permissions: string): Promise<unknown> {
  const { code, stdout, stderr } = await run([
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", permissions],
    `${ROOT}tests/e2e/programs/forbidden.ts`,
  ]);
  equal(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("fleets can neither run a program nor call foreign functions", async () => {
  deepEqual(await attempts("-P=fleets"), {
    command: "refused",
    childProcess: "refused",
    foreignFunction: "refused",
  });
  // The attempts are real ones: without the permissions of fleets they succeed.
  deepEqual(await attempts("-A"), {
    command: "done",
    childProcess: "done",
    foreignFunction: "done",
  });
});

Deno.test("no module of the agent can start a program or call foreign functions", async () => {
  const { edges } = await readModuleGraph();
  const reached = new Set(["agent/main.ts"]);
  for (const path of reached) {
    for (const { from, to, typeOnly } of edges) if (from === path && !typeOnly) reached.add(to);
  }
  const suspicious = [...reached].filter((path) => {
    if (path === "node:child_process" || path === "node:cluster" || path === "node:vm") return true;
    if (!/\.tsx?$/.test(path)) return false;
    return /Deno\.(Command|dlopen)|\beval\(|new (Function|Worker)\(/.test(
      Deno.readTextFileSync(ROOT + path),
    );
  });
  deepEqual(suspicious, []);
});

Deno.test({
  name: "an agent that enrols, samples and answers a command starts no program",
  ignore: reason !== undefined,
  async fn() {
    await using place = await Workplace.open();
    await using server = new CrashServer(place);
    await server.start();
    Deno.writeTextFileSync(place.path("token"), await server.enrolmentToken(1));
    await using agent = new TracedProcess(
      fleetdCommand(
        ...["agent", "--server", server.url, "--token-file", place.path("token"), "--no-mdns"],
        ...["--rpc-port", "0", "--rpc-listen", "127.0.0.1", "--interval", "1"],
      ),
      {
        options: ["-e", "trace=execve,execveat"],
        file: place.path("trace"),
        env: place.env,
      },
    );
    const { handle } = await eventually(async () => {
      const { items } = await server.api.request<{
        items: { handle: string; latest: Record<string, number> }[];
      }>("GET", "/api/v1/devices", { act: "list devices" });
      return items.find(({ latest }) => "cpu.use" in latest);
    }, { describe: () => agent.tracer.report() });
    const { id } = await server.api.request<{ id: number }>(
      "POST",
      `/api/v1/devices/${handle}/identify`,
      { act: "identify" },
    );
    await eventually(async () => {
      const command = await server.api.request<{ state: string; status: string }>(
        "GET",
        `/api/v1/devices/${handle}/commands/${id}`,
        { act: "read the command" },
      );
      return command.state === "finished" && command.status === "ok";
    }, { describe: () => agent.tracer.report() });
    equal(await agent.end(), 0);
    const started = Deno.readTextFileSync(place.path("trace")).split("\n")
      .filter((line) => /exec/.test(line));
    equal(started.length, 1, `only the agent itself:\n${started.join("\n")}`);
    await server.stop();
  },
});
