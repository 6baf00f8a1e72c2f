/**
 * Users, passwords, one-time links and sessions over HTTP.
 *
 * @module
 */
import assert from "node:assert/strict";
import { AdminFleet, GOOD_PASSWORD, type UserSession } from "./admin_fleet.ts";
import { fleetDatabases } from "./test_fleet.ts";

const OTHER_PASSWORD = "another horse entirely";

/** A fleet whose setup link nobody has used. */
async function freshFleet(): Promise<AdminFleet> {
  return await AdminFleet.start({ admin: "" });
}

const audit = async (fleet: AdminFleet, target: string) =>
  (await fleet.do("GET", `/api/v1/audit?target=${target}&limit=500`)).items;

Deno.test("the printed link makes one administrator with a password, who is signed in", async () => {
  await using fleet = await freshFleet();
  const code = fleet.server.setupCode!;
  const ways = async () => (await fleet.send("GET", "/api/v1/sign-in")).json;
  assert.deepEqual(await ways(), { setupOpen: true, users: false });
  const look = await fleet.send("POST", "/api/v1/sign-in/link", { body: { code } });
  assert.deepEqual(look.json, { kind: "first-admin", name: null });
  const use = (name?: string, password = GOOD_PASSWORD) =>
    fleet.send("POST", "/api/v1/sign-in/link/use", { body: { code, name, password } });
  assert.equal((await use()).json.code, "request.invalid", "a name is to be chosen");
  assert.equal((await use("ada", "short")).json.code, "password.weak");
  const { status, headers, json } = await use("ada");
  assert.equal(status, 200);
  assert.equal(json.user.role, "admin");
  const [cookie] = headers["set-cookie"]!;
  assert.match(
    cookie!,
    /^fleetd-local-[0-9a-f]{16}=\S+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  const me = await fleet.send("GET", "/api/v1/server", {
    headers: { cookie: cookie!.split(";")[0]! },
  });
  assert.deepEqual(me.json.caller.user, { id: json.user.id, name: "ada" });
  assert.deepEqual(await ways(), { setupOpen: false, users: true });
  assert.equal((await use("eve")).json.code, "sign_in.link_invalid");
  const setUp = await fleet.send("POST", "/api/v1/setup", { body: { code, name: "eve" } });
  assert.equal(
    setUp.json.code,
    "setup.closed",
    "the code of the terminal is the same and is spent",
  );
});

Deno.test("of 100 who use the printed link at once, one becomes administrator", async () => {
  await using fleet = await freshFleet();
  const code = fleet.server.setupCode!;
  // Sixteen passwords are hashed at once at most; the rest is told to come back.
  const tries = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      fleet.send("POST", "/api/v1/sign-in/link/use", {
        body: { code, name: `user${i}`, password: GOOD_PASSWORD },
      })),
  );
  const statuses = tries.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
  assert.ok(statuses.every((status) => [200, 403, 409, 503].includes(status)), String(statuses));
});

Deno.test("a name and a password sign in; a wrong one of either answers alike", async () => {
  await using fleet = await AdminFleet.start();
  await fleet.user("ada", "operator");
  const session = await fleet.signIn("Ada");
  assert.equal((await fleet.send("GET", "/api/v1/devices", { session })).status, 200);
  const wrong = (name: string, password: string) =>
    fleet.send("POST", "/api/v1/sign-in", { body: { name, password } });
  const [password, name] = [await wrong("ada", OTHER_PASSWORD), await wrong("eve", GOOD_PASSWORD)];
  assert.equal(password.status, 401);
  assert.equal(password.json.code, "sign_in.failed");
  assert.equal(password.json.detail, name.json.detail);
  assert.equal(name.headers["set-cookie"], undefined);
  const [entry] = (await audit(fleet, "user:ada")).filter(({ action }: { action: string }) =>
    action === "session.create"
  );
  assert.equal(entry.actor, "user:ada");
  assert.equal(entry.address, "127.0.0.1");
  assert.equal(entry.after.session, session.sessionId);
});

