/**
 * Bench `codec`: decoding a sync request against `JSON.parse` of the same data with names for keys, in
 * alternating rounds. Ours checks the whole of the deterministic subset and the schema on the way.
 *
 * @module
 */
import { encodeSamples, type SyncRequest, syncRequestCodec } from "@fleetd/firmware-protocol";
import type { BenchResult, BenchRow } from "./bench_result.ts";
import { namedSample, walkingSamples } from "./data.ts";

const ROUNDS = 25;
const ROUND_MS = 12;
const WARM_UP_ROUNDS = 4;

/** Runs the bench: about a second and a half. */
export function run(): Promise<BenchResult> {
  const rows = [
    compare("decode a heartbeat of 12 metrics / JSON.parse", 1),
    compare("decode a heartbeat of 6×12 metrics / JSON.parse", 6),
  ];
  return Promise.resolve({ name: "codec", rows });
}

function compare(what: string, count: number): BenchRow {
  const samples = walkingSamples({ count });
  const request: SyncRequest = {
    v: 0,
    uptimeMs: 86_400_123,
    bootId: 0x1a2b_3c4d,
    serverEpoch: 1_760_000_001,
    metrics: encodeSamples({ epoch: 513, first: 40_000, base: "unix", samples }),
  };
  const { metrics: _columns, ...header } = request;
  const bytes = syncRequestCodec.encode(request);
  const json = JSON.stringify({
    ...header,
    metrics: { epoch: 513, first: 40_000, samples: samples.map(namedSample) },
  });
  let sink = 0;
  const ours = () => sink += syncRequestCodec.decode(bytes).uptimeMs;
  const yardstick = () => sink += (JSON.parse(json) as SyncRequest).uptimeMs;
  const ratios = alternate(ours, yardstick);
  if (sink === 0) throw new Error("Cannot measure: nothing was decoded");
  return { what, ...summary(ratios), goal: 0.35, unit: "ns" };
}

/** Ratio of the time per call in each round; the two take turns in going first. */
function alternate(ours: () => void, yardstick: () => void): number[] {
  const ratios: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const [first, second] = round % 2 === 0 ? [ours, yardstick] : [yardstick, ours];
    const timeOfFirst = timePerCall(first);
    const timeOfSecond = timePerCall(second);
    if (round < 0) continue;
    ratios.push(first === ours ? timeOfFirst / timeOfSecond : timeOfSecond / timeOfFirst);
  }
  return ratios;
}

function timePerCall(call: () => void): number {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    for (let left = 500; left > 0; left--) call();
    calls += 500;
    elapsed = performance.now() - start;
  }
  return elapsed / calls;
}

function summary(ratios: number[]): { ratio: number; spread: [number, number] } {
  const sorted = ratios.toSorted((a, b) => a - b);
  return {
    ratio: sorted[sorted.length >> 1] as number,
    spread: [sorted[0] as number, sorted[sorted.length - 1] as number],
  };
}
