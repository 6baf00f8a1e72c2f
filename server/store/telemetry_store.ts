/**
 * @module
 * Telemetry in the database: one blob for each batch, put together in blocks later on, and one for the
 * newest values of each device. The telemetry stores alone touch these tables.
 */
import { type DictionaryEntry, metricsBatchCodec } from "@fleetd/firmware-protocol";
import type { NewBatch } from "../telemetry/telemetry.ts";
import type {
  BatchRange,
  StoredBatch,
  StoredDictionary,
  TelemetryRecords,
  TelemetryUpkeep,
} from "../telemetry/telemetry_records.ts";
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { type BlockEntry, readBlock } from "./telemetry_block.ts";
import {
  foldedThrough,
  foldTelemetry,
  type LogRow,
  logRows,
  LONGEST_BLOCK_MS,
} from "./telemetry_fold.ts";
import { TelemetryTail } from "./telemetry_tail.ts";

const APPEND = `INSERT INTO telemetry_log (device_id, received_at_ms, from_ms, to_ms, suspect, body)
  VALUES (?, ?, ?, ?, ?, ?)`;

const LATEST_OF_ONE = `SELECT device_id AS "deviceId", at_ms AS "atMs", body FROM telemetry_latest
  WHERE device_id = ?`;

const PUT_LATEST = `INSERT INTO telemetry_latest (device_id, at_ms, body) VALUES (?, ?, ?)
  ON CONFLICT (device_id) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`;

const BLOCKS = `SELECT id, from_ms AS "fromMs", body FROM telemetry_blocks
  WHERE device_id = ? AND from_ms >= ? AND from_ms < ? AND to_ms >= ? AND through_id <= ?
    AND (from_ms > ? OR id > ?) ORDER BY from_ms, id LIMIT ?`;

const UNDATED_IN_BLOCKS = `SELECT coalesce(sum(undated), 0) AS count FROM telemetry_blocks
  WHERE device_id = ? AND received_at_ms >= ? AND received_at_ms < ?`;

const DECLARE =
  `INSERT INTO telemetry_dictionaries (device_id, digest, entries, declared_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (device_id, digest) DO UPDATE SET declared_at_ms = excluded.declared_at_ms`;

const FORGET_DICTIONARIES =
  `DELETE FROM telemetry_dictionaries WHERE device_id = ? AND digest NOT IN (
  SELECT digest FROM telemetry_dictionaries WHERE device_id = ? ORDER BY declared_at_ms DESC LIMIT ?)`;

const DROP_BLOCKS = `DELETE FROM telemetry_blocks WHERE id IN (SELECT id FROM
  (SELECT id, received_at_ms FROM telemetry_blocks ORDER BY id LIMIT ?) AS oldest
  WHERE received_at_ms < ?)`;

/** A fold ends in between once, not for ever. */
const MOST_ATTEMPTS = 5;
/** Blocks read at once. */
const BLOCKS_AT_ONCE = 50;

/** Dictionaries kept for each device: a device that makes up ever new ones does not fill the disk. */
const DICTIONARIES_KEPT = 32;

interface LatestRow {
  readonly deviceId: number;
  readonly atMs: number;
  readonly body: Uint8Array;
}

/** The ports of `telemetry/` over one database. */
export class TelemetryStore implements TelemetryRecords, TelemetryUpkeep {
  readonly #database: Database;
  readonly #tail = new TelemetryTail();

  constructor(database: Database) {
    this.#database = database;
  }

  append(tx: Tx, batches: readonly NewBatch[]): Awaitable<void> {
    const { raw } = queriesOf(tx);
    let done: Awaitable<unknown>;
    for (const batch of batches) {
      const row = [
        batch.deviceId,
        batch.receivedAtMs,
        batch.fromMs,
        batch.toMs,
        Number(batch.suspect),
        batch.body,
      ];
      done = done === undefined ? raw.run(APPEND, row) : whenDone(done, () => raw.run(APPEND, row));
    }
    return whenDone(done, () => {});
  }

  latestOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Awaitable<readonly LatestRow[]> {
    const [only] = deviceIds;
    if (tx !== null && only !== undefined && deviceIds.length === 1) {
      return queriesOf(tx).raw.all<LatestRow>(LATEST_OF_ONE, [only]);
    }
    if (only === undefined) return [];
    return this.#in(tx, ({ kysely }) =>
      kysely.selectFrom("telemetry_latest")
        .select(["device_id as deviceId", "at_ms as atMs", "body"])
        .where("device_id", "in", deviceIds).execute());
  }

  putLatest(tx: Tx, { deviceId, atMs, body }: LatestRow): Awaitable<void> {
    return whenDone(queriesOf(tx).raw.run(PUT_LATEST, [deviceId, atMs, body]), () => {});
  }

  async *read(range: BatchRange): AsyncGenerator<readonly StoredBatch[]> {
    const { rows, folded } = await this.#unfolded(range.deviceId);
    yield rows.flatMap((row) =>
      row.fromMs !== null && row.fromMs < range.toMs && row.toMs! >= range.fromMs
        ? [{ fromMs: row.fromMs, suspect: row.suspect === 1, body: row.body }]
        : []
    );
    let [afterMs, afterId] = [-1, -1];
    for (;;) {
      const blocks = await this.#blocks(range, { folded, afterMs, afterId });
      for (const { body } of blocks) yield readBlock(body).flatMap(dated);
      if (blocks.length < BLOCKS_AT_ONCE) return;
      ({ fromMs: afterMs, id: afterId } = blocks.at(-1)!);
    }
  }

  async countUndated({ deviceId, fromMs, toMs }: BatchRange): Promise<number> {
    const { rows } = await this.#unfolded(deviceId);
    const inBlocks = await this.#database.read(({ raw }) =>
      raw.get<{ count: number }>(UNDATED_IN_BLOCKS, [deviceId, fromMs, toMs])
    );
    const inLog = rows.filter((row) =>
      row.fromMs === null && row.receivedAtMs >= fromMs && row.receivedAtMs < toMs
    );
    return inLog.length + Number(inBlocks?.count ?? 0);
  }

  fold(beforeMs: number): Promise<void> {
    return foldTelemetry(this.#database, this.#tail, beforeMs);
  }

  async #blocks(
    { deviceId, fromMs, toMs }: BatchRange,
    { folded, afterMs, afterId }: { folded: number; afterMs: number; afterId: number },
  ): Promise<{ id: number; fromMs: number; body: Uint8Array }[]> {
    return await this.#database.read(({ raw }) =>
      raw.all<{ id: number; fromMs: number; body: Uint8Array }>(BLOCKS, [
        deviceId,
        Math.max(afterMs, fromMs - LONGEST_BLOCK_MS),
        toMs,
        fromMs,
        folded,
        afterMs,
        afterId,
        BLOCKS_AT_ONCE,
      ])
    );
  }

  /**
   * A device's rows of the log that are in no block, and the last row that is in one. A fold in between may
   * have taken rows away: then they are in blocks by now, and everything is looked up afresh.
   */
  async #unfolded(deviceId: number): Promise<{ rows: readonly LogRow[]; folded: number }> {
    for (let attempt = 1;; attempt++) {
      const found = await this.#database.read(async (queries) => {
        await this.#tail.catchUp(queries);
        const folded = await foldedThrough(queries, deviceId);
        const ids = this.#tail.idsOf(deviceId, folded);
        const rows = await logRows(queries, ids);
        return { rows, folded, isWhole: rows.length === ids.length };
      });
      if (found.isWhole || attempt === MOST_ATTEMPTS) return found;
    }
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
    return await queriesOf(tx).raw.run(DROP_BLOCKS, [limit, beforeMs]);
  }

  async #in<T>(tx: Tx | null, work: (queries: Queries) => T | Promise<T>): Promise<T> {
    return await (tx === null ? this.#database.read(work) : work(queriesOf(tx)));
  }
}

function dated({ fromMs, suspect, body }: BlockEntry): StoredBatch[] {
  return fromMs === null ? [] : [{ fromMs, suspect, body }];
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
