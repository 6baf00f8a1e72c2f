/**
 * @module
 * Two programs use one device's key: the device goes into quarantine, where it may still report (marked
 * suspect) and gets nothing, until an administrator releases it.
 */
import type { Audit } from "../audit/audit.ts";
import { systemActor } from "../audit/actor.ts";
import type { DeviceEvents } from "../events/device_events.ts";
import type { LiveEvents } from "../events/live_events.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** Where quarantine is kept. */
export interface QuarantineRecords {
  /** @returns false when the device was in quarantine already */
  quarantine(tx: Tx, deviceId: number): Awaitable<boolean>;
  /**
   * Ends quarantine; the device is asked for a new handshake, and stale messages are counted afresh.
   * @returns false when it was not in quarantine
   */
  release(tx: Tx, deviceId: number): Awaitable<boolean>;
}

/** Raises alarms. */
export interface CloneAlarmOptions {
  readonly records: QuarantineRecords;
  readonly events: DeviceEvents;
  readonly live: LiveEvents;
  readonly audit: Audit;
}

/** What gave a clone away. */
export type CloneSign =
  | "same sequence number, other message"
  | "sequence went backwards three times in 24 hours"
  | "two boots alternate"
  | "message under a replaced key"
  | "enrolled again more than three times in 24 hours";

/** Puts the device into quarantine and says why. Repeating it changes nothing. */
export async function raiseCloneAlarm(
  tx: Tx,
  { records, events, live, audit, device, sign, address, nowMs }: CloneAlarmOptions & {
    readonly device: { readonly id: number; readonly handle: string };
    readonly sign: CloneSign;
    readonly address: string;
    readonly nowMs: number;
  },
): Promise<void> {
  if (!await records.quarantine(tx, device.id)) return;
  await events.record(tx, {
    deviceId: device.id,
    atMs: nowMs,
    name: "device.clone_alarm",
    severity: 1,
    text: `Two programs seem to use this device's key: ${sign}`,
  });
  await audit(tx, {
    actor: systemActor("clone-alarm").name,
    address,
    action: "device.quarantine",
    target: `device:${device.handle}`,
    before: { quarantined: false },
    after: { quarantined: true, sign },
  });
  await live.publish(tx, {
    kind: "device.changed",
    deviceId: device.id,
    handle: device.handle,
    atMs: nowMs,
  });
}
