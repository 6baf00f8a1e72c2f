/**
 * Migrations: forward only, whole or not at all, with a copy set aside, and never over a newer or foreign
 * database.
 *
 * @module
 */
import { MIGRATIONS, openDatabase } from "@fleetd/server";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NEWER, SECOND } from "./second_migration.ts";
import { insertDevice } from "./store_suite.ts";

async function inFolder(body: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleetd-migration-"));
  try {
    await body(join(folder, "fleet.db"), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
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

Deno.test("a new database gets the whole schema and no backup", () =>
  inFolder(async (path, folder) => {
    const database = await openDatabase({ path });
    assert.deepEqual(database.migration, { from: 0, to: MIGRATIONS.length, backup: null });
    await database.close();
    assert.deepEqual((await readdir(folder)).filter((name) => name.includes("bak")), []);
    const again = await openDatabase({ path });
    assert.deepEqual(again.migration, {
      from: MIGRATIONS.length,
      to: MIGRATIONS.length,
      backup: null,
    });
    await again.close();
  }));

Deno.test("an upgrade sets a readable copy aside first and keeps the data", () =>
  inFolder(async (path) => {
    await withOneDevice(path);
    const database = await openDatabase({ path, migrations: NEWER });
    const backup = `${path}.v${MIGRATIONS.length}.bak`;
    assert.deepEqual(database.migration, { from: MIGRATIONS.length, to: SECOND.version, backup });
    await database.close();
    assert.equal(await deviceCount(path, NEWER), 1);
    assert.equal(await deviceCount(backup), 1);
  }));

Deno.test("a migration that fails at any statement leaves the old database as it was", () =>
  inFolder(async (path) => {
    await withOneDevice(path);
    for (const failing of [...SECOND.sqlite, "COMMIT"]) {
      await assert.rejects(
        openDatabase({
          path,
          migrations: NEWER,
          onMigrationStatement: (sql) => {
            if (sql === failing) throw new Error("disk on fire");
          },
        }),
        /disk on fire/,
      );
      assert.equal(await deviceCount(path), 1, failing);
    }
    const database = await openDatabase({ path, migrations: NEWER });
    await database.close();
    assert.equal(await deviceCount(path, NEWER), 1);
  }));

Deno.test("the first migration that fails at any statement leaves an empty file that opens again", () =>
  inFolder(async (path) => {
    for (const failing of [...MIGRATIONS[0]!.sqlite, "COMMIT"]) {
      await assert.rejects(
        openDatabase({
          path,
          onMigrationStatement: (sql) => {
            if (sql === failing) throw new Error("disk on fire");
          },
        }),
        /disk on fire/,
      );
    }
    assert.equal(await deviceCount(path), 0);
  }));

Deno.test("a process killed at any statement of a migration leaves the old database readable", () =>
  inFolder(async (path) => {
    await withOneDevice(path);
    const program = new URL("./programs/die_while_migrating.ts", import.meta.url).pathname;
    for (let at = 0; at <= SECOND.sqlite.length; at++) {
      const died = spawnSync(
        Deno.execPath(),
        ["run", "--quiet", "-A", program, path, String(at), JSON.stringify(SECOND)],
        { stdio: ["ignore", "ignore", "inherit"] },
      );
      assert.equal(died.signal, "SIGKILL");
      assert.equal(await deviceCount(path), 1);
    }
  }));

Deno.test("a database of a newer version is refused and left alone", () =>
  inFolder(async (path) => {
    await (await openDatabase({ path, migrations: NEWER })).close();
    await assert.rejects(openDatabase({ path }), { code: "store.schema_newer" });
    assert.equal(await deviceCount(path, NEWER), 0);
  }));

Deno.test("an applied migration that was edited is noticed", () =>
  inFolder(async (path) => {
    await (await openDatabase({ path, migrations: NEWER })).close();
    const edited = { ...SECOND, sqlite: [...SECOND.sqlite, "SELECT 1"] };
    await assert.rejects(openDatabase({ path, migrations: [...MIGRATIONS, edited] }), {
      code: "store.migration_changed",
    });
  }));

Deno.test("a file of another program is refused and stays as it is to the last byte", () =>
  inFolder(async (path) => {
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE songs (id INTEGER)");
    foreign.close();
    for (const bytes of [await readFile(path), new TextEncoder().encode("not a database\n")]) {
      await writeFile(path, bytes);
      await chmod(path, 0o644);
      await assert.rejects(openDatabase({ path }), { code: "store.foreign" });
      assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(bytes));
      assert.equal((await stat(path)).mode & 0o777, 0o644);
    }
  }));
