/**
 * Which run of the host this is, and whether its clock can be believed.
 *
 * @module
 */
import { ClockSource } from "@fleetd/firmware-protocol";
import type { Host } from "../ports.ts";

/**
 * The boot id of the protocol: the same for every process of one cold start, another one after the next. 0 to 2^32 − 1;
 * `null` where the kernel tells none, and the caller takes a random one.
 */
export function readBootId(host: Host): number | null {
  const text = host.readText("/proc/sys/kernel/random/boot_id") ?? "";
  const first = /^([0-9a-f]{8})-[0-9a-f]{4}-/i.exec(text)?.[1];
  return first === undefined ? null : Number.parseInt(first, 16);
}

/** Files that exist only while a time service of that name has set the clock. */
const SYNCHRONISED_FILES = ["/run/systemd/timesync/synchronized"];

/**
 * Whether a time service has set the host's clock since it started: `ClockSource.ntp`, or `null` when nothing says so,
 * which does not mean that the clock is wrong.
 */
export function readClockSource(host: Host): number | null {
  return SYNCHRONISED_FILES.some((path) => host.readText(path) !== null) ? ClockSource.ntp : null;
}
