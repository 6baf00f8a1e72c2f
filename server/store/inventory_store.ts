/**
 * @module
 * Inventories in the database, as JSON text.
 */
import type { DeviceScope } from "../access/device_scope.ts";
import type {
  DeviceInventory,
  InventoryRecords,
  RecordedInventoryChange,
} from "../inventory/inventory.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { isInScope } from "./scope.ts";
import type { InventoryTable } from "./schema.ts";

/** Changes kept for each device. */
const CHANGES_KEPT = 1_000;

const PUT = `INSERT INTO inventory (device_id, digest, body, changed_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (device_id) DO UPDATE SET digest = excluded.digest, body = excluded.body,
    changed_at_ms = excluded.changed_at_ms`;
const NAME = "UPDATE devices SET inventory_digest = ? WHERE id = ?";
const CHANGE = `INSERT INTO inventory_changes (device_id, at_ms, field, before, after)
  VALUES (?, ?, ?, ?, ?)`;
const FORGET = `DELETE FROM inventory_changes WHERE device_id = ? AND id <= (SELECT id FROM
  inventory_changes WHERE device_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`;

/** The port of `inventory/` over one database. */
export class InventoryStore implements InventoryRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(tx: Tx | null, deviceId: number): Promise<DeviceInventory | undefined> {
    const read = ({ raw }: Queries) =>
      raw.get<InventoryTable>("SELECT * FROM inventory WHERE device_id = ?", [deviceId]);
    const row = await (tx === null ? this.#database.read(read) : read(queriesOf(tx)));
    return row && { facts: JSON.parse(row.body), changedAtMs: row.changed_at_ms };
  }

  async put(tx: Tx, inventory: Parameters<InventoryRecords["put"]>[1]): Promise<void> {
    const { raw } = queriesOf(tx);
    const { deviceId, digest, changedAtMs, changes } = inventory;
    await raw.run(PUT, [deviceId, digest, JSON.stringify(inventory.facts), changedAtMs]);
    await raw.run(NAME, [digest, deviceId]);
    for (const { field, before, after } of changes) {
      await raw.run(CHANGE, [deviceId, changedAtMs, field, textOf(before), textOf(after)]);
    }
    if (changes.length > 0) await raw.run(FORGET, [deviceId, deviceId, CHANGES_KEPT]);
  }

  async changes(
    scope: DeviceScope,
    { deviceId, limit, before }: Parameters<InventoryRecords["changes"]>[1],
  ): Promise<readonly RecordedInventoryChange[]> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("inventory_changes").selectAll().where("device_id", "=", deviceId)
        .where("id", "<", before ?? Number.MAX_SAFE_INTEGER)
        .where((eb) => isInScope(eb, { scope, deviceColumn: "inventory_changes.device_id" }))
        .orderBy("id", "desc").limit(limit).execute()
    );
    return rows.map((row) => ({
      id: row.id,
      atMs: row.at_ms,
      field: row.field,
      before: row.before === null ? null : JSON.parse(row.before),
      after: row.after === null ? null : JSON.parse(row.after),
    }));
  }
}

function textOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
