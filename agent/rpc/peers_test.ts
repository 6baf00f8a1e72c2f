import { equal } from "node:assert/strict";
import { hostAllowed, isLoopback } from "./peers.ts";
import { RateLimit } from "./rate_limit.ts";

Deno.test("loopback is this machine in either family, mapped or not", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    equal(isLoopback(address), true, address);
  }
  for (const address of ["", "192.0.2.1", "::ffff:192.0.2.1", "fe80::1", "127.0.0.1.example"]) {
    equal(isLoopback(address), false, address);
  }
});

Deno.test("a Host header must name this device", () => {
  const names = ["abcd-efgh-ijkl-mnop.local", "box"];
  const good = [
    "127.0.0.1:7400",
    "192.0.2.1",
    "[::1]:7400",
    "[2001:db8::1]",
    "localhost",
    "LOCALHOST:1",
    "box:7400",
    "abcd-efgh-ijkl-mnop.local",
    "box.:80",
  ];
  for (const host of good) equal(hostAllowed(host, names), true, host);
  const bad = [
    undefined,
    "",
    "evil.example",
    "evil.example:7400",
    "box.evil.example",
    "[evil]",
    "[::1",
    "127.0.0.1.evil.example",
    "a@127.0.0.1",
    "1.2.3",
  ];
  for (const host of bad) equal(hostAllowed(host, names), false, String(host));
});

Deno.test("each address has its own allowance, which comes back with time", () => {
  let now = 0;
  const limit = new RateLimit({ perSecond: 1, burst: 3, nowMs: () => now });
  const allowed = () => [1, 2, 3, 4].filter(() => limit.allow("a")).length;
  equal(allowed(), 3);
  equal(limit.allow("b"), true);
  now = 2_000;
  equal(allowed(), 2);
  now = 1_000_000;
  equal(allowed(), 3);
});
