/**
 * @module
 * What telemetry keeps, as its store implements it.
 */
import type { DictionaryEntry } from "@fleetd/firmware-protocol";
import type { Awaitable, Tx } from "../transaction.ts";
import type { NewBatch } from "./telemetry.ts";

/** A stored batch, dated. */
export interface StoredBatch {
  readonly id: number;
  readonly fromMs: number;
  readonly suspect: boolean;
  readonly body: Uint8Array;
}

/** Where a page of batches begins. */
export interface BatchPage {
  readonly deviceId: number;
  /** Batches that begin at or after this, Unix ms … */
  readonly beginFromMs: number;
  /** … and before this … */
  readonly beginToMs: number;
  /** … and end at or after this. */
  readonly endFromMs: number;
  /** Go on after this batch; null = from the first. */
  readonly after: { readonly fromMs: number; readonly id: number } | null;
  readonly limit: number;
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
  /** Blobs of `latest_values.ts` by device. */
  latestOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Awaitable<
    readonly { readonly deviceId: number; readonly atMs: number; readonly body: Uint8Array }[]
  >;
  putLatest(
    tx: Tx,
    latest: { readonly deviceId: number; readonly atMs: number; readonly body: Uint8Array },
  ): Awaitable<void>;
  /** By (beginning, id). */
  page(page: BatchPage): Awaitable<readonly StoredBatch[]>;
  countUndated(range: {
    readonly deviceId: number;
    readonly fromMs: number;
    readonly toMs: number;
  }): Awaitable<number>;
  /** Dictionaries of devices, the one declared last first. */
  dictionariesOf(
    tx: Tx | null,
    deviceIds: readonly number[],
  ): Awaitable<readonly StoredDictionary[]>;
  declare(tx: Tx, dictionary: StoredDictionary): Awaitable<void>;
}

/** Drops what is older than it is kept. */
export interface TelemetryRetention {
  /** Drops at most `limit` of the oldest batches, those received before `beforeMs`. @returns how many */
  dropReceivedBefore(
    tx: Tx,
    bound: { readonly beforeMs: number; readonly limit: number },
  ): Awaitable<number>;
}
