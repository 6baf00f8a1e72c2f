/**
 * @module
 * What a device's own figures say a person should see to: it is too hot, or its disk is full. Judged by the newest
 * value of each batch, with a distance between beginning and end, so that a value on the edge does not come and go.
 */
import { metricByName, type MetricsBatch, newestValue } from "@fleetd/firmware-protocol";

/** What there is. */
export const CONDITIONS = ["hot", "full"] as const;

/** See {@link CONDITIONS}. */
export type Condition = (typeof CONDITIONS)[number];

/** The conditions of a device as they are kept: their names in order, a space between; "" = it is well. */
export type ConditionsText = string;

/** From and until when, in the unit of the metric. */
export const CONDITION_BOUNDS: Readonly<Record<Condition, { begins: number; ends: number }>> = {
  /** °C. A Raspberry Pi slows itself down from 80 °C on. */
  hot: { begins: 80, ends: 75 },
  /** Share of the disk that is used. */
  full: { begins: 0.95, ends: 0.93 },
};

/** A condition that began or ended. */
export interface ConditionChange {
  readonly condition: Condition;
  readonly begins: boolean;
  /** What was measured. */
  readonly value: number;
}

const ID = {
  cpuTemperature: idOf("temperature.cpu"),
  anyTemperature: idOf("temperature.max"),
  used: idOf("disk.used"),
  total: idOf("disk.total"),
};

/**
 * What changes with a batch. A figure that the batch does not hold changes nothing.
 */
export function judgeConditions(
  before: ConditionsText,
  batch: Pick<MetricsBatch, "columns">,
): readonly ConditionChange[] {
  const changes: ConditionChange[] = [];
  const judge = (condition: Condition, value: number | undefined) => {
    if (value === undefined) return;
    const { begins, ends } = CONDITION_BOUNDS[condition];
    const [is, was] = [value, before.includes(condition)];
    if (was ? is < ends : is >= begins) changes.push({ condition, begins: !was, value });
  };
  const newest = (id: number) => newestValue(batch, id);
  judge("hot", newest(ID.cpuTemperature) ?? newest(ID.anyTemperature));
  const total = newest(ID.total);
  const used = total === undefined || total <= 0 ? undefined : newest(ID.used);
  judge("full", used === undefined ? undefined : used / total!);
  return changes;
}

/** The conditions after changes. */
export function changedConditions(
  before: ConditionsText,
  changes: readonly ConditionChange[],
): ConditionsText {
  return CONDITIONS.filter((name) => {
    const change = changes.find(({ condition }) => condition === name);
    return change?.begins ?? before.includes(name);
  }).join(" ");
}

/** The event that tells of a change. */
export function conditionEvent(
  { condition, begins, value }: ConditionChange,
): { readonly name: string; readonly severity: number; readonly text: string } {
  const said = condition === "hot"
    ? begins ? `It measured ${value.toFixed(1)} °C` : `It is down to ${value.toFixed(1)} °C`
    : begins
    ? `Its disk is ${percent(value)} full`
    : `Its disk is ${percent(value)} full, and no longer too full`;
  return {
    name: `device.${condition}${begins ? "" : "_over"}`,
    severity: begins ? 4 : 5,
    text: said,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function idOf(name: string): number {
  return metricByName(name)!.id;
}
