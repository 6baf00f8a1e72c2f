/**
 * @module
 * The telemetry port: append batches, read the newest values, read a range. A batch is one blob; no other
 * module touches its tables.
 */
import type { Awaitable, Tx } from "../transaction.ts";

/** A dated batch longer than this is stored in pieces, so that a range query knows how far to look back. */
export const LONGEST_BATCH_MS = 86_400_000;

/** A batch to keep. */
export interface NewBatch {
  /** Row id of the device. */
  readonly deviceId: number;
  readonly receivedAtMs: number;
  /** Unix ms of the first and the last sample, at most a day apart; null = undated, both or neither. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** The device was in quarantine. */
  readonly suspect: boolean;
  /** An encoded MetricsBatch. */
  readonly body: Uint8Array;
}

/** The newest value of a metric. */
export interface MetricValue {
  readonly name: string;
  /** Empty for none. */
  readonly unit: string;
  readonly value: number;
  /** Unix ms. */
  readonly atMs: number;
}

/** The newest values of a device, by ascending metric id. */
export interface LatestTelemetry {
  /** Newest of all, Unix ms. */
  readonly atMs: number;
  readonly metrics: readonly MetricValue[];
}

/** Which values of a device. */
export interface TelemetryQuery {
  /** Row id of a device that the caller found within its scope. */
  readonly deviceId: number;
  /** Metric names, 1..64. */
  readonly metrics: readonly string[];
  /** Unix ms, inclusive. */
  readonly fromMs: number;
  /** Unix ms, exclusive. */
  readonly toMs: number;
  /** Wanted width of a bucket, ms, ≥ 1; widened until at most 2,000 buckets cover the range. */
  readonly resolutionMs: number;
  /** Also what came in quarantine; default false. */
  readonly includeSuspect?: boolean;
}

/** One bucket that holds at least one value. */
export interface TelemetryPoint {
  /** Start of the bucket, Unix ms, a multiple of the resolution. */
  readonly atMs: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Values in the bucket. */
  readonly count: number;
}

/** Values of one metric. */
export interface TelemetrySeries {
  readonly name: string;
  readonly unit: string;
  /** By ascending time. */
  readonly points: readonly TelemetryPoint[];
}

/** The answer to a query. */
export interface TelemetryRange {
  /** Width of the buckets as used, ms. */
  readonly resolutionMs: number;
  /** One for each metric of the query that has a value, in the query's order. */
  readonly series: readonly TelemetrySeries[];
  /** Batches of the device received in the range that could not be dated. */
  readonly undatedBatches: number;
}

/** What other features see of telemetry. */
export interface Telemetry {
  append(tx: Tx, batches: readonly NewBatch[]): Awaitable<void>;
  /** @param deviceIds row ids of devices that the caller found within its scope, ≤ 1,000 */
  latest(deviceIds: readonly number[]): Promise<ReadonlyMap<number, LatestTelemetry>>;
  /** @throws DomainError `telemetry.query_invalid` */
  query(query: TelemetryQuery): Promise<TelemetryRange>;
}
