/**
 * An agent on the network, as its announcement or its own answer describes it: unproven until its key is.
 *
 * @module
 */
import type { FoundService } from "@fleetd/firmware-protocol";
import { CliError, ExitCode, getJson } from "@fleetd/cli/kit";
import { formatHostPort } from "./host_port.ts";

/** Where agents answer unless told otherwise. */
export const AGENT_PORT = 7400;

/** What is known about an agent from outside. */
export interface FoundAgent {
  /** Public name of the device. */
  readonly handle: string;
  /** Best address with port, "192.168.1.20:7400". */
  readonly address: string;
  /** Every address, best first, without port. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Interface on which it was seen; null when it was asked directly. */
  readonly interface: string | null;
  readonly model: string;
  readonly version: string;
  /** "1.0" */
  readonly protocol: string;
  /** `unenrolled`, `waiting`, `pending`, `accepted`, `rejected`, `quarantined` or `decommissioned`. */
  readonly state: string;
  /** First 16 letters of the fingerprint of the server it belongs to; null without one. */
  readonly serverFingerprintPrefix: string | null;
}

/** From an announcement; undefined when it is not one of an agent. */
export function foundAgent(
  service: FoundService,
  parseTxt: typeof import("@fleetd/firmware-protocol").parseAgentTxt,
): FoundAgent | undefined {
  const txt = parseTxt(service.txt);
  const best = service.addresses[0];
  if (txt === undefined || best === undefined) return undefined;
  return {
    handle: txt.h,
    address: formatHostPort(best, service.port),
    addresses: service.addresses,
    port: service.port,
    interface: service.interfaceName,
    model: txt.model,
    version: txt.ver,
    protocol: txt.v,
    state: txt.state,
    serverFingerprintPrefix: txt.fp ?? null,
  };
}

/** `GET /v1/info` of an agent. */
interface AgentInfo {
  readonly handle: string;
  readonly model: string;
  readonly agentVersion: string;
  readonly protocol: string;
  readonly state: string;
  readonly server: { readonly fingerprint: string } | null;
}

/** Asks one agent itself. @throws {CliError} exit code 5 when no agent answers there */
export async function askAgent(
  { host, port }: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<FoundAgent> {
  const address = formatHostPort(host, port);
  const info = await getJson<AgentInfo>(new URL(`http://${address}/v1/info`), { timeoutMs })
    .catch((cause) => {
      throw new CliError(`Cannot ask ${address}: no agent answers there.`, {
        exitCode: ExitCode.unreachable,
        hints: [
          `On the device, fleetd status says on which port it listens (${AGENT_PORT} unless it was taken).`,
        ],
        cause,
      });
    });
  if (typeof info?.handle !== "string" || typeof info.state !== "string") {
    throw new CliError(`Cannot ask ${address}: what answers there is no FleetD agent.`, {
      exitCode: ExitCode.unreachable,
    });
  }
  return {
    handle: info.handle,
    address,
    addresses: [host],
    port,
    interface: null,
    model: String(info.model ?? ""),
    version: String(info.agentVersion ?? ""),
    protocol: String(info.protocol ?? ""),
    state: info.state,
    serverFingerprintPrefix: info.server ? prefixOf(info.server.fingerprint) : null,
  };
}

/** The part of a server's fingerprint that announcements carry: its first 16 letters without dashes. */
export function prefixOf(fingerprint: string): string {
  return fingerprint.replaceAll("-", "").slice(0, 16);
}
