/**
 * @module
 * The hot path of a sync in the database: constant texts, prepared once, one statement for each step.
 */
import type {
  Heartbeat,
  StoredKeys,
  StreamRecords,
  SyncRecords,
  SyncRow,
} from "../sync/sync_records.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";

const KEYS = `SELECT keys_wrapped AS "keysWrapped" FROM sessions WHERE kid = ?
  UNION ALL SELECT keys_wrapped FROM handshakes WHERE kid = ? AND expires_at_ms > ? LIMIT 1`;

const LOAD = `SELECT s.device_id AS "deviceId", s.status, s.created_at_ms AS "sessionCreatedAtMs",
    s.revoked_at_ms AS "revokedAtMs", s.last_seq AS "lastSeq", s.last_tag AS "lastTag",
    s.resync_nonce AS "resyncNonce", s.stale_count AS "staleCount",
    s.stale_since_ms AS "staleSinceMs", s.rekey_wanted AS "rekeyWanted",
    d.handle, d.admission, d.quarantined, d.interval_s AS "intervalS", d.rx_max AS "rxMax",
    d.agent_version AS "agentVersion", d.last_seen_ms AS "lastSeenMs", d.boot_id AS "bootId",
    d.uptime_ms AS "uptimeMs", d.previous_boot_id AS "previousBootId",
    d.previous_uptime_ms AS "previousUptimeMs", d.clock, d.boot_reason AS "bootReason",
    d.commands_through AS "commandsThrough", d.inventory_digest AS "inventoryDigest",
    (SELECT count(*) FROM (SELECT 1 FROM commands c WHERE c.device_id = d.id
       AND c.state IN ('waiting', 'delivered') LIMIT 1) AS o) AS "hasOpenCommands",
    m.epoch AS "metricsEpoch", m.through AS "metricsThrough", m.lost AS "metricsLost",
    r.epoch AS "reportsEpoch", r.through AS "reportsThrough", r.lost AS "reportsLost"
  FROM sessions s JOIN devices d ON d.id = s.device_id
    LEFT JOIN streams m ON m.device_id = s.device_id AND m.stream = 1
    LEFT JOIN streams r ON r.device_id = s.device_id AND r.stream = 3
  WHERE s.kid = ?`;

const ADVANCE = `UPDATE sessions SET last_seq = ?, last_tag = ?, resync_nonce = NULL
  WHERE kid = ? AND last_seq < ? AND status = 'active'`;

const HEARTBEAT =
  `UPDATE devices SET last_seen_ms = ?, last_address = ?, boot_id = ?, uptime_ms = ?,
  previous_boot_id = ?, previous_uptime_ms = ?, clock = ?, boot_reason = ?, rx_max = ?,
  agent_version = ? WHERE id = ?`;

const COUNT_STALE = "UPDATE sessions SET stale_count = ?, stale_since_ms = ? WHERE kid = ?";

const STORE_POSITION =
  `INSERT INTO streams (device_id, stream, epoch, through, lost) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (device_id, stream) DO UPDATE SET epoch = excluded.epoch, through = excluded.through,
    lost = excluded.lost`;

/** The ports of `sync/` over one database. */
export class SyncStore implements SyncRecords, StreamRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  keysOf(kid: Uint8Array, nowMs: number): Promise<StoredKeys | undefined> {
    return this.#database.read(({ raw }) => raw.get<StoredKeys>(KEYS, [kid, kid, nowMs]));
  }

  load(tx: Tx | null, kid: Uint8Array): Awaitable<SyncRow | undefined> {
    if (tx !== null) return queriesOf(tx).raw.get<SyncRow>(LOAD, [kid]);
    return this.#database.read(({ raw }) => raw.get<SyncRow>(LOAD, [kid]));
  }

  async advance(
    tx: Tx,
    { kid, seq, tag }: { kid: Uint8Array; seq: number; tag: Uint8Array },
  ): Promise<boolean> {
    return await queriesOf(tx).raw.run(ADVANCE, [seq, tag, kid, seq]) === 1;
  }

  async heartbeat(tx: Tx, beat: Heartbeat): Promise<void> {
    await queriesOf(tx).raw.run(HEARTBEAT, [
      beat.lastSeenMs,
      beat.lastAddress,
      beat.bootId,
      beat.uptimeMs,
      beat.previousBootId,
      beat.previousUptimeMs,
      beat.clock,
      beat.bootReason,
      beat.rxMax,
      beat.agentVersion,
      beat.deviceId,
    ]);
  }

  async countStale(
    tx: Tx,
    { kid, count, sinceMs }: { kid: Uint8Array; count: number; sinceMs: number },
  ): Promise<void> {
    await queriesOf(tx).raw.run(COUNT_STALE, [count, sinceMs, kid]);
  }

  async store(
    tx: Tx,
    position: { deviceId: number; stream: number; epoch: number; through: number; lost: number },
  ): Promise<void> {
    await queriesOf(tx).raw.run(STORE_POSITION, [
      position.deviceId,
      position.stream,
      position.epoch,
      position.through,
      position.lost,
    ]);
  }
}
