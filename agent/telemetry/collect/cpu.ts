/**
 * Processor use and load, from /proc/stat and /proc/loadavg (proc(5)).
 *
 * @module
 */
import { parseCount, parseDecimal, words } from "./parse_number.ts";

/** Time of all cores together since boot, in clock ticks. */
export interface CpuTicks {
  readonly total: number;
  /** Idle, and idle while waiting for a disk. */
  readonly idle: number;
}

/** Columns of the "cpu" line up to steal; guest time, which follows, is already part of user time. */
const COUNTED_COLUMNS = 8;
const IDLE_COLUMN = 3;
const IO_WAIT_COLUMN = 4;

/** Reads the first line of /proc/stat; `null` when it is not one. */
export function parseCpuTicks(stat: string): CpuTicks | null {
  const end = stat.indexOf("\n");
  const [label, ...columns] = words(end === -1 ? stat : stat.slice(0, end));
  if (label !== "cpu" || columns.length <= IO_WAIT_COLUMN) return null;
  let total = 0;
  for (const column of columns.slice(0, COUNTED_COLUMNS)) {
    const ticks = parseCount(column);
    if (ticks === null) return null;
    total += ticks;
  }
  return { total, idle: Number(columns[IDLE_COLUMN]) + Number(columns[IO_WAIT_COLUMN]) };
}

/** Share of time not idle between two looks, 0 to 1; `null` when no tick passed or a counter went back. */
export function cpuUse(before: CpuTicks, now: CpuTicks): number | null {
  const total = now.total - before.total;
  const idle = now.idle - before.idle;
  return total <= 0 || idle < 0 || idle > total ? null : (total - idle) / total;
}

/** Load averages over 1, 5 and 15 minutes from /proc/loadavg; `null` when it is not one. */
export function parseLoads(loadavg: string): [number, number, number] | null {
  const [one, five, fifteen] = words(loadavg).slice(0, 3).map(parseDecimal);
  if (one == null || five == null || fifteen == null) return null;
  return one < 0 || five < 0 || fifteen < 0 ? null : [one, five, fifteen];
}
