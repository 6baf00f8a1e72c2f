/**
 * @module
 * The command `identify`: the device makes itself known where it stands (the agent logs a line) and
 * reports back. It changes nothing, so it also measures how fast a command reaches a device.
 */
import type { Actor } from "../audit/actor.ts";
import { DomainError } from "../errors.ts";
import type { Device } from "../devices/device.ts";
import type { Tx } from "../transaction.ts";
import type { Commands } from "./commands.ts";

/** Name on the wire. */
export const IDENTIFY = "identify";

/** An identify that comes after this is of no use, s. */
const IDENTIFY_TTL_S = 300;

/**
 * Asks a device to identify itself.
 * @returns the command's id
 * @throws DomainError `device.wrong_state`, `command.queue_full`
 */
export async function identifyDevice(
  tx: Tx,
  actor: Actor,
  { commands, device }: {
    readonly commands: Commands;
    readonly device: Pick<Device, "id" | "handle" | "admission" | "quarantined">;
  },
): Promise<number> {
  if (device.admission !== "accepted" || device.quarantined) {
    const state = device.quarantined ? "in quarantine" : device.admission;
    throw new DomainError(
      "device.wrong_state",
      `Cannot identify ${device.handle}: it is ${state}, and only accepted devices take commands`,
    );
  }
  return await commands.queue(tx, actor, { device, name: IDENTIFY, ttlS: IDENTIFY_TTL_S });
}
