/**
 * `deno task bench [name …]`: each goal as a ratio against a yardstick measured in the same run.
 *
 * @module
 */
import type { BenchResult } from "./bench_result.ts";

const BENCHES: Record<string, () => Promise<{ run(): Promise<BenchResult> }>> = {
  codec: () => import("./codec.ts"),
  wire: () => import("./wire.ts"),
  ingest: () => import("./ingest.ts"),
  agent: () => import("./agent.ts"),
};

const wanted = Deno.args.filter((arg) => !arg.startsWith("-"));
const unknown = wanted.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(
    `Cannot run the bench "${unknown}": the benches are ${Object.keys(BENCHES).join(", ")}`,
  );
  Deno.exit(2);
}
const rows: string[] = [];
let missed = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  const result = await (await load()).run();
  if (Deno.args.includes("--json")) console.log(JSON.stringify(result));
  for (const { what, ratio, goal, spread, unit } of result.rows) {
    const met = ratio <= goal;
    if (!met) missed++;
    rows.push(
      `| ${name} | ${what} | ${ratio.toFixed(2)}× | ≤ ${goal.toFixed(2)}× | ${
        spread[0].toFixed(2)
      }–${spread[1].toFixed(2)} | ${unit} | ${met ? "met" : "missed"} |`,
    );
  }
}
if (!Deno.args.includes("--json")) {
  console.log(
    ["| bench | what | ratio | goal | spread | unit | |", "|---|---|---|---|---|---|---|", ...rows]
      .join("\n"),
  );
}
if (missed > 0) Deno.exitCode = 1;
