/**
 * What the network may see of the agent: never serial, name or device id.
 *
 * @module
 */
import { buildAgentTxt, fingerprintPrefix, PROTOCOL } from "@fleetd/firmware-protocol";
import type { AgentState, Pin } from "./agent_state.ts";

/** Where the agent stands, in one word for people and for TXT. */
export function publicState(state: AgentState): string {
  switch (state.name) {
    case "unenrolled":
    case "looking":
    case "greeting":
      return "unenrolled";
    case "handshaking":
    case "unconfirmed":
      return state.resume?.name ?? "unenrolled";
    case "waiting":
    case "pending":
    case "accepted":
    case "rejected":
    case "quarantined":
    case "decommissioned":
      return state.name;
    default:
      return nameless(state);
  }
}

/** The server the agent holds on to, or `null` before a verified answer. */
export function enrolledPin(state: AgentState): Pin | null {
  if (state.name === "handshaking" || state.name === "unconfirmed") {
    return state.resume?.session.pin ?? null;
  }
  return "session" in state ? state.session.pin : null;
}

/** The TXT record. */
export function agentTxt(
  state: AgentState,
  { handle, model, version }: { handle: string; model: string; version: string },
): Record<string, string> {
  const pin = enrolledPin(state);
  return buildAgentTxt({
    v: `${PROTOCOL.major}.${PROTOCOL.minor}`,
    model,
    ver: version,
    state: publicState(state),
    h: handle,
    ...(pin === null ? {} : { fp: fingerprintPrefix(pin.serverKey) }),
  });
}

function nameless(state: never): never {
  throw new TypeError(`no word for ${JSON.stringify(state)}`);
}
