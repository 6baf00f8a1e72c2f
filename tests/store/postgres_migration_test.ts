/**
 * Migrations on PostgreSQL: forward only, whole or not at all, once however many servers start, and never over a newer or
 * foreign database.
 *
 * @module
 */
import { MIGRATIONS, openDatabase } from "@fleetd/server";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "./postgres_cluster.ts";
import { NEWER, SECOND } from "./second_migration.ts";
import { insertDevice } from "./store_suite.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);

let cluster: PostgresCluster;
Deno.test.beforeAll(async () => {
  if (reason === undefined) cluster = await PostgresCluster.start();
});
Deno.test.afterAll(async () => {
  await cluster?.stop();
});

function test(name: string, body: (path: string, name: string) => Promise<void>): void {
  Deno.test(`on PostgreSQL ${name}`, { ignore: reason !== undefined }, async () => {
    const database = await cluster.createDatabase();
    await body(cluster.url(database), database);
    await cluster.dropDatabase(database);
  });
}

async function deviceCount(path: string, migrations = MIGRATIONS): Promise<number> {
  const database = await openDatabase({ path, migrations });
  const row = await database.read(({ raw }) =>
    raw.get<{ n: number }>("SELECT count(*) AS n FROM devices", [])
  );
  await database.close();
  return row!.n;
}

async function withOneDevice(path: string): Promise<void> {
  const database = await openDatabase({ path });
  await insertDevice(database);
  await database.close();
}

test("of servers that start together one migrates and all go on", async (path) => {
  const opened = await Promise.all(
    Array.from({ length: 6 }, () => openDatabase({ path })),
  );
  const from = opened.map(({ migration }) => migration.from).sort((a, b) => a - b);
  assert.deepEqual(from, [0, ...Array.from({ length: 5 }, () => MIGRATIONS.length)]);
  await Promise.all(opened.map((database) => insertDevice(database)));
  for (const database of opened) await database.close();
  assert.equal(await deviceCount(path), 6);
});

test("an upgrade keeps the data", async (path) => {
  await withOneDevice(path);
  const upgraded = await openDatabase({ path, migrations: NEWER });
  assert.deepEqual(upgraded.migration, {
    from: MIGRATIONS.length,
    to: SECOND.version,
    backup: null,
  });
  await upgraded.close();
  assert.equal(await deviceCount(path, NEWER), 1);
});

test("a migration that fails at any statement leaves the database as it was", async (path) => {
  for (const failing of [...MIGRATIONS.flatMap(({ postgres }) => postgres), "COMMIT"]) {
    await assert.rejects(openDatabase({ path, onMigrationStatement: failAt(failing) }), /on fire/);
  }
  await withOneDevice(path);
  for (const failing of [...SECOND.postgres, "COMMIT"]) {
    await assert.rejects(
      openDatabase({ path, migrations: NEWER, onMigrationStatement: failAt(failing) }),
      /on fire/,
    );
    assert.equal(await deviceCount(path), 1, failing);
  }
  await (await openDatabase({ path, migrations: NEWER })).close();
});

const failAt = (failing: string) => (sql: string) => {
  if (sql === failing) throw new Error("disk on fire");
};

test("a process killed at any statement of a migration leaves the old database readable", async (path) => {
  await withOneDevice(path);
  const program = new URL("./programs/die_while_migrating.ts", import.meta.url).pathname;
  for (let at = 0; at <= SECOND.postgres.length; at++) {
    const died = spawnSync(
      Deno.execPath(),
      ["run", "--quiet", "-A", program, path, String(at), JSON.stringify(SECOND)],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    assert.equal(died.signal, "SIGKILL");
    assert.equal(await deviceCount(path), 1);
  }
});

test("a step that cannot have its lock gives up and holds nobody up", async (path, name) => {
  await withOneDevice(path);
  const reader = cluster.query(name, "BEGIN; SELECT * FROM devices; SELECT pg_sleep(7); COMMIT");
  await assert.rejects(openDatabase({ path, migrations: NEWER }), /lock timeout/);
  assert.equal(await deviceCount(path), 1);
  await reader;
  await (await openDatabase({ path, migrations: NEWER })).close();
});

test("a database of a newer version is refused and left alone", async (path) => {
  await (await openDatabase({ path, migrations: NEWER })).close();
  await assert.rejects(openDatabase({ path }), (error: Error & { code: string }) => {
    assert.equal(error.code, "store.schema_newer");
    assert.match(error.message, /^Cannot open postgres:\/\/fleet@127/);
    return true;
  });
  assert.equal(await deviceCount(path, NEWER), 0);
});

test("an applied migration that was edited is noticed", async (path) => {
  await (await openDatabase({ path, migrations: NEWER })).close();
  const edited = { ...SECOND, postgres: [...SECOND.postgres, "SELECT 1"] };
  await assert.rejects(openDatabase({ path, migrations: [...MIGRATIONS, edited] }), {
    code: "store.migration_changed",
  });
});

test("a database of another program is refused and stays as it is", async (path, name) => {
  for (const table of ["songs (id INT)", "migrations (id INT, name TEXT)"]) {
    await cluster.query(name, `CREATE TABLE ${table}`);
    await assert.rejects(openDatabase({ path }), { code: "store.foreign" });
  }
  const tables = await cluster.query(
    name,
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  assert.deepEqual(tables.map(({ table_name }) => table_name), ["migrations", "songs"]);
});
