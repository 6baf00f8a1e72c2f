/**
 * @module
 * Brings a PostgreSQL to this program's schema: forward only and in one transaction, which PostgreSQL does
 * for its tables as well. Of servers that start together one migrates and the others wait for it. There is
 * no copy set aside: that is `pg_dump`'s, before an upgrade.
 */
import type pg from "pg";
import { DomainError } from "../errors.ts";
import { foreignDatabase, migrationChecksum, type MigrationOutcome, versionOf } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";

/** How to migrate. */
export interface PostgresMigrateOptions {
  /** For people, without a password. */
  readonly label: string;
  readonly migrations: readonly Migration[];
  readonly nowMs: number;
  /** Statement that takes the lock of migrations until the connection ends. */
  readonly lock: string;
  /** Called before each statement; what it throws undoes everything. */
  readonly onStatement?: (sql: string) => void;
}

const TABLES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`;

const MIGRATIONS_TABLE = `CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,
  checksum TEXT NOT NULL, applied_at_ms BIGINT NOT NULL)`;

/** Longest wait of one statement for somebody's lock: a step that cannot go on must not hold others up. */
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'";

/** As long as another server may need to migrate. */
const PATIENCE = "SET lock_timeout = '600s'; SET statement_timeout = 0";

/** SQLSTATE of a missing column. */
const UNDEFINED_COLUMN = "42703";

/** @throws DomainError store.schema_newer, store.migration_changed, store.foreign */
export async function migratePostgres(
  client: pg.Client,
  options: PostgresMigrateOptions,
): Promise<MigrationOutcome> {
  const { migrations } = options;
  const to = migrations.at(-1)?.version ?? 0;
  if (await checkedVersion(client, options) === to) return { from: to, to, backup: null };
  await client.query(PATIENCE);
  await client.query(options.lock);
  // Another server may have been faster while this one waited for the lock.
  const from = await checkedVersion(client, options);
  if (from === to) return { from, to, backup: null };
  await client.query("BEGIN");
  try {
    await client.query(LOCK_TIMEOUT);
    if (from === 0) await execute(client, MIGRATIONS_TABLE, options);
    for (const migration of migrations) {
      if (migration.version > from) await apply(client, migration, options);
    }
    options.onStatement?.("COMMIT");
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
  return { from, to, backup: null };
}

async function apply(
  client: pg.Client,
  migration: Migration,
  options: PostgresMigrateOptions,
): Promise<void> {
  for (const statement of migration.postgres) await execute(client, statement, options);
  await client.query("INSERT INTO migrations VALUES ($1, $2, $3, $4)", [
    migration.version,
    migration.name,
    migrationChecksum(migration, "postgres"),
    options.nowMs,
  ]);
}

async function execute(
  client: pg.Client,
  sql: string,
  options: PostgresMigrateOptions,
): Promise<void> {
  options.onStatement?.(sql);
  await client.query(sql);
}

/** The schema version of a database that this program may open; 0 = it is empty. Changes nothing. */
async function checkedVersion(
  client: pg.Client,
  { label, migrations }: PostgresMigrateOptions,
): Promise<number> {
  const tables = (await client.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);
  if (tables.length === 0) return 0;
  if (!tables.includes("migrations")) throw foreign(label);
  try {
    const { rows } = await client.query<{ version: number; checksum: string }>(
      "SELECT version, checksum FROM migrations ORDER BY version",
    );
    return versionOf(rows, { path: label, migrations, dialect: "postgres" });
  } catch (error) {
    // Somebody else's table of this name.
    if ((error as { code?: string }).code === UNDEFINED_COLUMN) throw foreign(label, error);
    throw error;
  }
}

function foreign(label: string, cause?: unknown): DomainError {
  return foreignDatabase(label, { cause, advice: "Make a database of its own for the fleet" });
}
