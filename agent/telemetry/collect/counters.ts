/**
 * From counters that only grow to what happened between two looks at them.
 *
 * @module
 */

/** Values of growing counters by the name of the device that counts. */
export type Counters = ReadonlyMap<string, number>;

/**
 * Growth per second over all devices that both looks show. A device that came or went in between does not count for that
 * interval. `null` when no device is in both, when no time passed, or when a counter went back (a reset or a wrap): then
 * nobody knows what happened.
 *
 * @param elapsedMs time between the two looks
 */
export function ratePerSecond(
  before: Counters,
  { now, elapsedMs }: { now: Counters; elapsedMs: number },
): number | null {
  if (!(elapsedMs > 0)) return null;
  let growth: number | null = null;
  for (const [device, value] of now) {
    const earlier = before.get(device);
    if (earlier === undefined) continue;
    if (value < earlier) return null;
    growth = (growth ?? 0) + value - earlier;
  }
  return growth === null ? null : growth * 1000 / elapsedMs;
}
