/**
 * @module
 * Events in the database.
 */
import type { DeviceScope } from "../access/device_scope.ts";
import type {
  DeviceEvent,
  DeviceEvents,
  FleetEvent,
  FleetEvents,
  NewDeviceEvent,
} from "../events/device_events.ts";
import type { ExpressionBuilder } from "kysely";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import type { Schema } from "./schema.ts";
import { isInScope } from "./scope.ts";

/** Events kept for each device. */
const EVENTS_KEPT = 1_000;

const RECORD =
  `INSERT INTO events (at_ms, device_id, name, severity, text, report_epoch, report_counter)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const FORGET = `DELETE FROM events WHERE device_id = ? AND id <= (SELECT id FROM events
  WHERE device_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`;

/** Both ports of `events/` over one database. */
export class EventsStore implements DeviceEvents, FleetEvents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async record(tx: Tx, event: NewDeviceEvent): Promise<boolean> {
    const { raw } = queriesOf(tx);
    const recorded = await raw.run(RECORD, [
      event.atMs,
      event.deviceId,
      event.name,
      event.severity,
      event.text,
      event.report?.epoch ?? null,
      event.report?.counter ?? null,
    ]);
    await raw.run(FORGET, [event.deviceId, event.deviceId, EVENTS_KEPT]);
    return recorded === 1;
  }

  async list(
    scope: DeviceScope,
    { deviceId, limit, before }: Parameters<DeviceEvents["list"]>[1],
  ): Promise<readonly DeviceEvent[]> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("events").selectAll().where("device_id", "=", deviceId)
        .where("id", "<", before ?? Number.MAX_SAFE_INTEGER)
        .where((eb) => isInScope(eb, { scope, deviceColumn: "events.device_id" }))
        .orderBy("id", "desc").limit(limit).execute()
    );
    return rows.map((row) => ({
      id: row.id,
      deviceId,
      atMs: row.at_ms,
      name: row.name,
      severity: row.severity,
      text: row.text,
      reported: row.report_epoch !== null,
    }));
  }

  async newest(scope: DeviceScope, limit: number): Promise<readonly FleetEvent[]> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("events").innerJoin("devices", "devices.id", "events.device_id")
        .select([
          "events.id",
          "devices.id as device_id",
          "events.at_ms",
          "events.name",
          "events.severity",
          "events.text",
          "events.report_epoch",
          "devices.handle",
          "devices.name as device_name",
        ])
        .where((eb) =>
          isInScope(eb as unknown as ExpressionBuilder<Schema, "events">, {
            scope,
            deviceColumn: "events.device_id",
          })
        )
        .orderBy("events.id", "desc").limit(limit).execute()
    );
    return rows.map((row) => ({
      id: row.id,
      deviceId: row.device_id,
      atMs: row.at_ms,
      name: row.name,
      severity: row.severity,
      text: row.text,
      reported: row.report_epoch !== null,
      handle: row.handle,
      deviceName: row.device_name,
    }));
  }
}
