/**
 * The fast gate: `deno task ok`. Format, lint with the boundary rules, types, generated files, unit tests.
 *
 * @module
 */
import { ROOT } from "./paths.ts";

/** One check of the gate: a deno command line. */
export interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

/** The checks that need no test runner. */
export const CHECKS: readonly Check[] = [
  { name: "files are formatted (deno fmt)", args: ["fmt", "--check", "--quiet"] },
  { name: "the linter and its boundary rule find nothing (deno lint)", args: ["lint", "--quiet"] },
  { name: "types hold (deno check)", args: ["check", "--quiet", "."] },
  {
    name: "generated files are what the generators write (deno task gen --check)",
    args: ["run", "-A", "--quiet", "tests/tools/generate.ts", "--check"],
  },
];

const UNIT: Check = {
  name: "unit tests pass",
  args: [
    "test",
    "-A",
    "--quiet",
    "--no-check",
    "--parallel",
    "--reporter=dot",
    "firmware-protocol",
    "agent",
    "server",
    "cli",
    "tests/architecture_test.ts",
  ],
};

/** Runs one check; its output is returned, not printed. */
export async function runCheck(check: Check): Promise<{ ok: boolean; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...check.args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { ok: code === 0, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

if (import.meta.main) {
  let failed = 0;
  for (const check of [...CHECKS, UNIT]) {
    const started = performance.now();
    const { ok, output } = await runCheck(check);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${ok ? "ok    " : "FAILED"} ${check.name} (${seconds} s)`);
    if (!ok) {
      failed++;
      const said = output.split("\n").filter((line) => !/^[.,!]*$/.test(line)).join("\n");
      console.log(said.trimEnd().replaceAll(/^/gm, "       "));
    }
  }
  if (failed > 0) Deno.exit(1);
}
