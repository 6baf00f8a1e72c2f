import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { AuditEntry } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Transactions, Tx } from "../transaction.ts";
import { ApiTokens, type ApiTokensStore, type StoredApiToken } from "./api_tokens.ts";
import { scopeContains, WHOLE_FLEET } from "./device_scope.ts";
import { roleAllows, ROLES } from "./role.ts";
import { SetupCode, type SetupCodeStore } from "./setup_code.ts";

const ACTOR = { name: "token:aaaa boss", address: "127.0.0.1" };
const NOBODY: Tx = { afterCommit: (effect) => effect() };

class FakeClock implements Clock {
  now = 1_000_000;
  nowMs = () => this.now;
  monotonicMs = () => this.now;
}

/** Tokens and setup code in a map; a failing work leaves the map as it was. */
class FakeStore implements ApiTokensStore, SetupCodeStore {
  rows = new Map<string, StoredApiToken>();
  hash: Uint8Array | null = null;
  marks = 0;
  find = (id: string) => this.rows.get(id);
  list = () => [...this.rows.values()];
  insert(_: Tx, token: Omit<StoredApiToken, "owner">) {
    this.rows.set(token.id, { ...token, owner: null });
  }
  revoke(_: Tx, id: string, atMs: number) {
    const row = this.rows.get(id);
    if (!row || row.revokedAtMs !== null) return false;
    this.rows.set(id, { ...row, revokedAtMs: atMs });
    return true;
  }
  markUsed(_: Tx, id: string, atMs: number) {
    this.marks += 1;
    this.rows.set(id, { ...this.rows.get(id)!, lastUsedMs: atMs });
  }
  countAdmins(_: Tx | null, atMs: number) {
    return [...this.rows.values()].filter((row) =>
      row.role === "admin" && row.revokedAtMs === null && (row.expiresAtMs ?? Infinity) > atMs
    ).length;
  }
  setupCodeHash = () => this.hash;
  setSetupCodeHash(_: Tx, hash: Uint8Array | null) {
    this.hash = hash;
  }
}

function setup() {
  const store = new FakeStore();
  const clock = new FakeClock();
  const audited: AuditEntry[] = [];
  let made = 0;
  const random = (length: number) =>
    new Uint8Array(
      createHash("shake256", { outputLength: length }).update(String(made++)).digest(),
    );
  let queue: Promise<unknown> = Promise.resolve();
  const transactions: Transactions = {
    write<T>(work: (tx: Tx) => T | Promise<T>): Promise<T> {
      const result = queue.then(() => run(work));
      queue = result.catch(() => {});
      return result;
    },
  };
  const run = async <T>(work: (tx: Tx) => T | Promise<T>): Promise<T> => {
    const before = { rows: new Map(store.rows), hash: store.hash, audited: audited.length };
    try {
      return await work(NOBODY);
    } catch (error) {
      [store.rows, store.hash, audited.length] = [before.rows, before.hash, before.audited];
      throw error;
    }
  };
  const audit = (_: Tx, entry: AuditEntry) => void audited.push(entry);
  const apiTokens = new ApiTokens({ store, transactions, audit, clock, random });
  const setupCode = new SetupCode({ store, apiTokens, transactions, clock, random });
  const create = (role: "viewer" | "admin" = "admin", ttlS: number | null = null) =>
    transactions.write((tx) =>
      apiTokens.create(tx, ACTOR, { name: "laptop", role, scope: WHOLE_FLEET, ttlS })
    );
  const revoke = (id: string) => transactions.write((tx) => apiTokens.revoke(tx, ACTOR, id));
  return { store, clock, audited, apiTokens, setupCode, transactions, create, revoke };
}

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DomainError);
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

