/**
 * @module
 * How the state of a device is told on the wire.
 */
import { DeviceStateCode } from "@fleetd/firmware-protocol";
import type { Admission } from "../devices/device.ts";

/** `DeviceStateCode` of a device; quarantine shows only where there is something to withhold. */
export function deviceStateCode(
  { admission, quarantined }: { readonly admission: Admission; readonly quarantined: boolean },
): number {
  switch (admission) {
    case "accepted":
      return quarantined ? DeviceStateCode.quarantined : DeviceStateCode.active;
    case "pending":
      return DeviceStateCode.pending;
    case "rejected":
      return DeviceStateCode.rejected;
    case "decommissioned":
      return DeviceStateCode.decommissioned;
  }
}
