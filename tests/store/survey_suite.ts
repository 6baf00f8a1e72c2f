/**
 * The fleet as people look at it, on every dialect: numbers, concerns, pages, labels, events.
 *
 * @module
 */
import {
  type Database,
  DevicesStore,
  DevicesSurveyStore,
  EventsStore,
  LAST_SEEN_BOUNDS_MS,
  queriesOf,
  WHOLE_FLEET,
} from "@fleetd/server";
import assert from "node:assert/strict";

const NOW = Date.UTC(2030, 0, 1);
const MINUTE_MS = 60_000;

interface Row {
  readonly name?: string;
  readonly admission?: "pending" | "accepted" | "rejected" | "decommissioned";
  readonly quarantined?: boolean;
  readonly tofu?: boolean;
  readonly mismatch?: boolean;
  /** Null = never. */
  readonly seenMsAgo?: number | null;
  readonly version?: string;
  readonly conditions?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Makes a device what is wanted; the interval is a minute. */
async function dress(database: Database, id: number, row: Row): Promise<number> {
  await database.write(async (tx) => {
    await queriesOf(tx).kysely.updateTable("devices").set({
      name: row.name ?? null,
      admission: row.admission ?? "accepted",
      quarantined: Number(row.quarantined ?? false),
      tofu: Number(row.tofu ?? false),
      hello_mismatch: Number(row.mismatch ?? false),
      last_seen_ms: row.seenMsAgo === null ? null : NOW - (row.seenMsAgo ?? 1_000),
      agent_version: row.version ?? "1",
      interval_s: 60,
      conditions: row.conditions ?? "",
    }).where("id", "=", id).execute();
    await new DevicesStore(database).setLabels(tx, id, row.labels ?? {});
  });
  return id;
}

const northOnly = { labels: { site: "north" } };

/** Puts a device with nothing special about it. */
type InsertDevice = (database: Database) => Promise<number>;

/** Registers the tests. */
export function surveySuite(
  test: (name: string, body: (database: Database) => Promise<void>) => void,
  insertDevice: InsertDevice,
): void {
  const put = async (database: Database, row: Row) =>
    await dress(database, await insertDevice(database), row);
  const survey = (database: Database) => new DevicesSurveyStore(database, LAST_SEEN_BOUNDS_MS);

  test("the fleet's numbers count each device once, by its most urgent concern", async (database) => {
    await put(database, { version: "2", labels: { site: "north" } });
    await put(database, { version: "2", seenMsAgo: 2 * MINUTE_MS });
    await put(database, { version: "1", seenMsAgo: 10 * MINUTE_MS, tofu: true });
    await put(database, { seenMsAgo: 400 * 86_400_000, version: "1" });
    await put(database, { seenMsAgo: null, quarantined: true, mismatch: true, version: "1" });
    await put(database, { admission: "pending", mismatch: true, labels: { site: "north" } });
    await put(database, { admission: "pending" });
    await put(database, { admission: "rejected", mismatch: true });
    await put(database, { admission: "decommissioned", quarantined: true });
    assert.deepEqual(await survey(database).numbers(WHOLE_FLEET, NOW), {
      total: 8,
      byAdmission: { pending: 2, accepted: 5, rejected: 1 },
      online: 2,
      concerns: { quarantined: 1, mismatch: 1, pending: 1, unconfirmed: 1, offline: 1 },
      versions: [{ version: "1", count: 3 }, { version: "2", count: 2 }],
      lastSeen: [1, 1, 1, 0, 0, 2],
    });
    const north = await survey(database).numbers(northOnly, NOW);
    assert.deepEqual([north.total, north.online, north.byAdmission.pending], [2, 1, 1]);
    assert.deepEqual(
      [await survey(database).waiting(WHOLE_FLEET), await survey(database).waiting(northOnly)],
      [2, 1],
    );
  });

  test("what needs a person comes most urgent first, the newest of its kind before older ones", async (database) => {
    await put(database, { name: "healthy" });
    await put(database, { name: "offline-long", seenMsAgo: 9_000 * MINUTE_MS });
    await put(database, { name: "offline-now", seenMsAgo: 9 * MINUTE_MS });
    await put(database, { name: "waits", admission: "pending" });
    await put(database, { name: "copied", quarantined: true });
    await put(database, { name: "gone", admission: "decommissioned", quarantined: true });
    await put(database, { name: "turned-away", admission: "rejected" });
    const found = await survey(database).concerned(WHOLE_FLEET, { nowMs: NOW, limit: 3 });
    assert.deepEqual(
      found.map(({ name, concern }) => [name, concern]),
      [["copied", "quarantined"], ["waits", "pending"], ["offline-now", "offline"]],
    );
    assert.deepEqual(await survey(database).concerned(northOnly, { nowMs: NOW, limit: 3 }), []);
  });

  test("a hot or full device needs a person while it is online, before those that wait", async (database) => {
    await put(database, { name: "hot-and-full", conditions: "hot full" });
    await put(database, { name: "full", conditions: "full" });
    await put(database, { name: "was-hot", conditions: "hot", seenMsAgo: 9 * MINUTE_MS });
    await put(database, { name: "waits", admission: "pending", conditions: "hot" });
    await put(database, { name: "turned-away", admission: "rejected", conditions: "hot" });
    const found = await survey(database).concerned(WHOLE_FLEET, { nowMs: NOW, limit: 9 });
    assert.deepEqual(found.map(({ name, concern }) => [name, concern]), [
      ["hot-and-full", "hot"],
      ["full", "full"],
      ["waits", "pending"],
      ["was-hot", "offline"],
    ]);
    const { concerns } = await survey(database).numbers(WHOLE_FLEET, NOW);
    assert.deepEqual(concerns, { hot: 1, full: 1, pending: 1, offline: 1 });
    const page = await survey(database).page({
      scope: WHOLE_FLEET,
      state: "attention",
      sort: "state",
      descending: false,
      offset: 0,
      limit: 1,
      nowMs: NOW,
    });
    assert.deepEqual(
      page.items.map(({ name, conditions }) => [name, conditions]),
      [["hot-and-full", ["hot", "full"]]],
    );
  });

  test("a list is narrowed, ordered and numbered by the database", async (database) => {
    await put(database, { name: "Beta", version: "2", labels: { site: "north", floor: "1" } });
    await put(database, { name: "alpha", version: "1", seenMsAgo: 9 * MINUTE_MS });
    await put(database, { name: "gamma", version: "3", admission: "pending", seenMsAgo: null });
    await put(database, { name: "zulu", admission: "decommissioned" });
    const all = {
      scope: WHOLE_FLEET,
      sort: "name",
      descending: false,
      offset: 0,
      limit: 10,
      nowMs: NOW,
    } as const;
    const names = async (query: Partial<Parameters<DevicesSurveyStore["page"]>[0]>) => {
      const { items, total } = await survey(database).page({ ...all, ...query });
      return [...items.map(({ name }) => name), total];
    };
    assert.deepEqual(await names({}), ["alpha", "Beta", "gamma", 3]);
    assert.deepEqual(await names({ descending: true }), ["gamma", "Beta", "alpha", 3]);
    assert.deepEqual(await names({ offset: 1, limit: 1 }), ["Beta", 3]);
    assert.deepEqual(await names({ offset: 9 }), [3]);
    assert.deepEqual(await names({ sort: "seen", descending: true }), [
      "Beta",
      "alpha",
      "gamma",
      3,
    ]);
    assert.deepEqual(await names({ sort: "version" }), ["alpha", "Beta", "gamma", 3]);
    assert.deepEqual(await names({ sort: "state" }), ["gamma", "alpha", "Beta", 3]);
    assert.deepEqual(await names({ state: "attention" }), ["alpha", "gamma", 2]);
    assert.deepEqual(await names({ state: "online" }), ["Beta", 1]);
    assert.deepEqual(await names({ state: "offline" }), ["alpha", 1]);
    assert.deepEqual(await names({ state: "pending" }), ["gamma", 1]);
    assert.deepEqual(await names({ state: "quarantined" }), [0]);
    assert.deepEqual(await names({ state: "decommissioned" }), ["zulu", 1]);
    assert.deepEqual(await names({ version: "2" }), ["Beta", 1]);
    assert.deepEqual(await names({ labels: { floor: "1" } }), ["Beta", 1]);
    assert.deepEqual(await names({ filter: "ALPH" }), ["alpha", 1]);
    assert.deepEqual(await names({ filter: "%" }), [0]);
    assert.deepEqual(await names({ scope: northOnly }), ["Beta", 1]);
  });

  test("labels in use are counted, of devices that one may see and that are still there", async (database) => {
    await put(database, { labels: { site: "north", floor: "1" } });
    await put(database, { labels: { site: "north" } });
    await put(database, { labels: { site: "south" } });
    await put(database, { labels: { site: "west" }, admission: "decommissioned" });
    assert.deepEqual(await survey(database).labels(WHOLE_FLEET, 2), [
      { key: "site", value: "north", count: 2 },
      { key: "floor", value: "1", count: 1 },
    ]);
    assert.deepEqual(await survey(database).labels(northOnly, 9), [
      { key: "site", value: "north", count: 2 },
      { key: "floor", value: "1", count: 1 },
    ]);
  });

  test("the fleet's newest events name their devices and keep to the scope", async (database) => {
    const north = await put(database, { name: "pump", labels: { site: "north" } });
    const south = await put(database, { labels: { site: "south" } });
    const events = new EventsStore(database);
    for (const [deviceId, name] of [[north, "a"], [south, "b"], [north, "c"]] as const) {
      await database.write((tx) =>
        events.record(tx, { deviceId, atMs: NOW, name, severity: 5, text: null })
      );
    }
    const newest = await events.newest(WHOLE_FLEET, 2);
    assert.deepEqual(newest.map(({ name, deviceName }) => [name, deviceName]), [["c", "pump"], [
      "b",
      null,
    ]]);
    assert.deepEqual((await events.newest(northOnly, 9)).map(({ name }) => name), ["c", "a"]);
  });
}
