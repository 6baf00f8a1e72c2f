import assert from "node:assert/strict";
import { RateLimits } from "./limits.ts";

Deno.test("a bucket gives its burst at once, then one request as often as its rate says", () => {
  let now = 0;
  const limits = new RateLimits(() => now);
  const rate = { burst: 3, perMinute: 60 };
  assert.deepEqual([1, 2, 3, 4].map(() => limits.take("a", rate)), [0, 0, 0, 1]);
  now = 999;
  assert.equal(limits.take("a", rate), 1);
  now = 1_000;
  assert.equal(limits.take("a", rate), 0);
  assert.equal(limits.take("a", rate), 1);
  now = 1_000_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limits.take("a", rate)),
    [0, 0, 0, 1],
    "a long pause saves up no more than the burst",
  );
});

Deno.test("callers have buckets of their own", () => {
  const limits = new RateLimits(() => 0);
  const rate = { burst: 1, perMinute: 1 };
  assert.equal(limits.take("a", rate), 0);
  assert.equal(limits.take("a", rate), 60);
  assert.equal(limits.take("b", rate), 0);
});

Deno.test("the memory of callers is bounded and forgets the one seen longest ago", () => {
  const limits = new RateLimits(() => 0);
  const rate = { burst: 1, perMinute: 1 };
  limits.take("first", rate);
  for (let i = 0; i < 20_000; i++) limits.take(`caller ${i}`, rate);
  assert.equal(limits.size, 20_000);
  assert.equal(limits.take("first", rate), 0, "forgotten, so it has a fresh bucket");
  assert.equal(limits.take("caller 19999", rate), 60, "remembered");
});
