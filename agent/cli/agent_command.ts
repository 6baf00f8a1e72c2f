/**
 * `fleetd agent`: runs the agent.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { addExamples } from "@fleetd/cli/kit";
import { type AgentOptions, runAgent } from "../run_agent.ts";
import { AGENT_OPTIONS, LOG_LEVELS } from "./agent_options.ts";
import { type FleetdContext, understood } from "./context.ts";

/** Adds `agent`. */
export function addAgentCommand(program: Command, context: FleetdContext): void {
  const command = program.command("agent")
    .description("run the agent: find the server, enrol, report");
  for (const { flags, description } of AGENT_OPTIONS) command.option(flags, description);
  command
    .addOption(
      new Option("--log-level <level>", "least severe lines to log").choices(LOG_LEVELS)
        .default("info" as const),
    )
    .action((options) => understood(() => runAgent(options as unknown as AgentOptions, context)));
  addExamples(command, [
    { run: "fleetd agent", does: "finds the server by mDNS, waits to be accepted" },
    { run: "fleetd agent --server http://192.168.1.10:8080", does: "uses this server" },
    {
      run: "fleetd agent --token-file token.txt",
      does: "is accepted by the token, without asking anybody",
    },
  ]);
}
