/**
 * @module
 * Statements of the hot path in the form that takes many calls at once: what the works of a group ask one
 * by one is sent to PostgreSQL as one statement over arrays. A statement without such a form still works,
 * at the price of a transaction that nobody shares (`postgres_commits.ts`).
 */
import { NOTIFY } from "./postgres_watch.ts";
import type { SqlValue } from "./raw_queries.ts";
import { LOAD, ROW, TAKE, TAKE_STEADY } from "./sync_store.ts";
import { APPEND } from "./telemetry_store.ts";

/** The form of a statement for many calls. */
export interface SetForm {
  /** Its parameters are arrays of the calls' parameters; a row says in `n`, from 1, which call it answers. */
  readonly sql: string;
  /**
   * `rows` reads and locks, `count` changes and counts, `later` changes something whose outcome nobody asks
   * for: it runs when the work is done.
   */
  readonly answer: "rows" | "count" | "later";
  /** What the call is about: two works of a group never touch the same. */
  readonly about?: (parameters: readonly SqlValue[]) => string;
}

const kidAt = (index: number) => (parameters: readonly SqlValue[]) =>
  (parameters[index] as Uint8Array).toHex();

/** `columns` of `unnest`, then the number of the call. */
const calls = (types: readonly string[], names: string) =>
  `unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(", ")})
    WITH ORDINALITY AS u (${names}, n)`;

const [BYTES, NUMBER] = ["bytea", "bigint"];

const STEADY = ["last_seq", "last_tag", "last_seen_ms", "uptime_ms", "metrics_through"];
const METRICS = ["metrics_epoch", "metrics_lost"];
const REST = ["reports_epoch", "reports_through", "reports_lost", "last_address", "boot_id"];
const BOOT = ["previous_boot_id", "previous_uptime_ms", "clock", "boot_reason", "rx_max"];

const TYPES: Readonly<Record<string, string>> = {
  last_tag: "bytea",
  last_address: "text",
  agent_version: "text",
  clock: "integer",
  boot_reason: "integer",
  rx_max: "integer",
  conditions: "text",
};

const CHECK = ["kid", "id", "seq_before", "revision_from", "revision_to"];
const CHECK_TYPES = [BYTES, NUMBER, NUMBER, NUMBER, NUMBER];

/** The columns of a TAKE, then what the row must be for it. */
function take(columns: readonly string[]): SetForm {
  const types = [...columns.map((name) => TYPES[name] ?? NUMBER), ...CHECK_TYPES];
  return {
    sql: `UPDATE devices d SET ${columns.map((name) => `${name} = u.${name}`).join(", ")}
      FROM ${calls(types, [...columns, ...CHECK].join(", "))}
      WHERE d.kid = u.kid AND d.id = u.id AND d.last_seq = u.seq_before
        AND d.revision BETWEEN u.revision_from AND u.revision_to RETURNING u.n`,
    answer: "count",
    about: kidAt(columns.length),
  };
}

/** By the text of the statement for one call. */
export const SET_FORMS: ReadonlyMap<string, SetForm> = new Map<string, SetForm>([
  [LOAD, {
    sql: `SELECT u.n, ${ROW} FROM ${calls([BYTES], "kid")}
      JOIN sessions s ON s.kid = u.kid JOIN devices d ON d.id = s.device_id
      ORDER BY d.id FOR NO KEY UPDATE OF d`,
    answer: "rows",
    about: kidAt(0),
  }],
  [TAKE_STEADY, take(STEADY)],
  [TAKE, take([...STEADY, ...METRICS, ...REST, ...BOOT, "agent_version", "conditions"])],
  [APPEND, {
    sql: `INSERT INTO telemetry_log (device_id, received_at_ms, from_ms, to_ms, suspect, body)
      SELECT device_id, received_at_ms, from_ms, to_ms, suspect, body
      FROM ${
      calls(
        [NUMBER, NUMBER, NUMBER, NUMBER, "integer", BYTES],
        "device_id, received_at_ms, from_ms, to_ms, suspect, body",
      )
    } ORDER BY n`,
    answer: "later",
  }],
  [NOTIFY, {
    sql: `SELECT pg_notify(channel, text) FROM ${
      calls(["text", "text"], "channel, text")
    } ORDER BY n`,
    answer: "later",
  }],
]);
