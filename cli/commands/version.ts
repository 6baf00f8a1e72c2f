/**
 * `fleets version`.
 *
 * @module
 */
import process from "node:process";
import type { Command } from "@commander-js/extra-typings";
import { outputOption, writeJson } from "@fleetd/cli/kit";
import type { FleetsContext } from "../context.ts";
import { VERSION } from "../version.ts";

/** Adds `version`. */
export function addVersionCommand(program: Command, { terminal }: FleetsContext): void {
  program.command("version")
    .description("print the version and what it runs on")
    .addOption(outputOption(["table", "json"]))
    .action(({ output }) => {
      const facts = {
        version: VERSION,
        runtime: `deno ${process.versions["deno"] ?? "?"}`,
        platform: `${process.platform} ${process.arch}`,
      };
      if (output === "json") writeJson(terminal, output, facts);
      else terminal.out(`fleets ${facts.version} (${facts.runtime}, ${facts.platform})\n`);
    });
}
