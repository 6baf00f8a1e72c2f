import { equal, ok } from "node:assert/strict";
import { backOffMs, spreadMs } from "./back_off.ts";

Deno.test("back-off doubles from a second to its cap, with at least half of each step", () => {
  for (let failures = 1; failures < 100; failures++) {
    const step = Math.min(60_000, 1_000 * 2 ** (failures - 1));
    for (const jitter of [0, 0.5, 0.999]) {
      const waitMs = backOffMs({ failures, jitter, capMs: 60_000 });
      ok(waitMs >= step / 2 && waitMs <= step, `${failures} failures, jitter ${jitter}: ${waitMs}`);
    }
  }
});

Deno.test("a Retry-After longer than the own step is kept, up to 900 seconds", () => {
  equal(backOffMs({ failures: 1, jitter: 0, capMs: 60_000, retryAfterS: 120 }), 120_000);
  equal(backOffMs({ failures: 1, jitter: 0, capMs: 60_000, retryAfterS: 86_400 }), 900_000);
  equal(backOffMs({ failures: 9, jitter: 0, capMs: 60_000, retryAfterS: 1 }), 30_000);
});

Deno.test("a period is spread upwards by a tenth at most", () => {
  equal(spreadMs(1_000, 0), 1_000);
  equal(spreadMs(1_000, 0.999), 1_100);
});
