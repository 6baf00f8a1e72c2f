/**
 * @module
 * The fleet's row in the database.
 */
import type { FleetRecord, FleetRecords } from "../identity/fleet_identity.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import type { FleetTable } from "./schema.ts";

/** The port of `identity/` over one database. */
export class FleetStore implements FleetRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<FleetRecord | undefined> {
    const row = await this.#database.read(({ raw }) =>
      raw.get<FleetTable>("SELECT * FROM fleet WHERE id = 1", [])
    );
    return row && {
      fleetId: row.fleet_id,
      name: row.name,
      serverEpoch: row.server_epoch,
      publicKey: row.public_key,
      secretKeyWrapped: row.secret_key_wrapped,
      createdAtMs: row.created_at_ms,
    };
  }

  async insert(tx: Tx, record: FleetRecord): Promise<void> {
    await queriesOf(tx).raw.run(
      `INSERT INTO fleet (id, fleet_id, name, server_epoch, public_key, secret_key_wrapped, created_at_ms)
       VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      [
        record.fleetId,
        record.name,
        record.serverEpoch,
        record.publicKey,
        record.secretKeyWrapped,
        record.createdAtMs,
      ],
    );
  }

  async markRestored(
    tx: Tx,
    { nowMs, nonce }: { readonly nowMs: number; readonly nonce: () => Uint8Array },
  ): Promise<number> {
    const { raw } = queriesOf(tx);
    await raw.run("UPDATE fleet SET server_epoch = server_epoch + 1", []);
    await raw.run("UPDATE enrolment_tokens SET not_after_ms = ? WHERE not_after_ms > ?", [
      nowMs,
      nowMs,
    ]);
    const kids = await raw.all<{ kid: Uint8Array }>(
      "SELECT kid FROM sessions WHERE status = 'active'",
      [],
    );
    for (const { kid } of kids) {
      await raw.run("UPDATE sessions SET resync_nonce = ? WHERE kid = ?", [nonce(), kid]);
    }
    const row = await raw.get<{ server_epoch: number }>("SELECT server_epoch FROM fleet", []);
    return row?.server_epoch ?? 0;
  }
}
