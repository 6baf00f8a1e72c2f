/**
 * Tries what no tool of the project may do, and says as JSON what came of it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";

const outcome = (act: () => unknown): string => {
  try {
    act();
    return "done";
  } catch (error) {
    return error instanceof Deno.errors.NotCapable ? "refused" : String(error);
  }
};

console.log(JSON.stringify({
  command: outcome(() => new Deno.Command("true").outputSync()),
  childProcess: outcome(() => {
    // Deno's child_process says it by an answer without a status.
    if (spawnSync("true").status !== 0) throw new Deno.errors.NotCapable("no status");
  }),
  foreignFunction: outcome(() => Deno.dlopen("libc.so.6", {})),
}));
