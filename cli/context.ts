/**
 * What every command of `fleets` gets: the terminal and the time. Tests pass their own.
 *
 * @module
 */
import type { Terminal } from "@fleetd/cli/kit";

/** Handed to each command when the program is built. */
export interface FleetsContext {
  /** Where the command reads and writes. */
  readonly terminal: Terminal;
  /** Unix ms. */
  nowMs(): number;
}
