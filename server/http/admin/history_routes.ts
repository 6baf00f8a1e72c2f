/**
 * @module
 * What was: telemetry over time and the events of one device.
 */
import * as v from "valibot";
import { DomainError } from "../../errors.ts";
import { json, route } from "../route_table.ts";
import { handleParams, momentQuery, pageQuery, wholeNumber } from "../schema_parts.ts";
import { eventView, findDevice } from "./device_views.ts";
import { beforeCursor, idBefore } from "./newest_first.ts";
import { eventPageSchema, inventoryChangePageSchema, telemetrySchema } from "./schemas.ts";

const READ = { burst: 120, perMinute: 1_200 };
const HOUR_MS = 3_600_000;
/** Points of a range when no resolution is asked for. */
const POINTS = 300;

const metricsQuery = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => [given].flat()),
  v.check(
    (names) => names.length <= 64 && names.every((name) => name.length >= 1 && name.length <= 48),
    "1 to 64 metric names of at most 48 characters",
  ),
  v.metadata({
    openapi: {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      maxItems: 64,
      description: "Name of a metric, such as cpu.use; repeat the parameter for several",
    },
  }),
);

export const historyRoutes = [
  route({
    method: "GET",
    path: "/api/v1/devices/:handle/telemetry",
    access: "viewer",
    operation: "getTelemetry",
    summary: "Metrics of a device over time",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: READ,
    params: handleParams,
    query: v.strictObject({
      metric: metricsQuery,
      from: v.optional(momentQuery("Start, inclusive; an hour before `to` when absent")),
      to: v.optional(momentQuery("End, exclusive; now when absent")),
      resolution: v.optional(
        wholeNumber({
          min: 1,
          max: 31_536_000_000,
          description: "Wanted width of a point, ms; a 300th of the range when absent",
        }),
      ),
    }),
    replies: {
      200: { description: "One series for each metric that has values", schema: telemetrySchema },
    },
    handle: async ({ params, query, scope }, features) => {
      const device = await findDevice(scope, params.handle, features);
      const toMs = query.to ?? features.clock.nowMs();
      const fromMs = query.from ?? Math.max(0, toMs - HOUR_MS);
      if (fromMs >= toMs) {
        throw new DomainError(
          "telemetry.query_invalid",
          "Cannot read telemetry: `from` must be before `to`",
        );
      }
      const resolutionMs = query.resolution ?? Math.max(1, Math.ceil((toMs - fromMs) / POINTS));
      const range = await features.telemetry.query({
        deviceId: device.id,
        metrics: query.metric,
        fromMs,
        toMs,
        resolutionMs,
      });
      return json({
        fromMs,
        toMs,
        resolutionMs: range.resolutionMs,
        series: range.series.map(({ name, unit, points }) => ({ metric: name, unit, points })),
        undatedBatches: range.undatedBatches,
      });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/devices/:handle/events",
    access: "viewer",
    operation: "listDeviceEvents",
    summary: "What happened to a device, newest first",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: READ,
    params: handleParams,
    query: v.strictObject(pageQuery),
    replies: { 200: { description: "A page", schema: eventPageSchema } },
    handle: async ({ params, query, scope }, features) => {
      const device = await findDevice(scope, params.handle, features);
      const rows = await features.deviceEvents.list(scope, {
        deviceId: device.id,
        limit: query.limit + 1,
        before: idBefore(query.cursor),
      });
      return json({
        items: rows.slice(0, query.limit).map(eventView),
        next: beforeCursor(rows, query.limit),
      });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/devices/:handle/inventory-changes",
    access: "viewer",
    operation: "listInventoryChanges",
    summary: "What changed in a device's inventory, newest first",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: READ,
    params: handleParams,
    query: v.strictObject(pageQuery),
    replies: { 200: { description: "A page", schema: inventoryChangePageSchema } },
    handle: async ({ params, query, scope }, features) => {
      const device = await findDevice(scope, params.handle, features);
      const rows = await features.inventory.changes(scope, {
        deviceId: device.id,
        limit: query.limit + 1,
        before: idBefore(query.cursor),
      });
      return json({ items: rows.slice(0, query.limit), next: beforeCursor(rows, query.limit) });
    },
  }),
];
