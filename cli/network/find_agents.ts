/**
 * Browsing the network for agents and other services for a while.
 *
 * @module
 */
import type { BrowseEvent, FoundService } from "@fleetd/firmware-protocol";
import { type FoundAgent, foundAgent } from "./found_agent.ts";

/** A part of the time, 0-1, spent on asking which types there are, when all are wanted. */
const TYPES_SHARE = 0.4;

/** Everything of the given types that is seen within the time, in order of appearance. */
export async function findServices(
  { types, timeoutMs }: { readonly types: readonly string[]; readonly timeoutMs: number },
): Promise<FoundService[]> {
  const found = new Map<string, FoundService>();
  for await (const event of browseFor(types, AbortSignal.timeout(timeoutMs))) keep(found, event);
  return [...found.values()];
}

/** Every agent that is seen within the time. */
export async function findAgents(
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<FoundAgent[]> {
  const { AGENT_SERVICE, parseAgentTxt } = await import("@fleetd/firmware-protocol");
  const services = await findServices({ types: [AGENT_SERVICE], timeoutMs });
  return services.map((service) => foundAgent(service, parseAgentTxt)).filter((agent) =>
    agent !== undefined
  );
}

/** Types of service present on the network, found within a share of the time. */
export async function findTypes(timeoutMs: number): Promise<string[]> {
  const { browseServiceTypes } = await import("@fleetd/firmware-protocol");
  const types = new Set<string>();
  const signal = AbortSignal.timeout(timeoutMs * TYPES_SHARE);
  for await (const type of browseServiceTypes({ signal })) types.add(type);
  return [...types].sort();
}

/** Services as they come and go, until the signal fires. */
export async function* browseFor(
  types: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<BrowseEvent> {
  if (types.length === 0) return;
  const { browse } = await import("@fleetd/firmware-protocol");
  yield* browse({ types: [...types], signal });
}

/** Applies one event to what is present now. */
export function keep(found: Map<string, FoundService>, { kind, service }: BrowseEvent): void {
  const key = `${service.type} ${service.instance}`;
  if (kind === "down") found.delete(key);
  else found.set(key, service);
}
