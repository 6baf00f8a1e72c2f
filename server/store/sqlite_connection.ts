/**
 * @module
 * One connection of node:sqlite: its settings, its statement cache, and the shims that let Kysely and the
 * raw port use it. Everything on it runs at once on the calling thread.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import type { RawQueries, SqlValue } from "./raw_queries.ts";
import type { Schema } from "./schema.ts";

/** Statements kept prepared per connection; the least recently used one goes first. */
const STATEMENTS = 256;

/** SQLITE_BUSY, SQLITE_LOCKED: another process holds the lock. */
const BUSY_CODES: ReadonlySet<number> = new Set([5, 6]);

/** A query builder and a raw port on the same connection. */
export interface Queries {
  readonly kysely: Kysely<Schema>;
  readonly raw: RawQueries;
}

/** Whether an error means that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && BUSY_CODES.has(code & 0xff);
}

/** Whether an error violates a UNIQUE or PRIMARY KEY constraint. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code === 2067 || code === 1555;
}

/** A connection and what it keeps prepared. */
export class SqliteConnection implements Queries, RawQueries {
  readonly database: DatabaseSync;
  readonly kysely: Kysely<Schema>;
  readonly raw: RawQueries = this;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param path a file, or `:memory:`
   * @param options `readOnly` opens a second view of a file whose writer is open already
   */
  constructor(path: string, options: { readonly readOnly?: boolean } = {}) {
    // Reading is kept by query_only: a file opened read-only cannot make WAL's shared memory and fails on it.
    this.database = new DatabaseSync(path);
    this.database.exec(options.readOnly ? READER_SETTINGS : WRITER_SETTINGS);
    this.kysely = new Kysely<Schema>({ dialect: new SqliteDialect({ database: this.#shim() }) });
  }

  get<Row>(sql: string, parameters: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  all<Row>(sql: string, parameters: readonly SqlValue[]): Row[] {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  run(sql: string, parameters: readonly SqlValue[]): number {
    return Number(this.#prepare(sql).run(...parameters).changes);
  }

  /** Closes the connection; its statements end with it. */
  close(): void {
    this.#statements.clear();
    this.database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    if (this.#statements.size >= STATEMENTS) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  /** The part of better-sqlite3's face that Kysely's dialect asks for. */
  #shim() {
    return {
      close: () => {},
      prepare: (sql: string) => {
        const statement = this.#prepare(sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters: readonly unknown[]) => statement.all(...plain(parameters)),
          run: (parameters: readonly unknown[]) => statement.run(...plain(parameters)),
          iterate: (parameters: readonly unknown[]) => statement.iterate(...plain(parameters)),
        };
      },
    };
  }
}

/** SQLite knows no truth values. */
function plain(parameters: readonly unknown[]): SqlValue[] {
  return parameters.map((value) => typeof value === "boolean" ? Number(value) : value as SqlValue);
}

// synchronous=FULL: what COMMIT acknowledged survives a power cut. busy_timeout stays 0 because waiting
// inside SQLite would stop the whole process; group_commit.ts waits instead.
const WRITER_SETTINGS = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;
  PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA busy_timeout = 0;`;

const READER_SETTINGS = `
  PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16384; PRAGMA busy_timeout = 2000;`;
