/**
 * @module
 * Devices in the database, for administrators: reading them in pages and changing what people may change.
 * What a device's own messages write is in the stores of those features.
 */
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { DeviceScope } from "../access/device_scope.ts";
import type { Admission, Device } from "../devices/device.ts";
import type { DeviceChange, DevicesWriter } from "../devices/devices.ts";
import type {
  DeviceCounts,
  DeviceQuery,
  DevicesReader,
  DeviceStream,
} from "../devices/list_devices.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import { containsText, hasLabels, isOnlineAt, withLabels } from "./device_conditions.ts";
import type { Schema } from "./schema.ts";

type Where = ExpressionBuilder<Schema, "devices">;

/** Both ports of `devices/` over one database. */
export class DevicesStore implements DevicesReader, DevicesWriter {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(query: DeviceQuery): Promise<readonly Device[]> {
    return this.#database.read(async (queries) => {
      const rows = await queries.kysely.selectFrom("devices").selectAll()
        .where((eb) => eb.and(conditions(eb, query)))
        .orderBy("id").limit(query.limit).execute();
      return await withLabels(queries, rows);
    });
  }

  find(scope: DeviceScope, handle: string): Promise<Device | undefined> {
    return this.#database.read((queries) => findOne(queries, scope, handle));
  }

  findIn(tx: Tx, scope: DeviceScope, handle: string): Promise<Device | undefined> {
    return findOne(queriesOf(tx), scope, handle);
  }

  async change(tx: Tx, id: number, change: DeviceChange): Promise<void> {
    await queriesOf(tx).kysely.updateTable("devices").set({
      name: change.name,
      interval_s: change.intervalS,
      admission: change.admission,
      accepted_at_ms: change.acceptedAtMs,
      tofu: change.tofu === undefined ? undefined : Number(change.tofu),
    }).where("id", "=", id).execute();
  }

  async setLabels(tx: Tx, id: number, labels: Readonly<Record<string, string>>): Promise<void> {
    const { raw } = queriesOf(tx);
    await raw.run("DELETE FROM device_labels WHERE device_id = ?", [id]);
    for (const [key, value] of Object.entries(labels)) {
      await raw.run("INSERT INTO device_labels (device_id, key, value) VALUES (?, ?, ?)", [
        id,
        key,
        value,
      ]);
    }
  }

  streams(id: number): Promise<readonly DeviceStream[]> {
    return this.#database.read(async ({ raw }) => {
      const rows = await raw.all<
        { stream: 1 | 2 | 3; epoch: number; through: number; lost: number }
      >(
        "SELECT stream, epoch, through, lost FROM streams WHERE device_id = ? ORDER BY stream",
        [id],
      );
      return rows.map(({ stream, ...rest }) => ({ stream: STREAMS[stream], ...rest }));
    });
  }

  counts(scope: DeviceScope, nowMs: number): Promise<DeviceCounts> {
    return this.#database.read(async (queries) => ({
      ...await countDevices(queries, { scope, nowMs }),
      lostRecords: await countLost(queries, scope),
    }));
  }
}

async function countDevices(
  { kysely }: Queries,
  { scope, nowMs }: { readonly scope: DeviceScope; readonly nowMs: number },
): Promise<Omit<DeviceCounts, "lostRecords">> {
  const rows = await kysely.selectFrom("devices")
    .where((eb) => eb.and(hasLabels(eb, scope.labels)))
    .select((eb) => [
      "admission",
      "agent_version",
      eb.fn.countAll<number>().as("count"),
      eb.fn.sum<number>("quarantined").as("quarantined"),
      eb.fn.sum<number>(eb.case().when(isOnlineAt(eb, nowMs)).then(1).else(0).end()).as("online"),
    ])
    .groupBy(["admission", "agent_version"]).execute();
  const byAdmission: Record<Admission, number> = {
    pending: 0,
    accepted: 0,
    rejected: 0,
    decommissioned: 0,
  };
  const byAgentVersion: Record<string, number> = {};
  let [online, quarantined] = [0, 0];
  for (const row of rows) {
    const count = Number(row.count);
    byAdmission[row.admission] += count;
    quarantined += Number(row.quarantined);
    if (row.admission !== "accepted") continue;
    online += Number(row.online);
    byAgentVersion[row.agent_version] = (byAgentVersion[row.agent_version] ?? 0) + count;
  }
  return { byAdmission, online, quarantined, byAgentVersion };
}

async function countLost(
  { kysely }: Queries,
  scope: DeviceScope,
): Promise<DeviceCounts["lostRecords"]> {
  const rows = await kysely.selectFrom("streams")
    .where(
      "device_id",
      "in",
      (eb) =>
        eb.selectFrom("devices").select("id").where((inner) =>
          inner.and(hasLabels(inner, scope.labels))
        ),
    )
    .select((eb) => ["stream", eb.fn.sum<number>("lost").as("lost")])
    .groupBy("stream").execute();
  const lost = { metrics: 0, logs: 0, reports: 0 };
  for (const row of rows) lost[STREAMS[row.stream as keyof typeof STREAMS]] = Number(row.lost);
  return lost;
}

const STREAMS = { 1: "metrics", 2: "logs", 3: "reports" } as const;

async function findOne(
  queries: Queries,
  scope: DeviceScope,
  handle: string,
): Promise<Device | undefined> {
  const rows = await queries.kysely.selectFrom("devices").selectAll().where("handle", "=", handle)
    .where((eb) => eb.and(hasLabels(eb, scope.labels))).execute();
  return (await withLabels(queries, rows))[0];
}

function conditions(eb: Where, query: DeviceQuery): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [
    eb("id", ">", query.afterId),
    ...hasLabels(eb, query.scope.labels),
  ];
  if (query.admission !== undefined) all.push(eb("admission", "=", query.admission));
  else all.push(eb("admission", "!=", "decommissioned"));
  if (query.online !== undefined) {
    const online = isOnlineAt(eb, query.nowMs);
    all.push(query.online ? online : eb.not(online));
  }
  all.push(...hasLabels(eb, query.labels ?? {}));
  if (query.filter !== undefined && query.filter !== "") all.push(containsText(eb, query.filter));
  return all;
}
