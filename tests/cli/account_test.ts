/**
 * @module
 */
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { API_TOKEN, FakeAdminServer, problem, SETUP_CODE } from "./fake_admin_server.ts";
import { Workbench } from "./run_fleets.ts";

Deno.test("login takes the setup code from stdin and keeps the API token for its owner alone", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const { code, stdout, stderr } = await bench.fleetsWith(
    `${SETUP_CODE}\n`,
    "login",
    server.url,
    "--code-file",
    "-",
  );
  equal(code, 0, stderr);
  equal(stdout, "");
  match(stderr, /Signed in to "workbench" at http:\/\/127\.0\.0\.1:\d+ as admin/);
  doesNotMatch(stderr, /flt_/);
  const path = join(bench.folder, "fleets", "profiles.json");
  equal(statSync(path).mode & 0o777, 0o600);
  equal(JSON.parse(readFileSync(path, "utf8")).profiles.default.token, API_TOKEN);
  equal((await bench.fleets("devices", "list")).code, 0);
});

Deno.test("login takes an API token from a file or the environment, and Go-style options", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const file = join(bench.folder, "token");
  writeFileSync(file, `${API_TOKEN}\n`);
  equal((await bench.fleets("login", server.url, "-token-file", file)).code, 0);
  equal((await bench.fleets("logout")).code, 0);
  bench.env["FLEETS_TOKEN"] = API_TOKEN;
  equal((await bench.fleets("login", server.url)).code, 0);
  bench.env["FLEETS_TOKEN"] = "";
  equal((await bench.fleets("devices", "list")).code, 0);
});

Deno.test("a wrong setup code is refused in the server's words", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const { code, stderr } = await bench.fleetsWith("nope", "login", server.url, "-code-file", "-");
  equal(code, 6);
  match(stderr, /^error: Cannot set up: this is not the setup code/);
});

Deno.test("a wrong API token leaves no sign-in behind", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  equal((await bench.fleetsWith("flt_wrong", "login", server.url, "-token-file", "-")).code, 3);
  bench.env["FLEETS_URL"] = server.url;
  equal((await bench.fleets("devices", "list")).code, 3);
});

Deno.test("without a terminal login says how to hand over the secret", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const { code, stderr } = await bench.fleets("login", server.url);
  equal(code, 2);
  match(stderr, /there is no terminal to ask on/);
  match(stderr, /--code-file FILE/);
});

Deno.test("no secret can be given as an argument", async () => {
  using bench = new Workbench();
  for (const option of ["--token", "--code", "--password"]) {
    equal((await bench.fleets("login", option, "secret")).code, 2);
  }
});

Deno.test("a token is never sent over plain HTTP to another machine", async () => {
  using bench = new Workbench();
  Object.assign(bench.env, { FLEETS_URL: "http://192.0.2.1:8080", FLEETS_TOKEN: API_TOKEN });
  const { code, stderr } = await bench.fleets("devices", "list");
  equal(code, 6);
  match(stderr, /plain HTTP on another machine/);
  match(stderr, /ssh -N -L 8080:127\.0\.0\.1:8080 192\.0\.2\.1/);
});

Deno.test("a token goes straight to the server, never through a proxy of the environment", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  Object.assign(bench.env, {
    HTTP_PROXY: "http://127.0.0.1:9",
    http_proxy: "http://127.0.0.1:9",
    NO_PROXY: "",
  });
  equal((await bench.fleets("devices", "list")).code, 0);
  equal(server.seen.at(-1)?.authorization, `Bearer ${API_TOKEN}`);
});

Deno.test("redirects are not followed", async () => {
  await using server = await FakeAdminServer.start();
  await using other = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  server.answers.set("GET /api/v1/devices", {
    status: 307,
    headers: { location: `${other.url}/api/v1/devices` },
  });
  const { code, stderr } = await bench.fleets("devices", "list");
  equal(code, 5);
  match(stderr, /sends us to another address/);
  deepEqual(other.seen, []);
});

Deno.test("with no server one sentence says so, and the command that starts one", async () => {
  using bench = new Workbench();
  bench.env["FLEETS_URL"] = `http://127.0.0.1:${await freePort()}`;
  for (const token of ["", API_TOKEN]) {
    bench.env["FLEETS_TOKEN"] = token;
    const { code, stdout, stderr } = await bench.fleets("devices", "list");
    equal(code, 5);
    equal(stdout, "");
    match(
      stderr,
      /^error: Cannot list devices: no server answers at http:\/\/127\.0\.0\.1:\d+\.\n {2}Start one with: fleets server --port \d+ --db fleet\.db\n$/,
    );
  }
});

Deno.test("a program that is no FleetD server is told apart from none", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  server.answers.set("GET /api/v1/devices", { status: 200 });
  const { code, stderr } = await bench.fleets("devices", "list");
  equal(code, 5);
  match(stderr, /is no FleetD server/);
});

Deno.test("not signed in says how to sign in", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  bench.env["FLEETS_URL"] = server.url;
  const { code, stderr } = await bench.fleets("devices", "list");
  equal(code, 3);
  match(
    stderr,
    /^error: Cannot list devices: you are not signed in\.\n {2}Sign in with: fleets login http/,
  );
});

Deno.test("each refusal of the server has its exit code", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const expected = [[400, 2], [401, 3], [403, 6], [404, 4], [409, 6], [429, 6], [500, 1], [
    503,
    5,
  ]] as const;
  for (const [status, exit] of expected) {
    server.answers.set(
      "GET /api/v1/devices",
      problem(status, "some.code", "Device store is \x1b[31mred"),
    );
    const { code, stderr } = await bench.fleets("devices", "list");
    equal(code, exit, `HTTP ${status}: ${stderr}`);
    ok(stderr.startsWith("error: Cannot list devices: device store is \\x1b[31mred.\n"), stderr);
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}
