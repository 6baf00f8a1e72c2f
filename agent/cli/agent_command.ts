/**
 * `fleetd agent`: runs the agent.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { addExamples } from "@fleetd/cli/kit";
import { type AgentOptions, runAgent } from "../run_agent.ts";
import { type FleetdContext, understood } from "./context.ts";

/** Adds `agent`. */
export function addAgentCommand(program: Command, context: FleetdContext): void {
  const command = program.command("agent")
    .description("run the agent: find the server, enrol, report")
    .option("--server <url>", "address of the server; without it the agent looks on the network")
    .option("--storage-dir <dir>", "where keys, state and unsent telemetry are kept")
    .option(
      "--rpc-port <n>",
      "port of the local RPC; 0 picks a free one (default: 7400 or the next free one)",
    )
    .option("--rpc-listen <address>", "address the local RPC listens on (default: every address)")
    .option("--token-file <file>", 'file with an enrolment token; "-" reads it from stdin')
    .option("--name <name>", "name the device wishes for")
    .option("--label <key=value...>", "labels the device wishes for")
    .option("--interval <seconds>", "seconds between two samples", "10")
    .option("--no-mdns", "neither announce this device nor look for servers on the network")
    .option("--once", "take one sample, sync once, and end; the exit code tells success")
    .addOption(
      new Option("--log-level <level>", "least severe lines to log")
        .choices(["error", "warn", "info", "debug"] as const).default("info" as const),
    )
    .action((options) => understood(() => runAgent(options as AgentOptions, context)));
  addExamples(command, [
    { run: "fleetd agent", does: "finds the server by mDNS, waits to be accepted" },
    { run: "fleetd agent --server http://192.168.1.10:8080", does: "uses this server" },
    {
      run: "fleetd agent --token-file token.txt",
      does: "is accepted by the token, without asking anybody",
    },
  ]);
}
