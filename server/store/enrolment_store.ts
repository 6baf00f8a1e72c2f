/**
 * @module
 * Devices, sessions and tokens in the database, as enrolment changes them.
 */
import type { QuarantineRecords } from "../enrolment/clone_alarm.ts";
import type {
  DeviceClaims,
  EnrolledDevices,
  KnownDevice,
  NewDevice,
  OpenedSession,
  UsableToken,
  UsableTokens,
} from "../enrolment/records.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import type { DevicesTable, EnrolmentTokensTable } from "./schema.ts";

const DAY_MS = 86_400_000;

type Change = Parameters<EnrolledDevices["refresh"]>[2];

/** The ports of `enrolment/` for devices, tokens and quarantine over one database. */
export class EnrolmentStore implements EnrolledDevices, QuarantineRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(tx: Tx | null, publicKey: Uint8Array): Promise<KnownDevice | undefined> {
    const row = await this.#in(
      tx,
      ({ raw }) =>
        raw.get<
          Pick<DevicesTable, "handle" | "admission"> & Record<"id" | "quarantined" | "tofu", number>
        >(
          "SELECT id, handle, admission, quarantined, tofu FROM devices WHERE public_key = ?",
          [publicKey],
        ),
    );
    return row && { ...row, quarantined: row.quarantined === 1, tofu: row.tofu === 1 };
  }

  async heldByOther(
    tx: Tx | null,
    { publicKey, deviceId, serial }: Parameters<EnrolledDevices["heldByOther"]>[1],
  ): Promise<{ deviceIdHeld: boolean; serialHeld: boolean }> {
    const held = await this.#in(tx, async ({ raw }) => ({
      id: await raw.get(
        "SELECT 1 AS held FROM devices WHERE device_id = ? AND public_key <> ? LIMIT 1",
        [deviceId, publicKey],
      ),
      serial: serial === null ? undefined : await raw.get(
        "SELECT 1 AS held FROM devices WHERE serial = ? AND public_key <> ? AND admission <> 'pending' LIMIT 1",
        [serial, publicKey],
      ),
    }));
    return { deviceIdHeld: held.id !== undefined, serialHeld: held.serial !== undefined };
  }

  async insert(tx: Tx, device: NewDevice): Promise<number> {
    const row = await queriesOf(tx).raw.get<{ id: number }>(
      `INSERT INTO devices (handle, public_key, device_id, name, hw_class, model, serial, agent_version,
         admission, tofu, hello_mismatch, interval_s, rx_max, created_at_ms, accepted_at_ms,
         last_seen_ms, last_address)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      [
        device.handle,
        device.publicKey,
        device.deviceId,
        device.name,
        device.hwClass,
        device.model,
        device.serial,
        device.agentVersion,
        device.admission,
        Number(device.tofu),
        Number(device.helloMismatch),
        device.intervalS,
        device.rxMax,
        device.nowMs,
        device.admission === "accepted" ? device.nowMs : null,
        device.nowMs,
        device.address,
      ],
    );
    return row!.id;
  }

  async refresh(tx: Tx, deviceId: number, change: Change): Promise<void> {
    const claims: DeviceClaims = change;
    await queriesOf(tx).raw.run(
      `UPDATE devices SET device_id = CASE WHEN ? = 1 THEN device_id ELSE ? END,
         hw_class = ?, model = ?, serial = ?, agent_version = ?, name = coalesce(name, ?), rx_max = ?,
         hello_mismatch = ?, tofu = ?, admission = ?,
         accepted_at_ms = CASE WHEN ? = 'accepted' THEN coalesce(accepted_at_ms, ?) ELSE accepted_at_ms END
       WHERE id = ?`,
      [
        Number(change.keepDeviceId),
        claims.deviceId,
        claims.hwClass,
        claims.model,
        claims.serial,
        claims.agentVersion,
        claims.name,
        claims.rxMax,
        Number(claims.helloMismatch),
        Number(change.tofu),
        change.admission,
        change.admission,
        change.nowMs,
        deviceId,
      ],
    );
  }

  async label(tx: Tx, deviceId: number, labels: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(labels)) {
      await queriesOf(tx).raw.run(
        `INSERT INTO device_labels (device_id, key, value) VALUES (?, ?, ?)
         ON CONFLICT (device_id, key) DO UPDATE SET value = excluded.value`,
        [deviceId, key, value],
      );
    }
  }

  async makeRoomForPending(
    tx: Tx,
    { address, total, perAddress }: Parameters<EnrolledDevices["makeRoomForPending"]>[1],
  ): Promise<readonly string[]> {
    const { raw } = queriesOf(tx);
    const evicted: string[] = [];
    for (
      const [where, parameters] of [
        ["AND last_address = ?", [address, perAddress - 1]],
        ["", [total - 1]],
      ] as const
    ) {
      const rows = await raw.all<{ handle: string }>(
        `DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE admission = 'pending' ${where}
           ORDER BY last_seen_ms DESC, id DESC LIMIT 1000 OFFSET ?) RETURNING handle`,
        parameters,
      );
      evicted.push(...rows.map((row) => row.handle));
    }
    return evicted;
  }

  async openSession(
    tx: Tx,
    { kid, deviceId, keysWrapped, nowMs }: Parameters<EnrolledDevices["openSession"]>[1],
  ): Promise<OpenedSession> {
    const { raw } = queriesOf(tx);
    const revoked = await raw.run(
      `UPDATE sessions SET status = 'revoked', revoked_at_ms = ?,
         last_seq = (SELECT last_seq FROM devices WHERE id = ?) WHERE device_id = ? AND status = 'active'`,
      [nowMs, deviceId, deviceId],
    );
    const recent = await raw.get<{ count: number }>(
      `SELECT count(*) AS count FROM sessions s WHERE s.device_id = ? AND s.created_at_ms > ?
         AND EXISTS (SELECT 1 FROM sessions e WHERE e.device_id = s.device_id AND e.created_at_ms < s.created_at_ms)`,
      [deviceId, nowMs - DAY_MS],
    );
    const first = await raw.get(
      "SELECT 1 AS found FROM sessions WHERE device_id = ? LIMIT 1",
      [deviceId],
    );
    await raw.run(
      `INSERT INTO sessions (kid, device_id, keys_wrapped, status, created_at_ms)
       VALUES (?, ?, ?, 'active', ?)`,
      [kid, deviceId, keysWrapped, nowMs],
    );
    await raw.run("UPDATE devices SET kid = ?, last_seq = 0, last_tag = NULL WHERE id = ?", [
      kid,
      deviceId,
    ]);
    return {
      replaced: revoked > 0,
      reenrolments: Number(recent?.count ?? 0) + (first === undefined ? 0 : 1),
    };
  }

  async quarantine(tx: Tx, deviceId: number): Promise<boolean> {
    return await queriesOf(tx).raw.run(
      "UPDATE devices SET quarantined = 1 WHERE id = ? AND quarantined = 0",
      [deviceId],
    ) === 1;
  }

  async release(tx: Tx, deviceId: number): Promise<boolean> {
    const { raw } = queriesOf(tx);
    const released = await raw.run(
      `UPDATE devices SET quarantined = 0, previous_boot_id = NULL, previous_uptime_ms = NULL
       WHERE id = ? AND quarantined = 1`,
      [deviceId],
    );
    await raw.run(
      `UPDATE sessions SET rekey_wanted = 1, stale_count = 0, stale_since_ms = NULL
       WHERE device_id = ? AND status = 'active'`,
      [deviceId],
    );
    return released === 1;
  }

  async #in<T>(tx: Tx | null, work: (queries: Queries) => T | Promise<T>): Promise<T> {
    return await (tx === null ? this.#database.read(work) : work(queriesOf(tx)));
  }
}

/** The port of `enrolment/` for tokens as devices use them. */
export class UsableTokenStore implements UsableTokens {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: Uint8Array): Promise<UsableToken | undefined> {
    const row = await this.#database.read(({ raw }) =>
      raw.get<EnrolmentTokensTable & { used: number }>(
        "SELECT * FROM enrolment_tokens WHERE id = ?",
        [id],
      )
    );
    return row && {
      secretWrapped: row.secret_wrapped,
      hwClass: row.hw_class,
      used: row.used,
      maxUses: row.max_uses,
      notAfterMs: row.not_after_ms,
      revokedAtMs: row.revoked_at_ms,
    };
  }

  async consume(
    tx: Tx,
    id: Uint8Array,
    nowMs: number,
  ): Promise<{ labels: Readonly<Record<string, string>> } | undefined> {
    const row = await queriesOf(tx).raw.get<{ labels: string }>(
      `UPDATE enrolment_tokens SET used = used + 1 WHERE id = ? AND used < max_uses
         AND not_after_ms > ? AND revoked_at_ms IS NULL RETURNING labels`,
      [id, nowMs],
    );
    return row && { labels: JSON.parse(row.labels) };
  }
}
