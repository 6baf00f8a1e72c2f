/**
 * What can be wrong between the agent and its server, and what to do about it. Looks, and changes nothing.
 *
 * @module
 */
import { fingerprintOf, PROTOCOL, TokenStatus } from "@fleetd/firmware-protocol";
import { enrolledPin, publicState } from "../announced_txt.ts";
import type { AgentState, Pin } from "../agent_state.ts";
import type { Network } from "../ports.ts";
import { NetworkError } from "../ports.ts";
import { askHello, ExchangeError } from "../session/exchanges.ts";
import type { OwnerView } from "../storage/owner_view.ts";
import { bad, type Check, good, warning } from "./check.ts";

/** What is looked at. */
export interface AgentCheckParts {
  readonly network: Network;
  readonly view: OwnerView;
  /** Whether an agent answered on this machine. */
  readonly running: boolean;
  /** Names of the servers that mDNS shows, with address and fingerprint prefix; `null` when it was not asked. */
  readonly seen: readonly string[] | null;
  readonly signal: AbortSignal;
}

/** Looks at the agent's side. */
export async function agentChecks(parts: AgentCheckParts): Promise<Check[]> {
  const { view, running, seen } = parts;
  return [
    checkRunning(running),
    checkStorage(view),
    ...checkEnrolment(view.state, seen),
    ...await checkServer(parts),
  ];
}

function checkRunning(running: boolean): Check {
  const name = "agent runs";
  return running ? good(name, "it answers on its local RPC") : warning(name, {
    found: "no agent answers on this machine",
    advice: "Start it with: fleetd agent. If it does run, name its --storage-dir.",
  });
}

function checkStorage({ identity, damaged }: OwnerView): Check {
  const name = "identity";
  if (damaged) {
    return warning(name, {
      found: "a state file is damaged; the agent goes on with the one before",
      advice: "Look at the disk: SD cards fail this way first.",
    });
  }
  return identity === null
    ? warning(name, { found: "none yet", advice: "The first `fleetd agent` makes it." })
    : good(name, identity.handle);
}

function checkEnrolment(state: AgentState | null, seen: readonly string[] | null): Check[] {
  const name = "enrolment";
  const word = state === null ? "unenrolled" : publicState(state);
  if (word === "accepted") return [good(name, word), ...checkTrust(state!)];
  if (word === "unenrolled") return [unenrolled(seen)];
  const advice: Record<string, string> = {
    pending: "Accept it on the server: fleets devices register.",
    quarantined: "An administrator looks into it and releases it: fleets devices show HANDLE.",
    rejected: "An administrator accepts it after all, or removes it and it enrols anew.",
    decommissioned: "To enrol it again with another server: fleetd enroll --replace.",
  };
  return [
    warning(name, { found: word, advice: advice[word] ?? "" }),
    ...checkToken(state!),
    ...checkTrust(state!),
  ];
}

function unenrolled(seen: readonly string[] | null): Check {
  const name = "enrolment";
  if (seen === null || seen.length === 0) {
    return bad(name, {
      found: seen === null
        ? "unenrolled"
        : "unenrolled, and no server shows itself on this network",
      advice: "Name the server: fleetd agent --server URL. " +
        "mDNS does not cross routers, and guest WiFi often blocks it.",
    });
  }
  if (seen.length === 1) {
    return warning(name, { found: `unenrolled; sees ${seen[0]}`, advice: "Start the agent." });
  }
  return bad(name, {
    found: `unenrolled; sees ${seen.length} servers: ${seen.join(", ")}`,
    advice: "Choose one: fleetd enroll with its token, fleetd trust FINGERPRINT, or --server URL.",
  });
}

function checkToken(state: AgentState): Check[] {
  if (!("session" in state) || state.session.token === null) return [];
  const { status } = state.session.token;
  if (status === TokenStatus.used) return [];
  const word = Object.entries(TokenStatus).find(([, code]) => code === status)?.[0] ??
    String(status);
  return [warning("enrolment token", {
    found: `the server did not take it: ${word}`,
    advice: "Make another on the server (fleets tokens create) and give it with: fleetd enroll.",
  })];
}

function checkTrust(state: AgentState): Check[] {
  const pin = enrolledPin(state);
  if (pin === null || pin.trust !== "tofu") return [];
  return [warning("trust", {
    found: "the server's key was trusted on first use",
    advice: `Compare with what the server prints, then: fleetd trust ${
      fingerprintOf(pin.serverKey)
    }`,
  })];
}

/** Asks each address the agent would ask, and compares keys. */
async function checkServer({ view, network, signal }: AgentCheckParts): Promise<Check[]> {
  const pin = view.state && enrolledPin(view.state);
  const named = view.directions.server;
  const urls = [...new Set([...(named === undefined ? [] : [named]), ...(pin?.urls ?? [])])];
  const checks: Check[] = [];
  for (const url of urls) checks.push(await checkAddress(url, { network, pin, signal }));
  return checks;
}

async function checkAddress(
  url: string,
  { network, pin, signal }: { network: Network; pin: Pin | null; signal: AbortSignal },
): Promise<Check> {
  const name = `server ${url}`;
  try {
    const hello = await askHello({ network, url, signal });
    const shown = fingerprintOf(hello.serverKey);
    if (pin !== null && fingerprintOf(pin.serverKey) !== shown) {
      return bad(name, {
        found: `another server answers there: ${shown}`,
        advice:
          "This device keeps to the server it knows. If it has moved: fleetd enroll --replace.",
      });
    }
    if (hello.majorMin > PROTOCOL.major || hello.majorMax < PROTOCOL.major) {
      return bad(name, {
        found:
          `it speaks protocol ${hello.majorMin} to ${hello.majorMax}, this agent ${PROTOCOL.major}`,
        advice: "Update the older of the two.",
      });
    }
    return good(name, `answers with the fingerprint ${shown}`);
  } catch (error) {
    if (!(error instanceof ExchangeError) && !(error instanceof NetworkError)) throw error;
    return bad(name, {
      found: error.message,
      advice: "Is the server running (fleets server), and does a firewall let this device through?",
    });
  }
}
