import assert from "node:assert/strict";
import type { AuditEntry } from "../audit/audit.ts";
import { DomainError } from "../errors.ts";
import type { Transactions, Tx } from "../transaction.ts";
import { type Attempt, type FailureCount, Lockout } from "./lockout.ts";

const TX: Tx = { afterCommit: (effect) => effect() };

function setup() {
  const counts = new Map<string, FailureCount>();
  const audited: AuditEntry[] = [];
  const clock = { now: 1_000_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const store = {
    find: (_: Tx, key: string) => counts.get(key),
    put: (_: Tx, count: FailureCount) => void counts.set(count.key, count),
    remove: (_: Tx, key: string) => void counts.delete(key),
    forget: (_: Tx, beforeMs: number) => {
      for (const { key, lastMs } of counts.values()) if (lastMs < beforeMs) counts.delete(key);
    },
  };
  let queue: Promise<unknown> = Promise.resolve();
  const transactions: Transactions = {
    write<T>(work: (tx: Tx) => T | Promise<T>) {
      const result = queue.then(() => work(TX));
      queue = result.catch(() => {});
      return result;
    },
  };
  const lockout = new Lockout({ store, clock, audit: (_, entry) => void audited.push(entry) });
  const attempt = (given: Partial<Attempt> = {}): Attempt => {
    const addressKey = given.addressKey ?? "192.0.2.1";
    return {
      actor: { name: "nobody", address: addressKey },
      name: "ada",
      local: false,
      ...given,
      addressKey,
    };
  };
  /** 0 = it may go on, otherwise the seconds to wait. */
  const begin = async (given?: Partial<Attempt>): Promise<number> => {
    try {
      await lockout.begin(transactions, attempt(given));
      return 0;
    } catch (error) {
      assert.ok(error instanceof DomainError && error.code === "sign_in.locked");
      return error.retryAfterS!;
    }
  };
  const succeed = (given?: Partial<Attempt>) =>
    transactions.write((tx) => lockout.succeeded(tx, attempt(given)));
  return { counts, audited, clock, begin, succeed };
}

Deno.test("five wrong passwords are free, then each doubles the pause up to a quarter of an hour", async () => {
  const { begin, clock } = setup();
  for (let i = 0; i < 5; i++) assert.equal(await begin(), 0);
  const pauses: number[] = [];
  for (let i = 0; i < 12; i++) {
    const pause = await begin();
    pauses.push(pause);
    clock.now += pause * 1000;
    assert.equal(await begin(), 0, "after the pause one more is let try");
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
});

Deno.test("tries at once are counted before any of them is looked at", async () => {
  const { begin } = setup();
  const all = await Promise.all(Array.from({ length: 200 }, () => begin()));
  assert.equal(all.filter((pause) => pause === 0).length, 5);
});

Deno.test("one user's pause at one address holds nobody else up", async () => {
  const { begin } = setup();
  for (let i = 0; i < 6; i++) await begin();
  assert.ok(await begin() > 0);
  assert.ok(await begin({ name: "ADA" }) > 0, "upper case is the same user");
  assert.equal(await begin({ name: "bob" }), 0);
  assert.equal(await begin({ addressKey: "192.0.2.2" }), 0);
});

Deno.test("an address that tries many users is held up for all of them", async () => {
  const { begin } = setup();
  for (let i = 0; i < 20; i++) assert.equal(await begin({ name: `user${i}` }), 0);
  assert.ok(await begin({ name: "another" }) > 0);
  assert.equal(await begin({ name: "another", addressKey: "192.0.2.2" }), 0);
});

Deno.test("a user tried from everywhere is held up for a minute at most, and on the server's own machine never", async () => {
  const { begin, clock } = setup();
  const from = (i: number) => ({ addressKey: `198.51.100.${i}` });
  for (let i = 0; i < 30; i++) assert.equal(await begin(from(i)), 0);
  let longest = 0;
  for (let i = 30; i < 50; i++) {
    const pause = await begin(from(i));
    longest = Math.max(longest, pause);
    clock.now += pause * 1000;
    await begin(from(i));
  }
  assert.equal(longest, 60);
  assert.ok(await begin(from(99)) > 0);
  assert.equal(await begin({ local: true, addressKey: "127.0.0.1" }), 0);
});

Deno.test("a right password takes its own counts back and leaves the address's others", async () => {
  const { begin, succeed, counts } = setup();
  for (let i = 0; i < 4; i++) await begin();
  await begin({ name: "bob" });
  await begin();
  await succeed();
  assert.equal(await begin(), 0);
  assert.deepEqual([...counts.values()].find(({ key }) => key.startsWith("address"))?.failures, 6);
  assert.equal(counts.get("user-at-address ada 192.0.2.1")?.failures, 1);
});

Deno.test("a day later nothing is remembered", async () => {
  const { begin, clock, counts } = setup();
  for (let i = 0; i < 6; i++) await begin();
  clock.now += 86_400_001;
  await begin({ name: "bob", addressKey: "192.0.2.9" });
  assert.ok([...counts.keys()].every((key) => !key.includes("ada")));
});

Deno.test("a lock is audited once, when it begins", async () => {
  const { begin, audited, clock } = setup();
  for (let i = 0; i < 10; i++) {
    clock.now += await begin() * 1000;
  }
  assert.deepEqual(audited.map(({ action, target, address }) => [action, target, address]), [
    ["sign-in.lock", "user:ada", "192.0.2.1"],
  ]);
});
