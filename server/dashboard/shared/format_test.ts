import { deepStrictEqual as equal } from "node:assert/strict";
import {
  agoText,
  bytesText,
  percentText,
  plural,
  shareOf,
  spanText,
  untilText,
  valueText,
} from "./format.ts";

Deno.test("ages read as people say them", () => {
  const now = 1_000_000_000_000;
  const ago = (seconds: number) => agoText(now - seconds * 1_000, now);
  equal([0, 4, 5, 89, 90, 5_399, 5_400, 86_400, 129_600].map(ago), [
    "now",
    "now",
    "5 s ago",
    "89 s ago",
    "2 min ago",
    "90 min ago",
    "2 h ago",
    "24 h ago",
    "2 d ago",
  ]);
  equal(agoText(null, now), "never");
  equal(agoText(now + 60_000, now), "now", "a clock that runs ahead");
  equal(untilText(now + 7_200_000, now), "in 2 h");
  equal(untilText(now - 7_200_000, now), "2 h ago");
  equal(spanText(60_000, 1), "1 min");
});

Deno.test("values are written in their units", () => {
  equal(valueText(0.0731, "ratio"), "7 %");
  equal(percentText(0.004), "0.4 %");
  equal([0, 999, 1_024, 8_589_934_592, 3_400_000_000, 1.5 * 2 ** 50].map(bytesText), [
    "0 B",
    "999 B",
    "1 KiB",
    "8 GiB",
    "3.17 GiB",
    "1.5 PiB",
  ]);
  equal(valueText(12_400, "bytes/s"), "12.1 KiB/s");
  equal(valueText(179.7 * 1_024, "bytes"), "180 KiB");
  equal(valueText(-100.4, "dBm"), "-100 dBm");
  equal(valueText(52, "degC"), "52.0 °C");
  equal(valueText(0x50005, "bits"), "0x50005");
  equal(valueText(-63, "dBm"), "-63 dBm");
  equal(valueText(12_345, "count"), "12,345");
  equal(valueText(259_200, "s"), "3 d");
});

Deno.test("a share needs a whole, and words follow their number", () => {
  equal(shareOf(1, 4), 0.25);
  equal(shareOf(1, 0), undefined);
  equal(shareOf(undefined, 4), undefined);
  equal([plural(1, "device"), plural(2_000, "device")], ["1 device", "2,000 devices"]);
});
