/**
 * One device on a page: who it is, how it is, what it is made of, what happened.
 *
 * @module
 */
import {
  type Colours,
  displayWidth,
  formatAgo,
  formatDuration,
  formatPercent,
  formatQuantity,
  formatTime,
  safeText,
} from "@fleetd/cli/kit";
import type { DeviceDetail, DeviceEvent, LatestValue } from "../api/shapes.ts";
import { deviceState, labelText, stateColour } from "./device_table.ts";

/** How {@linkcode renderDevicePage} draws. */
export interface PageOptions {
  readonly colours: Colours;
  /** Unix ms. */
  readonly nowMs: number;
}

/** A label, a text already safe for terminals, and perhaps its colour. */
type Line = readonly [label: string, text: string, style?: (text: string) => string];

/** Events shown; the rest is for `-o json`. */
const EVENTS_SHOWN = 10;

/** The page as text that ends with a line break. */
export function renderDevicePage(device: DeviceDetail, options: PageOptions): string {
  const { colours, nowMs } = options;
  const title = colours.bold(safeText(device.name ?? device.handle));
  const sections: (readonly [heading: string, lines: readonly Line[]])[] = [
    ["", identityLines(device, options)],
    [
      "Alarms",
      device.alarms.map(({ code, text }) => [safeText(code), safeText(text), colours.yellow]),
    ],
    [figuresHeading(device, nowMs), figureLines(device)],
    [inventoryHeading(device, nowMs), inventoryLines(device)],
    ["Events", device.events.slice(0, EVENTS_SHOWN).map((event) => eventLine(event, options))],
  ];
  const texts = sections.filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => section(heading, lines, colours));
  return `${title}\n${texts.join("\n")}`;
}

function section(heading: string, lines: readonly Line[], colours: Colours): string {
  const width = Math.max(...lines.map(([label]) => displayWidth(label)));
  const body = lines.map(([label, text, style]) => {
    const gap = " ".repeat(width - displayWidth(label) + 2);
    return `  ${colours.dim(label)}${gap}${style ? style(text) : text}\n`;
  });
  return `${heading === "" ? "" : `${colours.bold(heading)}\n`}${body.join("")}`;
}

function identityLines(device: DeviceDetail, { colours, nowMs }: PageOptions): Line[] {
  const seen = device.lastSeenMs === null
    ? "never"
    : `${formatAgo(device.lastSeenMs, nowMs)}  (${formatTime(device.lastSeenMs)})`;
  const lines: (Line | undefined)[] = [
    ["State", deviceState(device), stateColour(device, colours)],
    ["Handle", device.handle],
    ["Fingerprint", device.fingerprint],
    optional("Device id", device.deviceId),
    optional("Model", device.model),
    ["Hardware class", safeText(device.hwClass)],
    optional("Serial", device.serial),
    optional("Agent", device.agentVersion),
    optional("Address", device.address),
    ["Last seen", seen],
    device.uptimeMs === null
      ? undefined
      : ["Up", `${formatDuration(device.uptimeMs)} at its last sync`],
    ["Syncs every", formatDuration(device.intervalS * 1_000)],
    ["Labels", safeText(labelText(device.labels)) || "-"],
    device.acceptedAtMs === null ? undefined : ["Accepted", formatTime(device.acceptedAtMs)],
    device.tofu
      ? [
        "Trust",
        `on first use; confirm it with: fleets devices register ${device.handle}`,
        colours.yellow,
      ]
      : undefined,
  ];
  return lines.filter((line) => line !== undefined);
}

function optional(label: string, text: string | null | undefined): Line | undefined {
  return text === null || text === undefined || text === "" ? undefined : [label, safeText(text)];
}

function figuresHeading(device: DeviceDetail, nowMs: number): string {
  return device.latestAtMs === null ? "Latest" : `Latest, ${formatAgo(device.latestAtMs, nowMs)}`;
}

/** Pairs that read better as one line: "3.1 GiB of 7.6 GiB (41%)". */
const SHARES = [
  ["memory", "memory.used", "memory.total"],
  ["swap", "swap.used", "swap.total"],
  ["disk", "disk.used", "disk.total"],
] as const;

function figureLines({ latestValues }: DeviceDetail): Line[] {
  const byName = new Map(latestValues.map((value) => [value.metric, value]));
  const told = new Set<string>();
  const lines: Line[] = [];
  for (const figure of latestValues) {
    if (told.has(figure.metric)) continue;
    const share = SHARES.find(([, used, total]) =>
      (figure.metric === used || figure.metric === total) && byName.has(used) && byName.has(total)
    );
    if (share === undefined) {
      lines.push([safeText(figure.metric), quantity(figure)]);
      continue;
    }
    const [label, used, total] = share;
    told.add(used).add(total);
    lines.push([label, shareText(byName.get(used)!, byName.get(total)!)]);
  }
  return lines;
}

function shareText(used: LatestValue, total: LatestValue): string {
  if (total.value <= 0) return "none";
  return `${quantity(used)} of ${quantity(total)} (${formatPercent(used.value / total.value)})`;
}

function quantity({ value, unit }: Pick<LatestValue, "value" | "unit">): string {
  return safeText(formatQuantity(value, unit));
}

function inventoryHeading({ inventory }: DeviceDetail, nowMs: number): string {
  return inventory === null ? "" : `Inventory, changed ${formatAgo(inventory.changedAtMs, nowMs)}`;
}

/** A field that is also a metric has the metric's unit: `memory.total` is bytes in both. */
function inventoryLines({ inventory, latestValues }: DeviceDetail): Line[] {
  const units = new Map(latestValues.map(({ metric, unit }) => [metric, unit]));
  return Object.entries(inventory?.fields ?? {}).map(([key, value]) => {
    const unit = units.get(key);
    if (typeof value === "number") {
      return [safeText(key), unit ? quantity({ value, unit }) : String(value)];
    }
    return [safeText(key), safeText(typeof value === "string" ? value : value.join(", "))];
  });
}

function eventLine(
  { atMs, name, text, severity }: DeviceEvent,
  { colours, nowMs }: PageOptions,
): Line {
  const said = safeText(text ? `${name}: ${text}` : name);
  return [formatAgo(atMs, nowMs), said, severity <= 4 ? colours.yellow : undefined];
}
