/**
 * @module
 * The first schema: fleet, devices, sessions, telemetry, inventory, commands, events, tokens, audit.
 */
import { FIRST_FLEET_ON_POSTGRES } from "./0001_first_fleet_postgres.ts";
import type { Migration } from "./migration.ts";

/** Never edited once released: its checksum is recorded in every database. */
export const FIRST_FLEET: Migration = {
  version: 1,
  name: "first_fleet",
  sqlite: [
    `CREATE TABLE fleet (
      id INTEGER PRIMARY KEY CHECK (id = 1), fleet_id BLOB NOT NULL CHECK (length(fleet_id) = 8),
      name TEXT NOT NULL, server_epoch INTEGER NOT NULL CHECK (server_epoch BETWEEN 1 AND 4294967295),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32), secret_key_wrapped BLOB NOT NULL,
      setup_code_hash BLOB, created_at_ms INTEGER NOT NULL) STRICT`,
    `CREATE TABLE devices (
      id INTEGER PRIMARY KEY AUTOINCREMENT, handle TEXT NOT NULL UNIQUE,
      public_key BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32),
      device_id BLOB NOT NULL CHECK (length(device_id) = 16),
      name TEXT, hw_class TEXT NOT NULL, model TEXT, serial TEXT, agent_version TEXT NOT NULL,
      admission TEXT NOT NULL CHECK (admission IN ('pending','accepted','rejected','decommissioned')),
      quarantined INTEGER NOT NULL DEFAULT 0, tofu INTEGER NOT NULL DEFAULT 0,
      hello_mismatch INTEGER NOT NULL DEFAULT 0,
      interval_s INTEGER NOT NULL CHECK (interval_s BETWEEN 1 AND 604800),
      rx_max INTEGER NOT NULL CHECK (rx_max BETWEEN 1024 AND 65536),
      created_at_ms INTEGER NOT NULL, accepted_at_ms INTEGER, last_seen_ms INTEGER, last_address TEXT,
      boot_id INTEGER, uptime_ms INTEGER, previous_boot_id INTEGER, previous_uptime_ms INTEGER,
      clock INTEGER, boot_reason INTEGER, commands_through INTEGER NOT NULL DEFAULT 0,
      inventory_digest BLOB, kid BLOB UNIQUE, last_seq INTEGER NOT NULL DEFAULT 0, last_tag BLOB,
      metrics_epoch INTEGER, metrics_through INTEGER, metrics_lost INTEGER NOT NULL DEFAULT 0,
      logs_epoch INTEGER, logs_through INTEGER, logs_lost INTEGER NOT NULL DEFAULT 0,
      reports_epoch INTEGER, reports_through INTEGER, reports_lost INTEGER NOT NULL DEFAULT 0,
      revision INTEGER NOT NULL DEFAULT 0) STRICT`,
    `CREATE INDEX devices_by_device_id ON devices (device_id)`,
    `CREATE INDEX devices_by_serial ON devices (serial) WHERE serial IS NOT NULL`,
    `CREATE INDEX devices_by_name ON devices (name) WHERE name IS NOT NULL`,
    `CREATE INDEX devices_pending ON devices (last_seen_ms) WHERE admission = 'pending'`,
    `CREATE TABLE device_labels (
      device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (device_id, key)) STRICT, WITHOUT ROWID`,
    `CREATE INDEX device_labels_by_value ON device_labels (key, value)`,
    `CREATE TABLE sessions (
      kid BLOB NOT NULL PRIMARY KEY CHECK (length(kid) = 8),
      device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      keys_wrapped BLOB NOT NULL, last_seq INTEGER NOT NULL DEFAULT 0,
      status TEXT NOT NULL CHECK (status IN ('active','revoked')),
      created_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER, resync_nonce BLOB,
      stale_count INTEGER NOT NULL DEFAULT 0, stale_since_ms INTEGER,
      rekey_wanted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID`,
    `CREATE INDEX sessions_by_device ON sessions (device_id, created_at_ms)`,
    `CREATE UNIQUE INDEX sessions_one_active ON sessions (device_id) WHERE status = 'active'`,
    `CREATE TABLE handshakes (
      kid BLOB NOT NULL PRIMARY KEY CHECK (length(kid) = 8), address TEXT NOT NULL,
      public_key BLOB NOT NULL, request BLOB NOT NULL, keys_wrapped BLOB NOT NULL,
      token_id BLOB, token_status INTEGER, hello_mismatch INTEGER NOT NULL DEFAULT 0,
      created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL) STRICT`,
    `CREATE INDEX handshakes_by_address ON handshakes (address, created_at_ms)`,
    `CREATE INDEX handshakes_by_age ON handshakes (created_at_ms)`,
    // Every message moves the positions of its device's streams: kept in the row that it writes anyway.
    `CREATE VIEW streams AS
      SELECT id AS device_id, 1 AS stream, metrics_epoch AS epoch, metrics_through AS through,
        metrics_lost AS lost FROM devices WHERE metrics_epoch IS NOT NULL
      UNION ALL SELECT id, 2, logs_epoch, logs_through, logs_lost FROM devices
        WHERE logs_epoch IS NOT NULL
      UNION ALL SELECT id, 3, reports_epoch, reports_through, reports_lost FROM devices
        WHERE reports_epoch IS NOT NULL`,
    // Append-only and without an index: what arrives together lies together, and one commit writes few pages.
    // telemetry_tailed_log.ts moves batches on, device by device, into blocks that are read by an index.
    `CREATE TABLE telemetry_log (
      id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, received_at_ms INTEGER NOT NULL,
      from_ms INTEGER, to_ms INTEGER, suspect INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL) STRICT`,
    `CREATE TABLE telemetry_blocks (
      id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, through_id INTEGER NOT NULL,
      received_at_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
      undated INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL) STRICT`,
    `CREATE INDEX telemetry_blocks_by_time ON telemetry_blocks (device_id, from_ms, to_ms)`,
    // The newest values as of the last fold; what the log holds beyond through_id comes on top.
    `CREATE TABLE telemetry_latest (
      device_id INTEGER PRIMARY KEY, through_id INTEGER NOT NULL, body BLOB NOT NULL) STRICT`,
    `CREATE TABLE telemetry_dictionaries (
      device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      digest BLOB NOT NULL CHECK (length(digest) = 8), entries BLOB NOT NULL,
      declared_at_ms INTEGER NOT NULL, PRIMARY KEY (device_id, digest)) STRICT, WITHOUT ROWID`,
    `CREATE TABLE inventory (
      device_id INTEGER PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
      digest BLOB NOT NULL, body TEXT NOT NULL, changed_at_ms INTEGER NOT NULL) STRICT`,
    `CREATE TABLE inventory_changes (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      at_ms INTEGER NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT) STRICT`,
    `CREATE INDEX inventory_changes_by_device ON inventory_changes (device_id, id)`,
    `CREATE TABLE commands (
      device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      command_id INTEGER NOT NULL, name TEXT NOT NULL, args BLOB,
      state TEXT NOT NULL CHECK (state IN ('waiting','delivered','finished','expired')),
      created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, finished_at_ms INTEGER,
      status INTEGER, code INTEGER, output BLOB, actor TEXT NOT NULL,
      PRIMARY KEY (device_id, command_id)) STRICT, WITHOUT ROWID`,
    `CREATE INDEX commands_open ON commands (device_id, command_id)
      WHERE state IN ('waiting','delivered')`,
    // What a server remembers of a session between messages is right as long as this number stands.
    `CREATE TRIGGER devices_revised AFTER UPDATE OF admission, quarantined, interval_s,
      commands_through, inventory_digest, kid ON devices
      BEGIN UPDATE devices SET revision = revision + 1 WHERE id = NEW.id; END`,
    `CREATE TRIGGER sessions_revised AFTER UPDATE ON sessions
      BEGIN UPDATE devices SET revision = revision + 1 WHERE id = NEW.device_id; END`,
    `CREATE TRIGGER commands_queued AFTER INSERT ON commands
      BEGIN UPDATE devices SET revision = revision + 1 WHERE id = NEW.device_id; END`,
    `CREATE TRIGGER commands_moved AFTER UPDATE OF state ON commands
      BEGIN UPDATE devices SET revision = revision + 1 WHERE id = NEW.device_id; END`,
    `CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL,
      device_id INTEGER REFERENCES devices (id) ON DELETE CASCADE,
      name TEXT NOT NULL, severity INTEGER NOT NULL, text TEXT,
      report_epoch INTEGER, report_counter INTEGER,
      CHECK ((report_epoch IS NULL) = (report_counter IS NULL))) STRICT`,
    `CREATE INDEX events_by_device ON events (device_id, id)`,
    `CREATE UNIQUE INDEX events_once ON events (device_id, report_epoch, report_counter)
      WHERE report_epoch IS NOT NULL`,
    `CREATE TABLE enrolment_tokens (
      id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 8), name TEXT, secret_wrapped BLOB NOT NULL,
      hw_class TEXT, labels TEXT NOT NULL, max_uses INTEGER NOT NULL CHECK (max_uses >= 1),
      used INTEGER NOT NULL DEFAULT 0 CHECK (used <= max_uses), created_at_ms INTEGER NOT NULL,
      not_after_ms INTEGER NOT NULL, revoked_at_ms INTEGER, actor TEXT NOT NULL) STRICT`,
    `CREATE TABLE api_tokens (
      id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
      secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32), role TEXT NOT NULL,
      scope TEXT NOT NULL, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER,
      last_used_ms INTEGER, revoked_at_ms INTEGER) STRICT`,
    `CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, address TEXT,
      action TEXT NOT NULL, target TEXT NOT NULL, before TEXT, after TEXT,
      previous_hash BLOB NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT`,
    `CREATE INDEX audit_by_target ON audit (target, id)`,
    `CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
    `CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
  ],
  postgres: FIRST_FLEET_ON_POSTGRES,
};
