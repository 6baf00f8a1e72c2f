import assert from "node:assert/strict";
import { lineLog } from "./log.ts";

function logged(
  write: (log: ReturnType<typeof lineLog>) => void,
  level?: "debug" | "warn",
): string[] {
  const lines: string[] = [];
  write(
    lineLog((line) => lines.push(line), { level, nowMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6) }),
  );
  return lines;
}

Deno.test("a line has its time, level, event and fields", () => {
  assert.deepEqual(
    logged((log) =>
      log.info("http.request", { method: "GET", path: "/api/v1/server", status: 200, ms: 1.5 })
    ),
    [
      "2026-01-02T03:04:05.006Z info  http.request method=GET path=/api/v1/server status=200 ms=1.5",
    ],
  );
});

Deno.test("a value cannot make a second line or another field", () => {
  const [line] = logged((log) =>
    log.info("x.y", { text: "a b\n2026 error forged status=200\u2028\u0085", empty: "" })
  );
  assert.equal(
    line,
    '2026-01-02T03:04:05.006Z info  x.y text="a b\\n2026 error forged status=200\\u2028\\u0085" empty=""',
  );
});

Deno.test("fields that are named like secrets are never written", () => {
  const [line] = logged((log) =>
    log.info("x.y", { token: "flt_abc", setupCode: "abcd", tokenId: "k7pq", tokenSecret: "s" })
  );
  assert.match(
    line!,
    /x\.y token=\[secret\] setupCode=\[secret\] tokenId=k7pq tokenSecret=\[secret\]$/,
  );
});

Deno.test("lines below the level are not written; absent fields are left out", () => {
  assert.deepEqual(logged((log) => log.info("x.y"), "warn"), []);
  assert.equal(logged((log) => log.debug("x.y", { a: undefined, b: null }), "debug").length, 1);
  assert.match(
    logged((log) => log.warn("x.y", { a: undefined, b: null }), "warn")[0]!,
    /warn {2}x\.y$/,
  );
});

Deno.test("costly fields are gathered only for a line that is written", () => {
  let gathered = 0;
  const costly = () => ({ n: ++gathered });
  logged((log) => {
    log.debug("x.y", costly);
    log.info("x.y", costly);
  }, "warn");
  assert.equal(gathered, 0);
  assert.match(logged((log) => log.warn("x.y", costly), "warn")[0]!, /n=1$/);
});

Deno.test("a very long value is cut", () => {
  const [line] = logged((log) => log.info("x.y", { text: "é".repeat(10_000) }));
  assert.ok(line!.length < 600);
});
