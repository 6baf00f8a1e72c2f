/**
 * @module
 * The fleet as people look at it, in the database. Every aggregate is one pass over `devices`.
 */
import {
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  sql,
  type SqlBool,
} from "kysely";
import type { DeviceScope } from "../access/device_scope.ts";
import type {
  Concern,
  ConcernedDevice,
  DevicesSurvey,
  FleetNumbers,
  LabelCount,
  Sort,
  SurveyPage,
  SurveyQuery,
} from "../devices/survey_devices.ts";
import type { Condition } from "../telemetry/conditions.ts";
import type { Database } from "./database.ts";
import { containsText, hasLabels, isOnlineAt, withLabels } from "./device_conditions.ts";
import type { Schema } from "./schema.ts";

type Where = ExpressionBuilder<Schema, "devices">;

/** In the order of {@link CONCERNS}; 0 = none. */
const CONCERN_OF_RANK: readonly (Concern | undefined)[] = [
  undefined,
  "quarantined",
  "mismatch",
  "hot",
  "full",
  "pending",
  "unconfirmed",
  "offline",
];

/** The port of `devices/survey_devices.ts` over one database. */
export class DevicesSurveyStore implements DevicesSurvey {
  readonly #database: Database;
  readonly #boundsMs: readonly number[];

  /** @param boundsMs upper ends of the histogram's bars, ascending */
  constructor(database: Database, boundsMs: readonly number[]) {
    this.#database = database;
    this.#boundsMs = boundsMs;
  }

  async numbers(scope: DeviceScope, nowMs: number): Promise<FleetNumbers> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("devices")
        .where("admission", "!=", "decommissioned")
        .where((eb) => eb.and(hasLabels(eb, scope.labels)))
        .select((eb) => [
          "admission",
          "agent_version",
          rankOf(eb, nowMs).as("rank"),
          this.#barOf(nowMs).as("bar"),
          eb.case().when(isOnlineAt(eb, nowMs)).then(1).else(0).end().as("online"),
          eb.fn.countAll<number>().as("count"),
        ])
        .groupBy(["admission", "agent_version", "rank", "bar", "online"]).execute()
    );
    return summed(rows, this.#boundsMs.length + 1);
  }

  async concerned(
    scope: DeviceScope,
    { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
  ): Promise<readonly ConcernedDevice[]> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("devices")
        .where((eb) => eb.and([isConcerned(eb, nowMs), ...hasLabels(eb, scope.labels)]))
        .select((eb) => [
          "handle",
          "name",
          "model",
          "last_seen_ms",
          "created_at_ms",
          rankOf(eb, nowMs).as("rank"),
        ])
        .orderBy("rank").orderBy("last_seen_ms", "desc").orderBy("id", "desc")
        .limit(limit).execute()
    );
    return rows.map((row) => ({
      handle: row.handle,
      name: row.name,
      model: row.model,
      concern: CONCERN_OF_RANK[Number(row.rank)]!,
      lastSeenMs: row.last_seen_ms,
      createdAtMs: row.created_at_ms,
    }));
  }

  page(query: SurveyQuery): Promise<SurveyPage> {
    return this.#database.read(async (queries) => {
      const found = () =>
        queries.kysely.selectFrom("devices").where((eb) => eb.and(conditions(eb, query)));
      // Sorting keys alone and reading the page's rows after keeps blobs out of the sorter.
      const ids = await found().select("id")
        .orderBy((eb) => sortKey(eb, query), query.descending ? "desc" : "asc")
        .orderBy("id", query.descending ? "desc" : "asc")
        .offset(query.offset).limit(query.limit).execute();
      const { count } = await found().select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      if (ids.length === 0) return { items: [], total: Number(count) };
      const rows = await queries.kysely.selectFrom("devices").selectAll()
        .where("id", "in", ids.map(({ id }) => id)).execute();
      const devices = new Map(
        (await withLabels(queries, rows)).map((device) => [device.id, device]),
      );
      return { items: ids.flatMap(({ id }) => devices.get(id) ?? []), total: Number(count) };
    });
  }

  async waiting(scope: DeviceScope): Promise<number> {
    const { count } = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("devices").where("admission", "=", "pending")
        .where((eb) => eb.and(hasLabels(eb, scope.labels)))
        .select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow()
    );
    return Number(count);
  }

  async labels(scope: DeviceScope, limit: number): Promise<readonly LabelCount[]> {
    const rows = await this.#database.read(({ kysely }) =>
      kysely.selectFrom("device_labels").innerJoin(
        "devices",
        "devices.id",
        "device_labels.device_id",
      )
        .where("devices.admission", "!=", "decommissioned")
        .where((eb) => eb.and(hasLabels(eb as unknown as Where, scope.labels)))
        .select((eb) => [
          "device_labels.key",
          "device_labels.value",
          eb.fn.countAll<number>().as("count"),
        ])
        .groupBy(["device_labels.key", "device_labels.value"])
        .orderBy("count", "desc").orderBy("device_labels.key").orderBy("device_labels.value")
        .limit(limit).execute()
    );
    return rows.map(({ key, value, count }) => ({ key, value, count: Number(count) }));
  }

  /** The bar of the histogram, 0 from the left. Bounds are constants of the program, so they stand in the text. */
  #barOf(nowMs: number): RawBuilder<number> {
    const cases = this.#boundsMs.map((boundMs, bar) =>
      sql`WHEN last_seen_ms > ${nowMs - boundMs} THEN ${sql.lit(bar)}`
    );
    return sql<number>`CASE ${sql.join(cases, sql` `)} ELSE ${sql.lit(this.#boundsMs.length)} END`;
  }
}

