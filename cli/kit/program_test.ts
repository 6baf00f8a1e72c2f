/**
 * @module
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";
import { createProgram, runProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

function run(args: string[], env: Record<string, string> = {}) {
  const said = { out: "", err: "" };
  const terminal: Terminal = {
    env,
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    size: () => undefined,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(""),
    flush: () => Promise.resolve(),
  };
  const program = createProgram({
    name: "fleetx",
    version: "1.2.3",
    summary: "try things",
    examples: [{ run: "fleetx go", does: "goes" }],
  });
  program.command("go").description("go somewhere").option("--far <where>", "how far").action(
    (options) => {
      if (options.far === "away") {
        throw new CliError("Cannot go: it is \x1b[31mtoo far.", { exitCode: 6, hints: ["Stay."] });
      }
      if (options.far === "bug") throw new TypeError("x is not a function");
      terminal.out(`${options.far}\n`);
    },
  );
  return runProgram(program, { args, terminal }).then((code) => ({ code, ...said }));
}

Deno.test("an action runs with Go-style options", async () => {
  deepEqual(await run(["go", "-far", "-x"]), { code: ExitCode.ok, out: "-x\n", err: "" });
});

Deno.test("a failure is one sentence with advice on stderr, safe for terminals, and its exit code", async () => {
  const { code, out, err } = await run(["go", "--far", "away"]);
  deepEqual([code, out, err], [6, "", "error: Cannot go: it is \\x1b[31mtoo far.\n  Stay.\n"]);
});

Deno.test("an unexpected failure ends with 1 and shows its place only when asked to", async () => {
  const { code, err } = await run(["go", "--far", "bug"]);
  deepEqual([code, err], [
    1,
    "error: Unexpected failure: x is not a function\n  FLEETX_DEBUG=1 shows where it happened.\n",
  ]);
  match((await run(["go", "--far", "bug"], { FLEETX_DEBUG: "1" })).err, /at .*program_test\.ts/);
});

Deno.test("wrong usage ends with 2 and names the help of the command in question", async () => {
  const { code, err } = await run(["go", "--fra", "x"]);
  deepEqual([code, err], [
    2,
    "error: Unknown option '--fra'\n  Did you mean --far?\n  fleetx go --help shows what there is.\n",
  ]);
  equal((await run([])).code, 2);
});

Deno.test("help shows usage, commands, options, examples and exit codes", async () => {
  const { code, out } = await run(["--help"]);
  equal(code, 0);
  match(
    out,
    /^Usage: fleetx <command> \[options\]\n\nTry things\n\nCommands:\n {2}go +go somewhere/,
  );
  match(out, /Examples:\n {2}fleetx go {3}goes\n/);
  match(out, /Exit codes:\n {2}0 +done/);
});
