/**
 * @module
 * From the server's points to columns that share one time axis, with gaps where the device was silent.
 */

/** One metric as the API gives it. */
export interface Series {
  readonly metric: string;
  readonly unit: string;
  readonly points: readonly {
    readonly atMs: number;
    readonly mean: number;
    readonly min: number;
    readonly max: number;
  }[];
}

/** Columns: times in seconds, then mean, lowest and highest of each metric; null = no value. */
export type Columns = [number[], ...(number | null)[][]];

/** A silence of more than this many widths of a point is drawn as one. */
const GAP_WIDTHS = 3.5;

/** Puts series on one axis. A metric without points gets columns of nulls, so that columns keep their places. */
export function columnsOf(
  series: readonly Series[],
  { metrics, widthMs }: { readonly metrics: readonly string[]; readonly widthMs: number },
): Columns {
  const shown = metrics.map((name) => series.find(({ metric }) => metric === name)?.points ?? []);
  const times = [...new Set(shown.flatMap((points) => points.map(({ atMs }) => atMs)))]
    .sort((a, b) => a - b);
  const axis = times.flatMap((atMs, at) => {
    const next = times[at + 1];
    // One empty place in a long silence is enough to break the line.
    return next !== undefined && next - atMs > GAP_WIDTHS * widthMs
      ? [atMs, atMs + widthMs]
      : [atMs];
  });
  const columns: (number | null)[][] = [];
  for (const points of shown) {
    const byTime = new Map(points.map((point) => [point.atMs, point]));
    const column = (of: "mean" | "min" | "max") =>
      axis.map((atMs) => byTime.get(atMs)?.[of] ?? null);
    columns.push(column("mean"), column("min"), column("max"));
  }
  return [axis.map((atMs) => atMs / 1_000), ...columns];
}
