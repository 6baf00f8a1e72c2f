/**
 * @module
 * The shape of a migration: numbered, forward-only, applied whole or not at all.
 */

/** One step of the schema. */
export interface Migration {
  /** 1, 2, 3 … without holes. */
  readonly version: number;
  readonly name: string;
  /** SQLite statements in order, one each. Their digest is recorded, so an applied step cannot change. */
  readonly sqlite: readonly string[];
  /** The same step on PostgreSQL. */
  readonly postgres: readonly string[];
}
