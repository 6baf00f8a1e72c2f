import assert from "node:assert/strict";
import type { Tx } from "../transaction.ts";
import { type AuditRow, type AuditStore, auditTo, by, checkAudit } from "./audit_log.ts";

const TX: Tx = { afterCommit: (effect) => effect() };
const ACTOR = { name: "token:k7pq laptop", address: "127.0.0.1" };

class FakeAuditStore implements AuditStore {
  rows: AuditRow[] = [];
  lastHash = () => this.rows.at(-1)?.hash ?? null;
  insert(_: Tx, row: Omit<AuditRow, "id">) {
    this.rows.push({ id: this.rows.length + 1, ...row });
  }
  list = () => [...this.rows].reverse();
  page = (afterId: number, limit: number) =>
    this.rows.filter((row) => row.id > afterId).slice(0, limit);
}

async function logOf(count: number): Promise<FakeAuditStore> {
  const store = new FakeAuditStore();
  let now = 1_000;
  const audit = auditTo(store, { nowMs: () => now++, monotonicMs: () => now });
  for (let i = 0; i < count; i++) {
    await audit(
      TX,
      by(ACTOR, {
        action: "device.edit",
        target: `device:${i}`,
        before: { name: null },
        after: { name: `n${i}` },
      }),
    );
  }
  return store;
}

Deno.test("every row follows from the one before it, over many pages", async () => {
  const store = await logOf(2_345);
  const check = await checkAudit(store);
  assert.equal(check.brokenAtId, null);
  assert.equal(check.entries, 2_345);
  assert.equal(check.head, Buffer.from(store.rows.at(-1)!.hash).toString("hex"));
  assert.equal((await checkAudit(new FakeAuditStore())).entries, 0);
});

Deno.test("a row that is altered, removed, moved or slipped in breaks the chain there", async () => {
  const broken = async (change: (rows: AuditRow[]) => AuditRow[]) => {
    const store = await logOf(10);
    store.rows = change(store.rows);
    return (await checkAudit(store)).brokenAtId;
  };
  const edit = (changes: Partial<AuditRow>) => (rows: AuditRow[]) =>
    rows.map((row) => row.id === 4 ? { ...row, ...changes } : row);
  for (
    const changes of [
      { actor: "token:zzzz other" },
      { address: null },
      { action: "device.accept" },
      { target: "device:5" },
      { before: null },
      { after: '{"name":"x"}' },
      { atMs: 1 },
      { hash: new Uint8Array(32) },
      { previousHash: new Uint8Array(32) },
    ]
  ) assert.equal(await broken(edit(changes)), 4, JSON.stringify(changes));
  assert.equal(await broken((rows) => rows.filter((row) => row.id !== 4)), 5);
  assert.equal(await broken((rows) => rows.slice(1)), 2, "the beginning cannot be cut off");
  assert.equal(await broken((rows) => [rows[0]!, { ...rows[0]!, id: 1.5 }, ...rows.slice(1)]), 1.5);
});

Deno.test("text cannot move from one field to the next unseen", async () => {
  const store = await logOf(1);
  const row = store.rows[0]!;
  store.rows = [{ ...row, action: `${row.action}${row.target}`, target: "" }];
  assert.equal((await checkAudit(store)).brokenAtId, 1);
});