Deno.test("roles contain the ones before them", () => {
  assert.deepEqual(ROLES.map((held) => ROLES.map((needed) => roleAllows(held, needed))), [
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});

Deno.test("a scope contains the devices that carry all its labels", () => {
  const scope = { labels: { site: "north", ring: "1" } };
  assert.equal(scopeContains(scope, { site: "north", ring: "1", x: "y" }), true);
  assert.equal(scopeContains(scope, { site: "north" }), false);
  assert.equal(scopeContains(scope, { site: "north", ring: "2" }), false);
  assert.equal(scopeContains(WHOLE_FLEET, {}), true);
});

Deno.test("an API token signs in; the store holds only its digest", async () => {
  const { apiTokens, store, create } = setup();
  const { token, text } = await create("viewer");
  assert.match(text, /^flt_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
  const signedIn = await apiTokens.authenticate(text);
  assert.equal(signedIn.id, token.id);
  assert.equal("secretHash" in signedIn, false);
  const secret = text.slice(-43);
  const kept = store.rows.get(token.id)!;
  assert.equal(JSON.stringify(kept).includes(secret), false);
  assert.deepEqual(kept.secretHash, createHash("sha256").update(secret).digest());
});

Deno.test("wrong, unknown, malformed, expired and revoked tokens are refused alike", async () => {
  const { apiTokens, clock, create, revoke } = setup();
  await create();
  const good = await create();
  const expired = await create("viewer", 1);
  const refused = async (text: string) =>
    await assert.rejects(apiTokens.authenticate(text), code("request.unauthenticated"));
  const flipped = good.text.slice(0, -2) + (good.text.at(-2) === "A" ? "B" : "A") +
    good.text.at(-1);
  await refused(flipped);
  await refused(`flt_aaaaaaaaaaaa_${good.text.slice(-43)}`);
  await refused(good.text.slice(0, -1));
  await refused(`${good.text}A`);
  await refused("");
  await apiTokens.authenticate(expired.text);
  clock.now += 1_000;
  await refused(expired.text);
  await apiTokens.authenticate(good.text);
  await revoke(good.token.id);
  await refused(good.text);
});

Deno.test("a use is noted at most once a minute", async () => {
  const { apiTokens, clock, store, create } = setup();
  const { text } = await create();
  for (let i = 0; i < 5; i++) await apiTokens.authenticate(text);
  assert.equal(store.marks, 1);
  clock.now += 60_000;
  await apiTokens.authenticate(text);
  assert.equal(store.marks, 2);
});

Deno.test("the last administrator cannot be revoked, and the attempt changes nothing", async () => {
  const { apiTokens, audited, create, revoke } = setup();
  const first = await create("admin");
  const viewer = await create("viewer");
  await assert.rejects(revoke(first.token.id), code("api_token.last_admin"));
  await apiTokens.authenticate(first.text);
  await revoke(viewer.token.id);
  await assert.rejects(revoke(viewer.token.id), code("api_token.not_found"));
  assert.deepEqual(audited.map(({ action }) => action), [
    "api-token.create",
    "api-token.create",
    "api-token.revoke",
  ]);
});

Deno.test("making and revoking tokens is audited without secrets", async () => {
  const { audited, create } = setup();
  const { text, token } = await create();
  assert.equal(audited[0]!.target, `api-token:${token.id}`);
  assert.equal(JSON.stringify(audited).includes(text.slice(-43)), false);
});

Deno.test("the setup code makes one administrator, however it is typed, and then never again", async () => {
  const { setupCode, apiTokens, store } = setup();
  const given = await setupCode.open();
  assert.match(given!, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  assert.equal(Buffer.from(store.hash!).includes(given!), false);
  const typed = ` ${given!.toUpperCase().replaceAll("-", " ")}\n`;
  const { text } = await setupCode.exchange(ACTOR, { code: typed, name: "boss" });
  assert.equal((await apiTokens.authenticate(text)).role, "admin");
  await assert.rejects(
    setupCode.exchange(ACTOR, { code: given!, name: "thief" }),
    code("setup.closed"),
  );
});

Deno.test("of many that use the code at once, one becomes administrator", async () => {
  const { setupCode, store } = setup();
  const given = (await setupCode.open())!;
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, () => setupCode.exchange(ACTOR, { code: given, name: "boss" })),
  );
  assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
  assert.equal(store.rows.size, 1);
});

Deno.test("wrong codes are answered ever more slowly, and the right one still works after the pause", async () => {
  const { setupCode, clock } = setup();
  const given = (await setupCode.open())!;
  const attempt = (text: string) => setupCode.exchange(ACTOR, { code: text, name: "boss" });
  for (let i = 0; i < 3; i++) {
    await assert.rejects(attempt("aaaa-aaaa-aaaa-aaaa"), code("setup.wrong_code"));
  }
  await assert.rejects(attempt(given), code("request.rate_limited"));
  clock.now += 1_000;
  await assert.rejects(attempt("aaaa"), code("setup.wrong_code"));
  clock.now += 1_999;
  await assert.rejects(attempt(given), code("request.rate_limited"));
  clock.now += 1;
  await attempt(given);
});

Deno.test("a code is made only while nobody can sign in, and an old one ends when somebody can", async () => {
  const { setupCode, store, create, clock } = setup();
  const first = await setupCode.open();
  const second = await setupCode.open();
  assert.notEqual(first, second, "a restart makes a new code");
  await create("admin", 1);
  assert.equal(await setupCode.open(), null);
  assert.equal(store.hash, null, "the code that was open works no more");
  clock.now += 1_000;
  assert.notEqual(await setupCode.open(), null, "whoever can start the server can always get in");
});
