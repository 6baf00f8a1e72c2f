/**
 * The command line of `fleetd`.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { addCompletionCommand, createProgram } from "@fleetd/cli/kit";
import { addAgentCommand } from "./agent_command.ts";
import type { FleetdContext } from "./context.ts";
import { addDoctorCommand } from "./doctor_command.ts";
import { addEnrollCommand } from "./enroll_command.ts";
import { addStatusCommand } from "./status_command.ts";
import { addTrustCommand } from "./trust_command.ts";
import { addVersionCommand } from "./version_command.ts";

/** Builds it. */
export function createFleetd(context: FleetdContext): Command {
  const program = createProgram({
    name: "fleetd",
    version: context.version,
    summary: "The agent of a FleetD device: it finds its server, enrols and reports.",
    examples: [
      { run: "fleetd agent", does: "run the agent" },
      { run: "fleetd status", does: "see how it does" },
      { run: "fleetd doctor", does: "see what is wrong and how to mend it" },
    ],
  });
  addAgentCommand(program, context);
  addEnrollCommand(program, context);
  addStatusCommand(program, context);
  addDoctorCommand(program, context);
  addTrustCommand(program, context);
  addVersionCommand(program, context);
  addCompletionCommand(program, context.terminal);
  return program;
}
