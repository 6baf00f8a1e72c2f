/**
 * `fleetd version`.
 *
 * @module
 */
import process from "node:process";
import type { Command } from "@commander-js/extra-typings";
import { outputOption, writeJson } from "@fleetd/cli/kit";
import { PROTOCOL } from "@fleetd/firmware-protocol";
import type { FleetdContext } from "./context.ts";

/** Adds `version`. */
export function addVersionCommand(program: Command, { terminal, version }: FleetdContext): void {
  program.command("version")
    .description("print the version and what it runs on")
    .addOption(outputOption(["table", "json"]))
    .action(({ output }) => {
      const facts = {
        version,
        protocol: `${PROTOCOL.major}.${PROTOCOL.minor}`,
        runtime: `deno ${process.versions["deno"] ?? "?"}`,
        platform: `${process.platform} ${process.arch}`,
      };
      if (output === "json") writeJson(terminal, output, facts);
      else {
        const { protocol, runtime, platform } = facts;
        terminal.out(`fleetd ${version} (protocol ${protocol}, ${runtime}, ${platform})\n`);
      }
    });
}
