/**
 * The moves of an agent that has no keys yet: look, choose, ask, agree on keys. Pure; cells of the table in `step.ts`.
 *
 * @module
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import type {
  AgentEvent,
  Candidate,
  Effect,
  Greeting,
  Handshaking,
  Looking,
  Step,
  Waiting,
} from "../agent_state.ts";
import { backOffMs } from "./back_off.ts";
import { bundlePin, chooseServer, isDirected } from "./choose_server.ts";
import { freshContact, nextUrl, usableToken } from "./contact.ts";
import { before, failure, log, stay, wake } from "./effects.ts";

/** How long an agent that nobody directs watches the network before it takes the only server there. */
export const CHOOSE_AFTER_MS = 3_000;
/** Longest wait between two attempts to reach a server. */
export const BACK_OFF_CAP_MS = 60_000;

/** What a handshake needs when nothing is agreed yet. */
export const FIRST = { helloDigest: null, reason: "first", resume: null } as const;

export function startLooking(event: AgentEvent, seen: readonly Candidate[] = []): Step {
  const chooseAtMs = event.nowMs + (isDirected(event.directions) ? 0 : CHOOSE_AFTER_MS);
  const effects: Effect[] = [];
  if (event.kind === "directed" && event.forget) effects.push({ kind: "forgot_server" });
  if (event.directions.server === null) {
    effects.push(log("info", "Looking for a server on the network"), { kind: "look" });
  }
  return before(choose({ name: "looking", seen, failures: 0, chooseAtMs }, event), ...effects);
}

export function choose(state: Looking, event: AgentEvent): Step {
  const choice = chooseServer(event.directions, state);
  if (choice.kind === "none") return stay(state);
  const waitMs = state.chooseAtMs - event.nowMs;
  if (waitMs > 0) return { state, effects: [wake(waitMs)] };
  if (choice.kind === "several") return waitForOwner(choice.candidates, state);
  return approach(choice.candidate, { ...state, event });
}

export function waitForOwner(
  candidates: readonly Candidate[],
  { seen, told = "" }: { readonly seen: readonly Candidate[]; readonly told?: string },
): Step {
  const state: Waiting = { name: "waiting", seen, told: namesOf(candidates) };
  if (told === state.told) return stay(state);
  const hint =
    "choose one: fleetd agent --server URL, or fleetd enroll with its token, or fleetd trust FINGERPRINT";
  const message = "Sees several servers and was told of none, so it waits";
  return { state, effects: [log("warn", message, { servers: state.told, hint })] };
}

function namesOf(candidates: readonly Candidate[]): string {
  return candidates
    .map((one) => `${one.name || "unnamed"} ${one.url} ${one.fingerprintPrefix}`.trimEnd())
    .sort().join(", ");
}

export function approach(
  candidate: Candidate,
  { seen, failures, event }: { seen: readonly Candidate[]; failures: number; event: AgentEvent },
): Step {
  const { bundle } = event.directions;
  if (bundle !== null) {
    return handshake({ pin: bundlePin(bundle, candidate.url), ...FIRST, seen, failures }, event);
  }
  const { url } = candidate;
  return {
    state: { name: "greeting", candidate, seen, failures },
    effects: [log("debug", "Asking a server for its key", { server: url }), {
      kind: "ask_hello",
      url,
    }],
  };
}

export function handshake(
  state: Omit<Handshaking, "name" | "token">,
  event: AgentEvent,
): Step {
  const token = state.reason === "first" ? usableToken(event.directions.token, state.pin) : null;
  const contact = state.resume?.contact ?? freshContact(event.nowMs);
  const url = nextUrl({ pin: state.pin, contact }, event);
  const { pin } = state;
  const fields = { server: url, fingerprint: fingerprintOf(pin.serverKey), trust: pin.trust };
  return {
    state: { ...state, name: "handshaking", token },
    effects: [log("info", "Agreeing on keys with the server", fields), { kind: "enrol", url }],
  };
}

export function lookAgain(
  state: Greeting | Handshaking,
  event: AgentEvent,
  { why, retryAfterS = 0 }: { why: string; retryAfterS?: number },
): Step {
  const failures = state.failures + 1;
  const server = state.name === "greeting" ? state.candidate.url : state.pin.urls[0]!;
  const { jitter } = event;
  const waitMs = backOffMs({ failures, jitter, capMs: BACK_OFF_CAP_MS, retryAfterS });
  const looking: Looking = {
    name: "looking",
    seen: state.seen,
    failures,
    chooseAtMs: event.nowMs + waitMs,
  };
  const effects: Effect[] = [failure("Cannot enrol", failures, { server, why, retryInMs: waitMs })];
  if (event.directions.server === null) effects.push({ kind: "look" });
  effects.push(wake(waitMs));
  return { state: looking, effects };
}
