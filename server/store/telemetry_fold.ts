/**
 * @module
 * Folds the telemetry log: batches that have been there for a while are put together in blocks, device by
 * device, and the folded beginning of the log is dropped. A block names the last row of the log it holds,
 * so a fold that was cut off anywhere goes on where it was, and no batch is ever read twice or lost.
 */
import type { LatestMerge, StoredBatch } from "../telemetry/telemetry_records.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { writeBlock } from "./telemetry_block.ts";
import type { TelemetryTail } from "./telemetry_tail.ts";

/** A row of the log. */
export interface LogRow {
  readonly id: number;
  readonly receivedAtMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly suspect: number;
  readonly body: Uint8Array;
}

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

/** Devices folded, and rows dropped, in one transaction: others wait no longer than that. */
const DEVICES_AT_ONCE = 32;
const ROWS_AT_ONCE = 2_000;
/** A block lasts no longer than a batch may: a day. A reader looks back that far and no further. */
export const LONGEST_BLOCK_MS = 86_400_000;
/** Most batches in a block. */
const MOST_BATCHES = 240;

/** Rows of the log by their ids; those that are gone are left out. */
export async function logRows({ raw }: Queries, ids: readonly number[]): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (const id of ids) {
    const row = await raw.get<LogRow>(ROW, [id]);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** What is folded of a device. */
export interface Folded {
  /** The last row of the log that is in a block; 0 = none is. */
  readonly throughId: number;
  /** Its newest values up to there; empty = none. */
  readonly body: Uint8Array;
}

const NOTHING: Folded = { throughId: 0, body: new Uint8Array() };

/** What is folded of a device. */
export async function foldedOf({ raw }: Queries, deviceId: number): Promise<Folded> {
  return await raw.get<Folded>(FOLDED, [deviceId]) ?? NOTHING;
}

/** Dated rows as readers and merges take them. */
export function datedBatches(rows: readonly LogRow[]): StoredBatch[] {
  return rows.flatMap(({ fromMs, suspect, body }) =>
    fromMs === null ? [] : [{ fromMs, suspect: suspect === 1, body }]
  );
}

/** Folds what was received before `beforeMs`. */
export async function foldTelemetry(
  database: Database,
  { tail, merge, beforeMs }: {
    readonly tail: TelemetryTail;
    readonly merge: LatestMerge;
    readonly beforeMs: number;
  },
): Promise<void> {
  await database.read((queries) => tail.catchUp(queries));
  const firstKept = tail.firstRowAfter(beforeMs);
  const devices = tail.devicesBefore(beforeMs);
  for (let at = 0; at < devices.length; at += DEVICES_AT_ONCE) {
    await database.write(async (tx) => {
      for (const { deviceId, throughId } of devices.slice(at, at + DEVICES_AT_ONCE)) {
        await foldDevice(tx, { tail, merge, deviceId, throughId });
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

async function foldDevice(
  tx: Tx,
  { tail, merge, deviceId, throughId }: {
    readonly tail: TelemetryTail;
    readonly merge: LatestMerge;
    readonly deviceId: number;
    readonly throughId: number;
  },
): Promise<void> {
  const queries = queriesOf(tx);
  const folded = await foldedOf(queries, deviceId);
  const ids = tail.idsOf(deviceId, folded.throughId).filter((id) => id <= throughId);
  const all = await logRows(queries, ids);
  if (all.length === 0) return;
  await queries.raw.run(SET_FOLDED, [
    deviceId,
    all.at(-1)!.id,
    merge(folded.body, datedBatches(all)),
  ]);
  for (const rows of blocksOf(all)) {
    const dated = rows.filter((row) => row.fromMs !== null);
    const last = rows.at(-1)!;
    const from = dated.length === 0 ? rows[0]!.receivedAtMs : Math.min(...dated.map(startOf));
    const to = dated.length === 0 ? last.receivedAtMs : Math.max(...dated.map(endOf));
    await queries.raw.run(INSERT, [
      deviceId,
      last.id,
      last.receivedAtMs,
      from,
      to,
      rows.length - dated.length,
      writeBlock(rows.map((row) => ({ ...row, suspect: row.suspect === 1 }))),
    ]);
  }
}

/** Rows in runs that last no longer than one batch may, so that a reader knows how far to look back. */
function blocksOf(rows: readonly LogRow[]): LogRow[][] {
  const blocks: LogRow[][] = [];
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    const nextFrom = Math.min(from, startOf(row)), nextTo = Math.max(to, endOf(row));
    const block = blocks.at(-1);
    const fits = block !== undefined && block.length < MOST_BATCHES &&
      nextTo - nextFrom <= LONGEST_BLOCK_MS;
    if (fits) block.push(row);
    else blocks.push([row]);
    [from, to] = fits ? [nextFrom, nextTo] : [startOf(row), endOf(row)];
  }
  return blocks;
}

function startOf({ fromMs, receivedAtMs }: LogRow): number {
  return fromMs ?? receivedAtMs;
}

function endOf({ toMs, receivedAtMs }: LogRow): number {
  return toMs ?? receivedAtMs;
}