/** The most urgent concern as a number, 0 = none: see {@link CONCERN_OF_RANK}. */
function rankOf(eb: Where, nowMs: number) {
  const accepted = eb("admission", "=", "accepted");
  const online = isOnlineAt(eb, nowMs);
  const rank = (concern: Concern) => sql.lit(CONCERN_OF_RANK.indexOf(concern));
  return eb.case()
    .when("quarantined", "=", 1).then(rank("quarantined"))
    .when(
      eb.and([eb("hello_mismatch", "=", 1), eb("admission", "in", ["pending", "accepted"])]),
    ).then(rank("mismatch"))
    .when(eb.and([hasCondition("hot"), accepted, online])).then(rank("hot"))
    .when(eb.and([hasCondition("full"), accepted, online])).then(rank("full"))
    .when("admission", "=", "pending").then(rank("pending"))
    .when(eb.and([accepted, eb("tofu", "=", 1)])).then(rank("unconfirmed"))
    .when(eb.and([accepted, eb.not(online)])).then(rank("offline"))
    .else(sql.lit(0)).end();
}

function hasCondition(condition: Condition): RawBuilder<SqlBool> {
  return sql<SqlBool>`conditions LIKE ${sql.lit(`%${condition}%`)}`;
}

function isConcerned(eb: Where, nowMs: number): Expression<SqlBool> {
  return eb.and([
    eb("admission", "!=", "decommissioned"),
    eb(rankOf(eb, nowMs), ">", sql.lit(0)),
  ]);
}

function conditions(eb: Where, query: SurveyQuery): Expression<SqlBool>[] {
  const all = [...hasLabels(eb, query.scope.labels), ...hasLabels(eb, query.labels ?? {})];
  if (query.state !== "decommissioned") all.push(eb("admission", "!=", "decommissioned"));
  if (query.state !== undefined) all.push(stateIs(eb, query));
  if (query.version !== undefined) all.push(eb("agent_version", "=", query.version));
  if (query.filter !== undefined && query.filter !== "") all.push(containsText(eb, query.filter));
  return all;
}

function stateIs(eb: Where, { state, nowMs }: SurveyQuery): Expression<SqlBool> {
  switch (state) {
    case "attention":
      return isConcerned(eb, nowMs);
    case "online":
      return eb.and([eb("admission", "=", "accepted"), isOnlineAt(eb, nowMs)]);
    case "offline":
      return eb.and([eb("admission", "=", "accepted"), eb.not(isOnlineAt(eb, nowMs))]);
    case "quarantined":
      return eb("quarantined", "=", 1);
    case "pending":
    case "rejected":
    case "decommissioned":
      return eb("admission", "=", state);
    case undefined:
      return eb.val(true);
  }
}

function sortKey(eb: Where, { sort, nowMs }: SurveyQuery): Expression<unknown> {
  const keys: Readonly<Record<Sort, () => Expression<unknown>>> = {
    name: () => sql`lower(coalesce(name, handle))`,
    // Rank 0 is healthy: it belongs after everything that is not.
    state: () => {
      const ranks = CONCERN_OF_RANK.length;
      return sql`(${rankOf(eb, nowMs)} + ${sql.lit(ranks - 1)}) % ${sql.lit(ranks)}`;
    },
    seen: () => sql`coalesce(last_seen_ms, 0)`,
    version: () => eb.ref("agent_version"),
    model: () => sql`lower(coalesce(model, ''))`,
    added: () => eb.ref("created_at_ms"),
  };
  return keys[sort]();
}

interface NumbersRow {
  readonly admission: string;
  readonly agent_version: string;
  readonly rank: number | string;
  readonly bar: number | string;
  readonly online: number | string;
  readonly count: number | string;
}

function summed(rows: readonly NumbersRow[], bars: number): FleetNumbers {
  const byAdmission = { pending: 0, accepted: 0, rejected: 0 };
  const concerns: Partial<Record<Concern, number>> = {};
  const versions = new Map<string, number>();
  const lastSeen = new Array<number>(bars).fill(0);
  let [total, online] = [0, 0];
  for (const row of rows) {
    const count = Number(row.count);
    const concern = CONCERN_OF_RANK[Number(row.rank)];
    total += count;
    byAdmission[row.admission as keyof typeof byAdmission] += count;
    if (concern !== undefined) concerns[concern] = (concerns[concern] ?? 0) + count;
    if (row.admission !== "accepted") continue;
    online += Number(row.online) === 1 ? count : 0;
    versions.set(row.agent_version, (versions.get(row.agent_version) ?? 0) + count);
    lastSeen[Number(row.bar)]! += count;
  }
  return {
    total,
    byAdmission,
    online,
    concerns,
    versions: [...versions].map(([version, count]) => ({ version, count }))
      .sort((a, b) => b.count - a.count || (a.version < b.version ? 1 : -1)),
    lastSeen,
  };
}
