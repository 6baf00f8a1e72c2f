/**
 * @module
 * Reads telemetry: the newest values of devices, and ranges of one device aggregated in buckets. Batches
 * are decoded page by page, and between pages others get their turn.
 */
import { decodeColumns, metricsBatchCodec } from "@fleetd/firmware-protocol";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DomainError } from "../errors.ts";
import type { Tx } from "../transaction.ts";
import { Buckets } from "./buckets.ts";
import { readLatest } from "./latest_values.ts";
import { MetricNames } from "./metric_names.ts";
import type {
  LatestTelemetry,
  NewBatch,
  Telemetry,
  TelemetryQuery,
  TelemetryRange,
} from "./telemetry.ts";
import type { StoredBatch, TelemetryRecords } from "./telemetry_records.ts";

/** Most buckets of an answer. */
export const MOST_POINTS = 2_000;

const MOST_METRICS = 64;

/** The telemetry port over its store. */
export function storedTelemetry(records: TelemetryRecords): Telemetry {
  return {
    append: (tx: Tx, batches: readonly NewBatch[]) => records.append(tx, batches),
    latest: (deviceIds) => latestOf(records, deviceIds),
    query: (query) => queryRange(records, query),
  };
}

async function latestOf(
  records: TelemetryRecords,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, LatestTelemetry>> {
  const rows = await records.latestOf(deviceIds);
  const dictionaries = Map.groupBy(
    await records.dictionariesOf(null, rows.map((row) => row.deviceId)),
    (dictionary) => dictionary.deviceId,
  );
  return new Map(rows.map(({ deviceId, body }) => {
    const names = new MetricNames(dictionaries.get(deviceId) ?? []);
    let newestMs = 0;
    const metrics = readLatest(body).map(({ id, atMs, value }) => {
      newestMs = Math.max(newestMs, atMs);
      const { name, unit } = names.nameOf(id);
      return { name, unit, value, atMs };
    });
    return [deviceId, { atMs: newestMs, metrics }];
  }));
}

async function queryRange(
  records: TelemetryRecords,
  query: TelemetryQuery,
): Promise<TelemetryRange> {
  const range = bucketsOf(query);
  const names = new MetricNames(await records.dictionariesOf(null, [query.deviceId]));
  const series = new Map(query.metrics.map((name) => [name, new Buckets(range)]));
  for await (const batches of records.read(query)) {
    for (const batch of batches) {
      if (batch.suspect && query.includeSuspect !== true) continue;
      addBatch(batch, { query, names, series });
    }
    await nextTurn();
  }
  const { deviceId, fromMs, toMs } = query;
  return {
    resolutionMs: range.widthMs,
    undatedBatches: await records.countUndated({ deviceId, fromMs, toMs }),
    series: [...series].map(([name, buckets]) => ({
      name,
      unit: names.unitOf(name),
      points: buckets.points(),
    })).filter(({ points }) => points.length > 0),
  };
}

/** Buckets that cover the range: as narrow as wanted, as wide as the number of points asks for. */
function bucketsOf({ metrics, fromMs, toMs, resolutionMs }: TelemetryQuery) {
  const refuse = (why: string) =>
    new DomainError("telemetry.query_invalid", `Cannot read telemetry: ${why}`);
  if (![fromMs, toMs, resolutionMs].every(Number.isSafeInteger) || fromMs < 0) {
    throw refuse("times and resolution are whole milliseconds");
  }
  if (toMs <= fromMs) throw refuse("the range ends before it begins");
  if (resolutionMs < 1) throw refuse("the resolution is at least 1 ms");
  if (metrics.length < 1 || metrics.length > MOST_METRICS) {
    throw refuse(`1 to ${MOST_METRICS} metrics can be asked for at once`);
  }
  let widthMs = Math.max(resolutionMs, Math.ceil((toMs - fromMs) / MOST_POINTS));
  // Aligned buckets may stick out at both ends; one more may be one too many.
  while (count(widthMs) > MOST_POINTS) widthMs += Math.ceil(widthMs / MOST_POINTS);
  return { startMs: start(widthMs), widthMs, buckets: count(widthMs) };

  function start(width: number): number {
    return Math.floor(fromMs / width) * width;
  }
  function count(width: number): number {
    return Math.ceil((toMs - start(width)) / width);
  }
}

function addBatch(
  stored: StoredBatch,
  { query, names, series }: {
    readonly query: TelemetryQuery;
    readonly names: MetricNames;
    readonly series: ReadonlyMap<string, Buckets>;
  },
): void {
  const batch = metricsBatchCodec.decode(stored.body);
  const { atMs, columns } = decodeColumns(batch);
  const offsetMs = stored.fromMs - batch.t0;
  for (const [name, buckets] of series) {
    const id = names.idOf(name, batch.dictionary);
    const values = columns.find((column) => column.id === id)?.values;
    if (values === undefined) continue;
    for (let at = 0; at < values.length; at++) {
      const value = values[at], time = atMs[at]! + offsetMs;
      if (value === null || value === undefined) continue;
      if (time >= query.fromMs && time < query.toMs) buckets.add(time, value);
    }
  }
}
