/**
 * @module
 */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FakeAdminServer } from "./fake_admin_server.ts";
import { Workbench } from "./run_fleets.ts";

Deno.test("create prints the token alone on stdout and what to do with it on stderr", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const { code, stdout, stderr } = await bench.fleets("tokens", "create");
  equal(code, 0, stderr);
  equal(stdout, "FT1-secretsecret\n");
  match(stderr, /admits one device and ends in 7 d/);
  match(stderr, /fleetd agent --token-file token\.txt/);
  doesNotMatch(stderr, /FT1-/);
  deepEqual(server.seen.at(-1)?.body, { uses: 1, ttlS: 604_800, labels: {} });
});

Deno.test("create takes uses, life, labels and class, in Go style too", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const args = [
    "-uses",
    "20",
    "-ttl",
    "12h",
    "-label",
    "site=x",
    "-label=floor=2",
    "-class",
    "linux-arm64",
  ];
  const { code, stdout, stderr } = await bench.fleets(
    "tokens",
    "create",
    ...args,
    "-name",
    "batch",
    "-o",
    "json",
  );
  equal(code, 0, stderr);
  equal(stderr, "");
  equal(JSON.parse(stdout).token, "FT1-secretsecret");
  deepEqual(server.seen.at(-1)?.body, {
    name: "batch",
    uses: 20,
    ttlS: 43_200,
    labels: { site: "x", floor: "2" },
    hwClass: "linux-arm64",
  });
});

Deno.test("a token written to a file is for its owner alone and nowhere else", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const file = join(bench.folder, "token.txt");
  const { code, stdout, stderr } = await bench.fleets("tokens", "create", "--out", file);
  equal(code, 0, stderr);
  equal(stdout, "");
  equal(readFileSync(file, "utf8"), "FT1-secretsecret\n");
  equal(statSync(file).mode & 0o777, 0o600);
  const json = await bench.fleets("tokens", "create", "--out", file, "-o", "json");
  doesNotMatch(json.stdout + json.stderr, /FT1-/);
});

Deno.test("list never shows a token's text; revoke ends one by its id", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  match((await bench.fleets("tokens", "list")).stderr, /No tokens yet/);
  await bench.fleets("tokens", "create", "--label", "site=x");
  const { stdout } = await bench.fleets("tokens", "list");
  match(
    stdout,
    /^ID +NAME +STATE +USED +ENDS +CLASS +LABELS\n00112233aabbccdd +- +usable +0\/1 +in 7 d +- +site=x\n$/,
  );
  doesNotMatch(stdout, /FT1-/);
  for (const reference of ["00112233aabbccdd", "0011"]) {
    equal((await bench.fleets("tokens", "revoke", reference)).code, 0);
    equal(server.seen.at(-1)?.path, "/api/v1/enrolment-tokens/00112233aabbccdd");
  }
  equal((await bench.fleets("tokens", "revoke", "ffffffffffffffff")).code, 4);
});

Deno.test("wishes that make no sense are refused before anything is sent", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const wrong = [["--uses", "0"], ["--uses", "x"], ["--ttl", "7"], ["--ttl", "1s"], [
    "--label",
    "site",
  ], ["--label", "=x"]];
  for (const args of wrong) {
    const { code, stderr } = await bench.fleets("tokens", "create", ...args);
    equal(code, 2, stderr);
    match(stderr, /^error: /);
  }
  deepEqual(server.seen, []);
});
