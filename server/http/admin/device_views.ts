/**
 * @module
 * Devices as the admin API shows them: what is stored, with whether they are online and their latest
 * figures. Row keys never leave the server; the device id only for the role admin.
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import type * as v from "valibot";
import type { DeviceScope } from "../../access/device_scope.ts";
import type { Device } from "../../devices/device.ts";
import { notFound } from "../../devices/devices.ts";
import type { DeviceEvent } from "../../events/device_events.ts";
import { isOnline } from "../../events/online.ts";
import { type Condition, CONDITION_BOUNDS } from "../../telemetry/conditions.ts";
import type { LatestTelemetry } from "../../telemetry/telemetry.ts";
import type { Features } from "../features.ts";
import type { Caller } from "../route_table.ts";
import type { deviceDetailSchema, deviceSchema, eventSchema } from "./schemas.ts";

type DeviceView = v.InferOutput<typeof deviceSchema>;
type DetailView = v.InferOutput<typeof deviceDetailSchema>;

type InventoryFields = NonNullable<DetailView["inventory"]>["fields"];

/** Events shown with a device. */
const DETAIL_EVENTS = 20;

/** Devices with their latest figures, in the same order. */
export async function deviceViews(
  devices: readonly Device[],
  features: Features,
): Promise<DeviceView[]> {
  const latest = await features.telemetry.latest(devices.map((device) => device.id));
  const nowMs = features.clock.nowMs();
  return devices.map((device) => deviceView(device, latest.get(device.id), nowMs));
}

/** One device by handle. @throws DomainError `device.not_found` */
export async function findDevice(
  scope: DeviceScope,
  handle: string,
  { devicesReader }: Features,
): Promise<Device> {
  return await devicesReader.find(scope, handle) ?? notFound(handle);
}

/** One device of a list by handle, as it is now. @throws DomainError `device.not_found` */
export async function viewOf(
  scope: DeviceScope,
  handle: string,
  features: Features,
): Promise<DeviceView> {
  const [view] = await deviceViews([await findDevice(scope, handle, features)], features);
  return view!;
}

/** Everything about a device. */
export async function detailOf(
  device: Device,
  { caller, scope, features }: { caller: Caller | null; scope: DeviceScope; features: Features },
): Promise<DetailView> {
  const [latest, inventory, streams, events] = await Promise.all([
    features.telemetry.latest([device.id]),
    features.inventory.get(null, device.id),
    features.devicesReader.streams(device.id),
    features.deviceEvents.list(scope, { deviceId: device.id, limit: DETAIL_EVENTS }),
  ]);
  const values = latest.get(device.id);
  const nowMs = features.clock.nowMs();
  return {
    ...deviceView(device, values, nowMs),
    ...(caller?.role === "admin" ? { deviceId: Buffer.from(device.deviceId).toString("hex") } : {}),
    fingerprint: fingerprintOf(device.publicKey),
    serial: device.serial,
    uptimeMs: device.uptimeMs,
    inventory: inventory === undefined
      ? null
      : { changedAtMs: inventory.changedAtMs, fields: inventory.facts as InventoryFields },
    latestValues: (values?.metrics ?? []).map(({ name, unit, value, atMs }) => ({
      metric: name,
      unit,
      value,
      atMs,
    })),
    alarms: alarmsOf(device, nowMs),
    streams: [...streams],
    events: events.map(eventView),
  };
}

/** One event. */
export function eventView(event: DeviceEvent): v.InferOutput<typeof eventSchema> {
  const { id, atMs, name, severity, text, reported } = event;
  return { id, atMs, name, severity, text, reported };
}

function deviceView(
  device: Device,
  latest: LatestTelemetry | undefined,
  nowMs: number,
): DeviceView {
  const { handle, name, model, hwClass, admission, quarantined, tofu, lastSeenMs, agentVersion } =
    device;
  return {
    handle,
    name,
    model,
    hwClass,
    admission,
    quarantined,
    tofu,
    online: isOnline(device, nowMs),
    lastSeenMs,
    agentVersion,
    labels: device.labels as Record<string, string>,
    intervalS: device.intervalS,
    address: device.address,
    acceptedAtMs: device.acceptedAtMs,
    createdAtMs: device.createdAtMs,
    latest: Object.fromEntries((latest?.metrics ?? []).map(({ name, value }) => [name, value])),
    latestAtMs: latest?.atMs ?? null,
  };
}

const { hot: HOT, full: FULL } = CONDITION_BOUNDS;
const CONDITION_TEXTS: Readonly<Record<Condition, string>> = {
  hot: `It is hot: it measured ${HOT.begins} °C or more, and not less than ${HOT.ends} °C since`,
  full: `Its disk is full: ${FULL.begins * 100} % or more of it is used`,
};

function alarmsOf(device: Device, nowMs: number): DetailView["alarms"] {
  const alarms: DetailView["alarms"] = [];
  if (device.quarantined) {
    alarms.push({
      code: "device.quarantined",
      text:
        "Two programs seem to use this device's key; it gets nothing until it is released (`fleets devices release`)",
    });
  }
  if (device.helloMismatch) {
    alarms.push({
      code: "device.hello_mismatch",
      text:
        "The device was shown another server's hello when it enrolled: somebody may stand between it and this server",
    });
  }
  if (device.tofu) {
    alarms.push({
      code: "device.tofu",
      text:
        "It was let in by its address alone; compare its fingerprint and accept it (`fleets devices register`)",
    });
  }
  for (const condition of device.conditions) {
    if (device.admission === "accepted" && isOnline(device, nowMs)) {
      alarms.push({ code: `device.${condition}`, text: CONDITION_TEXTS[condition] });
    }
  }
  if (device.admission === "accepted" && !isOnline(device, nowMs)) {
    alarms.push({
      code: "device.offline",
      text: "It has not synced for more than three intervals",
    });
  }
  return alarms;
}