Deno.test("wrong passwords lock the user out for a while, in the database that all servers share", async () => {
  await using fleet = await AdminFleet.start();
  await fleet.user("ada", "viewer");
  await fleet.user("bob", "viewer");
  const wrong = () =>
    fleet.send("POST", "/api/v1/sign-in", { body: { name: "ada", password: "x" } });
  for (let i = 0; i < 5; i++) assert.equal((await wrong()).status, 401);
  const locked = await wrong();
  assert.equal(locked.status, 429);
  assert.equal(locked.json.code, "sign_in.locked");
  assert.equal(locked.headers["retry-after"], "1");
  await fleet.signIn("bob");
  await fleet.stop();
  const again = await AdminFleet.start({ folder: fleet.folder, admin: fleet.admin });
  const right = () =>
    again.send("POST", "/api/v1/sign-in", { body: { name: "ada", password: GOOD_PASSWORD } });
  again.clock.shiftMs = fleet.clock.shiftMs - 60_000;
  assert.equal((await right()).status, 429, "another server knows");
  again.clock.shiftMs = fleet.clock.shiftMs + 1_000;
  assert.equal((await right()).status, 200);
  const rows = await audit(again, "user:ada");
  assert.equal(
    rows.filter(({ action }: { action: string }) => action === "sign-in.lock").length,
    1,
  );
  await again.stop();
});

Deno.test("an administrator invites by a link that works once and for a day; the user sets the password", async () => {
  await using fleet = await AdminFleet.start();
  const invite = (name: string) => fleet.do("POST", "/api/v1/users", { name, role: "viewer" });
  const { user, code, path } = await invite("ada");
  assert.equal(path, `/setup#${code}`);
  assert.equal(user.passwordAtMs, null);
  const use = (code: string) =>
    fleet.send("POST", "/api/v1/sign-in/link/use", { body: { code, password: GOOD_PASSWORD } });
  const look = await fleet.send("POST", "/api/v1/sign-in/link", { body: { code } });
  assert.deepEqual(look.json, { kind: "user", name: "ada" });
  const tries = await Promise.all([use(code), use(code), use(code)]);
  assert.equal(tries.filter(({ status }) => status === 200).length, 1);
  assert.equal((await use(code)).status, 403);
  const late = await invite("bob");
  fleet.clock.shiftMs += 86_400_000;
  assert.equal((await use(late.code)).json.code, "sign_in.link_invalid");
  const taken = await fleet.send("POST", "/api/v1/users", {
    token: fleet.admin,
    body: { name: "ADA", role: "viewer" },
  });
  assert.equal(taken.json.code, "user.exists");
});

Deno.test("what a session may do is what its user may do at that moment", async () => {
  await using fleet = await AdminFleet.start();
  const session = await fleet.user("ada", "admin");
  const token = await tokenOf(fleet, "ada");
  const asks = async () => [
    (await fleet.send("GET", "/api/v1/users", { session })).status,
    (await fleet.send("GET", "/api/v1/users", { token })).status,
    (await fleet.send("GET", "/api/v1/devices", { token })).status,
  ];
  assert.deepEqual(await asks(), [200, 200, 200]);
  const edit = (patch: unknown) => fleet.do("PATCH", `/api/v1/users/${session.userId}`, patch);
  await edit({ scope: { labels: { site: "north" } } });
  assert.deepEqual(await asks(), [403, 403, 200]);
  await edit({ role: "viewer", scope: { labels: {} } });
  assert.deepEqual(await asks(), [403, 403, 200]);
  await edit({ disabled: true });
  assert.deepEqual(await asks(), [401, 401, 401]);
  const refused = await fleet.send("POST", "/api/v1/sign-in", {
    body: { name: "ada", password: GOOD_PASSWORD },
  });
  assert.equal(refused.json.code, "sign_in.failed");
  await edit({ disabled: false });
  assert.deepEqual(
    await asks(),
    [401, 403, 200],
    "the session is over for good, the token works again",
  );
  const rows = await audit(fleet, "user:ada");
  const edits = rows.filter(({ action }: { action: string }) => action === "user.edit");
  assert.deepEqual(
    edits.map((
      { before, after }: { before: { role: string }; after: { role: string; disabled: boolean } },
    ) => [before.role, after.role, after.disabled]),
    [
      ["viewer", "viewer", false],
      ["viewer", "viewer", true],
      ["admin", "viewer", false],
      ["admin", "admin", false],
    ],
  );
});

