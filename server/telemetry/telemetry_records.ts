/**
 * @module
 * What telemetry keeps, as its store implements it.
 */
import type { DictionaryEntry } from "@fleetd/firmware-protocol";
import type { Awaitable, Tx } from "../transaction.ts";
import type { NewBatch } from "./telemetry.ts";

/** A stored batch, dated. */
export interface StoredBatch {
  /** Unix ms of its first sample. */
  readonly fromMs: number;
  readonly suspect: boolean;
  /** An encoded MetricsBatch. */
  readonly body: Uint8Array;
}

/** Which batches of a device. */
export interface BatchRange {
  readonly deviceId: number;
  /** Unix ms, inclusive. */
  readonly fromMs: number;
  /** Unix ms, exclusive. */
  readonly toMs: number;
}

/** A dictionary of custom metrics. */
export interface StoredDictionary {
  readonly deviceId: number;
  /** 8 bytes. */
  readonly digest: Uint8Array;
  readonly entries: readonly DictionaryEntry[];
  readonly declaredAtMs: number;
}

/** The store of telemetry. */
export interface TelemetryRecords {
  append(tx: Tx, batches: readonly NewBatch[]): Awaitable<void>;
  /** Blobs of `latest_values.ts`, of those devices that have one. */
  latestOf(
    deviceIds: readonly number[],
  ): Awaitable<readonly { readonly deviceId: number; readonly body: Uint8Array }[]>;
  /** Dated batches that touch the range, each once, in any order, a bounded number at a time. */
  read(range: BatchRange): AsyncIterable<readonly StoredBatch[]>;
  /** Batches received in the range that are not dated. */
  countUndated(range: BatchRange): Awaitable<number>;
  /** Dictionaries of devices, the one declared last first. */
  dictionariesOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Awaitable<readonly StoredDictionary[]>;
  declare(tx: Tx, dictionary: StoredDictionary): Awaitable<void>;
}

/** How the store brings a blob of newest values up to date: `mergeBatches`. */
export type LatestMerge = (body: Uint8Array, batches: readonly StoredBatch[]) => Uint8Array;

/** What time alone does to telemetry. */
export interface TelemetryUpkeep {
  /** Puts batches received before `beforeMs` together, device by device; others get their turn in between. */
  fold(beforeMs: number): Promise<void>;
  /** Drops at most `limit` of the oldest batches or blocks, those received before `beforeMs`. @returns how many */
  dropReceivedBefore(
    tx: Tx,
    bound: { readonly beforeMs: number; readonly limit: number },
  ): Awaitable<number>;
}
