/**
 * @module
 */
import { equal, ok } from "node:assert/strict";
import pc from "picocolors";
import { displayWidth } from "./display_width.ts";
import { type Column, renderTable } from "./table.ts";

interface Row {
  readonly handle: string;
  readonly name: string | null;
  readonly use: number;
  readonly note: string;
}

const COLUMNS: Column<Row>[] = [
  { heading: "HANDLE", key: "handle", value: (r) => r.handle },
  { heading: "NAME", key: "name", value: (r) => r.name, shrink: 6 },
  {
    heading: "CPU",
    key: "use",
    value: (r) => r.use,
    show: (r) => `${r.use}%`,
    align: "right",
    style: (text, { item, colours }) => item.use > 90 ? colours.red(text) : text,
  },
  { heading: "NOTE", key: "note", value: (r) => r.note, shrink: 6, drop: 1 },
  { heading: "RAW", key: "raw", value: () => 1, csvOnly: true },
];

const ROWS: Row[] = [
  { handle: "k7pq-2m4d-9xwa-b3ne", name: "kitchen", use: 4, note: "by the window" },
  { handle: "aaaa-bbbb-cccc-dddd", name: null, use: 97, note: "" },
  { handle: "zzzz-yyyy-xxxx-wwww", name: "台所のセンサー", use: 100, note: "a\x1b[2Jb" },
];

const plain = pc.createColors(false);

function table(columns?: number): string {
  return renderTable({ columns: COLUMNS, items: ROWS }, { colours: plain, columns });
}

Deno.test("a table has headings, aligned columns and a dash for what is absent", () => {
  equal(
    table(),
    `HANDLE               NAME             CPU  NOTE
k7pq-2m4d-9xwa-b3ne  kitchen           4%  by the window
aaaa-bbbb-cccc-dddd  -                97%  -
zzzz-yyyy-xxxx-wwww  台所のセンサー  100%  a\\x1b[2Jb
`,
  );
});

Deno.test("a narrow terminal cuts what may be cut, widest first", () => {
  equal(
    table(52),
    `HANDLE               NAME          CPU  NOTE
k7pq-2m4d-9xwa-b3ne  kitchen        4%  by the wind…
aaaa-bbbb-cccc-dddd  -             97%  -
zzzz-yyyy-xxxx-wwww  台所のセン…  100%  a\\x1b[2Jb
`,
  );
});

Deno.test("a very narrow terminal loses columns that may be left out", () => {
  equal(
    table(38),
    `HANDLE               NAME          CPU
k7pq-2m4d-9xwa-b3ne  kitchen        4%
aaaa-bbbb-cccc-dddd  -             97%
zzzz-yyyy-xxxx-wwww  台所のセン…  100%
`,
  );
});

Deno.test("no line is wider than the terminal unless nothing more can give", () => {
  for (let columns = 33; columns <= 90; columns++) {
    for (const line of table(columns).split("\n")) {
      ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    }
  }
});

Deno.test("colour goes around the text and does not move columns", () => {
  const colours = pc.createColors(true);
  const text = renderTable({ columns: COLUMNS, items: ROWS }, { colours });
  ok(text.includes("\x1b[31m97%\x1b[39m"));
  const widths = text.split("\n").map((line) => displayWidth(line.replace(/NOTE.*/, "NOTE")));
  equal(widths[0], displayWidth("HANDLE               NAME             CPU  NOTE"));
});

Deno.test("control characters in data never reach the terminal", () => {
  ok(!table().includes("\x1b"));
});

Deno.test("a long list has one heading and one line for each item", () => {
  const items = Array.from({ length: 1_234 }, (_, i) => ({ ...ROWS[0]!, name: `d${i}` }));
  const lines = renderTable({ columns: COLUMNS, items }, { colours: plain }).trimEnd().split("\n");
  equal(lines.length, 1_235);
  equal(lines.filter((line) => line.startsWith("HANDLE")).length, 1);
  ok(lines.at(-1)!.includes("d1233"));
});
