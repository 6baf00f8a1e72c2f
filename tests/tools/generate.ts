/**
 * `deno task gen [--check]`: runs every generator of the project. With `--check` nothing is written and a difference fails.
 *
 * @module
 */
import { ROOT } from "./paths.ts";

/** The generators, in the order in which they depend on each other. */
const GENERATORS = [
  "firmware-protocol/tools/generate.ts",
  "server/tools/generate_dashboard.ts",
  "server/tools/generate_openapi.ts",
  "cli/tools/generate_api_types.ts",
];

let failed = false;
for (const generator of GENERATORS) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ROOT + generator, ...Deno.args],
    cwd: ROOT,
  }).spawn().status;
  if (code !== 0) failed = true;
}
if (failed) Deno.exit(1);
