/**
 * `fleets`: the server and the administrator's command line.
 *
 * @module
 */
import process from "node:process";
import { processTerminal, runProgram } from "@fleetd/cli/kit";
import { createFleets } from "./fleets.ts";

if (import.meta.main) {
  const terminal = processTerminal();
  const program = createFleets({ terminal, nowMs: Date.now });
  process.exit(await runProgram(program, { terminal }));
}
