/**
 * @module
 * What housekeeping removes, in the database.
 */
import type { HousekeepingRecords, SweptDevice } from "../housekeeping.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";

const REMOVE_PENDING =
  "DELETE FROM devices WHERE admission = 'pending' AND last_seen_ms < ? RETURNING id, handle";
const FORGET_SESSIONS = "DELETE FROM sessions WHERE status = 'revoked' AND revoked_at_ms < ?";
const FORGET_HANDSHAKES = "DELETE FROM handshakes WHERE expires_at_ms <= ?";
const FELL_SILENT = `SELECT id, handle FROM devices WHERE admission = 'accepted'
  AND last_seen_ms + 3000 * interval_s + 30000 > ? AND last_seen_ms + 3000 * interval_s + 30000 <= ?`;

/** The port of `housekeeping.ts` over one database. */
export class HousekeepingStore implements HousekeepingRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async removePending(tx: Tx, seenBeforeMs: number): Promise<readonly SweptDevice[]> {
    return await queriesOf(tx).raw.all<SweptDevice>(REMOVE_PENDING, [seenBeforeMs]);
  }

  async forgetKeys(
    tx: Tx,
    { revokedBeforeMs, nowMs }: { revokedBeforeMs: number; nowMs: number },
  ): Promise<void> {
    const { raw } = queriesOf(tx);
    await raw.run(FORGET_SESSIONS, [revokedBeforeMs]);
    await raw.run(FORGET_HANDSHAKES, [nowMs]);
  }

  async fellSilent(
    { fromMs, toMs }: { fromMs: number; toMs: number },
  ): Promise<readonly SweptDevice[]> {
    return await this.#database.read(({ raw }) =>
      raw.all<SweptDevice>(FELL_SILENT, [fromMs, toMs])
    );
  }
}
