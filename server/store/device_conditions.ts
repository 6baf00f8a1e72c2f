/**
 * @module
 * Conditions on devices that several queries share, and rows as devices.
 */
import {
  type Expression,
  type ExpressionBuilder,
  type Selectable,
  sql,
  type SqlBool,
} from "kysely";
import type { Device } from "../devices/device.ts";
import type { Condition } from "../telemetry/conditions.ts";
import type { Queries } from "./database.ts";
import type { DevicesTable, Schema } from "./schema.ts";

type Row = Selectable<DevicesTable>;
type Where = ExpressionBuilder<Schema, "devices">;

/** True for devices that carry all these labels; one condition for each. */
export function hasLabels(
  eb: Where,
  labels: Readonly<Record<string, string>>,
): Expression<SqlBool>[] {
  return Object.entries(labels).map(([key, value]) =>
    eb.exists(
      eb.selectFrom("device_labels").select("device_labels.key")
        .whereRef("device_labels.device_id", "=", "devices.id")
        .where("device_labels.key", "=", key).where("device_labels.value", "=", value),
    )
  );
}

/** The database's form of `isOnline`: false, never null, for a device not seen yet. */
export function isOnlineAt(eb: Where, nowMs: number): Expression<SqlBool> {
  // The parameter stands alone: PostgreSQL would take it for the type of what it is added to.
  return eb(
    eb(eb.fn.coalesce("last_seen_ms", eb.lit(0)), "+", eb("interval_s", "*", 3_000)),
    ">",
    nowMs - 30_000,
  );
}

/** True for devices whose handle, name, model or labels contain a text; case does not matter. */
export function containsText(eb: Where, filter: string): Expression<SqlBool> {
  const pattern = `%${filter.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  const like = (column: Expression<unknown>) =>
    sql<SqlBool>`lower(${column}) LIKE ${pattern} ESCAPE '\\'`;
  return eb.or([
    like(eb.ref("handle")),
    like(eb.ref("name")),
    like(eb.ref("model")),
    // One look through all labels: asking for the labels of each device costs PostgreSQL ten times that.
    eb(
      "devices.id",
      "in",
      eb.selectFrom("device_labels").select("device_labels.device_id")
        .where((inner) =>
          inner.or([like(inner.ref("device_labels.key")), like(inner.ref("device_labels.value"))])
        ),
    ),
  ]);
}

/** Rows as devices, with their labels; one query. */
export async function withLabels({ kysely }: Queries, rows: readonly Row[]): Promise<Device[]> {
  if (rows.length === 0) return [];
  const labels = new Map<number, Record<string, string>>();
  const found = await kysely.selectFrom("device_labels").selectAll()
    .where("device_id", "in", rows.map((row) => row.id)).orderBy("key").execute();
  for (const { device_id, key, value } of found) {
    const known = labels.get(device_id);
    if (known === undefined) labels.set(device_id, { [key]: value });
    else known[key] = value;
  }
  return rows.map((row) => deviceOf(row, labels.get(row.id) ?? {}));
}

function deviceOf(row: Row, labels: Readonly<Record<string, string>>): Device {
  return {
    id: row.id,
    handle: row.handle,
    publicKey: row.public_key,
    deviceId: row.device_id,
    name: row.name,
    model: row.model,
    hwClass: row.hw_class,
    serial: row.serial,
    agentVersion: row.agent_version,
    admission: row.admission,
    quarantined: row.quarantined === 1,
    tofu: row.tofu === 1,
    helloMismatch: row.hello_mismatch === 1,
    labels,
    intervalS: row.interval_s,
    address: row.last_address,
    createdAtMs: row.created_at_ms,
    acceptedAtMs: row.accepted_at_ms,
    lastSeenMs: row.last_seen_ms,
    conditions: row.conditions.split(" ").filter(Boolean) as Condition[],
    uptimeMs: row.uptime_ms,
  };
}
