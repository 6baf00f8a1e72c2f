/**
 * @module
 * A fleet's database in one SQLite file: read from one connection and written through group commit on
 * another.
 */
import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Awaitable, Tx } from "../transaction.ts";
import type { Database, OpenOptions, Queries } from "./database.ts";
import { type CommitCounts, GroupCommit, type GroupLimits } from "./group_commit.ts";
import { checkedVersion, migrate, type MigrationOutcome } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { SqliteConnection } from "./sqlite_connection.ts";

/**
 * Opens and migrates.
 * @throws DomainError store.schema_newer, store.migration_changed, store.foreign
 */
export function openSqlite(
  options: OpenOptions & { readonly migrations: readonly Migration[] },
): Database {
  const { path, migrations } = options;
  if (path !== ":memory:") {
    refuseForeign(path, migrations);
    // SQLite gives its side files the mode of the main one, so this protects all three.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  }
  const writer = new SqliteConnection(path);
  try {
    const migration = migrate(writer.database, {
      path,
      migrations,
      nowMs: Date.now(),
      onStatement: options.onMigrationStatement,
    });
    return new SqliteStore({ writer, path, migration, limits: options.limits });
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** Looks before anything is changed: a file that is not ours stays as it is, to the last byte. */
function refuseForeign(path: string, migrations: readonly Migration[]): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const probe = new DatabaseSync(path, { readOnly: true });
  try {
    checkedVersion(probe, { path, migrations });
  } finally {
    probe.close();
  }
}

class SqliteStore implements Database {
  readonly migration: MigrationOutcome;
  readonly #writer: SqliteConnection;
  /** A second view of the file; absent for a database in memory, which only its writer can see. */
  readonly #reader: SqliteConnection | undefined;
  readonly #commits: GroupCommit;

  constructor(
    parts: {
      writer: SqliteConnection;
      path: string;
      migration: MigrationOutcome;
      limits?: GroupLimits;
    },
  ) {
    this.#writer = parts.writer;
    this.#reader = parts.path === ":memory:"
      ? undefined
      : new SqliteConnection(parts.path, { readOnly: true });
    this.migration = parts.migration;
    this.#commits = new GroupCommit(parts.writer, parts.limits);
  }

  get commitCounts(): CommitCounts {
    return this.#commits.counts;
  }

  write<T>(work: (tx: Tx) => Awaitable<T>): Promise<T> {
    return this.#commits.add(work);
  }

  async read<T>(work: (queries: Queries) => Awaitable<T>): Promise<T> {
    const reader = this.#reader;
    return reader === undefined
      ? await this.#commits.add((tx) => work(tx.queries), { alone: true })
      : await work(reader);
  }

  async close(): Promise<void> {
    await this.#commits.close();
    this.#reader?.close();
    this.#writer.close();
  }
}
