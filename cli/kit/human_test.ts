/**
 * @module
 */
import { equal, throws } from "node:assert/strict";
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatPercent,
  formatQuantity,
  formatTime,
  parseDuration,
  parseWhole,
} from "./human.ts";

Deno.test("bytes are said in powers of 1,024 with two or three digits", () => {
  const said = [0, 1, 1_023, 1_024, 1_536, 10_240, 1_047_552, 1_048_576, 8_235_577_344].map(
    formatBytes,
  );
  equal(said.join(", "), "0 B, 1 B, 1023 B, 1 KiB, 1.5 KiB, 10 KiB, 1023 KiB, 1 MiB, 7.7 GiB");
});

Deno.test("shares are said in percent", () => {
  equal([0, 0.034, 0.0995, 0.5, 1].map(formatPercent).join(", "), "0%, 3.4%, 10%, 50%, 100%");
});

Deno.test("durations have at most two units", () => {
  const said = [0, 999, 1_000, 61_000, 3_600_000, 7_500_000, 90_061_000, -5].map(formatDuration);
  equal(said.join(", "), "0 ms, 999 ms, 1 s, 1 min 1 s, 1 h, 2 h 5 min, 1 d 1 h, 0 ms");
});

Deno.test("moments are said relative to now, in one unit", () => {
  const now = 1_750_000_000_000;
  equal(formatAgo(null, now), "never");
  equal(formatAgo(now - 300, now), "now");
  equal(formatAgo(now - 200_000, now), "3 min ago");
  equal(formatAgo(now - 7 * 86_400_000 + 1, now), "6 d ago");
  equal(formatAgo(now + 7 * 86_400_000, now), "in 7 d");
  equal(formatAgo(now + 7 * 86_400_000 - 3_000, now), "in 7 d");
  equal(formatAgo(now + 86_400_000 - 3_000, now), "in 1 d");
  equal(formatAgo(now + 5_400_000, now), "in 2 h");
});

Deno.test("times are in UTC, and what is no time is a dash", () => {
  equal(formatTime(1_750_000_000_000), "2025-06-15 15:06:40 UTC");
  equal(formatTime(1e300), "-");
});

Deno.test("quantities carry the unit of their metric", () => {
  equal(formatQuantity(0.123, "ratio"), "12%");
  equal(formatQuantity(2_048, "bytes/s"), "2 KiB/s");
  equal(formatQuantity(48.31, "degC"), "48 °C");
  equal(formatQuantity(90, "s"), "1 min 30 s");
  equal(formatQuantity(-61, "dBm"), "-61 dBm");
  equal(formatQuantity(0x50005, "bits"), "0x50005");
  equal(formatQuantity(0.123456, ""), "0.1235");
});

Deno.test("durations are read with their unit, and nothing else is", () => {
  equal(parseDuration("90s"), 90_000);
  equal(parseDuration("7d"), 604_800_000);
  equal(parseDuration("250ms"), 250);
  for (const text of ["", "7", "d", "-1d", "1.5h", "7 days", "1d2h"]) {
    throws(() => parseDuration(text), /no duration/);
  }
});

Deno.test("whole numbers are read between their bounds", () => {
  equal(parseWhole("8080", { min: 0, max: 65_535 }), 8_080);
  for (const text of ["", "1.5", "0x10", "65536", "-1", "1e3"]) {
    throws(() => parseWhole(text, { min: 0, max: 65_535 }), /no whole number/);
  }
});
