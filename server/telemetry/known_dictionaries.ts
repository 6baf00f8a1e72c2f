/**
 * @module
 * Which dictionaries of custom metrics are stored. Batches name them by digest; the answer for the ones in
 * use is kept in memory, for a stored dictionary never changes.
 */
import type { MetricsBatch } from "@fleetd/firmware-protocol";
import { hexOf } from "../identity/session_keys.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import type { TelemetryRecords } from "./telemetry_records.ts";

/** Names kept in memory. */
const MOST_KNOWN = 50_000;

/** Declares and recognises dictionaries. */
export class KnownDictionaries {
  readonly #records: TelemetryRecords;
  readonly #known = new Set<string>();

  constructor(records: TelemetryRecords) {
    this.#records = records;
  }

  /** Whether the metrics of a batch have names, now that it may have brought them. */
  know(
    tx: Tx,
    deviceId: number,
    { batch, nowMs }: { readonly batch: MetricsBatch; readonly nowMs: number },
  ): Awaitable<boolean> {
    const { dictionary: digest } = batch;
    if (digest === undefined) return true;
    const name = `${deviceId} ${hexOf(digest)}`;
    return this.#known.has(name) || this.#learn(tx, name, { deviceId, digest, batch, nowMs });
  }

  async #learn(
    tx: Tx,
    name: string,
    { deviceId, digest, batch, nowMs }: {
      readonly deviceId: number;
      readonly digest: Uint8Array;
      readonly batch: MetricsBatch;
      readonly nowMs: number;
    },
  ): Promise<boolean> {
    const { dictionaryEntries: entries } = batch;
    if (entries !== undefined) {
      await this.#records.declare(tx, { deviceId, digest, entries, declaredAtMs: nowMs });
    } else {
      const stored = await this.#records.dictionariesOf(tx, [deviceId]);
      if (!stored.some((one) => hexOf(one.digest) === hexOf(digest))) return false;
    }
    tx.afterCommit(() => {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.add(name);
    });
    return true;
  }
}
