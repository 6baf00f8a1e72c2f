/**
 * @module
 * Which metrics share a chart, and in which order charts stand on a device's page. A metric that is in no
 * group gets a chart of its own.
 */

/** One chart: metrics of one unit that are read together. */
export interface ChartGroup {
  readonly title: string;
  /** Shown as lines, in this order. */
  readonly metrics: readonly string[];
  /** A metric whose newest value is the top of the scale. */
  readonly top?: string;
  /** The scale reaches at least from and to here. */
  readonly floor?: number;
  readonly ceiling?: number;
}

/** In the order of the page. */
export const CHART_GROUPS: readonly ChartGroup[] = [
  { title: "Processor", metrics: ["cpu.use"], floor: 0, ceiling: 1 },
  { title: "Memory", metrics: ["memory.used"], top: "memory.total", floor: 0 },
  { title: "Temperature", metrics: ["temperature.cpu", "temperature.max"] },
  { title: "Load", metrics: ["load.1m", "load.5m", "load.15m"], floor: 0 },
  { title: "Network", metrics: ["network.received", "network.sent"], floor: 0 },
  { title: "Disk traffic", metrics: ["disk.read", "disk.written"], floor: 0 },
  { title: "Disk space", metrics: ["disk.used"], top: "disk.total", floor: 0 },
  { title: "Free heap", metrics: ["heap.free"], floor: 0 },
  { title: "Wi-Fi signal", metrics: ["wifi.signal"] },
  { title: "Battery", metrics: ["battery.level"], floor: 0, ceiling: 1 },
  { title: "Swap", metrics: ["swap.used"], top: "swap.total", floor: 0 },
  { title: "Processes", metrics: ["processes"], floor: 0 },
  { title: "Agent's memory", metrics: ["agent.memory"], floor: 0 },
  { title: "Agent's processor", metrics: ["agent.cpu"], floor: 0 },
];

/** Metrics that say something as a number and nothing as a line. */
const NUMBERS_ONLY = new Set([
  "uptime",
  "memory.total",
  "memory.available",
  "disk.total",
  "swap.total",
  "boot.count",
  "throttled",
  "undervoltage",
  "telemetry.dropped",
]);

/** Most charts of a page; the rest stays in the table of newest values. */
const MOST_CHARTS = 16;

/** The charts for a device that has these metrics. */
export function chartsFor(metrics: readonly string[]): readonly ChartGroup[] {
  const present = new Set(metrics);
  const grouped = new Set(CHART_GROUPS.flatMap((group) => group.metrics));
  const known = CHART_GROUPS.flatMap((group) => {
    const shown = group.metrics.filter((metric) => present.has(metric));
    return shown.length === 0 ? [] : [{ ...group, metrics: shown }];
  });
  const own = metrics.filter((metric) => !grouped.has(metric) && !NUMBERS_ONLY.has(metric))
    .map((metric) => ({ title: metric, metrics: [metric] }));
  return [...known, ...own].slice(0, MOST_CHARTS);
}

/** The ranges a page offers. */
export const RANGES = [
  { key: "1h", label: "1 hour", ms: 3_600_000 },
  { key: "24h", label: "24 hours", ms: 86_400_000 },
  { key: "7d", label: "7 days", ms: 604_800_000 },
] as const;
