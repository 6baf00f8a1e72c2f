/**
 * @module
 */
import { deepEqual, match } from "node:assert/strict";
import { Workbench } from "./run_fleets.ts";

Deno.test("help goes to stdout with the table of exit codes", async () => {
  using bench = new Workbench();
  for (const args of [["--help"], ["-help"], ["-h"], ["help"]]) {
    const { code, stdout, stderr } = await bench.fleets(...args);
    deepEqual([code, stderr], [0, ""]);
    match(stdout, /^Usage: fleets <command> \[options\]\n/);
    match(stdout, /Exit codes:\n {2}0 +done\n {2}1 +failed\n {2}2 +wrong usage/);
  }
});

Deno.test("a wrong command line ends with 2 and says where to look", async () => {
  using bench = new Workbench();
  const cases: [string[], RegExp][] = [
    [
      ["devices", "lst"],
      /Unknown command 'lst'\n {2}Did you mean list\?\n {2}fleets devices --help/,
    ],
    [["devices", "list", "--colour"], /Unknown option '--colour'/],
    [["devices", "list", "-o", "xml"], /argument 'xml' is invalid/],
    [["devices", "show"], /Missing required argument 'device'/],
    [["discover", "--all", "--address", "127.0.0.1"], /only one of/],
    [["discover", "--timeout", "soon"], /"soon" is no duration/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await bench.fleets(...args);
    deepEqual([code, stdout], [2, ""]);
    match(stderr, expected);
  }
});

Deno.test("version needs no server", async () => {
  using bench = new Workbench();
  match((await bench.fleets("version")).stdout, /^fleets \d+\.\d+\.\d+ \(deno /);
  match((await bench.fleets("-version")).stdout, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("a reader that goes away early is no failure", async () => {
  using bench = new Workbench();
  const command = bench.command(["completion", "bash"]).map((word) => `'${word}'`).join(" ");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `set -o pipefail; ${command} | head -1`],
    cwd: new URL("../../", import.meta.url),
    env: bench.env,
  }).output();
  deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
  match(new TextDecoder().decode(stdout), /^# fleets/);
});
