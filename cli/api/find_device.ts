/**
 * Which device the user means: its handle, the beginning of its handle, or its name.
 *
 * @module
 */
import { CliError, ExitCode } from "@fleetd/cli/kit";
import type { FleetApi } from "./client.ts";
import type { Device } from "./shapes.ts";

/** Handle of a device: 80 bits of base32 in four groups of four. */
export const HANDLE = /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/;

/**
 * The one device meant by `reference`.
 * @throws {CliError} exit code 4 when there is none, 2 when there are several
 */
export async function findDevice(api: FleetApi, act: string, reference: string): Promise<Device> {
  const matching = matchDevices(await api.devices(act), reference);
  if (matching.length === 1) return matching[0]!;
  // A list leaves out what was taken out of the fleet; its whole handle still names it.
  if (HANDLE.test(reference)) return await api.device(act, reference);
  if (matching.length === 0) {
    throw new CliError(`Cannot ${act}: no device "${reference}" is known to this server.`, {
      exitCode: ExitCode.notFound,
      hints: ["List what there is: fleets devices list"],
    });
  }
  throw new CliError(`Cannot ${act}: "${reference}" means ${matching.length} devices.`, {
    exitCode: ExitCode.usage,
    hints: matching.slice(0, 8).map((d) => d.name ? `${d.handle}  ${d.name}` : d.handle),
  });
}

/** Devices whose handle or name is the reference; only if there is none, those whose handle begins with it. */
export function matchDevices<
  Item extends { readonly handle: string; readonly name?: string | null },
>(
  devices: readonly Item[],
  reference: string,
): Item[] {
  const wanted = reference.trim().toLowerCase();
  if (wanted === "") return [];
  const exact = devices.filter((d) => d.handle === wanted || d.name?.toLowerCase() === wanted);
  if (exact.length > 0) return exact;
  const letters = wanted.replaceAll("-", "");
  return /^[a-z2-7]+$/.test(letters)
    ? devices.filter((d) => d.handle.replaceAll("-", "").startsWith(letters))
    : [];
}
