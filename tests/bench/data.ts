/**
 * Telemetry for benches: seeded, so that every run measures the same bytes. Of twelve metrics nine walk by
 * at most 20 units (of their scale) a step and three are constant, as on a machine that does its work.
 *
 * @module
 */
import { fromScaled, metricByName, type Sample, toScaled } from "@fleetd/firmware-protocol";

/** Name and first value of the metrics that walk. */
const WALKING: readonly (readonly [name: string, start: number])[] = [
  ["cpu.use", 0.412],
  ["load.1m", 1.73],
  ["memory.used", 1_482_000_000],
  ["disk.used", 9_341_000_000],
  ["disk.read", 40_960],
  ["temperature.cpu", 51.6],
  ["network.received", 18_240],
  ["network.sent", 6_110],
  ["processes", 163],
];

/** Name and value of the constant ones. */
const CONSTANT: readonly (readonly [name: string, value: number])[] = [
  ["memory.total", 4_026_531_840],
  ["disk.total", 31_268_536_320],
  ["throttled", 0],
];

const STEP_UNITS = 20;

/** What is generated. */
export interface SampleSeries {
  /** Number of samples. */
  readonly count: number;
  /** Ms between two samples; default 10,000. */
  readonly intervalMs?: number;
  /** Seed of the pseudo-random walk; default 1. */
  readonly seed?: number;
}

/** Samples of twelve standard metrics. */
export function walkingSamples({ count, intervalMs = 10_000, seed = 1 }: SampleSeries): Sample[] {
  const random = mulberry32(seed);
  const walking = WALKING.map(([name, start]) => {
    const metric = metricOf(name);
    return { ...metric, units: toScaled(start, metric.scale) };
  });
  return Array.from({ length: count }, (_, at) => {
    const values = new Map<number, number>();
    for (const metric of walking) {
      if (at > 0) metric.units += Math.round((random() * 2 - 1) * STEP_UNITS);
      values.set(metric.id, fromScaled(Math.max(0, metric.units), metric.scale));
    }
    for (const [name, value] of CONSTANT) values.set(metricOf(name).id, value);
    return { atMs: 1_760_000_000_000 + at * intervalMs, values };
  });
}

/** A sample with its metrics by name, as a JSON protocol would send it. */
export function namedSample({ atMs, values }: Sample): Record<string, number> {
  const named: Record<string, number> = { at: atMs };
  for (const [name] of [...WALKING, ...CONSTANT]) {
    const value = values.get(metricOf(name).id);
    if (value !== undefined) named[name] = value;
  }
  return named;
}

/** Uniform numbers in [0, 1) from a 32-bit seed. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function metricOf(name: string): { id: number; scale: number } {
  const metric = metricByName(name);
  if (metric === undefined) {
    throw new RangeError(`Cannot make samples: no standard metric "${name}"`);
  }
  return metric;
}
