/**
 * @module
 * Which rows of the telemetry log belong to which device, in memory: the log has no index, because an
 * index would cost every commit more than the batches themselves. It is caught up by reading on from the
 * last row known, so it needs no help from whoever writes, in this process or in another.
 */
import type { Queries } from "./database.ts";

const NEW_ROWS =
  `SELECT id, device_id AS "deviceId", received_at_ms AS "receivedAtMs" FROM telemetry_log
  WHERE id > ? ORDER BY id LIMIT ?`;
const FIRST_ROW = "SELECT min(id) AS id FROM telemetry_log";

/** Rows read at once while catching up. */
const PAGE = 5_000;

/** One row as it is remembered. */
interface TailRow {
  readonly id: number;
  readonly receivedAtMs: number;
}

/** Rows of the log by device. */
export class TelemetryTail {
  readonly #rows = new Map<number, TailRow[]>();
  #lastId = 0;

  /** Learns of rows written since the last time, and forgets those that are gone. */
  async catchUp({ raw }: Queries): Promise<void> {
    for (;;) {
      const rows = await raw.all<TailRow & { deviceId: number }>(NEW_ROWS, [this.#lastId, PAGE]);
      for (const { id, deviceId, receivedAtMs } of rows) {
        // Another reader may have come this far while this one waited for its page.
        if (id <= this.#lastId) continue;
        const known = this.#rows.get(deviceId);
        if (known === undefined) this.#rows.set(deviceId, [{ id, receivedAtMs }]);
        else known.push({ id, receivedAtMs });
        this.#lastId = id;
      }
      if (rows.length < PAGE) break;
    }
    const first = await raw.get<{ id: number | null }>(FIRST_ROW, []);
    this.forgetBefore(first?.id ?? this.#lastId + 1);
  }

  /** Ids of a device's rows above `afterId`, ascending. */
  idsOf(deviceId: number, afterId: number): number[] {
    return (this.#rows.get(deviceId) ?? []).filter(({ id }) => id > afterId).map(({ id }) => id);
  }

  /** Devices with rows received before this, and the last such row of each. */
  devicesBefore(
    receivedBeforeMs: number,
  ): { readonly deviceId: number; readonly throughId: number }[] {
    const devices = [];
    for (const [deviceId, rows] of this.#rows) {
      const last = rows.findLast(({ receivedAtMs }) => receivedAtMs < receivedBeforeMs);
      if (last !== undefined) devices.push({ deviceId, throughId: last.id });
    }
    return devices;
  }

  /** The first row that was received at or after this; everything before it may go once it is folded. */
  firstRowAfter(receivedAtMs: number): number {
    let first = this.#lastId + 1;
    for (const rows of this.#rows.values()) {
      const row = rows.find((one) => one.receivedAtMs >= receivedAtMs);
      if (row !== undefined) first = Math.min(first, row.id);
    }
    return first;
  }

  /** Forgets rows below an id. */
  forgetBefore(firstId: number): void {
    for (const [deviceId, rows] of this.#rows) {
      if (rows[0]!.id >= firstId) continue;
      const kept = rows.filter(({ id }) => id >= firstId);
      if (kept.length === 0) this.#rows.delete(deviceId);
      else this.#rows.set(deviceId, kept);
    }
  }
}
