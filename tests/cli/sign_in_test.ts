/**
 * Signing in to the real server over HTTPS, users, and the audit log from the command line.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { AdminFleet, GOOD_PASSWORD } from "../server/admin_fleet.ts";
import { Workbench } from "./run_fleets.ts";

/** A server with HTTPS, and an empty home for the sign-in. */
async function start() {
  const fleet = await AdminFleet.start({ tls: true });
  const bench = new Workbench();
  const { port, fingerprint } = fleet.server.tls!;
  const url = `https://127.0.0.1:${port}`;
  const profile = () =>
    JSON.parse(readFileSync(join(bench.folder, "fleets", "profiles.json"), "utf8")).profiles
      .default;
  return {
    fleet,
    bench,
    url,
    fingerprint,
    profile,
    async [Symbol.asyncDispose]() {
      bench[Symbol.dispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

const signedIn = (fleet: AdminFleet) => fleet.user("ada", "admin");

Deno.test("login pins the fingerprint that was compared, and every command goes through it", async () => {
  await using setup = await start();
  const { fleet, bench, url, fingerprint, profile } = setup;
  await signedIn(fleet);
  const lower = fingerprint.replaceAll(":", "").toLowerCase();
  const args = ["login", url, "--user", "ada", "--password-file", "-", "--tls-fingerprint"];
  const { code, stderr } = await bench.fleetsWith(`${GOOD_PASSWORD}\n`, ...args, lower);
  equal(code, 0, stderr);
  match(stderr, /Signed in to "Test fleet" at https:.* as ada \(admin\)/);
  equal(profile().tlsFingerprint, fingerprint);
  equal((await bench.fleets("devices", "list")).code, 0);
  const again = await bench.fleetsWith(GOOD_PASSWORD, ...args.slice(0, -1));
  equal(again.code, 0, "the pin is known");
  const { token } = profile();
  equal((await bench.fleets("logout")).code, 0);
  equal((await fleet.send("GET", "/api/v1/server", { token })).status, 401, "the token ended too");
});

Deno.test("without a terminal nothing is trusted, and the fingerprint is told", async () => {
  await using setup = await start();
  const { bench, url, fingerprint } = setup;
  const { code, stderr } = await bench.fleetsWith("x", "login", url, "--token-file", "-");
  equal(code, 2);
  match(stderr, /no authority that this machine knows vouches for the certificate/);
  ok(stderr.includes(`fleets login ${url} --tls-fingerprint ${fingerprint}`));
  const nonsense = await bench.fleets("login", url, "--tls-fingerprint", "AB:CD");
  equal(nonsense.code, 2);
  match(nonsense.stderr, /64 hex digits/);
});

Deno.test("another certificate than the pinned one is refused before anything is sent", async () => {
  await using setup = await start();
  const { fleet, bench, url, fingerprint } = setup;
  const login = (pin: string) =>
    bench.fleetsWith(fleet.admin, "login", url, "--token-file", "-", "--tls-fingerprint", pin);
  const wrong = await login("AB".repeat(32));
  equal(wrong.code, 6);
  match(wrong.stderr, /shows another certificate than the one you pinned; nothing was sent/);
  equal((await login(fingerprint)).code, 0);
  const { port } = fleet.server.tls!;
  await fleet.stop();
  rmSync(join(fleet.folder, "fleet.db.tls.pem"));
  const other = await AdminFleet.start({
    folder: fleet.folder,
    admin: fleet.admin,
    settings: { "tls-port": port },
  });
  try {
    const refused = await bench.fleets("devices", "list");
    equal(refused.code, 6);
    ok(refused.stderr.includes(`pinned  ${fingerprint}`));
    ok(refused.stderr.includes(`shown   ${other.server.tls!.fingerprint}`));
    const used = (await other.do("GET", "/api/v1/api-tokens")).items[0].lastUsedMs;
    ok(used !== undefined);
    equal((await bench.fleetsWith(fleet.admin, "login", url, "--token-file", "-")).code, 6);
    equal((await login(other.server.tls!.fingerprint)).code, 0);
    equal((await bench.fleets("devices", "list")).code, 0);
  } finally {
    await other.stop();
  }
});

Deno.test("a build machine pins by the environment", async () => {
  await using setup = await start();
  const { fleet, bench, url, fingerprint } = setup;
  Object.assign(bench.env, { FLEETS_URL: url, FLEETS_TOKEN: fleet.admin });
  const unknown = await bench.fleets("devices", "list");
  equal(unknown.code, 6);
  match(unknown.stderr, new RegExp(`Compare its fingerprint and pin it: fleets login ${url}`));
  bench.env["FLEETS_TLS_FINGERPRINT"] = fingerprint;
  equal((await bench.fleets("devices", "list")).code, 0);
});

Deno.test("no password and no code goes over plain HTTP to another machine", async () => {
  using bench = new Workbench();
  for (const args of [["--user", "ada", "--password-file", "-"], ["--code-file", "-"]]) {
    const { code, stderr } = await bench.fleetsWith("x", "login", "http://192.0.2.1:8080", ...args);
    equal(code, 6);
    match(stderr, /plain HTTP on another machine[^]*fleets login https:\/\/192\.0\.2\.1:8443/);
  }
});

Deno.test("a wrong password is told in the server's words, and options that do not go together are", async () => {
  await using setup = await start();
  const { fleet, bench } = setup;
  await signedIn(fleet);
  const { url } = fleet.server;
  const wrong = await bench.fleetsWith(
    "nope",
    "login",
    url,
    "--user",
    "ada",
    "--password-file",
    "-",
  );
  equal(wrong.code, 3);
  match(wrong.stderr, /the user name or the password is wrong/);
  for (
    const args of [
      ["--password-file", "-"],
      ["--user", "ada", "--code-file", "-"],
      ["--user", "ada", "--token-file", "-"],
      ["--tls-fingerprint", "AB".repeat(32)],
    ]
  ) equal((await bench.fleets("login", url, ...args)).code, 2, args.join(" "));
});

Deno.test("users are invited, listed, changed, reset and removed", async () => {
  await using setup = await start();
  const { fleet, bench } = setup;
  Object.assign(bench.env, { FLEETS_URL: fleet.server.url, FLEETS_TOKEN: fleet.admin });
  match((await bench.fleets("users", "list")).stderr, /fleets users create NAME/);
  const made = await bench.fleets(
    "users",
    "create",
    "ada",
    "-role",
    "operator",
    "--scope",
    "site=x",
  );
  equal(made.code, 0, made.stderr);
  const link = made.stdout.trim();
  ok(link.startsWith(`${fleet.server.publicUrl}/setup#`), link);
  const use = await fleet.send("POST", "/api/v1/sign-in/link/use", {
    body: { code: link.split("#")[1], password: GOOD_PASSWORD },
  });
  equal(use.status, 200);
  equal((await bench.fleets("users", "create", "ADA")).code, 6);
  const list = async () => JSON.parse((await bench.fleets("users", "list", "-o", "json")).stdout);
  const [ada] = await list();
  deepEqual([ada.name, ada.role, ada.scope.labels], ["ada", "operator", { site: "x" }]);
  const edited = await bench.fleets("users", "edit", "Ada", "--role", "viewer", "--whole-fleet");
  match(edited.stderr, /User ada is viewer of the whole fleet/);
  match((await bench.fleets("users", "edit", "ada", "--disable")).stderr, /disabled/);
  equal((await bench.fleets("users", "edit", "ada")).code, 2);
  match((await bench.fleets("users", "list")).stdout, /ada +viewer +disabled/);
  match((await bench.fleets("users", "reset", "ada")).stdout, /\/setup#[a-z2-9-]{19}\n$/);
  equal((await bench.fleets("users", "remove", "ada")).code, 2, "it asks");
  equal((await bench.fleets("users", "remove", "ada", "--yes")).code, 0);
  equal((await bench.fleets("users", "remove", "ada", "--yes")).code, 4);
  deepEqual(await list(), []);
});

Deno.test("the audit log is listed and proved, and a changed or shortened one is found", async () => {
  await using setup = await start();
  const { fleet, bench } = setup;
  await signedIn(fleet);
  Object.assign(bench.env, { FLEETS_URL: fleet.server.url, FLEETS_TOKEN: fleet.admin });
  const rows = JSON.parse((await bench.fleets("audit", "list", "-o", "json")).stdout);
  ok(
    rows.some((row: { action: string; target: string }) =>
      row.action === "user.create" && row.target === "user:ada"
    ),
  );
  const one = await bench.fleets("audit", "list", "-target", "user:ada", "-limit", "1");
  match(one.stdout, /WHEN +WHO[^]*session\.create +user:ada/);
  equal(one.stdout.trimEnd().split("\n").length, 2);
  const whole = await bench.fleets("audit", "verify");
  equal(whole.code, 0, whole.stderr);
  match(whole.stdout, /^[0-9a-f]{64}\n$/);
  const head = whole.stdout.trim();
  await fleet.do("POST", "/api/v1/api-tokens", { name: "later", role: "viewer" });
  const grown = await bench.fleets("audit", "verify", "--head", head);
  match(grown.stderr, /whole: \d+ rows, the noted one among them/);
  const absent = await bench.fleets("audit", "verify", "--head", "0".repeat(64));
  equal(absent.code, 1);
  match(absent.stderr, /does not hold the hash/);
  equal((await bench.fleets("audit", "verify", "--head", "zz")).code, 2);
  const database = new DatabaseSync(join(fleet.folder, "fleet.db"));
  database.exec("DROP TRIGGER audit_unchanged; UPDATE audit SET actor = 'nobody' WHERE id = 2");
  database.close();
  const broken = await bench.fleets("audit", "verify", "-o", "json");
  equal(broken.code, 1);
  equal(JSON.parse(broken.stdout).brokenAtId, 2);
  match(broken.stderr, /broken at row 2/);
});

Deno.test("a password may have spaces, and comes from a file", async () => {
  await using setup = await start();
  const { fleet, bench } = setup;
  await signedIn(fleet);
  const file = join(bench.folder, "password");
  writeFileSync(file, `${GOOD_PASSWORD}\r\n`);
  const { code, stderr } = await bench.fleets(
    "login",
    fleet.server.url,
    "--user",
    "Ada",
    "--password-file",
    file,
  );
  equal(code, 0, stderr);
});
