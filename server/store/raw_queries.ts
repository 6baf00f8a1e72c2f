/**
 * @module
 * The port for statements of the hot path. Their text is written once with `?` for parameters, prepared
 * once per connection and run without a query builder; a PostgreSQL twin numbers the parameters instead.
 * The text is standard SQL that SQLite and PostgreSQL both take: no functions of one of them.
 */
import type { Awaitable } from "../transaction.ts";

/** What a column holds. */
export type SqlValue = number | string | Uint8Array | null;

/** Runs statements by their text; the text is a constant, for it is the key of the statement cache. */
export interface RawQueries {
  /** The first row, or undefined. */
  get<Row>(sql: string, parameters: readonly SqlValue[]): Awaitable<Row | undefined>;
  /** Every row. */
  all<Row>(sql: string, parameters: readonly SqlValue[]): Awaitable<Row[]>;
  /** The number of rows changed. */
  run(sql: string, parameters: readonly SqlValue[]): Awaitable<number>;
}
