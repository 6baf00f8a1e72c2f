/**
 * The real server as a process of `fleets`, and the other commands against it.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Workbench } from "./run_fleets.ts";

/** A running `fleets server` and what it said at its start. */
class RealServer {
  readonly #child: Deno.ChildProcess;
  readonly #stderr: Promise<string>;
  #rest: Promise<void> | undefined;
  greeting = "";

  constructor(bench: Workbench, args: readonly string[]) {
    const all = [
      "server",
      "--db",
      join(bench.folder, "fleet.db"),
      "-listen",
      "127.0.0.1",
      "-no-mdns",
      ...args,
    ];
    this.#child = bench.spawn(all);
    this.#stderr = new Response(this.#child.stderr).text();
  }

  /** Waits for the last line of the greeting. */
  async started(): Promise<this> {
    const reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    while (!/Ctrl-C stops the server/.test(this.greeting)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the server did not start: ${await this.#stderr}`);
      this.greeting += value;
    }
    this.#rest = reader.read().then(() => {});
    return this;
  }

  get url(): string {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.greeting)![0];
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<{ code: number; stderr: string }> {
    this.#child.kill("SIGINT");
    const [{ code }, stderr] = await Promise.all([this.#child.status, this.#stderr, this.#rest]);
    return { code, stderr };
  }
}

Deno.test("a server is started, signed in to, used, stopped with Ctrl-C, and started again with all it knew", async () => {
  using bench = new Workbench();
  const first = await new RealServer(bench, ["-port", "0"]).started();
  const { url } = first;
  try {
    const code = /^ {2}([a-z0-9]{4}(?:-[a-z0-9]{4}){3})$/m.exec(first.greeting)![1]!;
    const login = await bench.fleetsWith(code, "login", url, "--code-file", "-");
    equal(login.code, 0, login.stderr);
    match(login.stderr, /as admin/);
    const again = await bench.fleetsWith(code, "login", url, "--code-file", "-");
    equal(again.code, 6, again.stderr);

    match((await bench.fleets("devices", "list")).stderr, /No devices yet/);
    const made = await bench.fleets(
      "tokens",
      "create",
      "-label",
      "site=x",
      "-name",
      "batch 1",
      "-o",
      "json",
    );
    equal(made.code, 0, made.stderr);
    const { id, token } = JSON.parse(made.stdout);
    match(token, /^FT1-[A-Z2-7]+$/);
    const [listed] = JSON.parse((await bench.fleets("tokens", "list", "-o", "json")).stdout);
    deepEqual([listed.id, listed.labels, listed.state], [id, { site: "x" }, "usable"]);
    equal((await bench.fleets("tokens", "revoke", "batch 1")).code, 0);
    match((await bench.fleets("tokens", "list")).stdout, /revoked/);
    equal((await bench.fleets("devices", "show", "aaaa-bbbb-cccc-dddd")).code, 4);

    const taken = await bench.fleets(
      "server",
      "-port",
      new URL(url).port,
      "-listen",
      "127.0.0.1",
      "-no-mdns",
      "--db",
      join(bench.folder, "other.db"),
    );
    equal(taken.code, 6, taken.stderr);
    match(taken.stderr, /the port is taken/);
  } finally {
    const { code, stderr } = await first.stop();
    equal(code, 0, stderr);
    match(stderr, /Stopping/);
  }
  const unreachable = await bench.fleets("devices", "list");
  equal(unreachable.code, 5);
  match(unreachable.stderr, new RegExp(`fleets server --port ${new URL(url).port}`));

  const second = await new RealServer(bench, ["--port", new URL(url).port]).started();
  try {
    ok(!/setup code/.test(second.greeting));
    match((await bench.fleets("tokens", "list")).stdout, /batch 1/);
  } finally {
    equal((await second.stop()).code, 0);
  }
});

Deno.test("a server with settings that make no sense does not start, and says which", async () => {
  using bench = new Workbench();
  const cases: [string[], RegExp][] = [
    [["--port", "70000"], /no whole number from 0 to 65535/],
    [["--listen", "nohost"], /listen.*an IP address/],
    [["--enrolment", "maybe"], /Allowed choices are manual, open/],
    [["--config", join(bench.folder, "missing.json")], /configuration file/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await bench.fleets("server", ...args);
    equal(stdout, "");
    match(stderr, expected);
    ok(code === 2 || code === 6, `${code}: ${stderr}`);
  }
});
