/**
 * @module
 * Statements of the raw port as PostgreSQL takes them: `$1` for each `?`, and a name under which a
 * connection prepares them once.
 */
import type { SqlValue } from "./raw_queries.ts";

/** A statement with numbered parameters. */
export interface NumberedStatement {
  /** At most 63 bytes; the same for every connection. */
  readonly name: string;
  readonly text: string;
}

const known = new Map<string, NumberedStatement>();

/** Numbers the parameters. `sql` is a constant of the program, so the number of names is bounded. */
export function numbered(sql: string): NumberedStatement {
  let statement = known.get(sql);
  if (statement === undefined) {
    statement = { name: `fleetd_${known.size + 1}`, text: withNumbers(sql) };
    known.set(sql, statement);
  }
  return statement;
}

/** A `?` inside quotes is text. */
function withNumbers(sql: string): string {
  let count = 0;
  return sql.replaceAll(
    /'(?:[^']|'')*'|"[^"]*"|\?/g,
    (match) => match === "?" ? `$${++count}` : match,
  );
}

/** PostgreSQL's texts cannot hold U+0000, which SQLite's can: it becomes U+FFFD. */
export function storable(value: unknown): unknown {
  return typeof value === "string" && value.includes("\0")
    ? value.replaceAll("\0", "\uFFFD")
    : value;
}

/** Values of one column as the text of a PostgreSQL array. */
export function arrayText(values: readonly SqlValue[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (value === null) text += "NULL";
    else if (typeof value === "number") text += value;
    else if (typeof value === "string") text += quoted(value);
    else text += `"\\\\x${value.toHex()}"`;
  }
  return `${text}}`;
}

function quoted(text: string): string {
  return `"${(storable(text) as string).replaceAll(/["\\]/g, "\\$&")}"`;
}
