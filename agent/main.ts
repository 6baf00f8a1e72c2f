/**
 * `fleetd`: the agent and its command line. The composition root: only here ports get their adapters.
 *
 * `fleetd agent` with plain options runs without the command-line library, which would otherwise stay in memory for as
 * long as the agent runs; everything else, and every failure, goes through it.
 *
 * @module
 */
import process from "node:process";
import { DenoClock } from "./adapters/deno_clock.ts";
import { DenoDisk } from "./adapters/deno_disk.ts";
import { DenoHost } from "./adapters/deno_host.ts";
import { DenoNetwork } from "./adapters/deno_network.ts";
import { DenoProcess } from "./adapters/deno_process.ts";
import { DenoRandom } from "./adapters/deno_random.ts";
import { readAgentOptions } from "./cli/agent_options.ts";
import type { Ports } from "./ports.ts";
import { type AgentOptions, runAgent } from "./run_agent.ts";
import { AGENT_VERSION } from "./version.ts";

let made: Ports | undefined;

/** The real world, made on first use. */
function denoPorts(): Ports {
  return made ??= {
    clock: new DenoClock(),
    disk: new DenoDisk(),
    network: new DenoNetwork(),
    process: new DenoProcess(),
    random: new DenoRandom(),
    host: new DenoHost(),
  };
}

async function runCommandLine(args: readonly string[]): Promise<number> {
  const { processTerminal, runProgram } = await import("@fleetd/cli/kit");
  const { createFleetd } = await import("./cli/fleetd.ts");
  const terminal = processTerminal();
  const program = createFleetd({ terminal, ports: denoPorts, version: AGENT_VERSION });
  return await runProgram(program, { terminal, args });
}

async function runPlainAgent(options: AgentOptions): Promise<number> {
  const encoder = new TextEncoder();
  const terminal = {
    err: (text: string) => void Deno.stderr.writeSync(encoder.encode(text)),
    readStdin: () => new Response(Deno.stdin.readable).text(),
  };
  try {
    await runAgent(options, { terminal, ports: denoPorts, version: AGENT_VERSION });
    return 0;
  } catch (error) {
    return await reportFailure(error);
  }
}

/** Has the command line say what went wrong, in its one style. */
async function reportFailure(error: unknown): Promise<number> {
  const { createProgram, processTerminal, runProgram } = await import("@fleetd/cli/kit");
  const { understood } = await import("./cli/context.ts");
  const terminal = processTerminal();
  const program = createProgram({ name: "fleetd", version: AGENT_VERSION, summary: "" });
  program.action(() => understood(() => Promise.reject(error)));
  return await runProgram(program, { terminal, args: [] });
}

if (import.meta.main) {
  const [first, ...rest] = process.argv.slice(2);
  const options = first === "agent" ? readAgentOptions(rest) : null;
  const code = options === null
    ? await runCommandLine(process.argv.slice(2))
    : await runPlainAgent(options);
  process.exit(code);
}
