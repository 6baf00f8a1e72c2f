/**
 * @module
 * Telemetry in the database: one blob for each batch, one for the newest values of each device. The only
 * module that touches these tables.
 */
import { type DictionaryEntry, metricsBatchCodec } from "@fleetd/firmware-protocol";
import type { NewBatch } from "../telemetry/telemetry.ts";
import type {
  BatchPage,
  StoredBatch,
  StoredDictionary,
  TelemetryRecords,
  TelemetryRetention,
} from "../telemetry/telemetry_records.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";

const APPEND = `INSERT INTO telemetry_log (device_id, received_at_ms, from_ms, to_ms, suspect, body)
  VALUES (?, ?, ?, ?, ?, ?)`;

const LATEST_OF_ONE = `SELECT device_id AS "deviceId", at_ms AS "atMs", body FROM telemetry_latest
  WHERE device_id = ?`;

const PUT_LATEST = `INSERT INTO telemetry_latest (device_id, at_ms, body) VALUES (?, ?, ?)
  ON CONFLICT (device_id) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`;

const PAGE = `SELECT id, from_ms AS "fromMs", suspect, body FROM telemetry_log
  WHERE device_id = ? AND from_ms >= ? AND from_ms < ? AND to_ms >= ? AND (from_ms > ? OR id > ?)
  ORDER BY from_ms, id LIMIT ?`;

const COUNT_UNDATED = `SELECT count(*) AS count FROM telemetry_log
  WHERE device_id = ? AND from_ms IS NULL AND received_at_ms >= ? AND received_at_ms < ?`;

const DECLARE =
  `INSERT INTO telemetry_dictionaries (device_id, digest, entries, declared_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (device_id, digest) DO UPDATE SET declared_at_ms = excluded.declared_at_ms`;

const FORGET_DICTIONARIES =
  `DELETE FROM telemetry_dictionaries WHERE device_id = ? AND digest NOT IN (
  SELECT digest FROM telemetry_dictionaries WHERE device_id = ? ORDER BY declared_at_ms DESC LIMIT ?)`;

const DROP = `DELETE FROM telemetry_log WHERE id IN (SELECT id FROM
  (SELECT id, received_at_ms FROM telemetry_log ORDER BY id LIMIT ?) AS oldest WHERE received_at_ms < ?)`;

/** Dictionaries kept for each device: a device that makes up ever new ones does not fill the disk. */
const DICTIONARIES_KEPT = 32;

/** The ports of `telemetry/` over one database. */
export class TelemetryStore implements TelemetryRecords, TelemetryRetention {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(tx: Tx, batches: readonly NewBatch[]): Promise<void> {
    const { raw } = queriesOf(tx);
    for (const batch of batches) {
      await raw.run(APPEND, [
        batch.deviceId,
        batch.receivedAtMs,
        batch.fromMs,
        batch.toMs,
        Number(batch.suspect),
        batch.body,
      ]);
    }
  }

  async latestOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Promise<readonly { deviceId: number; atMs: number; body: Uint8Array }[]> {
    type Row = { deviceId: number; atMs: number; body: Uint8Array };
    return await this.#in(tx, async ({ raw, kysely }) => {
      if (deviceIds.length === 0) return [];
      if (deviceIds.length === 1) return await raw.all<Row>(LATEST_OF_ONE, [deviceIds[0]!]);
      return await kysely.selectFrom("telemetry_latest")
        .select(["device_id as deviceId", "at_ms as atMs", "body"])
        .where("device_id", "in", deviceIds).execute();
    });
  }

  async putLatest(
    tx: Tx,
    { deviceId, atMs, body }: { deviceId: number; atMs: number; body: Uint8Array },
  ): Promise<void> {
    await queriesOf(tx).raw.run(PUT_LATEST, [deviceId, atMs, body]);
  }

  async page(page: BatchPage): Promise<readonly StoredBatch[]> {
    type Row = { id: number; fromMs: number; suspect: number; body: Uint8Array };
    const { after, beginFromMs } = page;
    const rows = await this.#database.read(({ raw }) =>
      raw.all<Row>(PAGE, [
        page.deviceId,
        after?.fromMs ?? beginFromMs,
        page.beginToMs,
        page.endFromMs,
        after?.fromMs ?? -1,
        after?.id ?? -1,
        page.limit,
      ])
    );
    return rows.map((row) => ({ ...row, suspect: row.suspect === 1 }));
  }

  async countUndated(
    { deviceId, fromMs, toMs }: { deviceId: number; fromMs: number; toMs: number },
  ): Promise<number> {
    const row = await this.#database.read(({ raw }) =>
      raw.get<{ count: number }>(COUNT_UNDATED, [deviceId, fromMs, toMs])
    );
    return Number(row?.count ?? 0);
  }

  async dictionariesOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Promise<readonly StoredDictionary[]> {
    if (deviceIds.length === 0) return [];
    const rows = await this.#in(
      tx,
      ({ kysely }) =>
        kysely.selectFrom("telemetry_dictionaries").selectAll()
          .where("device_id", "in", deviceIds).orderBy("declared_at_ms", "desc").execute(),
    );
    return rows.map((row) => ({
      deviceId: row.device_id,
      digest: row.digest,
      entries: readEntries(row.entries),
      declaredAtMs: row.declared_at_ms,
    }));
  }

  async declare(tx: Tx, dictionary: StoredDictionary): Promise<void> {
    const { raw } = queriesOf(tx);
    const { deviceId } = dictionary;
    await raw.run(DECLARE, [
      deviceId,
      dictionary.digest,
      writeEntries(dictionary),
      dictionary.declaredAtMs,
    ]);
    await raw.run(FORGET_DICTIONARIES, [deviceId, deviceId, DICTIONARIES_KEPT]);
  }

  async dropReceivedBefore(
    tx: Tx,
    { beforeMs, limit }: { beforeMs: number; limit: number },
  ): Promise<number> {
    return await queriesOf(tx).raw.run(DROP, [limit, beforeMs]);
  }

  async #in<T>(tx: Tx | null, work: (queries: Queries) => T | Promise<T>): Promise<T> {
    return await (tx === null ? this.#database.read(work) : work(queriesOf(tx)));
  }
}

/** Entries travel and are kept in the protocol's own encoding, inside an otherwise empty batch. */
function writeEntries({ digest, entries }: StoredDictionary): Uint8Array {
  return metricsBatchCodec.encode({
    ...EMPTY_BATCH,
    dictionary: digest,
    dictionaryEntries: entries,
  });
}

function readEntries(bytes: Uint8Array): readonly DictionaryEntry[] {
  return metricsBatchCodec.decode(bytes).dictionaryEntries ?? [];
}

const EMPTY_BATCH = { epoch: 0, first: 0, t0: 0, base: 1, dt: 0, columns: [], count: 1 };
