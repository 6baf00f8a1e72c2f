/**
 * Tables for people: no frame, headings in capitals, columns as wide as they need and the whole no wider than the
 * terminal. Where it is too narrow, columns marked `drop` go first, then columns marked `shrink` are cut.
 * Without a terminal nothing is cut.
 *
 * @module
 */
import Table from "cli-table3";
import { displayWidth, truncate } from "./display_width.ts";
import { safeText } from "./safe_text.ts";
import type { Colours } from "./terminal.ts";

/** A figure or text in a table or CSV file; absent values are empty there. */
export type CellValue = string | number | boolean | null | undefined;

/** One column of a list. */
export interface Column<Item> {
  /** Heading for people ("LAST SEEN"). */
  readonly heading: string;
  /** Heading in CSV, stable: the key of the API where there is one. */
  readonly key: string;
  /** The plain value, for CSV and filters. */
  value(item: Item): CellValue;
  /** The value for people; without it, the plain value. */
  show?(item: Item): string;
  /** Colour for people. */
  style?(text: string, context: { readonly item: Item; readonly colours: Colours }): string;
  /** Where figures stand; left unless said. */
  readonly align?: "left" | "right";
  /** May be cut to this many cells when the terminal is narrow. */
  readonly shrink?: number;
  /** May be left out when the terminal is narrow; the highest number goes first. */
  readonly drop?: number;
  /** Only in CSV, never in the table. */
  readonly csvOnly?: boolean;
}

/** How {@linkcode renderTable} draws. */
export interface TableOptions {
  /** For headings and cells. */
  readonly colours: Colours;
  /** Width of the terminal in cells; undefined: as wide as it gets. */
  readonly columns?: number;
}

const GAP = 2;
/** cli-table3 takes quadratic time, so a long list is drawn in parts. */
const ROWS_AT_ONCE = 100;

/** The table as text that ends with a line break. */
export function renderTable<Item>(
  { columns, items }: {
    readonly columns: readonly Column<Item>[];
    readonly items: readonly Item[];
  },
  options: TableOptions,
): string {
  const shown = columns
    .filter((column) => !column.csvOnly)
    .map((column) => ({ column, cells: items.map((item) => cellText(column, item)) }));
  const fitted = fit(shown, options.columns);
  const { colours } = options;
  const head = fitted.map(({ column, width }) =>
    spaced(column, colours.dim(truncate(column.heading, width)))
  );
  const rows = items.map((item, row) =>
    fitted.map(({ column, cells, width }) => {
      const text = truncate(cells[row]!, width);
      return spaced(column, column.style?.(text, { item, colours }) ?? text);
    })
  );
  let out = "";
  for (let at = 0; at === 0 || at < rows.length; at += ROWS_AT_ONCE) {
    const table = new Table({
      head: at === 0 ? head : [],
      colAligns: fitted.map(({ column }) => column.align ?? "left"),
      colWidths: fitted.map(({ width }) => width + GAP),
      chars: NO_FRAME,
      style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    });
    table.push(...rows.slice(at, at + ROWS_AT_ONCE));
    for (const line of table.toString().split("\n")) out += `${line.trimEnd()}\n`;
  }
  return out;
}

/** The gap stands right of a column, so figures flush right bring their own. */
function spaced<Item>(column: Column<Item>, text: string): string {
  return column.align === "right" ? text + " ".repeat(GAP) : text;
}

/** What a person reads in this cell, safe for a terminal and without colour. */
export function cellText<Item>(column: Column<Item>, item: Item): string {
  if (column.show) return safeText(column.show(item));
  const value = column.value(item);
  if (value === null || value === undefined || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return safeText(String(value));
}

interface MeasuredColumn<Item> {
  readonly column: Column<Item>;
  readonly cells: readonly string[];
}

function fit<Item>(all: readonly MeasuredColumn<Item>[], available: number | undefined) {
  let columns = all.map((one) => ({ ...one, width: naturalWidth(one) }));
  if (available === undefined) return columns;
  const total = () => columns.reduce((sum, c) => sum + c.width, 0) + GAP * (columns.length - 1);
  const spare = (c: (typeof columns)[number]) =>
    Math.max(0, c.width - (c.column.shrink ?? c.width));
  while (total() - columns.reduce((sum, c) => sum + spare(c), 0) > available) {
    const last = columns.reduce((a, b) => ((b.column.drop ?? 0) > (a.column.drop ?? 0) ? b : a));
    if (!last.column.drop) break;
    columns = columns.filter((c) => c !== last);
  }
  while (total() > available) {
    const widest = columns.reduce((a, b) => (spare(b) > spare(a) ? b : a));
    if (spare(widest) === 0) break;
    widest.width--;
  }
  return columns;
}

function naturalWidth<Item>({ column, cells }: MeasuredColumn<Item>): number {
  return cells.reduce(
    (most, cell) => Math.max(most, displayWidth(cell)),
    displayWidth(column.heading),
  );
}

const NO_FRAME = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
    "middle",
  ].map((name) => [name, ""]),
);
