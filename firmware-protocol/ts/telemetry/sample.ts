/**
 * Samples as the rest of the program sees them, and the metrics they are made of.
 *
 * @module
 */
import { type MetricDefinition, STANDARD_METRICS } from "../metrics.gen.ts";

/** What was measured at one moment. */
export interface Sample {
  /** Unix ms, or ms of uptime, as the batch's base says; an integer from 0. */
  atMs: number;
  /** Value by metric id (0 to 127 standard, 128 to 1,023 custom); what is absent was not measured. */
  values: ReadonlyMap<number, number>;
}

const byName = new Map(STANDARD_METRICS.map((metric) => [metric.name, metric]));
const byId = new Map(STANDARD_METRICS.map((metric) => [metric.id, metric]));

/** The standard metric of a name such as `cpu.use`. */
export function metricByName(name: string): MetricDefinition | undefined {
  return byName.get(name);
}

/** The standard metric of an id, 0 to 127. */
export function metricById(id: number): MetricDefinition | undefined {
  return byId.get(id);
}
