/**
 * The hidden commands behind the completion of devices and tokens: what can be named, one a line, a tab before what it
 * is called. Without a server they print nothing: a shell that completes must not fail.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { CliError, safeText } from "@fleetd/cli/kit";
import type { FleetApi } from "../api/client.ts";
import { storedSession } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";

const ASK_MS = 2_000;
const ACT = "complete names";

/** Adds the hidden `names` to `devices`. */
export function addDeviceNamesCommand(devices: Command, context: FleetsContext): void {
  addNamesCommand(
    devices,
    context,
    async (api) => (await api.devices(ACT)).map((d) => [d.handle, d.name ?? d.model ?? d.hwClass]),
  );
}

/** Adds the hidden `names` to `tokens`. */
export function addTokenNamesCommand(tokens: Command, context: FleetsContext): void {
  addNamesCommand(
    tokens,
    context,
    async (api) =>
      (await api.enrolmentTokens(ACT)).filter((t) => t.state === "usable").map((
        t,
      ) => [t.id, t.name ?? "no name"]),
  );
}

function addNamesCommand(
  parent: Command,
  { terminal }: FleetsContext,
  list: (api: FleetApi) => Promise<(readonly [word: string, description: string])[]>,
): void {
  parent.command("names", { hidden: true }).description("names for completion").action(async () => {
    try {
      const session = storedSession(terminal, ASK_MS);
      const names = session ? await list(session.api) : [];
      terminal.out(names.map(([word, text]) => `${word}\t${safeText(text)}\n`).join(""));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
    }
  });
}
