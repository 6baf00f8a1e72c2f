/**
 * The four forms in which a list is printed, and the `--output` option.
 *
 * `json` and `ndjson` hold the items exactly as the API names their fields; `csv` (RFC 4180) holds the columns of the
 * table with raw values; `table` is for people and may change.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { safeJson, safeText } from "./safe_text.ts";
import { type CellValue, type Column, renderTable } from "./table.ts";
import { outColours, type Terminal } from "./terminal.ts";

/** The forms of a list. */
export const OUTPUT_FORMATS = ["table", "json", "ndjson", "csv"] as const;

/** One of {@linkcode OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** `-o, --output <format>` for a list; pass the formats that make sense for the command. */
export function outputOption<const Format extends OutputFormat = OutputFormat>(
  formats: readonly Format[] = OUTPUT_FORMATS as readonly OutputFormat[] as readonly Format[],
): Option<"-o, --output <format>", undefined, Format, undefined, false, Format> {
  return new Option("-o, --output <format>", "how to print it")
    .choices(formats as readonly Format[])
    .default("table" as Format);
}

/** What {@linkcode writeList} prints. */
export interface List<Item> {
  /** The form wanted. */
  readonly format: OutputFormat;
  /** For `table` and `csv`. */
  readonly columns: readonly Column<Item>[];
  /** For `json` and `ndjson` just as they are. */
  readonly items: readonly Item[];
  /** What to say on stderr when there is nothing, in `table` form. */
  readonly empty: string;
}

/** Prints a list to stdout. An empty table prints nothing there and a remark on stderr. */
export function writeList<Item>(terminal: Terminal, list: List<Item>): void {
  const { format, columns, items } = list;
  if (format === "json") terminal.out(`${safeJson(items, 2)}\n`);
  else if (format === "ndjson") terminal.out(items.map((item) => `${safeJson(item)}\n`).join(""));
  else if (format === "csv") terminal.out(renderCsv(columns, items));
  else if (items.length === 0) terminal.err(`${list.empty}\n`);
  else {
    const table = { columns, items };
    terminal.out(
      renderTable(table, { colours: outColours(terminal), columns: terminal.size()?.columns }),
    );
  }
}

/** Prints one object: `json` indented, `ndjson` on one line. */
export function writeJson(terminal: Terminal, format: "json" | "ndjson", value: unknown): void {
  terminal.out(`${safeJson(value, format === "json" ? 2 : undefined)}\n`);
}

/** RFC 4180 with CRLF, a header line, and text that a spreadsheet cannot take for a formula. */
export function renderCsv<Item>(columns: readonly Column<Item>[], items: readonly Item[]): string {
  const lines = [columns.map((column) => csvCell(column.key))];
  for (const item of items) lines.push(columns.map((column) => csvCell(column.value(item))));
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function csvCell(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = safeText(value);
  const inert = /^[=+@]|^-(?![\d.])/.test(safe) ? `'${safe}` : safe;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
