/**
 * What the server signed in to knows of agents seen on the network. Without a sign-in, or while the server does not
 * answer, it says that it does not know, which is not the same as no.
 *
 * @module
 */
import { CliError, type Terminal, writeNote } from "@fleetd/cli/kit";
import type { FoundAgent } from "../network/found_agent.ts";
import type { KnownAgent } from "../output/found_table.ts";
import { storedSession } from "./session.ts";
import type { Device } from "./shapes.ts";

const ASK_MS = 3_000;
/** The list is read again at most this often. */
const FRESH_MS = 2_000;

/** The devices of the server, read when asked to. */
export class KnownDevices {
  readonly #terminal: Terminal;
  #devices: readonly Device[] | undefined;
  #readAtMs = -Infinity;
  #told = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Reads the list unless it is fresh. A server that does not answer is said once and is no failure. */
  async refresh(): Promise<void> {
    const now = performance.now();
    if (now - this.#readAtMs < FRESH_MS) return;
    this.#readAtMs = now;
    try {
      const session = storedSession(this.#terminal, ASK_MS);
      this.#devices = await session?.api.devices("see which agents the server knows");
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.#devices = undefined;
      if (!this.#told) writeNote(this.#terminal, error.message);
      this.#told = true;
    }
  }

  /** The agent with what the server knows of it. */
  describe(agent: FoundAgent): KnownAgent {
    const device = this.#devices?.find((d) => d.handle === agent.handle);
    return {
      ...agent,
      known: this.#devices === undefined ? null : device !== undefined,
      admission: device?.admission ?? null,
      name: device?.name ?? null,
    };
  }
}
