/**
 * @module
 * The telemetry log found by device, of a database that several servers write: its ids are in the order of
 * commits for one device, whose row every message locks, and not for all of them. So nothing is remembered,
 * and a fold moves rows: what it puts into blocks goes from the log in the same transaction.
 */
import type { LatestMerge } from "../telemetry/telemetry_records.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import { arrayText } from "./postgres_statements.ts";
import type { RawQueries } from "./raw_queries.ts";
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

/** One statement, so that it sees one moment: a fold is before it or after it. */
const UNFOLDED = `SELECT a.device_id AS "deviceId", t.through_id AS "throughId", t.body AS folded,
    l.id, l.received_at_ms AS "receivedAtMs", l.from_ms AS "fromMs", l.to_ms AS "toMs", l.suspect, l.body
  FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS a (device_id, after_id, through_id)
  LEFT JOIN telemetry_latest t ON t.device_id = a.device_id AND t.through_id >= a.after_id
  LEFT JOIN telemetry_log l ON l.device_id = a.device_id
    AND l.id > coalesce(t.through_id, a.after_id) AND l.id <= a.through_id
  ORDER BY a.device_id, l.id`;

const TO_FOLD = `SELECT device_id AS "deviceId", max(id) AS "throughId" FROM telemetry_log
  WHERE received_at_ms < ? GROUP BY device_id ORDER BY device_id`;

const SET_FOLDED = `INSERT INTO telemetry_latest (device_id, through_id, body)
  SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bytea[])
  ON CONFLICT (device_id) DO UPDATE SET through_id = excluded.through_id, body = excluded.body`;

const INSERT = `INSERT INTO telemetry_blocks
    (device_id, through_id, received_at_ms, from_ms, to_ms, undated, body)
  SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[],
    ?::bytea[])`;

const DROP_FOLDED = `DELETE FROM telemetry_log l
  USING unnest(?::bigint[], ?::bigint[]) AS a (device_id, through_id)
  WHERE l.device_id = a.device_id AND l.id <= a.through_id`;

interface UnfoldedRow extends LogRow {
  readonly deviceId: number;
  /** Null when nothing is folded, or less than was looked at. */
  readonly throughId: number | null;
  readonly folded: Uint8Array;
}

interface FoldPoint {
  readonly deviceId: number;
  readonly throughId: number;
}

/** The log of one database with many writers. */
export class IndexedTelemetryLog implements TelemetryLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  unfolded(
    deviceIds: readonly number[],
    looked: ReadonlyMap<number, Folded> = new Map(),
  ): Promise<ReadonlyMap<number, Unfolded>> {
    const points = deviceIds.map((deviceId) => ({ deviceId, throughId: Number.MAX_SAFE_INTEGER }));
    return this.#database.read(({ raw }) => read(raw, points, looked));
  }

  async fold(beforeMs: number, merge: LatestMerge): Promise<void> {
    const points = await this.#database.read(({ raw }) => raw.all<FoldPoint>(TO_FOLD, [beforeMs]));
    for (let at = 0; at < points.length; at += DEVICES_AT_ONCE) {
      await this.#database.write((tx) => fold(tx, points.slice(at, at + DEVICES_AT_ONCE), merge));
    }
  }
}

async function read(
  raw: RawQueries,
  points: readonly FoldPoint[],
  looked: ReadonlyMap<number, Folded>,
): Promise<Map<number, Unfolded>> {
  const rows = await raw.all<UnfoldedRow>(UNFOLDED, [
    arrayText(points.map(({ deviceId }) => deviceId)),
    arrayText(points.map(({ deviceId }) => looked.get(deviceId)?.throughId ?? 0)),
    arrayText(points.map(({ throughId }) => throughId)),
  ]);
  const found = new Map<number, { folded: Folded; rows: LogRow[] }>();
  for (const row of rows) {
    const { deviceId, throughId, folded: body } = row;
    let device = found.get(deviceId);
    if (device === undefined) {
      const folded = throughId === null
        ? looked.get(deviceId) ?? NOTHING_FOLDED
        : { throughId, body };
      found.set(deviceId, device = { folded, rows: [] });
    }
    // A device without any has one row of nothing.
    if (row.id !== null) device.rows.push(row);
  }
  return found;
}

async function fold(tx: Tx, points: readonly FoldPoint[], merge: LatestMerge): Promise<void> {
  const { raw } = queriesOf(tx);
  // What another server has folded meanwhile is not there any more.
  const devices = [...await read(raw, points, new Map())].filter(([, { rows }]) => rows.length > 0);
  if (devices.length === 0) return;
  const ids = arrayText(devices.map(([deviceId]) => deviceId));
  const through = arrayText(devices.map(([, { rows }]) => rows.at(-1)!.id));
  await raw.run(SET_FOLDED, [
    ids,
    through,
    arrayText(devices.map(([, { folded, rows }]) => merge(folded.body, datedBatches(rows)))),
  ]);
  const blocks = devices.flatMap(([deviceId, { rows }]) =>
    blocksOf(rows).map((block) => ({ ...block, deviceId }))
  );
  await raw.run(INSERT, [
    arrayText(blocks.map((block) => block.deviceId)),
    arrayText(blocks.map((block) => block.throughId)),
    arrayText(blocks.map((block) => block.receivedAtMs)),
    arrayText(blocks.map((block) => block.fromMs)),
    arrayText(blocks.map((block) => block.toMs)),
    arrayText(blocks.map((block) => block.undated)),
    arrayText(
      blocks.map(({ rows }) =>
        writeBlock(rows.map((row) => ({ ...row, suspect: row.suspect === 1 })))
      ),
    ),
  ]);
  await raw.run(DROP_FOLDED, [ids, through]);
}
