import { deepEqual, equal } from "node:assert/strict";
import { lineLog } from "./log.ts";

const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };

function logged(level: "info" | "debug", say: (log: ReturnType<typeof lineLog>) => void): string[] {
  const lines: string[] = [];
  say(lineLog({ clock, level, write: (line) => lines.push(line) }));
  return lines;
}

Deno.test("a line is time, level, message and fields that read back", () => {
  const lines = logged(
    "info",
    (log) =>
      log.warn("Cannot sync", {
        server: "http://a:1",
        why: 'no "one" there',
        empty: "",
        none: null,
      }),
  );
  deepEqual(lines, [
    '1970-01-01T00:00:00.000Z warn  Cannot sync server=http://a:1 why="no \\"one\\" there"\n',
  ]);
});

Deno.test("less severe lines are left out", () => {
  equal(logged("info", (log) => log.debug("x")).length, 0);
  equal(logged("debug", (log) => log.debug("x")).length, 1);
});

Deno.test("texts from the network neither forge lines nor move the cursor", () => {
  const [line] = logged("info", (log) => log.info("a\nb", { text: "\u001b[2J\u202e\r\nforged=1" }));
  // deno-lint-ignore no-control-regex -- control characters are what must not be there
  deepEqual(line!.match(/[\u0000-\u0009\u000b-\u001f\u202e]/g), null);
  equal(line!.split("\n").length, 2);
});
