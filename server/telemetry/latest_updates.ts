/**
 * @module
 * Keeps the newest values of devices up to date while batches come in. The blob that was written last is
 * remembered with the position of its stream: as long as the stored position is that one, no other server
 * has written in between and the blob need not be read again.
 */
import type { SampleColumns } from "@fleetd/firmware-protocol";
import type { StreamPosition, SyncRow } from "../sync/sync_records.ts";
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { type LatestValue, mergeLatest } from "./latest_values.ts";
import type { TelemetryRecords } from "./telemetry_records.ts";

/** Devices remembered: some 400 bytes each. */
const MOST_REMEMBERED = 20_000;

interface Remembered {
  readonly epoch: number;
  readonly through: number;
  readonly atMs: number;
  readonly body: Uint8Array;
}

/** Brings newest values up to date. */
export class LatestUpdates {
  readonly #records: TelemetryRecords;
  readonly #remembered = new Map<number, Remembered>();

  constructor(records: TelemetryRecords) {
    this.#records = records;
  }

  /** Takes over the last value of every metric of a batch, where it is newer. */
  update(
    tx: Tx,
    row: SyncRow,
    { samples, offsetMs, position }: {
      readonly samples: SampleColumns;
      readonly offsetMs: number;
      readonly position: StreamPosition;
    },
  ): Awaitable<void> {
    const newer = lastValues(samples, offsetMs);
    if (newer.length === 0) return;
    const { deviceId } = row;
    const older = this.#recall(row) ??
      whenDone(this.#records.latestOf(tx, [deviceId]), ([stored]) => stored);
    return whenDone(older, (known) => {
      const body = mergeLatest(known?.body ?? null, newer);
      let atMs = known?.atMs ?? 0;
      for (const value of newer) atMs = Math.max(atMs, value.atMs);
      const { epoch, through } = position;
      tx.afterCommit(() => this.#remember(deviceId, { epoch, through, atMs, body }));
      return this.#records.putLatest(tx, { deviceId, atMs, body });
    });
  }

  #recall(row: SyncRow): Remembered | undefined {
    const known = this.#remembered.get(row.deviceId);
    return known?.epoch === row.metricsEpoch && known.through === row.metricsThrough
      ? known
      : undefined;
  }

  #remember(deviceId: number, latest: Remembered): void {
    if (this.#remembered.size >= MOST_REMEMBERED && !this.#remembered.has(deviceId)) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    this.#remembered.set(deviceId, latest);
  }
}

function lastValues({ atMs, columns }: SampleColumns, offsetMs: number): LatestValue[] {
  const list: LatestValue[] = [];
  for (const { id, values } of columns) {
    for (let at = values.length - 1; at >= 0; at--) {
      const value = values[at];
      if (value === null || value === undefined) continue;
      list.push({ id, atMs: atMs[at]! + offsetMs, value });
      break;
    }
  }
  return list;
}