Deno.test("sessions are listed and ended: one's own by everybody, all by administrators", async () => {
  await using fleet = await AdminFleet.start();
  const ada = await fleet.user("ada", "viewer");
  const phone = await fleet.signIn("ada");
  const admin = await fleet.user("root", "admin");
  const list = async (session: UserSession, query = "") =>
    (await fleet.send("GET", `/api/v1/sessions${query}`, { session })).json;
  const own = (await list(ada)).items;
  assert.deepEqual(
    own.map(({ id, current }: { id: string; current: boolean }) => [id, current]).sort(),
    [[ada.sessionId, true], [phone.sessionId, false]].sort(),
  );
  assert.equal((await list(ada, "?everybody=true")).code, "request.forbidden");
  assert.equal((await list(admin, "?everybody=true")).items.length, 3);
  const end = async (session: UserSession, id: string) =>
    (await fleet.send("DELETE", `/api/v1/sessions/${id}`, { session })).status;
  assert.equal(await end(ada, admin.sessionId), 404, "another's is as none");
  assert.equal((await fleet.send("GET", "/api/v1/server", { session: admin })).status, 200);
  assert.equal(await end(ada, phone.sessionId), 204);
  assert.equal((await fleet.send("GET", "/api/v1/server", { session: phone })).status, 401);
  assert.equal(await end(admin, ada.sessionId), 204);
  assert.equal((await fleet.send("GET", "/api/v1/server", { session: ada })).status, 401);
  const out = await fleet.send("POST", "/api/v1/sign-out", { session: admin });
  assert.equal(out.status, 204);
  assert.match(out.headers["set-cookie"]![0]!, /=; Path=\/; Max-Age=0/);
  assert.equal((await fleet.send("GET", "/api/v1/server", { session: admin })).status, 401);
  const rows = await audit(fleet, "user:ada");
  const ends = rows.filter(({ action }: { action: string }) => action === "session.end");
  assert.deepEqual(ends.map(({ actor }: { actor: string }) => actor), ["user:root", "user:ada"]);
});

Deno.test("a session lasts twelve hours and no longer, however much it is used", async () => {
  await using fleet = await AdminFleet.start();
  const session = await fleet.user("ada", "viewer");
  for (let hour = 0; hour < 12; hour++) {
    assert.equal((await fleet.send("GET", "/api/v1/server", { session })).status, 200);
    fleet.clock.shiftMs += 3_600_000;
  }
  assert.equal((await fleet.send("GET", "/api/v1/server", { session })).status, 401);
});

Deno.test("changing the password wants the old one and ends everything else that was signed in", async () => {
  await using fleet = await AdminFleet.start();
  const here = await fleet.user("ada", "viewer");
  const elsewhere = await fleet.signIn("ada");
  const token = await tokenOf(fleet, "ada");
  const change = (current: string, next: string) =>
    fleet.send("POST", "/api/v1/password", { session: here, body: { current, next } });
  assert.equal((await change("wrong password", OTHER_PASSWORD)).json.code, "sign_in.failed");
  assert.equal((await change(GOOD_PASSWORD, "ada")).json.code, "password.weak");
  assert.equal((await change(GOOD_PASSWORD, OTHER_PASSWORD)).status, 204);
  const status = async (sent: Parameters<AdminFleet["send"]>[2]) =>
    (await fleet.send("GET", "/api/v1/server", sent)).status;
  assert.equal(await status({ session: here }), 200);
  assert.equal(await status({ session: elsewhere }), 401);
  assert.equal(await status({ token }), 401);
  await fleet.signIn("ada", { password: OTHER_PASSWORD });
  const [row] = (await audit(fleet, "user:ada")).filter((
    { after }: { after: { revokedTokens?: number } },
  ) => after?.revokedTokens === 1);
  assert.deepEqual([row.action, row.actor, row.after.endedSessions], [
    "user.set-password",
    "user:ada",
    1,
  ]);
  const byToken = await fleet.send("POST", "/api/v1/password", {
    token: fleet.admin,
    body: { current: "x", next: OTHER_PASSWORD },
  });
  assert.equal(byToken.json.code, "session.needed");
});

Deno.test("a reset takes the password and every sign-in away and makes a new link", async () => {
  await using fleet = await AdminFleet.start();
  const session = await fleet.user("ada", "viewer");
  const token = await tokenOf(fleet, "ada");
  const { code } = await fleet.do("POST", `/api/v1/users/${session.userId}/reset`);
  assert.equal((await fleet.send("GET", "/api/v1/server", { session })).status, 401);
  assert.equal((await fleet.send("GET", "/api/v1/server", { token })).status, 401);
  const old = await fleet.send("POST", "/api/v1/sign-in", {
    body: { name: "ada", password: GOOD_PASSWORD },
  });
  assert.equal(old.status, 401);
  const use = await fleet.send("POST", "/api/v1/sign-in/link/use", {
    body: { code, password: OTHER_PASSWORD },
  });
  assert.equal(use.json.user.name, "ada");
});

