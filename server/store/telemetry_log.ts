/**
 * @module
 * The log of telemetry, where batches lie until they are folded: what its two forms have in common. SQLite's
 * has no index and is remembered (`telemetry_tailed_log.ts`), PostgreSQL's is found by device
 * (`telemetry_indexed_log.ts`).
 */
import type { LatestMerge, StoredBatch } from "../telemetry/telemetry_records.ts";

/** A row of the log. */
export interface LogRow {
  readonly id: number;
  readonly receivedAtMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly suspect: number;
  readonly body: Uint8Array;
}

/** What is folded of a device. */
export interface Folded {
  /** The last row of the log that is in a block; 0 = none is. */
  readonly throughId: number;
  /** Its newest values up to there; empty = none. */
  readonly body: Uint8Array;
}

/** Nothing of a device is folded. */
export const NOTHING_FOLDED: Folded = { throughId: 0, body: new Uint8Array() };

/** A device at one moment: each of its batches is either below `folded.throughId` or in `rows`. */
export interface Unfolded {
  readonly folded: Folded;
  /** By ascending id. */
  readonly rows: readonly LogRow[];
}

/** The batches that are in no block. */
export interface TelemetryLog {
  /**
   * What is folded of devices and what is not; one entry for each.
   * @param looked what somebody knows already: where it is further than the fold, it takes its place
   */
  unfolded(
    deviceIds: readonly number[],
    looked?: ReadonlyMap<number, Folded>,
  ): Promise<ReadonlyMap<number, Unfolded>>;
  /** Puts what was received before `beforeMs` into blocks; a fold that is cut off goes on where it was. */
  fold(beforeMs: number, merge: LatestMerge): Promise<void>;
}

/** A block as it is inserted. */
export interface NewBlock {
  readonly throughId: number;
  readonly receivedAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly undated: number;
  readonly rows: readonly LogRow[];
}

/** A block lasts no longer than a batch may: a day. A reader looks back that far and no further. */
export const LONGEST_BLOCK_MS = 86_400_000;
/** Most batches in a block. */
const MOST_BATCHES = 240;
/** Devices folded in one transaction: others wait no longer than that. */
export const DEVICES_AT_ONCE = 32;

/** Dated rows as readers and merges take them. */
export function datedBatches(rows: readonly LogRow[]): StoredBatch[] {
  return rows.flatMap(({ fromMs, suspect, body }) =>
    fromMs === null ? [] : [{ fromMs, suspect: suspect === 1, body }]
  );
}

/** One device's rows as blocks. */
export function blocksOf(rows: readonly LogRow[]): NewBlock[] {
  return runsOf(rows).map((run) => {
    const dated = run.filter((row) => row.fromMs !== null);
    const last = run.at(-1)!;
    return {
      throughId: last.id,
      receivedAtMs: last.receivedAtMs,
      fromMs: dated.length === 0 ? run[0]!.receivedAtMs : Math.min(...dated.map(startOf)),
      toMs: dated.length === 0 ? last.receivedAtMs : Math.max(...dated.map(endOf)),
      undated: run.length - dated.length,
      rows: run,
    };
  });
}

/** Rows in runs that last no longer than one batch may, so that a reader knows how far to look back. */
function runsOf(rows: readonly LogRow[]): LogRow[][] {
  const runs: LogRow[][] = [];
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    const nextFrom = Math.min(from, startOf(row)), nextTo = Math.max(to, endOf(row));
    const run = runs.at(-1);
    const fits = run !== undefined && run.length < MOST_BATCHES &&
      nextTo - nextFrom <= LONGEST_BLOCK_MS;
    if (fits) run.push(row);
    else runs.push([row]);
    [from, to] = fits ? [nextFrom, nextTo] : [startOf(row), endOf(row)];
  }
  return runs;
}

function startOf({ fromMs, receivedAtMs }: LogRow): number {
  return fromMs ?? receivedAtMs;
}

function endOf({ toMs, receivedAtMs }: LogRow): number {
  return toMs ?? receivedAtMs;
}
