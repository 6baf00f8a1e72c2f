/**
 * @module
 * The audit log: one row for each change, chained by digests. Each row's hash covers the row before it,
 * so a row that is altered, removed or slipped in breaks every hash after it; keeping a copy of the newest
 * hash somewhere else proves the whole log.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import type { Audit, AuditEntry } from "./audit.ts";
import type { Actor } from "./actor.ts";

/** A row as it is hashed and kept; `before` and `after` are JSON texts. */
export interface AuditRow {
  readonly id: number;
  readonly atMs: number;
  readonly actor: string;
  readonly address: string | null;
  readonly action: string;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
  /** 32 bytes; of the first row: zeros. */
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** Which rows to list. */
export interface AuditQuery {
  /** Rows older than this id; null = from the newest. */
  readonly beforeId: number | null;
  readonly target: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

/** Where the log is kept. Nothing in it changes or deletes a row. */
export interface AuditStore {
  /** Hash of the newest row; null when there is none. Holds the log's end until the transaction's. */
  lastHash(tx: Tx): Awaitable<Uint8Array | null>;
  insert(tx: Tx, row: Omit<AuditRow, "id">): Awaitable<void>;
  /** Newest first. */
  list(query: AuditQuery): Awaitable<readonly AuditRow[]>;
  /** Oldest first, ids greater than `afterId`, at most `limit`. */
  page(afterId: number, limit: number): Awaitable<readonly AuditRow[]>;
}

/** Result of checking the whole chain. */
export interface AuditCheck {
  readonly entries: number;
  /** The first row that does not follow from those before it; null = the chain holds. */
  readonly brokenAtId: number | null;
  /** Hash of the newest row, hex: note it elsewhere to prove the log later. */
  readonly head: string;
}

const NO_HASH = new Uint8Array(32);
const CHECK_PAGE = 1_000;

/** The audit port over a store: appends in the transaction of the change itself. */
export function auditTo(store: AuditStore, clock: Clock): Audit {
  return async (tx, entry) => {
    const previousHash = await store.lastHash(tx) ?? NO_HASH;
    const row = { ...rowOf(entry, clock.nowMs()), previousHash };
    await store.insert(tx, { ...row, hash: auditHash(row) });
  };
}

/** Fills the first two fields of an entry. */
export function by(actor: Actor, change: Omit<AuditEntry, "actor" | "address">): AuditEntry {
  return { actor: actor.name, address: actor.address, ...change };
}

/**
 * SHA-256 of the previous hash and the row's fields as one JSON array: nothing can move from one field to
 * the next without changing it.
 */
export function auditHash(row: Omit<AuditRow, "id" | "hash">): Uint8Array {
  const fields = [row.atMs, row.actor, row.address, row.action, row.target, row.before, row.after];
  return createHash("sha256").update(row.previousHash).update(JSON.stringify(fields)).digest();
}

/** Recomputes every hash, oldest first, in pages. */
export async function checkAudit(store: AuditStore): Promise<AuditCheck> {
  let previous = NO_HASH as Uint8Array;
  let afterId = 0;
  let entries = 0;
  for (;;) {
    const rows = await store.page(afterId, CHECK_PAGE);
    for (const row of rows) {
      if (!same(row.previousHash, previous) || !same(row.hash, auditHash(row))) {
        return { entries, brokenAtId: row.id, head: hex(previous) };
      }
      previous = row.hash;
      afterId = row.id;
      entries += 1;
    }
    if (rows.length < CHECK_PAGE) return { entries, brokenAtId: null, head: hex(previous) };
  }
}

function rowOf(entry: AuditEntry, atMs: number): Omit<AuditRow, "id" | "previousHash" | "hash"> {
  const text = (value: unknown) => value === undefined ? null : JSON.stringify(value);
  return {
    atMs,
    actor: entry.actor,
    address: entry.address,
    action: entry.action,
    target: entry.target,
    before: text(entry.before),
    after: text(entry.after),
  };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
