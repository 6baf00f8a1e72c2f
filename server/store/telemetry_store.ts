/**
 * @module
 * Telemetry in the database: one blob for each batch, put together in blocks later on, and one for the
 * newest values of each device. The telemetry stores alone touch these tables.
 */
import { type DictionaryEntry, metricsBatchCodec } from "@fleetd/firmware-protocol";
import type { NewBatch } from "../telemetry/telemetry.ts";
import type {
  BatchRange,
  LatestMerge,
  StoredBatch,
  StoredDictionary,
  TelemetryRecords,
  TelemetryUpkeep,
} from "../telemetry/telemetry_records.ts";
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { type BlockEntry, readBlock } from "./telemetry_block.ts";
import { IndexedTelemetryLog } from "./telemetry_indexed_log.ts";
import { datedBatches, type Folded, LONGEST_BLOCK_MS, type TelemetryLog } from "./telemetry_log.ts";
import { TailedTelemetryLog } from "./telemetry_tailed_log.ts";

/** One batch as it arrives. */
export const APPEND =
  `INSERT INTO telemetry_log (device_id, received_at_ms, from_ms, to_ms, suspect, body)
  VALUES (?, ?, ?, ?, ?, ?)`;

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

/** Devices whose newest values are kept in memory: some 300 bytes each. */
const MOST_LOOKED = 20_000;
/** Blocks read at once. */
const BLOCKS_AT_ONCE = 50;

/** Dictionaries kept for each device: a device that makes up ever new ones does not fill the disk. */
const DICTIONARIES_KEPT = 32;

interface LatestRow {
  readonly deviceId: number;
  readonly body: Uint8Array;
}

/** The ports of `telemetry/` over one database. */
export class TelemetryStore implements TelemetryRecords, TelemetryUpkeep {
  readonly #database: Database;
  readonly #merge: LatestMerge;
  readonly #log: TelemetryLog;
  /** Newest values as somebody last looked at them, to go on from. */
  readonly #looked = new Map<number, Folded>();

  /** @param merge `mergeBatches` */
  constructor(database: Database, merge: LatestMerge) {
    this.#database = database;
    this.#merge = merge;
    this.#log = database.shared === undefined
      ? new TailedTelemetryLog(database)
      : new IndexedTelemetryLog(database);
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

  /** Of each device: the newest values as of its last fold or the last look, and what came on top. */
  async latestOf(deviceIds: readonly number[]): Promise<readonly LatestRow[]> {
    const found = await this.#log.unfolded(deviceIds, this.#looked);
    const latest: LatestRow[] = [];
    for (const deviceId of deviceIds) {
      const { folded, rows } = found.get(deviceId)!;
      const body = rows.length === 0 ? folded.body : this.#merge(folded.body, datedBatches(rows));
      if (rows.length > 0) this.#look(deviceId, { throughId: rows.at(-1)!.id, body });
      if (body.length > 0) latest.push({ deviceId, body });
    }
    return latest;
  }

  #look(deviceId: number, newest: Folded): void {
    if (this.#looked.size >= MOST_LOOKED) this.#looked.clear();
    this.#looked.set(deviceId, newest);
  }

  async *read(range: BatchRange): AsyncGenerator<readonly StoredBatch[]> {
    const { deviceId } = range;
    const { rows, folded } = (await this.#log.unfolded([deviceId])).get(deviceId)!;
    yield datedBatches(
      rows.filter(({ fromMs, toMs }) => fromMs! < range.toMs && toMs! >= range.fromMs),
    );
    let [afterMs, afterId] = [-1, -1];
    for (;;) {
      const blocks = await this.#blocks(range, { folded: folded.throughId, afterMs, afterId });
      for (const { body } of blocks) yield readBlock(body).flatMap(dated);
      if (blocks.length < BLOCKS_AT_ONCE) return;
      ({ fromMs: afterMs, id: afterId } = blocks.at(-1)!);
    }
  }

  async countUndated({ deviceId, fromMs, toMs }: BatchRange): Promise<number> {
    const { rows } = (await this.#log.unfolded([deviceId])).get(deviceId)!;
    const inBlocks = await this.#database.read(({ raw }) =>
      raw.get<{ count: number }>(UNDATED_IN_BLOCKS, [deviceId, fromMs, toMs])
    );
    const inLog = rows.filter((row) =>
      row.fromMs === null && row.receivedAtMs >= fromMs && row.receivedAtMs < toMs
    );
    return inLog.length + Number(inBlocks?.count ?? 0);
  }

  fold(beforeMs: number): Promise<void> {
    return this.#log.fold(beforeMs, this.#merge);
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
