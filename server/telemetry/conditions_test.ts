import { deepEqual, equal } from "node:assert/strict";
import { encodeSamples, metricByName } from "@fleetd/firmware-protocol";
import { changedConditions, conditionEvent, judgeConditions } from "./conditions.ts";

const GIB = 2 ** 30;

/** A batch of these figures, a sample for each place; null = not measured. */
function batchOf(figures: Record<string, readonly (number | null)[]>) {
  const samples = Object.values(figures)[0]!.map((_, at) => ({
    atMs: at,
    values: new Map(
      Object.entries(figures)
        .map(([name, values]) => [metricByName(name)!.id, values[at]] as const)
        .filter((entry): entry is readonly [number, number] => entry[1] !== null)
        .toSorted(([a], [b]) => a - b),
    ),
  }));
  return encodeSamples({ epoch: 1, first: 0, base: "uptime", bootId: 1, samples });
}
const after = (before: string, figures: Record<string, readonly (number | null)[]>) =>
  changedConditions(before, judgeConditions(before, batchOf(figures)));

Deno.test("a device is hot from 80 °C on and until it is below 75", () => {
  equal(after("", { "temperature.cpu": [79.9] }), "");
  equal(after("", { "temperature.cpu": [20, 80] }), "hot");
  equal(after("hot", { "temperature.cpu": [75] }), "hot", "on the edge nothing comes and goes");
  equal(after("hot", { "temperature.cpu": [74.9] }), "");
  equal(after("", { "temperature.cpu": [90, 60] }), 0, "the newest value counts");
  equal(after("", { "temperature.cpu": [90, null] }), "hot", "or the newest there is");
});

Deno.test("the processor's temperature counts before that of anything else", () => {
  equal(after("", { "temperature.cpu": [50], "temperature.max": [95] }), "");
  equal(after("", { "temperature.max": [95] }), "hot");
});

Deno.test("a disk is full from 95 % on and until it is below 93", () => {
  equal(after("", { "disk.used": [94 * GIB], "disk.total": [100 * GIB] }), "");
  equal(after("", { "disk.used": [96 * GIB], "disk.total": [100 * GIB] }), "full");
  equal(after("full", { "disk.used": [94 * GIB], "disk.total": [100 * GIB] }), "full");
  equal(after("full", { "disk.used": [92 * GIB], "disk.total": [100 * GIB] }), "");
});

Deno.test("what a batch does not say stays as it was", () => {
  equal(after("hot full", { "cpu.use": [0.5] }), "hot full");
  equal(after("full", { "disk.used": [GIB] }), "full");
  equal(after("full", { "disk.used": [GIB], "disk.total": [0] }), "full");
});

Deno.test("each change is told as an event with what was measured", () => {
  const [begins] = judgeConditions("", batchOf({ "temperature.cpu": [83.14] }));
  deepEqual(conditionEvent(begins!), {
    name: "device.hot",
    severity: 4,
    text: "It measured 83.1 °C",
  });
  const [ends] = judgeConditions(
    "full",
    batchOf({ "disk.used": [50 * GIB], "disk.total": [100 * GIB] }),
  );
  deepEqual(conditionEvent(ends!), {
    name: "device.full_over",
    severity: 5,
    text: "Its disk is 50 % full, and no longer too full",
  });
  equal(after("full", { "temperature.cpu": [90] }), "hot full");
});
