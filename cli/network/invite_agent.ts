/**
 * Telling an agent that belongs to nobody where a server is. It is a hint: the agent enrols by itself and the server
 * takes it only after an administrator has compared fingerprints.
 *
 * @module
 */
import { CliError, ExitCode, isLoopbackHost, openHttp, readAll } from "@fleetd/cli/kit";
import { type FoundAgent, prefixOf } from "./found_agent.ts";
import { formatHostPort } from "./host_port.ts";

/** Which server the agent is told of. */
export interface Invitation {
  /** Base address as the device can reach it. */
  readonly url: string;
  /** Fingerprint of the server's key; the agent goes nowhere else. */
  readonly fingerprint: string;
}

const TIMEOUT_MS = 5_000;
const BROWSE_MS = 2_500;

/** Hands over the invitation, trying the agent's addresses in turn. @throws {CliError} */
export async function inviteAgent(agent: FoundAgent, invitation: Invitation): Promise<void> {
  const act = `invite ${agent.handle}`;
  const body = JSON.stringify(invitation);
  let last: unknown;
  for (const host of agent.addresses) {
    try {
      const answer = await openHttp(
        new URL(`http://${formatHostPort(host, agent.port)}/v1/invitation`),
        {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        },
      );
      await readAll(answer);
      if (answer.status >= 200 && answer.status < 300) return;
      throw refusal(act, answer.status);
    } catch (error) {
      if (error instanceof CliError) throw error;
      last = error;
    }
  }
  throw new CliError(`Cannot ${act}: it does not answer at ${agent.address}.`, {
    exitCode: ExitCode.unreachable,
    cause: last,
  });
}

function refusal(act: string, status: number): CliError {
  const state = status === 409 ? "it belongs to a server already" : `it answered HTTP ${status}`;
  return new CliError(`Cannot ${act}: ${state}.`, { exitCode: ExitCode.refused });
}

/**
 * The server's address as the device can reach it. A sign-in over loopback says nothing about the network: then the
 * server's own announcement does, recognised by its fingerprint.
 * @throws {CliError} when no such address is known
 */
export async function addressForDevice(
  agent: FoundAgent,
  { url, fingerprint }: Invitation,
): Promise<string> {
  const onThisMachine = agent.addresses.some((host) => host === "::1" || host.startsWith("127."));
  if (onThisMachine || !isLoopbackHost(new URL(url).hostname)) return url;
  const { findServers } = await import("@fleetd/firmware-protocol");
  const signal = AbortSignal.timeout(BROWSE_MS);
  for await (const { kind, server } of findServers({ signal, loopback: false })) {
    if (kind === "down" || server.fingerprintPrefix !== prefixOf(fingerprint)) continue;
    const reachable = server.urls.find((one) => !isLoopbackHost(new URL(one).hostname));
    if (reachable !== undefined) return reachable;
  }
  throw new CliError(
    `Cannot invite ${agent.handle}: the server's address on the network is not known here.`,
    {
      hints: ["Say how the device reaches it: --server-url http://192.168.1.2:8080"],
    },
  );
}
