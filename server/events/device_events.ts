/**
 * @module
 * What happened to devices, kept for people: re-enrolments, clone alarms, what devices report.
 */
import type { DeviceScope } from "../access/device_scope.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** One event to keep. */
export interface NewDeviceEvent {
  readonly deviceId: number;
  readonly atMs: number;
  /** `area.what`, at most 48 bytes. */
  readonly name: string;
  /** 0 emergency … 7 debug. */
  readonly severity: number;
  /** For people, at most 256 bytes. */
  readonly text: string | null;
  /** Where stream 3 said it: makes the row unique, so that a repetition changes nothing. */
  readonly report?: { readonly epoch: number; readonly counter: number };
}

/** One kept event. */
export interface DeviceEvent extends Omit<NewDeviceEvent, "report"> {
  readonly id: number;
  /** True when the device said it, false when the server did. */
  readonly reported: boolean;
}

/** Where events are kept. */
export interface DeviceEvents {
  /** @returns false when this report's event is kept already */
  record(tx: Tx, event: NewDeviceEvent): Awaitable<boolean>;
  /** Newest first, `before` an id; at most `limit` (1..500). A device outside the scope has none. */
  list(
    scope: DeviceScope,
    query: { readonly deviceId: number; readonly limit: number; readonly before?: number },
  ): Awaitable<readonly DeviceEvent[]>;
}

/** An event of any device of the fleet, with the device's names. */
export interface FleetEvent extends DeviceEvent {
  readonly handle: string;
  readonly deviceName: string | null;
}

/** Events of the whole fleet. */
export interface FleetEvents {
  /** Newest first, of devices inside the scope; one query. */
  newest(scope: DeviceScope, limit: number): Promise<readonly FleetEvent[]>;
}
