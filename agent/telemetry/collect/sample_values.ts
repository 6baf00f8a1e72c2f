/**
 * From readings by name to the numbers that the protocol uses for standard metrics.
 *
 * @module
 */
import { STANDARD_METRICS } from "@fleetd/firmware-protocol";
import type { Readings } from "./collector.ts";

const IDS: ReadonlyMap<string, number> = new Map(
  STANDARD_METRICS.map(({ name, id }) => [name, id]),
);

/**
 * The values of a sample, by metric id.
 *
 * @throws {RangeError} for a name that is no standard metric
 */
export function sampleValues(readings: Readings): Map<number, number> {
  const values = new Map<number, number>();
  for (const [name, value] of readings) {
    const id = IDS.get(name);
    if (id === undefined) throw new RangeError(`"${name}" is no standard metric`);
    values.set(id, value);
  }
  return values;
}
