/**
 * @module
 * The status page: this fleet, its devices with their latest figures, and how to go on with the command
 * line. Written on the server, without scripts; every text from outside is escaped by the template.
 */
import { html, raw } from "hono/html";
import type { DeviceCounts } from "../../devices/list_devices.ts";
import type { ServerFacts } from "../features.ts";
import { STYLE } from "./style.ts";

/** One device as the page shows it. */
export interface PageDevice {
  readonly handle: string;
  readonly name: string | null;
  readonly model: string | null;
  readonly admission: string;
  readonly quarantined: boolean;
  readonly online: boolean;
  readonly lastSeenMs: number | null;
  readonly latest: Readonly<Record<string, number>>;
}

/** What the page shows. */
export interface StatusPage {
  readonly server: ServerFacts;
  readonly counts: DeviceCounts;
  readonly devices: readonly PageDevice[];
  /** Devices there are beyond those listed. */
  readonly moreDevices: boolean;
  readonly nowMs: number;
  /** Address of this server, as the browser named it. */
  readonly url: string;
}

/** The page as HTML. */
export async function statusPage(page: StatusPage): Promise<string> {
  const { server, counts } = page;
  return String(
    await html`
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width,initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>${server.name} · FleetD</title>
          <style>${raw(STYLE)}</style>
        </head>
        <body>
      <h1>${server.name}</h1>
      <p class="soft">FleetD ${server.version} · server fingerprint <code>${server
        .fingerprint}</code></p>
      ${figures(counts)}
      <h2>Devices</h2>
      ${deviceTable(page)}
      <h2>Go on in a terminal</h2>
      ${commands(page)}
      <p class="soft">This page is shown on the server's own machine only. Reload it for newer figures.</p>
        </body>
      </html>
    `,
  );
}

function figures({ byAdmission, online, quarantined }: DeviceCounts) {
  const rows: [string, number][] = [
    ["accepted", byAdmission.accepted],
    ["online", online],
    ["waiting to be accepted", byAdmission.pending],
  ];
  if (quarantined > 0) rows.push(["in quarantine", quarantined]);
  return html`<dl>${
    rows.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}

function deviceTable({ devices, moreDevices, nowMs }: StatusPage) {
  if (devices.length === 0) {
    return html`<p>None yet. An agent on this network finds this server by itself and waits here to be accepted:
start one with <code>fleetd agent</code>.</p>`;
  }
  return html`
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Device</th>
            <th>Model</th>
            <th>State</th>
            <th>Last sync</th>
            <th class="n">CPU</th>
            <th class="n">Memory</th>
            <th class="n">Disk</th>
            <th class="n">Temperature</th>
          </tr>
        </thead>
        <tbody>${devices.map((device) => deviceRow(device, nowMs))}</tbody>
      </table>
    </div>
    ${moreDevices ? html`<p class="soft">There are more: <code>fleets devices list</code></p>` : ""}
  `;
}

function deviceRow(device: PageDevice, nowMs: number) {
  const { latest } = device;
  const [state, tone] = stateOf(device);
  const cell = (label: string, text: string) =>
    html`<td class="n" data-label="${label}">${text}</td>`;
  return html`<tr><td data-label="Device" title="${device.handle}">${
    device.name ?? device.handle
  }</td>
<td data-label="Model">${device.model ?? "–"}</td>
<td data-label="State" class="${tone}">${state}</td>
<td data-label="Last sync">${agoText(device.lastSeenMs, nowMs)}</td>
${cell("CPU", percent(latest["cpu.use"]))}
${cell("Memory", percent(share(latest["memory.used"], latest["memory.total"])))}
${cell("Disk", percent(share(latest["disk.used"], latest["disk.total"])))}
${cell("Temperature", degrees(latest["temperature.cpu"] ?? latest["temperature.max"]))}</tr>`;
}

function commands({ url, counts }: StatusPage) {
  const lines = [`fleets login ${url}`, "fleets devices list"];
  if (counts.byAdmission.pending > 0) lines.push("fleets devices register");
  lines.push("fleets tokens create --uses 1", "fleets discover");
  return html`
    <pre>${lines.join("\n")}</pre>
    <p
      class="soft">The first sign-in asks for the setup code that the server printed when it started.</p>
  `;
}

function stateOf({ admission, quarantined, online }: PageDevice): [text: string, tone: string] {
  if (quarantined) return ["in quarantine", "bad"];
  if (admission !== "accepted") return [admission, "warn"];
  return online ? ["online", "good"] : ["offline", "soft"];
}

function agoText(atMs: number | null, nowMs: number): string {
  if (atMs === null) return "never";
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 129_600
    ? `${Math.round(seconds / 3_600)} h ago`
    : `${Math.round(seconds / 86_400)} d ago`;
}

function share(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? "–" : `${Math.round(ratio * 100)} %`;
}

function degrees(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)} °C`;
}