Deno.test("the last one who may administer cannot be taken away, be it user or token", async () => {
  await using fleet = await freshFleet();
  const first = await fleet.send("POST", "/api/v1/sign-in/link/use", {
    body: { code: fleet.server.setupCode!, name: "ada", password: GOOD_PASSWORD },
  });
  const id = first.json.user.id;
  const session = await fleet.signIn("ada");
  const send = (method: string, path: string, body?: unknown) =>
    fleet.send(method, path, { session, body });
  for (
    const patch of [{ role: "operator" }, { disabled: true }, { scope: { labels: { a: "b" } } }]
  ) {
    assert.equal((await send("PATCH", `/api/v1/users/${id}`, patch)).json.code, "user.last_admin");
  }
  assert.equal((await send("DELETE", `/api/v1/users/${id}`)).json.code, "user.last_admin");
  assert.equal((await send("POST", `/api/v1/users/${id}/reset`)).json.code, "user.last_admin");
  assert.equal((await send("GET", "/api/v1/users")).status, 200, "nothing was changed");
  await fleet.send("POST", "/api/v1/sign-in/token", {
    body: { name: "ada", password: GOOD_PASSWORD, tokenName: "own" },
  });
  assert.equal(
    (await send("DELETE", `/api/v1/users/${id}`)).json.code,
    "user.last_admin",
    "her own token goes with her",
  );
  await send("POST", "/api/v1/api-tokens", { name: "spare", role: "admin" });
  assert.equal((await send("DELETE", `/api/v1/users/${id}`)).status, 204);
  assert.equal((await send("GET", "/api/v1/users")).status, 401);
});

Deno.test("signing out with the user's own token ends it; a token that stands for itself cannot", async () => {
  await using fleet = await AdminFleet.start();
  await fleet.user("ada", "viewer");
  const token = await tokenOf(fleet, "ada");
  assert.equal((await fleet.send("POST", "/api/v1/sign-out", { token })).status, 204);
  assert.equal((await fleet.send("GET", "/api/v1/server", { token })).status, 401);
  const own = await fleet.send("POST", "/api/v1/sign-out", { token: fleet.admin });
  assert.equal(own.json.code, "session.needed");
});

Deno.test("neither the database nor any list holds a password, a session's secret or a link's code", async () => {
  await using fleet = await AdminFleet.start();
  const session = await fleet.user("ada", "viewer");
  const { code } = await fleet.do("POST", "/api/v1/users", { name: "bob", role: "viewer" });
  const secrets = [GOOD_PASSWORD, session.cookie.split(".")[1]!, code];
  for (
    const path of ["/api/v1/users", "/api/v1/sessions?everybody=true", "/api/v1/audit?limit=500"]
  ) {
    const { text } = await fleet.raw("GET", path, { token: fleet.admin });
    for (const secret of secrets) assert.equal(text.includes(secret), false, path);
    assert.equal(text.includes("argon2"), false, path);
  }
  await fleet.stop();
  const stored = await fleetDatabases.contents(fleet.server.config.db);
  for (const secret of secrets) assert.equal(stored.includes(secret), false);
});

Deno.test("whoever starts the server can get in again after a lost password", async () => {
  await using fleet = await AdminFleet.start();
  assert.notEqual(fleet.server.setupCode, null);
  await fleet.stop();
  const again = await AdminFleet.start({
    folder: fleet.folder,
    admin: fleet.admin,
    settings: { "new-setup-code": true },
  });
  const code = again.server.setupCode!;
  const { json } = await again.send("POST", "/api/v1/sign-in/link/use", {
    body: { code, name: "rescue", password: GOOD_PASSWORD },
  });
  assert.equal(json.user.role, "admin");
  await again.stop();
});

async function tokenOf(fleet: AdminFleet, name: string): Promise<string> {
  const { json } = await fleet.send("POST", "/api/v1/sign-in/token", {
    body: { name, password: GOOD_PASSWORD, tokenName: "ada@workbench" },
  });
  return json.token;
}
