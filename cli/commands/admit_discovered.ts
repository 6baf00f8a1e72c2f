/**
 * The part of `fleets devices register` for a device that no server knows: find it, invite it, wait until it knocks.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import {
  CliError,
  ExitCode,
  formatDuration,
  safeText,
  usageError,
  writeNote,
} from "@fleetd/cli/kit";
import { matchDevices } from "../api/find_device.ts";
import type { Session } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";
import { findAgents } from "../network/find_agents.ts";
import type { FoundAgent } from "../network/found_agent.ts";
import { addressForDevice, inviteAgent } from "../network/invite_agent.ts";

const BROWSE_MS = 3_000;
const POLL_MS = 500;
/** States in which an agent belongs to no server and takes a hint. */
const FREE_STATES: readonly string[] = ["unenrolled", "waiting"];

/** What is wanted. */
export interface DiscoveredWish {
  readonly reference: string;
  readonly act: string;
  readonly options: { readonly serverUrl?: string; readonly timeout: number };
}

/** The handle of the device once it waits on the server. @throws {CliError} when it is not found, not free, or does not come */
export async function admitDiscovered(
  { terminal }: FleetsContext,
  { api }: Session,
  { reference, act, options }: DiscoveredWish,
): Promise<string> {
  writeNote(terminal, `The server does not know "${reference}"; looking on the network`);
  const agent = pickAgent(await findAgents({ timeoutMs: BROWSE_MS }), { reference, act });
  const { fingerprint } = await api.server(act);
  const invitation = { url: options.serverUrl ?? api.url, fingerprint };
  const url = options.serverUrl ?? await addressForDevice(agent, invitation);
  await inviteAgent(agent, { url, fingerprint });
  writeNote(terminal, `Invited ${agent.handle} at ${agent.address} to ${url}; waiting for it`);
  const deadline = performance.now() + options.timeout;
  while (performance.now() < deadline) {
    const device = (await api.devices(act)).find((d) => d.handle === agent.handle);
    if (device !== undefined) return device.handle;
    await delay(POLL_MS);
  }
  throw new CliError(`Cannot ${act}: it did not come within ${formatDuration(options.timeout)}.`, {
    exitCode: ExitCode.timedOut,
    hints: [`See on the device what holds it up: fleetd doctor. It must reach ${url}`],
  });
}

function pickAgent(
  agents: readonly FoundAgent[],
  { reference, act }: Pick<DiscoveredWish, "reference" | "act">,
): FoundAgent {
  const [agent, ...others] = matchDevices(agents, reference);
  if (agent === undefined) {
    throw new CliError(`Cannot ${act}: neither the server nor this network knows it.`, {
      exitCode: ExitCode.notFound,
      hints: [
        "Devices on the server: fleets devices list",
        "Agents on the network: fleets discover",
      ],
    });
  }
  if (others.length > 0) {
    throw usageError(
      `Cannot ${act}: it means ${others.length + 1} agents.`,
      ...[agent, ...others].map((a) => a.handle),
    );
  }
  if (!FREE_STATES.includes(agent.state)) {
    throw new CliError(
      `Cannot ${act}: it belongs to another server (its state is ${safeText(agent.state)}).`,
      {
        exitCode: ExitCode.refused,
      },
    );
  }
  return agent;
}
