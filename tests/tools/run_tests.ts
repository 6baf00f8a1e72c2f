/**
 * `deno task test [part …]`: every test of the project, in parts. Installs the Debian packages a part needs where that is welcome,
 * skips a part with its reason and the exact command where it is not, and ends with `N passed, N failed` alone on the last line.
 * In CI (`CI=true`) a skipped test is a failure of the run.
 *
 * @module
 */
import { hasProgram, install, installCommand, reasonNotToInstall } from "./debian.ts";
import { CHECKS, runCheck } from "./gate.ts";
import { readReport } from "./junit.ts";
import { type Part, PARTS } from "./parts.ts";
import { ROOT } from "./paths.ts";

const CI = Deno.env.get("CI") === "true";

interface Outcome {
  name: string;
  passed: number;
  failed: string[];
  skipped: string[];
  /** Why tests were skipped, with the command that mends it. */
  reasons: string[];
  seconds: number;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(ROOT + path);
    return true;
  } catch {
    return false;
  }
}

/** Makes the programs of a part available, or says why they are not. */
async function provide(part: Part): Promise<string | undefined> {
  const missing = part.needs.filter((need) => !hasProgram(need.program));
  if (missing.length === 0) return undefined;
  const reason = reasonNotToInstall();
  if (reason !== undefined) {
    return `${missing.map((n) => n.program).join(", ")} missing (${reason}); run: ${
      installCommand(missing)
    }`;
  }
  try {
    console.log(`installing ${missing.map((n) => n.debianPackage).join(" ")} …`);
    await install(missing);
    return undefined;
  } catch (error) {
    return `${(error as Error).message}; run: ${installCommand(missing)}`;
  }
}

/** Copies a stream to the console and keeps the lines that say why a test was skipped. */
async function follow(stream: ReadableStream<Uint8Array>, reasons: Set<string>): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      console.log(line);
      if (line.startsWith("SKIPPED ")) reasons.add(line.slice("SKIPPED ".length));
    }
  }
  if (rest !== "") console.log(rest);
}

async function runPart(part: Part, flags: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const outcome: Outcome = {
    name: part.name,
    passed: 0,
    failed: [],
    skipped: [],
    reasons: [],
    seconds: 0,
  };
  console.log(`\n== ${part.name}`);
  const unmet = await provide(part);
  const reasons = new Set(unmet === undefined ? [] : [unmet]);
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--no-check",
        `--junit-path=${report}`,
        ...part.parallel ? ["--parallel"] : [],
        ...flags,
        ...part.paths.filter(exists),
      ],
      cwd: ROOT,
      env: { ...CI ? { FLEETD_CI: "1" } : {}, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await Promise.all([follow(child.stdout, reasons), follow(child.stderr, reasons)]);
    const { code } = await child.status;
    const read = readReport(await Deno.readTextFile(report));
    outcome.passed = read.passed;
    outcome.failed.push(...read.failed);
    outcome.skipped.push(...read.skipped);
    if (code !== 0 && read.failed.length === 0) {
      outcome.failed.push(`${part.name}: deno test ended with ${code}`);
    }
  } catch (error) {
    outcome.failed.push(`${part.name}: ${(error as Error).message}`);
  } finally {
    await Deno.remove(report).catch(() => {});
  }
  if (outcome.skipped.length > 0) outcome.reasons.push(...reasons);
  outcome.seconds = (performance.now() - started) / 1000;
  return outcome;
}

async function runChecks(): Promise<Outcome> {
  const started = performance.now();
  const outcome: Outcome = {
    name: "gate",
    passed: 0,
    failed: [],
    skipped: [],
    reasons: [],
    seconds: 0,
  };
  console.log("== gate");
  for (const check of CHECKS) {
    const { ok, output } = await runCheck(check);
    console.log(`${check.name} ... ${ok ? "ok" : "FAILED"}`);
    if (ok) outcome.passed++;
    else {
      outcome.failed.push(check.name);
      console.log(output);
    }
  }
  outcome.seconds = (performance.now() - started) / 1000;
  return outcome;
}

function summarise(
  outcomes: readonly Outcome[],
): { passed: number; failed: number; skipped: number } {
  console.log("\n== summary");
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const o of outcomes) {
    total.passed += o.passed;
    total.failed += o.failed.length;
    total.skipped += o.skipped.length;
    const skipped = o.skipped.length > 0 ? `, ${o.skipped.length} skipped` : "";
    console.log(
      `${o.name.padEnd(10)} ${
        String(o.passed).padStart(4)
      } passed, ${o.failed.length} failed${skipped}  (${o.seconds.toFixed(0)} s)`,
    );
    for (const name of o.failed) console.log(`  failed: ${name}`);
    for (const reason of o.reasons) console.log(`  skipped because ${reason}`);
    if (o.skipped.length > 0 && o.reasons.length === 0) {
      for (const name of o.skipped) console.log(`  skipped: ${name}`);
    }
  }
  return total;
}

const wanted = Deno.args.filter((a) => !a.startsWith("-"));
const flags = Deno.args.filter((a) => a.startsWith("-"));
const unknown = wanted.filter((w) => w !== "gate" && !PARTS.some((p) => p.name === w));
if (unknown.length > 0) {
  console.error(
    `Cannot run the part "${unknown[0]}": the parts are gate, ${
      PARTS.map((p) => p.name).join(", ")
    }`,
  );
  Deno.exit(2);
}
const outcomes: Outcome[] = [];
if (wanted.length === 0 || wanted.includes("gate")) outcomes.push(await runChecks());
for (const part of PARTS) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  if (part.paths.some(exists)) outcomes.push(await runPart(part, flags));
}
const total = summarise(outcomes);
const skippedInCi = CI ? total.skipped : 0;
if (skippedInCi > 0) {
  console.log(`in CI nothing may be skipped: ${skippedInCi} skipped tests count as failed`);
}
console.log(`${total.passed} passed, ${total.failed + skippedInCi} failed`);
Deno.exit(total.failed + skippedInCi === 0 && total.passed > 0 ? 0 : 1);
