/**
 * @module
 * The hot path of a sync in the database: constant texts, prepared once, one statement for each step.
 * Nothing here waits on SQLite, so nothing is made a promise that is none.
 */
import type { RowChange, StoredKeys, SyncRecords, SyncRow } from "../sync/sync_records.ts";
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";

const KEYS = `SELECT keys_wrapped AS "keysWrapped" FROM sessions WHERE kid = ?
  UNION ALL SELECT keys_wrapped FROM handshakes WHERE kid = ? AND expires_at_ms > ? LIMIT 1`;

/** What a message needs to know of its session and device. */
export const ROW = `s.device_id AS "deviceId", s.status, s.created_at_ms AS "sessionCreatedAtMs",
    s.revoked_at_ms AS "revokedAtMs", d.revision,
    CASE WHEN s.status = 'active' THEN d.last_seq ELSE s.last_seq END AS "lastSeq",
    d.last_tag AS "lastTag", s.resync_nonce AS "resyncNonce", s.stale_count AS "staleCount",
    s.stale_since_ms AS "staleSinceMs", s.rekey_wanted AS "rekeyWanted",
    d.handle, d.admission, d.quarantined, d.interval_s AS "intervalS", d.rx_max AS "rxMax",
    d.agent_version AS "agentVersion", d.last_seen_ms AS "lastSeenMs",
    d.last_address AS "lastAddress", d.boot_id AS "bootId", d.uptime_ms AS "uptimeMs",
    d.previous_boot_id AS "previousBootId", d.previous_uptime_ms AS "previousUptimeMs", d.clock,
    d.boot_reason AS "bootReason", d.commands_through AS "commandsThrough",
    d.inventory_digest AS "inventoryDigest",
    (SELECT count(*) FROM (SELECT 1 FROM commands c WHERE c.device_id = d.id
       AND c.state IN ('waiting', 'delivered') LIMIT 1) AS o) AS "hasOpenCommands",
    d.metrics_epoch AS "metricsEpoch", d.metrics_through AS "metricsThrough",
    d.metrics_lost AS "metricsLost", d.reports_epoch AS "reportsEpoch",
    d.reports_through AS "reportsThrough", d.reports_lost AS "reportsLost", d.conditions`;

/** Reads it, for the message that takes it. */
export const LOAD =
  `SELECT ${ROW} FROM sessions s JOIN devices d ON d.id = s.device_id WHERE s.kid = ?`;

/** The row by its id, which is found faster than by its kid, and what it must still be. */
const STANDS = "WHERE kid = ? AND id = ? AND last_seq = ? AND revision BETWEEN ? AND ?";

/** What changes with every message of a device that just goes on. */
export const TAKE_STEADY =
  `UPDATE devices SET last_seq = ?, last_tag = ?, last_seen_ms = ?, uptime_ms = ?,
  metrics_through = ? ${STANDS}`;

/** What any message may change. */
export const TAKE = `UPDATE devices SET last_seq = ?, last_tag = ?, last_seen_ms = ?, uptime_ms = ?,
  metrics_through = ?, metrics_epoch = ?, metrics_lost = ?, reports_epoch = ?, reports_through = ?,
  reports_lost = ?, last_address = ?, boot_id = ?, previous_boot_id = ?, previous_uptime_ms = ?,
  clock = ?, boot_reason = ?, rx_max = ?, agent_version = ?, conditions = ?
  ${STANDS}`;

const END_RESYNC = "UPDATE sessions SET resync_nonce = NULL WHERE kid = ?";
const COUNT_STALE = "UPDATE sessions SET stale_count = ?, stale_since_ms = ? WHERE kid = ?";

/** The port of `sync/` over one database. */
export class SyncStore implements SyncRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  keysOf(kid: Uint8Array, nowMs: number): Promise<StoredKeys | undefined> {
    return this.#database.read(({ raw }) => raw.get<StoredKeys>(KEYS, [kid, kid, nowMs]));
  }

  load(tx: Tx | null, kid: Uint8Array): Awaitable<SyncRow | undefined> {
    const found = tx === null
      ? this.#database.read(({ raw }) => raw.get<SyncRow>(LOAD, [kid]))
      : queriesOf(tx).raw.get<SyncRow>(LOAD, [kid]);
    // Copied: what the database gives is slow to read and to change.
    return whenDone(found, (row) => row && { ...row });
  }

  take(
    tx: Tx,
    kid: Uint8Array,
    { before, after, isChecked }: { before: SyncRow; after: RowChange; isChecked: boolean },
  ): Awaitable<boolean> {
    const { raw } = queriesOf(tx);
    // What was checked may have grown since, by what this very message brought.
    const newest = isChecked ? Number.MAX_SAFE_INTEGER : before.revision;
    const changed = isSteady(before, after)
      ? raw.run(TAKE_STEADY, [
        after.lastSeq,
        after.lastTag,
        after.lastSeenMs,
        after.uptimeMs,
        after.metricsThrough,
        kid,
        before.deviceId,
        before.lastSeq,
        before.revision,
        newest,
      ])
      : raw.run(TAKE, [
        after.lastSeq,
        after.lastTag,
        after.lastSeenMs,
        after.uptimeMs,
        after.metricsThrough,
        after.metricsEpoch,
        after.metricsLost,
        after.reportsEpoch,
        after.reportsThrough,
        after.reportsLost,
        after.lastAddress,
        after.bootId,
        after.previousBootId,
        after.previousUptimeMs,
        after.clock,
        after.bootReason,
        after.rxMax,
        after.agentVersion,
        after.conditions,
        kid,
        before.deviceId,
        before.lastSeq,
        before.revision,
        newest,
      ]);
    return whenDone(changed, (rows) => rows === 1);
  }

  async endResync(tx: Tx, kid: Uint8Array): Promise<void> {
    await queriesOf(tx).raw.run(END_RESYNC, [kid]);
  }

  async countStale(
    tx: Tx,
    { kid, count, sinceMs }: { kid: Uint8Array; count: number; sinceMs: number },
  ): Promise<void> {
    await queriesOf(tx).raw.run(COUNT_STALE, [count, sinceMs, kid]);
  }
}

function isSteady(before: SyncRow, after: RowChange): boolean {
  return before.metricsEpoch === after.metricsEpoch && before.metricsLost === after.metricsLost &&
    before.reportsThrough === after.reportsThrough &&
    before.reportsEpoch === after.reportsEpoch && before.lastAddress === after.lastAddress &&
    before.bootId === after.bootId && before.clock === after.clock &&
    before.bootReason === after.bootReason && before.rxMax === after.rxMax &&
    before.agentVersion === after.agentVersion && before.conditions === after.conditions;
}
