/**
 * @module
 * A fleet's database on PostgreSQL: opened and migrated, read on a pool, written through groups that share
 * a transaction, watched on a connection of its own. Any number of servers use it at the same time.
 */
import type pg from "pg";
import { shownDatabase } from "../database_url.ts";
import type { Signals } from "../events/shared_live_events.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import type { Database, OpenOptions, Queries, SharedParts } from "./database.ts";
import type { CommitCounts } from "./group_commit.ts";
import type { MigrationOutcome } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { PostgresCommits } from "./postgres_commits.ts";
import { openClient, openPool, PostgresQueries, reading } from "./postgres_connection.ts";
import { migratePostgres } from "./postgres_migrate.ts";
import { PostgresWatch } from "./postgres_watch.ts";

/** Connections of one server at most: a handful, for a statement takes a fraction of a millisecond. */
const [READERS, WRITERS] = [8, 3];

/** First number of the advisory locks; the second is the schema's, the kind is added to the first. */
const LOCKS = 0x466c_6500;
const [MIGRATION, WRITE, HOUSEKEEPING] = [1, 2, 3];

const FACTS = `SELECT oid::int AS schema, current_setting('synchronous_commit') = 'off' AS lazy
  FROM pg_namespace WHERE nspname = current_schema()`;

interface Facts {
  /** Object id of the schema; tells fleets in one database apart. */
  readonly schema: number;
  /** Commits are acknowledged before they are on the disk. */
  readonly lazy: boolean;
}

/**
 * Opens and migrates.
 * @throws DomainError store.schema_newer, store.migration_changed, store.foreign, store.unavailable
 */
export async function openPostgres(
  { path: url, migrations, onMigrationStatement, limits }: OpenOptions & {
    readonly migrations: readonly Migration[];
  },
): Promise<Database> {
  const { facts, migration } = await prepare(url, {
    migrations,
    nowMs: Date.now(),
    onStatement: onMigrationStatement,
  });
  // What is acknowledged must survive; every other choice is the database's own.
  const settings = facts.lazy ? ["synchronous_commit=on"] : [];
  const readers = openPool(url, { name: "read", max: READERS });
  const writers = openPool(url, { name: "write", max: WRITERS, pipeline: true, settings });
  const watch = new PostgresWatch({
    url,
    pool: readers,
    channel: `fleetd_${facts.schema}`,
    tryLead: lockCall("pg_try_advisory_lock", HOUSEKEEPING, facts),
  });
  const commits = new PostgresCommits(writers, {
    shared: `SELECT ${lockCall("pg_advisory_xact_lock_shared", WRITE, facts)}`,
    alone: `SELECT ${lockCall("pg_advisory_xact_lock", WRITE, facts)}`,
  }, limits);
  const store = new PostgresStore({ readers, writers, watch, commits, migration });
  try {
    await watch.open();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

function lockCall(name: string, kind: number, { schema }: Facts): string {
  return `${name}(${LOCKS + kind}, ${schema})`;
}

async function prepare(
  url: string,
  options: {
    readonly migrations: readonly Migration[];
    readonly nowMs: number;
    readonly onStatement?: (sql: string) => void;
  },
): Promise<{ facts: Facts; migration: MigrationOutcome }> {
  const client = await openClient(url, { name: "migrate" });
  try {
    const { rows: [facts] } = await client.query<Facts>(FACTS);
    if (facts === undefined) throw new Error("no schema of the search path exists");
    const lock = `SELECT ${lockCall("pg_advisory_lock", MIGRATION, facts)}`;
    const label = shownDatabase(url);
    return { facts, migration: await migratePostgres(client, { ...options, label, lock }) };
  } finally {
    await client.end();
  }
}

interface Parts {
  readonly readers: pg.Pool;
  readonly writers: pg.Pool;
  readonly watch: PostgresWatch;
  readonly commits: PostgresCommits;
  readonly migration: MigrationOutcome;
}

class PostgresStore implements Database, SharedParts {
  readonly migration: MigrationOutcome;
  readonly shared: SharedParts = this;
  readonly #parts: Parts;
  readonly #queries: PostgresQueries;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.migration = parts.migration;
    this.#queries = new PostgresQueries(reading(parts.readers));
  }

  get commitCounts(): CommitCounts {
    return this.#parts.commits.counts;
  }

  get signals(): Signals {
    return this.#parts.watch;
  }

  get skewMs(): number {
    return this.#parts.watch.skewMs;
  }

  leads(): Promise<boolean> {
    return this.#parts.watch.leads();
  }

  write<T>(work: (tx: Tx) => Awaitable<T>): Promise<T> {
    return this.#parts.commits.add(work);
  }

  async read<T>(work: (queries: Queries) => Awaitable<T>): Promise<T> {
    return await work(this.#queries);
  }

  async close(): Promise<void> {
    const { readers, writers, watch, commits } = this.#parts;
    await commits.close();
    await watch.close();
    await Promise.all([readers, writers].filter((pool) => !pool.ended).map((pool) => pool.end()));
  }
}
