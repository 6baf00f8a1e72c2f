/**
 * The command tree of `fleets`.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { addCompletionCommand, createProgram } from "@fleetd/cli/kit";
import { addAccountCommands } from "./commands/account.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addDevicesCommands } from "./commands/devices.ts";
import { addDiscoverCommand } from "./commands/discover.ts";
import { addServerCommand } from "./commands/server.ts";
import { addTokensCommands } from "./commands/tokens.ts";
import { addUsersCommands } from "./commands/users.ts";
import { addVersionCommand } from "./commands/version.ts";
import type { FleetsContext } from "./context.ts";
import { VERSION } from "./version.ts";

/** The whole program, ready for the kit's `runProgram`. */
export function createFleets(context: FleetsContext): Command {
  const program = createProgram({
    name: "fleets",
    version: VERSION,
    summary: "FleetD: run a fleet's server and manage its devices",
    examples: [
      { run: "fleets server", does: "start a server here" },
      { run: "fleets login", does: `sign in to it` },
      { run: "fleets tokens create", does: "make a token that admits a device" },
      { run: "fleets devices list", does: "see the devices" },
      { run: "fleets discover", does: "find devices on this network" },
    ],
    notes: [{
      heading: "Environment:",
      lines: [
        "FLEETS_PROFILE  name of the sign-in to use (default)",
        "FLEETS_CONFIG   file with the sign-ins (~/.config/fleets/profiles.json)",
        "FLEETS_URL      server to use when none is stored",
        "FLEETS_TOKEN    API token to use instead of the stored one",
        "FLEETS_TLS_FINGERPRINT  SHA-256 of the only certificate to trust there",
        "NO_COLOR        no colours",
        "FLEETS_DEBUG    show where a failure happened",
      ],
    }],
  });
  addServerCommand(program, context);
  addAccountCommands(program, context);
  addDevicesCommands(program, context);
  addTokensCommands(program, context);
  addUsersCommands(program, context);
  addAuditCommands(program, context);
  addDiscoverCommand(program, context);
  addVersionCommand(program, context);
  addCompletionCommand(program, context.terminal, {
    asked: { device: "fleets devices names", token: "fleets tokens names" },
  });
  return program;
}
