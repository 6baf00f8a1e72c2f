/**
 * @module
 * Brings a database to this program's schema: forward only, in one transaction, after a copy was set
 * aside. A database that a newer program wrote, or one of another program, is left untouched.
 */
import { createHash } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { DomainError } from "../errors.ts";
import type { Migration } from "./migrations/migration.ts";

/** What `migrate` did. */
export interface MigrationOutcome {
  readonly from: number;
  readonly to: number;
  /** Where the copy of the database before the migration lies; null when there was nothing to copy. */
  readonly backup: string | null;
}

/** How to migrate. */
export interface MigrateOptions {
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly nowMs: number;
  /** Called before each statement; what it throws undoes everything. */
  readonly onStatement?: (sql: string) => void;
}

/** Which statements of a step count. */
export type Dialect = "sqlite" | "postgres";

/** Checksum of a step as it is recorded: hex SHA-256 of its statements, each ended by a NUL. */
export function migrationChecksum(migration: Migration, dialect: Dialect = "sqlite"): string {
  const hash = createHash("sha256");
  for (const statement of migration[dialect]) hash.update(statement).update("\0");
  return hash.digest("hex");
}

/** @throws DomainError store.schema_newer, store.migration_changed, store.foreign */
export function migrate(database: DatabaseSync, options: MigrateOptions): MigrationOutcome {
  const { migrations, path, nowMs } = options;
  const to = migrations.at(-1)?.version ?? 0;
  const from = checkedVersion(database, options);
  if (from === to) return { from, to, backup: null };
  const backup = from === 0 ? null : copyAside(database, { path, version: from });
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been faster between the check and the lock.
    const now = checkedVersion(database, options);
    if (now === 0) execute(database, MIGRATIONS_TABLE, options);
    for (const migration of migrations) {
      if (migration.version <= now) continue;
      for (const statement of migration.sqlite) execute(database, statement, options);
      database.prepare("INSERT INTO migrations VALUES (?, ?, ?, ?)").run(
        migration.version,
        migration.name,
        migrationChecksum(migration),
        nowMs,
      );
    }
    options.onStatement?.("COMMIT");
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  return { from, to, backup };
}

const MIGRATIONS_TABLE = `CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,
  checksum TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT`;

function execute(database: DatabaseSync, sql: string, options: MigrateOptions): void {
  options.onStatement?.(sql);
  database.exec(sql);
}

/**
 * The schema version of a database that this program may open; 0 = it is empty. Changes nothing.
 * @throws DomainError store.schema_newer, store.migration_changed, store.foreign
 */
export function checkedVersion(
  database: DatabaseSync,
  options: Pick<MigrateOptions, "path" | "migrations">,
): number {
  const tables = tablesOf(database, options.path);
  if (tables.length === 0) return 0;
  if (!tables.includes("migrations")) throw foreign(options.path);
  const applied = database.prepare("SELECT version, checksum FROM migrations ORDER BY version")
    .all() as unknown as AppliedStep[];
  return versionOf(applied, { ...options, dialect: "sqlite" });
}

/** A step as a database names it. */
export interface AppliedStep {
  readonly version: number;
  readonly checksum: string;
}

/**
 * The version that applied steps, in order, add up to; every one must be a step of this program.
 * @throws DomainError store.schema_newer, store.migration_changed
 */
export function versionOf(
  applied: readonly AppliedStep[],
  { path, migrations, dialect }: Pick<MigrateOptions, "path" | "migrations"> & {
    readonly dialect: Dialect;
  },
): number {
  for (const { version, checksum } of applied) {
    const own = migrations.find((migration) => migration.version === version);
    if (own === undefined) {
      throw new DomainError(
        "store.schema_newer",
        `Cannot open ${path}: its schema is ${version}, this program knows ${
          migrations.at(-1)?.version ?? 0
        }. Start the newer version, or restore the backup made before the upgrade`,
      );
    }
    if (migrationChecksum(own, dialect) !== checksum) {
      throw new DomainError(
        "store.migration_changed",
        `Cannot open ${path}: schema step ${version} is not the one that made it. Start the version that wrote it`,
      );
    }
  }
  return applied.at(-1)?.version ?? 0;
}

function tablesOf(database: DatabaseSync, path: string): unknown[] {
  try {
    return database.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    ).all().map((row) => row.name);
  } catch (cause) {
    // SQLITE_NOTADB: the file is something else altogether.
    if ((cause as { errcode?: number }).errcode === 26) throw foreign(path, cause);
    throw cause;
  }
}

function foreign(path: string, cause?: unknown): DomainError {
  return foreignDatabase(path, { cause, advice: "Name another file with --db" });
}

/** There is something in it, and it is not ours. */
export function foreignDatabase(
  name: string,
  { cause, advice }: { readonly cause?: unknown; readonly advice: string },
): DomainError {
  return new DomainError(
    "store.foreign",
    `Cannot open ${name}: it belongs to another program. ${advice}`,
    { cause },
  );
}

function copyAside(
  database: DatabaseSync,
  { path, version }: { readonly path: string; readonly version: number },
): string | null {
  if (path === ":memory:") return null;
  const backup = `${path}.v${version}.bak`, unfinished = `${backup}.new`;
  rmSync(unfinished, { force: true });
  database.prepare("VACUUM INTO ?").run(unfinished);
  chmodSync(unfinished, 0o600);
  const file = openSync(unfinished, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, backup);
  return backup;
}
