/**
 * @module
 * The database: opened, migrated, read from one connection and written through group commit on another.
 * Stores reach the queries of a transaction through `queriesOf`; features hold the transaction only.
 */
import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isPostgresUrl } from "../database_url.ts";
import type { Signals } from "../events/shared_live_events.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import { type CommitCounts, GroupCommit, type GroupLimits, GroupTx } from "./group_commit.ts";
import { checkedVersion, migrate, type MigrationOutcome } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { type Queries, SqliteConnection } from "./sqlite_connection.ts";

export type { Queries } from "./sqlite_connection.ts";

/** An open database. */
export interface Database extends Transactions {
  /**
   * Runs `work` on committed data. Each query sees its own moment. Never called inside a `write` work.
   */
  read<T>(work: (queries: Queries) => Awaitable<T>): Promise<T>;
  /** What was written since it was opened. */
  readonly commitCounts: CommitCounts;
  /** What opening did to the schema. */
  readonly migration: MigrationOutcome;
  /** What several servers on this database share; undefined where there can be but one. */
  readonly shared?: SharedParts;
  /** Finishes queued commits, then closes. */
  close(): Promise<void>;
}

/** What several servers on one database need of each other. */
export interface SharedParts {
  /** From server to server. */
  readonly signals: Signals;
  /** How far the database's clock is ahead of this machine's, ms: its time is every server's. */
  readonly skewMs: number;
  /** Whether this server does what only one has to do. */
  leads(): Awaitable<boolean>;
}

/** How to open. */
export interface OpenOptions {
  /** A file, made with mode 0600 when absent, `:memory:`, or the URL of a PostgreSQL. */
  readonly path: string;
  readonly limits?: GroupLimits;
  readonly migrations?: readonly Migration[];
  readonly onMigrationStatement?: (sql: string) => void;
}

/** The queries behind a transaction. For `store/` alone. */
export function queriesOf(tx: Tx): Queries {
  if (!(tx instanceof GroupTx)) throw new TypeError("not a transaction of this store");
  return tx.queries;
}

/**
 * Opens and migrates.
 * @throws DomainError store.schema_newer, store.migration_changed, store.foreign
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { path, migrations = MIGRATIONS } = options;
  if (isPostgresUrl(path)) {
    // Whoever has a file does not load the other one's driver.
    const { openPostgres } = await import("./postgres_database.ts");
    return await openPostgres({ ...options, migrations });
  }
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
