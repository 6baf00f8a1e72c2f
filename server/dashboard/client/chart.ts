/**
 * @module
 * One chart: lines of a few metrics of one unit, the spread of each as a band, and its words.
 */
import uPlot from "uplot";
import { valueText } from "../shared/format.ts";
import { all, el, first } from "./dom.ts";
import { columnsOf, type Series } from "../shared/series.ts";

const HEIGHT = 144;
/** Distances of grid lines: 1, 2 and 5 of every power of ten; of bytes, powers of two. */
const STEPS = Array.from(
  { length: 30 },
  (_, at) => [1, 2, 5][at % 3]! * 10 ** (Math.floor(at / 3) - 3),
);
const BYTE_STEPS = Array.from({ length: 56 }, (_, at) => 2 ** at);
const A_DAY_S = 86_400;
const HOURS = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAYS = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });
/** Columns of one metric: mean, lowest, highest. */
const PER_METRIC = 3;

interface Shown {
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolutionMs: number;
  readonly series: readonly Series[];
}

/** A figure that shows metrics. */
export class Chart {
  /** What it needs values of. */
  readonly metrics: readonly string[];
  readonly #lines: readonly string[];
  readonly #figure: HTMLElement;
  readonly #plot: HTMLElement;
  #drawn: uPlot | undefined;
  #unit = "";
  #range: readonly [fromS: number, toS: number] = [0, 1];
  /** Newest value of the metric that is the top of the scale. */
  #top: number | undefined;

  constructor(figure: HTMLElement) {
    this.#figure = figure;
    this.#plot = first(".plot", figure)!;
    this.#lines = JSON.parse(figure.dataset.metrics!);
    this.metrics = this.#lines.concat(figure.dataset.top ?? []);
    new ResizeObserver(() => this.#drawn?.setSize(this.#size())).observe(this.#plot);
    const redraw = () => {
      const data = this.#drawn?.data;
      this.#drawn?.destroy();
      this.#drawn = undefined;
      if (data !== undefined) this.#draw(data);
    };
    addEventListener("fleetd-theme", redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  /** Draws a range, in whole or in place of the one before. */
  show({ fromMs, toMs, resolutionMs, series }: Shown, rangeLabel: string): void {
    const own = series.filter(({ metric }) => this.#lines.includes(metric));
    if (own.length === 0) {
      return this.#say(`No values in the last ${rangeLabel.replace(/^1 /, "")}`);
    }
    first(".wait", this.#plot)?.remove();
    this.#unit = own[0]!.unit;
    this.#range = [fromMs / 1_000, toMs / 1_000];
    this.#top = series.find(({ metric }) => metric === this.#figure.dataset.top)?.points.at(-1)
      ?.mean;
    const data = columnsOf(own, { metrics: this.#lines, widthMs: resolutionMs });
    if (this.#drawn === undefined) this.#draw(data as uPlot.AlignedData);
    else this.#drawn.setData(data as uPlot.AlignedData);
    this.#words(own, rangeLabel);
  }

  /** Says that values are on their way. */
  wait(): void {
    this.#say("Loading …");
  }

  /** Says why there are none. */
  fail(text: string): void {
    if (this.#drawn === undefined) this.#say(text);
  }

  #say(text: string): void {
    this.#drawn?.destroy();
    this.#drawn = undefined;
    const line = first(".wait", this.#plot) ?? el("div", { class: "wait" });
    line.textContent = text;
    this.#plot.append(line);
  }

  #size(): { width: number; height: number } {
    return { width: this.#plot.clientWidth, height: HEIGHT };
  }

  #draw(data: uPlot.AlignedData): void {
    this.#drawn = new uPlot(this.#options(), data, this.#plot);
  }

  #options(): uPlot.Options {
    const ink = colourOf("axis-ink", this.#plot), line = colourOf("axis-line", this.#plot);
    const axis = {
      stroke: ink,
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
      gap: 6,
    };
    return {
      ...this.#size(),
      legend: { show: false },
      padding: [8, 4, 0, 0],
      cursor: { sync: { key: "device" }, y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: () => [...this.#range] as [number, number] },
        y: { range: (_, low, high) => this.#scale(low, high) },
      },
      axes: [
        {
          ...axis,
          size: 26,
          space: 70,
          grid: { show: false },
          values: (_, splits) => this.#times(splits),
        },
        {
          ...axis,
          size: 62,
          incrs: () => this.#unit.startsWith("bytes") ? BYTE_STEPS : STEPS,
          space: 34,
          grid: { stroke: line, width: 1 },
          values: (_, splits) => splits.map((value) => valueText(value, this.#unit)),
        },
      ],
      series: [{}, ...this.#lines.flatMap((_, at) => this.#seriesOf(at))],
      bands: this.#lines.map((_, at) => {
        const mean = 1 + at * PER_METRIC;
        return {
          series: [mean + 2, mean + 1] as [number, number],
          fill: withAlpha(colourOf(`series-${at + 1}`, this.#plot), 0.16),
        };
      }),
      hooks: { setCursor: [(chart) => this.#key(chart)] },
    };
  }

  /** The hour within a day, the day beyond, in the viewer's zone and manner. */
  #times(splits: readonly number[]): string[] {
    const days = this.#range[1] - this.#range[0] > A_DAY_S;
    const format = days ? DAYS : HOURS;
    return splits.map((atS, at) => {
      const text = format.format(atS * 1_000);
      return days && at > 0 && format.format(splits[at - 1]! * 1_000) === text ? "" : text;
    });
  }

  #seriesOf(at: number): uPlot.Series[] {
    const stroke = colourOf(`series-${at + 1}`, this.#plot);
    const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
    return [{ stroke, width: 1.75, points: { size: 4 } }, edge, edge];
  }

  #scale(low: number | null, high: number | null): [number, number] {
    const { floor, ceiling } = this.#figure.dataset;
    let min = Math.min(low ?? 0, floor === undefined ? Infinity : Number(floor));
    let max = Math.max(
      high ?? 1,
      ceiling === undefined ? -Infinity : Number(ceiling),
      this.#top ?? -Infinity,
    );
    if (max - min < Math.abs(max) * 1e-6 + 1e-9) [min, max] = [min - 1, max + 1];
    const room = (max - min) * 0.08;
    return [
      floor === undefined ? min - room : min,
      ceiling === undefined && this.#top === undefined ? max + room : max,
    ];
  }

  /** Values under the pointer, or the newest. */
  #key(chart: uPlot): void {
    const at = chart.cursor.idx ?? null;
    for (const [line, place] of all(".key [data-value]", this.#figure).entries()) {
      const column = chart.data[1 + line * PER_METRIC];
      const value = at === null ? undefined : column?.[at];
      place.textContent = typeof value === "number" ? valueText(value, this.#unit) : "";
    }
  }

  #words(own: readonly Series[], rangeLabel: string): void {
    const parts = own.map(({ metric, points, unit }) => {
      const [low, high] = points.reduce(
        ([low, high], { min, max }) => [Math.min(low, min), Math.max(high, max)],
        [Infinity, -Infinity],
      );
      const text = (value: number) => valueText(value, unit);
      return `${metric}, lowest ${text(low)}, highest ${text(high)}`;
    });
    this.#plot.setAttribute("aria-label", `${parts.join("; ")} in the last ${rangeLabel}`);
  }
}

/** A colour of the design system as the canvas wants it: light or dark is resolved already. */
function colourOf(name: string, near: HTMLElement): string {
  const probe = el("span", { class: name });
  near.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** @param colour as `getComputedStyle` says it: `rgb(1, 2, 3)` */
function withAlpha(colour: string, alpha: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}
