/**
 * @module
 * A device's charts: drawn from its telemetry, gone on with as it comes, and said in words for those who do not
 * see them.
 */
import { RANGES } from "../shared/chart_groups.ts";
import { Problem, request } from "./api.ts";
import { Chart } from "./chart.ts";
import { nowMs } from "./clock.ts";
import { all, first, on } from "./dom.ts";
import { onFeedEvent } from "./live.ts";
import type { Series } from "../shared/series.ts";

/** Points of a range, about as many as a chart has pixels to tell apart. */
const POINTS = 300;
/** Between two looks passes at least this share of the range. */
const PAUSE_SHARE = 1 / 1_800;

interface Telemetry {
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolutionMs: number;
  readonly series: readonly Series[];
}

/** Draws the charts of the page and keeps them going. */
export function drawCharts(): void {
  const place = first("[data-charts]")!;
  const charts = all("figure[data-metrics]", place).map((figure) => new Chart(figure));
  if (charts.length === 0) return;
  const { handle = "", interval = "60" } = place.dataset;
  let range: (typeof RANGES)[number] = RANGES.find(({ key }) => key === place.dataset.charts) ??
    RANGES[0];
  let [loading, due] = [false, false];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = async () => {
    if (loading) return void (due = true);
    loading = true;
    const toMs = Math.ceil(nowMs());
    const resolutionMs = Math.max(Math.ceil(range.ms / POINTS), Number(interval) * 1_000);
    const query = new URLSearchParams({
      from: String(toMs - range.ms),
      to: String(toMs),
      resolution: String(resolutionMs),
    });
    for (const name of new Set(charts.flatMap(({ metrics }) => metrics))) {
      query.append("metric", name);
    }
    const wanted = range;
    try {
      const telemetry = await request<Telemetry>(
        "GET",
        `/api/v1/devices/${handle}/telemetry?${query}`,
      );
      if (wanted === range) {
        for (const chart of charts) chart.show(telemetry, range.label);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const chart of charts) chart.fail(error.message);
    }
    loading = false;
    if (due) {
      due = false;
      await load();
    }
  };
  const soon = () => {
    if (timer !== undefined || document.hidden) return;
    timer = setTimeout(() => {
      timer = undefined;
      void load();
    }, Math.max(1_000, range.ms * PAUSE_SHARE));
  };

  on("click", "a[data-range]", (link, event) => {
    if (event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    range = RANGES.find(({ key }) => key === link.dataset.range) ?? range;
    for (const other of all("a[data-range]")) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    history.replaceState(null, "", (link as HTMLAnchorElement).href);
    for (const chart of charts) chart.wait();
    void load();
  });
  onFeedEvent((event) => {
    if (event.kind === "device.telemetry" && event.handle === handle) soon();
  });
  document.addEventListener("visibilitychange", soon);
  void load();
}
