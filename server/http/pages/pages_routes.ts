/**
 * @module
 * What is answered without an API token: whether the server lives, what its API is, and the status page.
 */
import type { Device } from "../../devices/device.ts";
import { WHOLE_FLEET } from "../../access/device_scope.ts";
import { isOnline } from "../../events/online.ts";
import type { LatestTelemetry } from "../../telemetry/telemetry.ts";
import type { Features } from "../features.ts";
import { json, type Reply, route } from "../route_table.ts";
import { type PageDevice, statusPage } from "./status_page.ts";
import { PAGE_POLICY } from "./style.ts";

/** Devices the status page lists at most. */
const PAGE_DEVICES = 100;

const EMPTY: Reply = { status: 200, headers: { "content-security-policy": "default-src 'none'" } };

export const pagesRoutes = [
  route({
    method: "GET",
    path: "/healthz",
    access: "public",
    operation: "getHealth",
    summary: "Answers while the process lives; empty",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    replies: { 200: { description: "It lives" } },
    handle: () => EMPTY,
  }),
  route({
    method: "GET",
    path: "/readyz",
    access: "public",
    operation: "getReadiness",
    summary: "Answers 200 while the server can take devices' messages; empty",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    replies: {
      200: { description: "It is ready" },
      503: { description: "It stops, or cannot reach its database" },
    },
    handle: async (_request, { isReady }) =>
      await isReady() ? EMPTY : { status: 503, headers: { "retry-after": "5" } },
  }),
  route({
    method: "GET",
    path: "/api/v1/openapi.json",
    access: "public",
    reach: "secure",
    operation: "getOpenApi",
    summary: "This document",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 10, perMinute: 60 },
    replies: { 200: { description: "OpenAPI 3.1", type: "application/json" } },
    handle: (_request, { openApi }) => json(openApi),
  }),
  route({
    method: "GET",
    path: "/",
    access: "public",
    reach: "here",
    undocumented: true,
    operation: "showStatus",
    summary: "The status page",
    tag: "pages",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    replies: { 200: { description: "A page", type: "text/html" } },
    handle: async ({ origin }, features) => ({
      status: 200,
      type: "text/html; charset=utf-8",
      headers: { "content-security-policy": PAGE_POLICY },
      body: await page(features, origin),
    }),
  }),
];

async function page(features: Features, url: string): Promise<string> {
  const { server, devicesReader, telemetry, clock } = features;
  const nowMs = clock.nowMs();
  const found = await devicesReader.list({
    scope: WHOLE_FLEET,
    afterId: 0,
    limit: PAGE_DEVICES + 1,
    nowMs,
  });
  const shown = found.slice(0, PAGE_DEVICES);
  const latest = await telemetry.latest(shown.map((device) => device.id));
  return await statusPage({
    server,
    counts: await devicesReader.counts(WHOLE_FLEET, nowMs),
    devices: shown.map((device) =>
      pageDevice(device, { nowMs, latest: valuesOf(latest.get(device.id)) })
    ),
    moreDevices: found.length > PAGE_DEVICES,
    nowMs,
    url,
  });
}

function valuesOf(latest: LatestTelemetry | undefined): Record<string, number> {
  return Object.fromEntries((latest?.metrics ?? []).map(({ name, value }) => [name, value]));
}

function pageDevice(
  device: Device,
  { nowMs, latest }: { nowMs: number; latest: Readonly<Record<string, number>> },
): PageDevice {
  const { handle, name, model, admission, quarantined, lastSeenMs } = device;
  return {
    handle,
    name,
    model,
    admission,
    quarantined,
    lastSeenMs,
    online: isOnline(device, nowMs),
    latest,
  };
}
