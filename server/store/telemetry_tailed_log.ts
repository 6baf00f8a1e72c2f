/**
 * @module
 * The telemetry log without an index: which rows are whose is remembered (`telemetry_tail.ts`). Batches that
 * have been there for a while are put together in blocks, device by device, and the folded beginning of the
 * log is dropped. A block names the last row of the log it holds, so a fold that was cut off anywhere goes on
 * where it was, and no batch is ever read twice or lost.
 */
import type { LatestMerge } from "../telemetry/telemetry_records.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { writeBlock } from "./telemetry_block.ts";
import {
  blocksOf,
  datedBatches,
  DEVICES_AT_ONCE,
  type Folded,
  type LogRow,
  NOTHING_FOLDED,
  type TelemetryLog,
  type Unfolded,
} from "./telemetry_log.ts";
import { TelemetryTail } from "./telemetry_tail.ts";

const ROW = `SELECT id, received_at_ms AS "receivedAtMs", from_ms AS "fromMs", to_ms AS "toMs",
  suspect, body FROM telemetry_log WHERE id = ?`;
const FOLDED = `SELECT through_id AS "throughId", body FROM telemetry_latest WHERE device_id = ?`;
const SET_FOLDED = `INSERT INTO telemetry_latest (device_id, through_id, body) VALUES (?, ?, ?)
  ON CONFLICT (device_id) DO UPDATE SET through_id = excluded.through_id, body = excluded.body`;
const INSERT = `INSERT INTO telemetry_blocks
  (device_id, through_id, received_at_ms, from_ms, to_ms, undated, body) VALUES (?, ?, ?, ?, ?, ?, ?)`;
/** The newest row stays, folded or not: the next id is one more than the highest there is. */
const DROP_FOLDED = `DELETE FROM telemetry_log WHERE id IN (SELECT id FROM telemetry_log
  WHERE id < ? AND id < (SELECT max(id) FROM telemetry_log) ORDER BY id LIMIT ?)`;

/** Rows dropped in one transaction: others wait no longer than that. */
const ROWS_AT_ONCE = 2_000;
/** A fold ends in between once, not for ever. */
const MOST_ATTEMPTS = 5;

/** The log of one database that has one writer: its ids are in the order of its commits. */
export class TailedTelemetryLog implements TelemetryLog {
  readonly #database: Database;
  readonly #tail = new TelemetryTail();

  constructor(database: Database) {
    this.#database = database;
  }

  async unfolded(
    deviceIds: readonly number[],
    looked?: ReadonlyMap<number, Folded>,
  ): Promise<ReadonlyMap<number, Unfolded>> {
    const found = new Map<number, Unfolded>();
    for (const id of deviceIds) found.set(id, await this.#unfoldedOf(id, looked?.get(id)));
    return found;
  }

  async fold(beforeMs: number, merge: LatestMerge): Promise<void> {
    const database = this.#database, tail = this.#tail;
    await database.read((queries) => tail.catchUp(queries));
    const firstKept = tail.firstRowAfter(beforeMs);
    const devices = tail.devicesBefore(beforeMs);
    for (let at = 0; at < devices.length; at += DEVICES_AT_ONCE) {
      await database.write(async (tx) => {
        for (const device of devices.slice(at, at + DEVICES_AT_ONCE)) {
          await this.#foldDevice(tx, { ...device, merge });
        }
      });
    }
    let dropped: number;
    do {
      dropped = await database.write((tx) =>
        queriesOf(tx).raw.run(DROP_FOLDED, [firstKept, ROWS_AT_ONCE])
      );
    } while (dropped === ROWS_AT_ONCE);
    tail.forgetBefore(firstKept);
  }

  /** A fold in between may have taken rows away: then they are in blocks, and everything is looked up afresh. */
  async #unfoldedOf(deviceId: number, looked?: Folded): Promise<Unfolded> {
    for (let attempt = 1;; attempt++) {
      const found = await this.#database.read(async (queries) => {
        await this.#tail.catchUp(queries);
        const stored = await foldedOf(queries, deviceId);
        const folded = looked !== undefined && looked.throughId > stored.throughId
          ? looked
          : stored;
        const ids = this.#tail.idsOf(deviceId, folded.throughId);
        const rows = await logRows(queries, ids);
        return { rows, folded, isWhole: rows.length === ids.length };
      });
      if (found.isWhole || attempt === MOST_ATTEMPTS) return found;
    }
  }

  async #foldDevice(
    tx: Tx,
    { deviceId, throughId, merge }: {
      readonly deviceId: number;
      readonly throughId: number;
      readonly merge: LatestMerge;
    },
  ): Promise<void> {
    const queries = queriesOf(tx);
    const folded = await foldedOf(queries, deviceId);
    const ids = this.#tail.idsOf(deviceId, folded.throughId).filter((id) => id <= throughId);
    const all = await logRows(queries, ids);
    if (all.length === 0) return;
    await queries.raw.run(SET_FOLDED, [
      deviceId,
      all.at(-1)!.id,
      merge(folded.body, datedBatches(all)),
    ]);
    for (const block of blocksOf(all)) {
      await queries.raw.run(INSERT, [
        deviceId,
        block.throughId,
        block.receivedAtMs,
        block.fromMs,
        block.toMs,
        block.undated,
        writeBlock(block.rows.map((row) => ({ ...row, suspect: row.suspect === 1 }))),
      ]);
    }
  }
}

/** Rows of the log by their ids; those that are gone are left out. */
async function logRows({ raw }: Queries, ids: readonly number[]): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (const id of ids) {
    const row = await raw.get<LogRow>(ROW, [id]);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

async function foldedOf({ raw }: Queries, deviceId: number): Promise<Folded> {
  return await raw.get<Folded>(FOLDED, [deviceId]) ?? NOTHING_FOLDED;
}
