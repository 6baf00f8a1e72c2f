import { DenoClock } from "@fleetd/agent";
import assert from "node:assert/strict";

Deno.test("the monotonic clock is the host's uptime and never goes back", () => {
  const clock = new DenoClock();
  assert.ok(Math.abs(clock.monotonicMs() - Deno.osUptime() * 1000) < 5_000);
  let before = clock.monotonicMs();
  for (let look = 0; look < 1_000; look++) {
    const now = clock.monotonicMs();
    assert.ok(Number.isSafeInteger(now) && now >= before);
    before = now;
  }
});

Deno.test("two clocks of one boot agree", () => {
  assert.ok(Math.abs(new DenoClock().monotonicMs() - new DenoClock().monotonicMs()) < 1_000);
});

Deno.test("a sleep lasts at least as long as asked, on the monotonic clock", async () => {
  const clock = new DenoClock();
  const startMs = clock.monotonicMs();
  await clock.sleep(30);
  assert.ok(clock.monotonicMs() - startMs >= 30);
});

Deno.test("no time, or less, is no sleep", async () => {
  const clock = new DenoClock();
  await clock.sleep(0);
  await clock.sleep(-5);
});

Deno.test("a signal ends a sleep however long, without an error and without a timer left behind", async () => {
  const clock = new DenoClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1e12, stop.signal);
  stop.abort();
  await sleeping;
  await clock.sleep(1e12, stop.signal);
});
