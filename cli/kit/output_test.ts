/**
 * @module
 */
import { equal } from "node:assert/strict";
import { renderCsv } from "./output.ts";
import type { Column } from "./table.ts";

const COLUMNS: Column<{ name: string | null; use: number }>[] = [
  { heading: "NAME", key: "name", value: (r) => r.name },
  { heading: "CPU", key: "cpu.use", value: (r) => r.use, show: (r) => `${r.use * 100}%` },
];

function csv(name: string | null): string {
  return renderCsv(COLUMNS, [{ name, use: -0.5 }]);
}

Deno.test("CSV has a header, raw values and CRLF", () => {
  equal(csv("kitchen"), "name,cpu.use\r\nkitchen,-0.5\r\n");
  equal(csv(null), "name,cpu.use\r\n,-0.5\r\n");
});

Deno.test("CSV quotes what needs it and keeps every record on its line", () => {
  equal(csv('a,"b"'), 'name,cpu.use\r\n"a,""b""",-0.5\r\n');
  equal(csv("a\r\nb"), "name,cpu.use\r\na\\r\\nb,-0.5\r\n");
});

Deno.test("text from a device is no formula for a spreadsheet", () => {
  for (const text of ["=1+1", "+1", "@SUM(A1)", "-cmd"]) {
    equal(csv(text), `name,cpu.use\r\n'${text},-0.5\r\n`);
  }
});
