import assert from "node:assert/strict";
import { Housekeeping, type HousekeepingOptions } from "./housekeeping.ts";
import { SILENT_LOG } from "./log.ts";

const MINUTE_MS = 60_000;

function setup(options: Partial<HousekeepingOptions> = {}) {
  let nowMs = Date.UTC(2030, 0, 1);
  const folds: number[] = [], sweeps: { fromMs: number; toMs: number }[] = [];
  const housekeeping = new Housekeeping({
    records: {
      removePending: () => [],
      forgetKeys: () => {},
      fellSilent: (range) => (sweeps.push(range), []),
    },
    telemetry: {
      fold: (beforeMs) => Promise.resolve(void folds.push(beforeMs)),
      dropReceivedBefore: () => 0,
    },
    commands: { expire: () => {} },
    transactions: { write: async (work) => await work({ afterCommit: (effect) => effect() }) },
    live: { publish: () => {}, subscribe: () => () => {} },
    audit: () => Promise.resolve(),
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    log: SILENT_LOG,
    ...options,
  });
  return {
    housekeeping,
    folds,
    sweeps,
    now: () => nowMs,
    pass: (ms: number) => void (nowMs += ms),
  };
}

Deno.test("telemetry is folded once in a quarter of an hour, so that a block holds one", async () => {
  const { housekeeping, folds, now, pass } = setup();
  const startMs = now();
  for (let minute = 0; minute < 31; minute++) {
    await housekeeping.clean();
    pass(MINUTE_MS);
  }
  assert.deepEqual(folds, [-15, 0, 15].map((minute) => startMs + minute * MINUTE_MS));
});

Deno.test("each sweep begins where the last one ended", async () => {
  const { housekeeping, sweeps, now, pass } = setup();
  const startMs = now();
  for (let i = 0; i < 3; i++) {
    pass(5_000);
    await housekeeping.sweep();
  }
  assert.deepEqual(
    sweeps.map(({ fromMs, toMs }) => [fromMs - startMs, toMs - startMs]),
    [[0, 5_000], [5_000, 10_000], [10_000, 15_000]],
  );
});
