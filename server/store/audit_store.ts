/**
 * @module
 * The audit log in the database. The tables' own triggers refuse changes and deletions.
 */
import type { AuditQuery, AuditRow, AuditStore } from "../audit/audit_log.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import type { AuditTable } from "./schema.ts";

/** A row as it is read: `Generated` is for inserts. */
type Row = Omit<AuditTable, "id"> & { readonly id: number };

/** The audit port over one database. */
export class AuditTables implements AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async lastHash(tx: Tx): Promise<Uint8Array | null> {
    const row = await queriesOf(tx).raw.get<{ hash: Uint8Array }>(
      "SELECT hash FROM audit ORDER BY id DESC LIMIT 1",
      [],
    );
    return row?.hash ?? null;
  }

  async insert(tx: Tx, row: Omit<AuditRow, "id">): Promise<void> {
    await queriesOf(tx).raw.run(
      `INSERT INTO audit (at_ms, actor, address, action, target, before, after, previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.atMs,
        row.actor,
        row.address,
        row.action,
        row.target,
        row.before,
        row.after,
        row.previousHash,
        row.hash,
      ],
    );
  }

  async list({ beforeId, target, limit }: AuditQuery): Promise<readonly AuditRow[]> {
    const before = beforeId ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.#database.read(({ raw }) =>
      target === null
        ? raw.all<Row>("SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", [before, limit])
        : raw.all<Row>("SELECT * FROM audit WHERE target = ? AND id < ? ORDER BY id DESC LIMIT ?", [
          target,
          before,
          limit,
        ])
    );
    return rows.map(rowOf);
  }

  async page(afterId: number, limit: number): Promise<readonly AuditRow[]> {
    const rows = await this.#database.read(({ raw }) =>
      raw.all<Row>("SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?", [afterId, limit])
    );
    return rows.map(rowOf);
  }
}

function rowOf(row: Row): AuditRow {
  return {
    id: row.id,
    atMs: row.at_ms,
    actor: row.actor,
    address: row.address,
    action: row.action,
    target: row.target,
    before: row.before,
    after: row.after,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
