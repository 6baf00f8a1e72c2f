/**
 * Devices as a table: what an administrator looks for first.
 *
 * @module
 */
import { type Colours, type Column, formatAgo, formatPercent } from "@fleetd/cli/kit";
import type { Device } from "../api/shapes.ts";

/** The columns of `devices list` and `devices watch`. @param nowMs Unix ms, for "12 s ago" */
export function deviceColumns(nowMs: number): Column<Device>[] {
  return [
    { heading: "HANDLE", key: "handle", value: (d) => d.handle },
    { heading: "NAME", key: "name", value: (d) => d.name, shrink: 10 },
    { heading: "MODEL", key: "model", value: (d) => d.model ?? d.hwClass, shrink: 16, drop: 2 },
    {
      heading: "STATE",
      key: "admission",
      value: (d) => d.admission,
      show: deviceState,
      style: (text, { item, colours }) => stateColour(item, colours)(text),
    },
    { heading: "ONLINE", key: "online", value: (d) => d.online, csvOnly: true },
    { heading: "QUARANTINED", key: "quarantined", value: (d) => d.quarantined, csvOnly: true },
    {
      heading: "LAST SEEN",
      key: "lastSeenMs",
      value: (d) => d.lastSeenMs,
      show: (d) => formatAgo(d.lastSeenMs, nowMs),
      align: "right",
    },
    figure("CPU", "cpu.use", { show: (use) => formatPercent(use), hotAt: 0.9, drop: 3 }),
    {
      heading: "MEM",
      key: "memory.used",
      value: (d) => d.latest["memory.used"],
      show: (d) => share(d.latest["memory.used"], d.latest["memory.total"]),
      align: "right",
      drop: 4,
    },
    figure("TEMP", "temperature.cpu", {
      show: (degrees) => `${Math.round(degrees)} °C`,
      hotAt: 80,
      drop: 5,
    }),
    { heading: "VERSION", key: "agentVersion", value: (d) => d.agentVersion, drop: 7 },
    {
      heading: "LABELS",
      key: "labels",
      value: (d) => labelText(d.labels),
      shrink: 12,
      drop: 6,
    },
    { heading: "ADDRESS", key: "address", value: (d) => d.address, csvOnly: true },
  ];
}

/** What a person needs to know of admission and presence in one or two words. */
export function deviceState(
  device: Pick<Device, "admission" | "quarantined" | "online" | "tofu">,
): string {
  if (device.admission !== "accepted") return device.admission;
  if (device.quarantined) return "quarantined";
  return device.online ? "online" : "offline";
}

/** Colour of {@linkcode deviceState}. */
export function stateColour(
  device: Pick<Device, "admission" | "quarantined" | "online" | "tofu">,
  colours: Colours,
): (text: string) => string {
  const byState: Record<string, (text: string) => string> = {
    online: colours.green,
    offline: colours.red,
    pending: colours.yellow,
    quarantined: colours.magenta,
  };
  return byState[deviceState(device)] ?? colours.dim;
}

/** "site=berlin, rack=3", sorted. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).sort().map(([key, value]) => value === "" ? key : `${key}=${value}`)
    .join(", ");
}

function figure(
  heading: string,
  metric: string,
  { show, hotAt, drop }: { show: (value: number) => string; hotAt: number; drop: number },
): Column<Device> {
  return {
    heading,
    key: metric,
    value: (d) => d.latest[metric],
    show: (d) => d.latest[metric] === undefined ? "-" : show(d.latest[metric]),
    style: (text, { item, colours }) =>
      (item.latest[metric] ?? 0) >= hotAt ? colours.red(text) : text,
    align: "right",
    drop,
  };
}

function share(used: number | undefined, total: number | undefined): string {
  return used === undefined || !total ? "-" : formatPercent(used / total);
}
