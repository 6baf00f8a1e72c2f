/**
 * @module
 * Connections of node-postgres: how they are made, which types they give, and the face that stores see.
 */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Queries } from "./database.ts";
import { mappedError } from "./postgres_errors.ts";
import { numbered, storable } from "./postgres_statements.ts";
import type { RawQueries, SqlValue } from "./raw_queries.ts";
import type { Schema } from "./schema.ts";

/** Object ids of types that node-postgres gives otherwise than the stores want them. */
const [BYTEA, INT8, NUMERIC] = [17, 20, 1700];

// No count, time or sum of this schema goes beyond 2^53.
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([[BYTEA, (text) => Uint8Array.fromHex(text.slice(2))], [INT8, Number], [NUMERIC, Number]]);

const TYPES = {
  getTypeParser: (id: number, format?: "text" | "binary") =>
    format === "binary"
      ? pg.types.getTypeParser(id, "binary")
      : PARSERS.get(id) ?? pg.types.getTypeParser(id, "text"),
} as unknown as pg.CustomTypesConfig;

/**
 * Limits of every connection, ms: longest statement, longest wait for a lock, longest silence inside a
 * transaction. A server that hangs or was cut off holds nobody up for longer.
 */
const LIMITS = [
  "statement_timeout=30000",
  "lock_timeout=10000",
  "idle_in_transaction_session_timeout=15000",
];

/** Has PostgreSQL notice within half a minute that a server's machine is gone. */
const KEEP_ALIVE = [
  "tcp_keepalives_idle=10",
  "tcp_keepalives_interval=5",
  "tcp_keepalives_count=3",
];

/** Longest wait for a connection, ms. */
const CONNECT_MS = 5_000;

/** What one connection gives, for longer than a transaction. */
export async function openClient(
  url: string,
  kind: ConnectionKind & { readonly answerWithinMs?: number },
): Promise<pg.Client> {
  const client = new pg.Client({
    ...clientConfig(url, kind),
    query_timeout: kind.answerWithinMs,
  });
  // Without a listener a connection that breaks would end the process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** What connections of one kind differ in. */
export interface ConnectionKind {
  /** Shown in `pg_stat_activity`, after `fleets`. */
  readonly name: string;
  /** Settings for the session, `name=value`. */
  readonly settings?: readonly string[];
  /** Sends on without waiting for the answer before. */
  readonly pipeline?: boolean;
}

/** Settings of a connection to this URL. */
export function clientConfig(url: string, kind: ConnectionKind): pg.ClientConfig {
  const own = [...LIMITS, ...KEEP_ALIVE, ...kind.settings ?? []].map((one) => `-c ${one}`).join(
    " ",
  );
  // Options of the URL come last and win.
  const [, given] = /[?&]options=([^&#]*)/.exec(url) ?? [];
  const bare = url.replace(/([?&])options=[^&#]*&?/, "$1");
  return {
    connectionString: bare,
    connectionTimeoutMillis: CONNECT_MS,
    options: given === undefined ? own : `${own} ${decodeURIComponent(given.replaceAll("+", " "))}`,
    application_name: `fleets ${kind.name}`,
    keepAlive: true,
    pipeline: kind.pipeline ?? false,
    types: TYPES,
  };
}

/** A pool of at most `max` connections; a connection that breaks while it rests is forgotten. */
export function openPool(url: string, kind: ConnectionKind & { readonly max: number }): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url, kind),
    max: kind.max,
    idleTimeoutMillis: 60_000,
  });
  pool.on("error", () => {});
  return pool;
}

/** Something that runs a statement: a pool, for each on any of its connections, or one connection. */
export interface Runner {
  query(config: pg.QueryConfig): Promise<pg.QueryResult>;
}

/** A query builder and a raw port over a runner. */
export class PostgresQueries implements Queries, RawQueries {
  readonly raw: RawQueries = this;
  readonly #runner: Runner;
  #kysely: Kysely<Schema> | undefined;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  get kysely(): Kysely<Schema> {
    return this.#kysely ??= kyselyOver(this.#runner);
  }

  async get<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row | undefined> {
    return (await this.#run(sql, parameters)).rows[0] as Row | undefined;
  }

  async all<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    return (await this.#run(sql, parameters)).rows as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[]): Promise<number> {
    return (await this.#run(sql, parameters)).rowCount ?? 0;
  }

  #run(sql: string, parameters: readonly SqlValue[]): Promise<pg.QueryResult> {
    return this.#runner.query({ ...numbered(sql), values: parameters.map(storable) });
  }
}

/** Kysely asks for connections; this hands out the runner itself. */
function kyselyOver(runner: Runner): Kysely<Schema> {
  const client = {
    query: (text: string, values: readonly unknown[]) =>
      runner.query({ text, values: values.map(storable) }),
    release: () => {},
  };
  const pool = { connect: () => Promise.resolve(client), end: () => Promise.resolve() };
  return new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: pool as unknown as ConstructorParameters<typeof PostgresDialect>[0]["pool"] & object,
    }),
  });
}

/** Runs single statements on a pool; one that meets a connection which broke meanwhile is run once more. */
export function reading(pool: pg.Pool): Runner {
  return {
    async query(config) {
      try {
        return await pool.query(config);
      } catch (first) {
        if (!isWorthASecondTry(first)) throw mappedError(first);
        return await pool.query(config).catch((error) => {
          throw mappedError(error);
        });
      }
    },
  };
}

function isWorthASecondTry(error: unknown): boolean {
  return mappedError(error) !== error && (error as { code?: string }).code !== "57014";
}
