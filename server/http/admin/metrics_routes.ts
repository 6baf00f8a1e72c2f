/**
 * @module
 * Figures for Prometheus: the fleet as far as the caller may see it, and the server itself.
 */
import { STANDARD_METRICS } from "@fleetd/firmware-protocol";
import process from "node:process";
import * as v from "valibot";
import type { DeviceCounts } from "../../devices/list_devices.ts";
import { isOnline } from "../../events/online.ts";
import type { Features } from "../features.ts";
import { DURATION_BOUNDS_S, type RequestFigures } from "../request_figures.ts";
import { route, type RouteRequest } from "../route_table.ts";
import { truth } from "../schema_parts.ts";
import {
  PROMETHEUS_TYPE,
  prometheusText,
  type PromFamily,
  type PromSample,
} from "./prometheus_text.ts";

/** Devices and agent versions that become series; the rest would make any scraper fall over. */
const MAX_DEVICES = 1_000;
const MAX_VERSIONS = 50;
/** A device's own metrics do not become families: any device could make thousands. */
const STANDARD: ReadonlySet<string> = new Set(STANDARD_METRICS.map((metric) => metric.name));

export const metricsRoutes = [
  route({
    method: "GET",
    path: "/metrics",
    access: "viewer",
    operation: "getMetrics",
    summary: "Figures in Prometheus' text format",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 20, perMinute: 120 },
    query: v.strictObject({
      devices: v.optional(
        truth(`Also the latest standard metrics of up to ${MAX_DEVICES} accepted devices`),
        "false",
      ),
    }),
    replies: { 200: { description: "Figures", type: "text/plain" } },
    handle: async (request, features) => {
      const families = [
        ...fleetFamilies(
          await features.devicesReader.counts(request.scope, features.clock.nowMs()),
        ),
        ...serverFamilies(features),
        ...requestFamilies(features.figures.requests),
        ...(request.query.devices ? await deviceFamilies(request, features) : []),
      ];
      return { status: 200, type: PROMETHEUS_TYPE, body: prometheusText(families) };
    },
  }),
];

function gauge(name: string, help: string, samples: readonly PromSample[] | number): PromFamily {
  return {
    name,
    type: "gauge",
    help,
    samples: typeof samples === "number" ? [{ value: samples }] : samples,
  };
}

function counter(name: string, help: string, samples: readonly PromSample[] | number): PromFamily {
  return { ...gauge(name, help, samples), type: "counter" };
}

function fleetFamilies(counts: DeviceCounts): PromFamily[] {
  const versions = Object.entries(counts.byAgentVersion).sort(([, a], [, b]) => b - a);
  const rest = versions.slice(MAX_VERSIONS).reduce((sum, [, count]) => sum + count, 0);
  return [
    gauge(
      "fleetd_devices",
      "Devices by admission.",
      Object.entries(counts.byAdmission).map(([admission, value]) => ({
        labels: { admission },
        value,
      })),
    ),
    gauge(
      "fleetd_devices_online",
      "Accepted devices that synced within three intervals and half a minute.",
      counts.online,
    ),
    gauge("fleetd_devices_quarantined", "Devices held after a clone alarm.", counts.quarantined),
    gauge(
      "fleetd_records_lost",
      "Records that devices numbered and no longer had when they could send them, by stream.",
      Object.entries(counts.lostRecords).map(([stream, value]) => ({ labels: { stream }, value })),
    ),
    gauge("fleetd_devices_by_agent_version", "Accepted devices by agent version.", [
      ...versions.slice(0, MAX_VERSIONS).map(([version, value]) => ({
        labels: { version },
        value,
      })),
      ...(rest > 0 ? [{ labels: { version: "other" }, value: rest }] : []),
    ]),
  ];
}

function serverFamilies({ server, figures, eventFeed }: Features): PromFamily[] {
  const { version, protocol } = server;
  const { commits, works } = figures.commits();
  return [
    gauge("fleets_build_info", "Version of the server; always 1.", [{
      labels: { version, protocol },
      value: 1,
    }]),
    gauge(
      "process_resident_memory_bytes",
      "Resident memory of the server.",
      process.memoryUsage.rss(),
    ),
    counter("process_cpu_seconds_total", "CPU time of the server.", cpuSeconds()),
    gauge(
      "process_start_time_seconds",
      "Start of the server, Unix time.",
      figures.startedAtMs / 1000,
    ),
    gauge("fleets_connections", "Open connections.", figures.connections()),
    gauge("fleets_waiting_polls", "Devices waiting in a long poll.", figures.waitingPolls()),
    counter("fleets_commits_total", "Database transactions committed.", commits),
    counter("fleets_works_total", "Units of work in those transactions.", works),
    counter(
      "fleets_telemetry_batches_total",
      "Batches of telemetry stored.",
      figures.telemetryBatches(),
    ),
    gauge("fleets_event_watchers", "Watchers of the event stream.", eventFeed.watchers),
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function requestFamilies(requests: RequestFigures): PromFamily[] {
  const byStatus: PromSample[] = [];
  for (const [route, status, value] of requests.statuses()) {
    byStatus.push({ labels: { route, status: String(status) }, value });
  }
  const durations: PromSample[] = [];
  for (const [route, { counts, sumS }] of requests.durations()) {
    let below = 0;
    counts.forEach((count, at) => {
      below += count;
      const le = at < DURATION_BOUNDS_S.length ? String(DURATION_BOUNDS_S[at]) : "+Inf";
      durations.push({ suffix: "_bucket", labels: { route, le }, value: below });
    });
    durations.push({ suffix: "_sum", labels: { route }, value: sumS }, {
      suffix: "_count",
      labels: { route },
      value: below,
    });
  }
  return [
    gauge("fleets_http_requests_in_flight", "Requests being answered.", requests.inFlight),
    counter("fleets_http_requests_total", "Answered requests by route and status.", byStatus),
    {
      name: "fleets_http_request_duration_seconds",
      type: "histogram",
      help: "Time from a request's headers to its answer, the wait of a long poll included.",
      samples: durations,
    },
  ];
}

/** One family for each metric, one series for each device. */
async function deviceFamilies({ scope }: RouteRequest, features: Features): Promise<PromFamily[]> {
  const nowMs = features.clock.nowMs();
  const devices = await features.devicesReader.list({
    scope,
    admission: "accepted",
    afterId: 0,
    limit: MAX_DEVICES,
    nowMs,
  });
  const latest = await features.telemetry.latest(devices.map((device) => device.id));
  const metrics = new Map<string, { unit: string; samples: PromSample[] }>();
  const online: PromSample[] = [];
  for (const device of devices) {
    const labels = { handle: device.handle, name: device.name ?? "" };
    online.push({ labels, value: isOnline(device, nowMs) ? 1 : 0 });
    for (const { name, unit, value } of latest.get(device.id)?.metrics ?? []) {
      if (!STANDARD.has(name)) continue;
      const known = metrics.get(name) ?? { unit, samples: [] };
      known.samples.push({ labels, value });
      metrics.set(name, known);
    }
  }
  return [
    gauge("fleetd_device_online", "Whether a device synced lately.", online),
    ...[...metrics].map(([name, { unit, samples }]) =>
      gauge(
        `fleetd_device_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`,
        `${name}, newest value${unit ? `, ${unit}` : ""}.`,
        samples,
      )
    ),
  ];
}
