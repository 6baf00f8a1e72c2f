/**
 * `fleetd`: the agent and its command line. The composition root: only here ports get their adapters.
 *
 * @module
 */
import process from "node:process";
import { processTerminal, runProgram } from "@fleetd/cli/kit";
import { DenoClock } from "./adapters/deno_clock.ts";
import { DenoDisk } from "./adapters/deno_disk.ts";
import { DenoHost } from "./adapters/deno_host.ts";
import { DenoNetwork } from "./adapters/deno_network.ts";
import { DenoProcess } from "./adapters/deno_process.ts";
import { DenoRandom } from "./adapters/deno_random.ts";
import { createFleetd } from "./cli/fleetd.ts";
import type { Ports } from "./ports.ts";
import { AGENT_VERSION } from "./version.ts";

/** The real world. */
function denoPorts(): Ports {
  return {
    clock: new DenoClock(),
    disk: new DenoDisk(),
    network: new DenoNetwork(),
    process: new DenoProcess(),
    random: new DenoRandom(),
    host: new DenoHost(),
  };
}

if (import.meta.main) {
  const terminal = processTerminal();
  let made: Ports | undefined;
  const ports = () => made ??= denoPorts();
  const program = createFleetd({ terminal, ports, version: AGENT_VERSION });
  process.exit(await runProgram(program, { terminal }));
}
