import { deepStrictEqual as equal } from "node:assert/strict";
import { chartsFor } from "./chart_groups.ts";
import { columnsOf } from "./series.ts";

const point = (atMs: number, mean: number) => ({ atMs, mean, min: mean - 1, max: mean + 1 });

Deno.test("series share one axis, and each keeps its own places", () => {
  const columns = columnsOf(
    [
      { metric: "b", unit: "", points: [point(1_000, 5), point(2_000, 6)] },
      { metric: "a", unit: "", points: [point(2_000, 7)] },
    ],
    { metrics: ["a", "b", "absent"], widthMs: 1_000 },
  );
  equal(columns, [
    [1, 2],
    [null, 7],
    [null, 6],
    [null, 8],
    [5, 6],
    [4, 5],
    [6, 7],
    [null, null],
    [null, null],
    [null, null],
  ]);
});

Deno.test("a silence breaks the line, a late sample does not", () => {
  const axis = (times: readonly number[]) =>
    columnsOf([{ metric: "a", unit: "", points: times.map((at) => point(at, 1)) }], {
      metrics: ["a"],
      widthMs: 1_000,
    });
  equal(axis([0, 3_000])[0], [0, 3]);
  equal(axis([0, 60_000]).slice(0, 2), [[0, 1, 60], [1, null, 1]]);
});

Deno.test("charts are for the metrics that are there; unknown ones get their own, plain numbers none", () => {
  equal(
    chartsFor(["network.sent", "cpu.use", "uptime", "soil.moisture"]).map((
      { title, metrics },
    ) => [title, ...metrics]),
    [["Processor", "cpu.use"], ["Network", "network.sent"], ["soil.moisture", "soil.moisture"]],
  );
  equal(chartsFor(Array.from({ length: 100 }, (_, i) => `x.${i}`)).length, 16);
});
