import assert from "node:assert/strict";
import { ratePerSecond } from "./counters.ts";

const counters = (table: Record<string, number>) => new Map(Object.entries(table));

Deno.test("a rate is the growth of all devices per second", () => {
  const before = counters({ sda: 1_000, sdb: 50 });
  const now = counters({ sda: 21_000, sdb: 50 });
  assert.equal(ratePerSecond(before, { now, elapsedMs: 10_000 }), 2_000);
});

Deno.test("a counter that goes back gives no rate at all, not even of the others", () => {
  const before = counters({ eth0: 4_294_967_000, wlan0: 10 });
  const now = counters({ eth0: 300, wlan0: 5_000 });
  assert.equal(ratePerSecond(before, { now, elapsedMs: 10_000 }), null);
});

Deno.test("a device that came or went does not count for that interval", () => {
  const before = counters({ sda: 0, gone: 1_000_000 });
  const now = counters({ sda: 1_000, fresh: 9_000_000 });
  assert.equal(ratePerSecond(before, { now, elapsedMs: 1_000 }), 1_000);
});

Deno.test("without a device in both looks, or without time between them, there is no rate", () => {
  const one = counters({ sda: 1 });
  assert.equal(ratePerSecond(counters({}), { now: one, elapsedMs: 1_000 }), null);
  assert.equal(ratePerSecond(one, { now: one, elapsedMs: 0 }), null);
  assert.equal(ratePerSecond(one, { now: one, elapsedMs: -5 }), null);
  assert.equal(ratePerSecond(one, { now: one, elapsedMs: NaN }), null);
});
