/**
 * `identify`: which of these boxes is it? The agent writes a line that a person beside it can see, and reports back.
 *
 * @module
 */
import { CommandStatus } from "@fleetd/firmware-protocol";
import type { CommandWork } from "./run_commands.ts";

/** Writes the line. */
export const identify: CommandWork = ({ log }) => {
  log.info("It is me: the server asked this device to identify itself");
  return { status: CommandStatus.ok };
};
