/**
 * @module
 * Metric ids and names of one device: the standard ones, and those its dictionaries declare.
 */
import { type DictionaryEntry, metricById, metricByName } from "@fleetd/firmware-protocol";
import { hexOf } from "../identity/session_keys.ts";
import type { StoredDictionary } from "./telemetry_records.ts";

/** Name and unit of a metric. */
export interface MetricName {
  readonly name: string;
  /** Empty for none. */
  readonly unit: string;
}

/** Names of one device's metrics. */
export class MetricNames {
  readonly #byDigest = new Map<string, readonly DictionaryEntry[]>();
  readonly #newest = new Map<number, DictionaryEntry>();

  /** @param dictionaries of the device, the one declared last first */
  constructor(dictionaries: readonly StoredDictionary[]) {
    for (const { digest, entries } of dictionaries) {
      this.#byDigest.set(hexOf(digest), entries);
      for (const entry of entries) {
        if (!this.#newest.has(entry.id)) this.#newest.set(entry.id, entry);
      }
    }
  }

  /** Name of an id as declared last; an id that nothing declares is named by its number. */
  nameOf(id: number): MetricName {
    return metricById(id) ?? this.#newest.get(id) ?? { name: `metric.${id}`, unit: "" };
  }

  /**
   * The id of a name in batches under this dictionary; undefined = they do not hold it.
   * @param digest of the batch; undefined = standard metrics only
   */
  idOf(name: string, digest: Uint8Array | undefined): number | undefined {
    const standard = metricByName(name);
    if (standard !== undefined) return standard.id;
    if (digest === undefined) return undefined;
    return this.#byDigest.get(hexOf(digest))?.find((entry) => entry.name === name)?.id;
  }

  /** Unit of a name. */
  unitOf(name: string): string {
    const standard = metricByName(name);
    if (standard !== undefined) return standard.unit;
    for (const entry of this.#newest.values()) if (entry.name === name) return entry.unit;
    return "";
  }
}
