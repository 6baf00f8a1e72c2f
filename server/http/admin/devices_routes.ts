/**
 * @module
 * Devices: listing them, one in full, and what people do to them.
 */
import * as v from "valibot";
import type { Tx } from "../../transaction.ts";
import type { Actor } from "../../audit/actor.ts";
import { ADMISSIONS } from "../../devices/device.ts";
import type { DeviceRef, Devices } from "../../devices/devices.ts";
import { listDevices } from "../../devices/list_devices.ts";
import type { Features } from "../features.ts";
import { json, noContent, type Reply, route, type RouteRequest } from "../route_table.ts";
import { handleParams, labelsQuery, pageQuery, truth } from "../schema_parts.ts";
import { detailOf, deviceViews, findDevice, viewOf } from "./device_views.ts";
import { deviceDetailSchema, devicePageSchema, deviceSchema } from "./schemas.ts";

const INTERVAL = "a whole number of seconds from 1 to 604,800 (a week)";
/** A fleet of 10,000 devices is 50 pages of a watch. */
const READ = { burst: 300, perMinute: 3_000 };
const CHANGE = { burst: 60, perMinute: 600 };
const ONE = { 200: { description: "The device as it is now", schema: deviceSchema } };

type OfDevice = RouteRequest<v.InferOutput<typeof handleParams>>;
type Act = (devices: Devices, tx: Tx, given: { actor: Actor; ref: DeviceRef }) => Promise<void>;

/** Does it in one transaction and answers with the device. */
async function changed(
  { scope, params, actor }: OfDevice,
  features: Features,
  act: Act,
): Promise<Reply> {
  const ref = { scope, handle: params.handle };
  await features.transactions.write((tx) => act(features.devices, tx, { actor, ref }));
  return json(await viewOf(scope, params.handle, features));
}

const reading = [
  route({
    method: "GET",
    path: "/api/v1/devices",
    access: "viewer",
    operation: "listDevices",
    summary: "Devices in the order they became known, with their latest figures",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: READ,
    query: v.strictObject({
      ...pageQuery,
      filter: v.optional(v.pipe(
        v.string(),
        v.maxLength(100),
        v.description("Part of a handle, name, model or label; case does not matter"),
      )),
      admission: v.optional(v.pipe(
        v.picklist(ADMISSIONS, `one of ${ADMISSIONS.join(", ")}`),
        v.description("Absent: all but the decommissioned"),
      )),
      online: v.optional(truth("Synced within three intervals and half a minute")),
      label: v.optional(labelsQuery),
    }),
    replies: { 200: { description: "A page", schema: devicePageSchema } },
    handle: async ({ query, scope }, features) => {
      const { label, ...rest } = query;
      const nowMs = features.clock.nowMs();
      const page = await listDevices(features.devicesReader, {
        ...rest,
        labels: label,
        scope,
        nowMs,
      });
      return json({ items: await deviceViews(page.items, features), next: page.next });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/devices/:handle",
    access: "viewer",
    operation: "getDevice",
    summary: "Everything about one device",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: READ,
    params: handleParams,
    replies: { 200: { description: "The device", schema: deviceDetailSchema } },
    handle: async ({ params, scope, caller }, features) => {
      const device = await findDevice(scope, params.handle, features);
      return json(await detailOf(device, { caller, scope, features }));
    },
  }),
];

const admitting = [
  route({
    method: "POST",
    path: "/api/v1/devices/:handle/accept",
    access: "operator",
    operation: "acceptDevice",
    summary: "Let a device in, after comparing its fingerprint with the device itself",
    tag: "devices",
    bodyLimitBytes: 1_024,
    rate: CHANGE,
    params: handleParams,
    body: v.strictObject({
      fingerprint: v.pipe(
        v.string("the device's fingerprint or whole handle"),
        v.maxLength(64),
        v.description("As the device shows it: its fingerprint, or its whole handle"),
      ),
    }),
    replies: ONE,
    handle: (request, features) =>
      changed(
        request,
        features,
        (devices, tx, { actor, ref }) =>
          devices.accept(tx, actor, { ref, proof: request.body.fingerprint }),
      ),
  }),
  route({
    method: "POST",
    path: "/api/v1/devices/:handle/reject",
    access: "operator",
    operation: "rejectDevice",
    summary: "Turn a waiting device away",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: CHANGE,
    params: handleParams,
    replies: ONE,
    handle: (request, features) =>
      changed(request, features, (devices, tx, { actor, ref }) => devices.reject(tx, actor, ref)),
  }),
  route({
    method: "POST",
    path: "/api/v1/devices/:handle/release",
    access: "admin",
    operation: "releaseDevice",
    summary: "End a device's quarantine; it gets new keys",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: CHANGE,
    params: handleParams,
    replies: ONE,
    handle: (request, features) =>
      changed(request, features, (devices, tx, { actor, ref }) => devices.release(tx, actor, ref)),
  }),
];

const changing = [
  route({
    method: "PATCH",
    path: "/api/v1/devices/:handle",
    access: "operator",
    operation: "editDevice",
    summary: "Name and label a device, and set how often it syncs",
    tag: "devices",
    bodyLimitBytes: 8_192,
    rate: CHANGE,
    params: handleParams,
    body: v.strictObject({
      name: v.optional(
        v.pipe(
          v.nullable(v.string()),
          v.description("1 to 63 of A-Z a-z 0-9 . _ -; null takes the name away"),
        ),
      ),
      labels: v.optional(v.pipe(
        v.record(v.string(), v.nullable(v.string())),
        v.description("Set or changed; null takes a label away; others stay"),
      )),
      intervalS: v.optional(v.pipe(
        v.number(INTERVAL),
        v.integer(INTERVAL),
        v.minValue(1, INTERVAL),
        v.maxValue(604_800, INTERVAL),
      )),
    }),
    replies: ONE,
    handle: (request, features) =>
      changed(
        request,
        features,
        (devices, tx, { actor, ref }) => devices.edit(tx, actor, { ref, edit: request.body }),
      ),
  }),
  route({
    method: "DELETE",
    path: "/api/v1/devices/:handle",
    access: "operator",
    operation: "decommissionDevice",
    summary: "Take a device out of the fleet; its history stays",
    tag: "devices",
    bodyLimitBytes: 0,
    rate: CHANGE,
    params: handleParams,
    replies: { 204: { description: "It is decommissioned" } },
    handle: async ({ params, scope, actor }, { transactions, devices }) => {
      await transactions.write((tx) =>
        devices.decommission(tx, actor, { scope, handle: params.handle })
      );
      return noContent();
    },
  }),
];

export const devicesRoutes = [...reading, ...admitting, ...changing];
