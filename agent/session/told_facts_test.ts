import { deepEqual, equal } from "node:assert/strict";
import { type Facts, ToldFacts } from "./told_facts.ts";

const FACTS: Facts = {
  agentVersion: "1.0.0",
  clock: 2,
  bootReason: 0,
  rxMax: 16_384,
  running: [],
  commandsThrough: 0,
  rootVersion: 0,
  inventoryDigest: new Uint8Array(8),
  highestAttempt: 0,
};
const ACCEPTED = { accepted: true };

Deno.test("everything is told once, and again only when it changed", () => {
  const told = new ToldFacts();
  deepEqual(told.untold(FACTS, ACCEPTED), FACTS);
  told.markTold(FACTS, ACCEPTED);
  deepEqual(told.untold(FACTS, ACCEPTED), {});
  deepEqual(told.untold({ ...FACTS, clock: 1 }, ACCEPTED), { clock: 1 });
});

Deno.test("what was sent and never answered is told again", () => {
  const told = new ToldFacts();
  told.untold(FACTS, ACCEPTED);
  deepEqual(told.untold(FACTS, ACCEPTED), FACTS);
});

Deno.test("a device that is not accepted tells only keys up to 9, and the rest once it is", () => {
  const told = new ToldFacts();
  const pending = { accepted: false };
  deepEqual(Object.keys(told.untold(FACTS, pending)), [
    "agentVersion",
    "clock",
    "bootReason",
    "rxMax",
  ]);
  told.markTold(FACTS, pending);
  equal(told.untold(FACTS, ACCEPTED).inventoryDigest, FACTS.inventoryDigest);
});

Deno.test("forgetting makes it tell again: some, or all", () => {
  const told = new ToldFacts();
  told.markTold(FACTS, ACCEPTED);
  told.forget("running", "commandsThrough");
  deepEqual(Object.keys(told.untold(FACTS, ACCEPTED)), ["running", "commandsThrough"]);
  told.forget();
  deepEqual(told.untold(FACTS, ACCEPTED), FACTS);
});
