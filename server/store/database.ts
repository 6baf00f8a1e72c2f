/**
 * @module
 * The database as the rest of the server sees it. Stores reach the queries of a transaction through
 * `queriesOf`; features hold the transaction only.
 */
import type { Signals } from "../events/shared_live_events.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import { type CommitCounts, type GroupLimits, GroupTx } from "./group_commit.ts";
import type { MigrationOutcome } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import type { Queries } from "./sqlite_connection.ts";

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
