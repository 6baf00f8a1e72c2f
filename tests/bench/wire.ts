/**
 * Bench `wire`: bytes of a batch of six samples of twelve metrics, against protobuf with the same delta
 * columns (packed zigzag integers, constants collapsed likewise) and against JSON with names.
 *
 * @module
 */
import protobuf from "protobufjs";
import { encodeSamples, type MetricsBatch, metricsBatchCodec } from "@fleetd/firmware-protocol";
import type { BenchResult, BenchRow } from "./bench_result.ts";
import { namedSample, walkingSamples } from "./data.ts";

const SEEDS = 101;

const Batch = protobuf.parse(`
  syntax = "proto3";
  message Column {
    uint32 id = 1;
    sint32 scale = 2;
    repeated sint64 values = 3;
  }
  message Batch {
    uint32 epoch = 1;
    uint64 first = 2;
    uint64 t0 = 3;
    uint32 base = 4;
    repeated uint64 dt = 5;
    uint32 count = 6;
    repeated Column columns = 7;
  }
`).root.lookupType("Batch");

/** Runs the bench: medians and extremes over 101 seeds. */
export function run(): Promise<BenchResult> {
  const sizes = Array.from({ length: SEEDS }, (_, seed) => batchSizes(seed + 1));
  const rows = [
    row("6×12 batch / protobuf with delta columns", 1.05, sizes.map((s) => s.ours / s.protobuf)),
    row("6×12 batch / JSON with names", 0.16, sizes.map((s) => s.ours / s.json)),
  ];
  return Promise.resolve({ name: "wire", rows });
}

/** Bytes of one batch of six samples in three formats. */
export function batchSizes(seed: number): { ours: number; protobuf: number; json: number } {
  const samples = walkingSamples({ count: 6, seed });
  const batch = encodeSamples({ epoch: 513, first: 40_000, base: "unix", samples });
  return {
    ours: metricsBatchCodec.encode(batch).length,
    protobuf: protobufBytes(batch).length,
    json: JSON.stringify({ epoch: 513, first: 40_000, samples: samples.map(namedSample) }).length,
  };
}

function protobufBytes({ epoch, first, t0, base, dt, count, columns }: MetricsBatch): Uint8Array {
  const message = {
    epoch,
    first,
    t0,
    base,
    dt: typeof dt === "number" ? [dt] : dt,
    count,
    columns,
  };
  const problem = Batch.verify(message);
  if (problem !== null) throw new Error(`Cannot encode with protobuf: ${problem}`);
  return Batch.encode(message).finish();
}

function row(what: string, goal: number, ratios: number[]): BenchRow {
  const sorted = ratios.toSorted((a, b) => a - b);
  return {
    what,
    goal,
    ratio: sorted[sorted.length >> 1] as number,
    spread: [sorted[0] as number, sorted[sorted.length - 1] as number],
    unit: "bytes",
  };
}
