/**
 * The moves of an agent that has keys: sync, take the answer, back off, renew the keys. Pure; cells of the table in
 * `step.ts`.
 *
 * @module
 */
import { fingerprintOf, TokenStatus, WireErrorCode } from "@fleetd/firmware-protocol";
import type {
  AgentEvent,
  Candidate,
  Contact,
  Effect,
  Enrolled,
  Handshaking,
  Session,
  Step,
  Unconfirmed,
} from "../agent_state.ts";
import { backOffMs, spreadMs } from "./back_off.ts";
import {
  admissionOf,
  HANDSHAKE_EVERY_MS,
  handshakeWanted,
  intervalMs,
  nextUrl,
  pinAfter,
  termsAfter,
  urlsOf,
  waitSecondsOf,
  wantedToken,
} from "./contact.ts";
import { before, failure, log, wake } from "./effects.ts";
import { BACK_OFF_CAP_MS, handshake } from "./finding.ts";

/** Corrections (stale_seq, resync) that are followed at once. */
const CORRECTIONS_AT_ONCE = 3;

/** New keys for a device that has some: the old ones hold until the server answered under the new. */
export function renew(state: Enrolled, event: AgentEvent, reason: Handshaking["reason"]): Step {
  const token = wantedToken(state, event);
  const { pin } = state.session;
  const trust = token?.serverKeyHash && pin.trust !== "bundle" ? "token" : pin.trust;
  const resume = { ...state, contact: { ...state.contact, doing: "nothing" as const } };
  const next = {
    pin: { ...pin, trust },
    helloDigest: null,
    reason,
    resume,
    seen: [],
    failures: 0,
  } as const;
  return handshake(next, event);
}

export function resumeOld(
  resume: Enrolled,
  event: AgentEvent,
  { afterMs, effects }: { afterMs: number; effects: readonly Effect[] },
): Step {
  const handshakeNotBeforeMs = event.nowMs + spreadMs(afterMs, event.jitter);
  const contact = { ...resume.contact, doing: "nothing" as const, handshakeNotBeforeMs };
  return before(backOff({ ...resume, contact }, event), ...effects);
}

export function sync<S extends Unconfirmed | Enrolled>(
  state: S,
  event: AgentEvent,
  { waitS, before: first = [] }: { waitS: number; before?: readonly Effect[] },
): Step {
  const doing = waitS > 0 ? "waiting" : "syncing";
  const next = { ...state, contact: { ...state.contact, doing } } as S;
  const url = nextUrl({ pin: state.session.pin, contact: state.contact }, event);
  return { state: next, effects: [...first, { kind: "sync", url, waitS }] };
}

/** Heeds what the owner has said, renews keys where that is due, and otherwise syncs unless an exchange is under way. */
export function heed(state: Enrolled, event: AgentEvent): Step {
  const { state: next, effects } = confirm(state, event);
  const reason = handshakeWanted(next, event);
  if (reason !== null) return before(renew(next, event, reason), ...effects);
  if (next.contact.doing !== "nothing" || event.kind === "directed") {
    return { state: next, effects };
  }
  return sync(next, event, { waitS: waitSecondsOf(next), before: effects });
}

/** Raises a pin trusted on first use when a person or a bundle names the same key. */
export function confirm(
  state: Enrolled,
  event: AgentEvent,
): { state: Enrolled; effects: Effect[] } {
  const { pin } = state.session;
  if (pin.trust !== "tofu") return { state, effects: [] };
  const { fingerprint, bundle } = event.directions;
  const shown = fingerprintOf(pin.serverKey);
  const wanted = bundle !== null ? fingerprintOf(bundle.serverKey) : fingerprint;
  if (wanted === null) return { state, effects: [] };
  if (wanted !== shown) {
    const hint = "if the other one is right, run: fleetd enroll --replace";
    const fields = { server: pin.urls[0]!, fingerprint: shown, confirmed: wanted, hint };
    return {
      state,
      effects: [log("error", "The confirmed fingerprint is not this server's", fields)],
    };
  }
  const trust = bundle !== null ? "bundle" : "confirmed";
  const session = { ...state.session, pin: { ...pin, trust } } as const;
  const effects = [log("info", "The server's key is confirmed", { fingerprint: shown, trust })];
  return { state: { ...state, session }, effects };
}

export function answered(
  state: Unconfirmed | Enrolled,
  event: Extract<AgentEvent, { kind: "sync_answered" }>,
): Step {
  const { reply, url, nowMs } = event;
  const old = state.session;
  const session = { ...old, pin: pinAfter(old.pin, { url, reply }), terms: termsAfter(old, reply) };
  const contact: Contact = {
    ...state.contact,
    doing: "taking",
    handshakeNotBeforeMs: state.name === "unconfirmed"
      ? nowMs + spreadMs(HANDSHAKE_EVERY_MS, event.jitter)
      : state.contact.handshakeNotBeforeMs,
    failures: 0,
    unknownKid: false,
    silentSinceMs: nowMs,
    corrections: isCorrection(reply.error?.code) ? state.contact.corrections + 1 : 0,
  };
  const enrolledAtUnixMs = state.name === "unconfirmed"
    ? state.resume?.enrolledAtUnixMs ?? reply.time
    : state.enrolledAtUnixMs;
  const confirmed = confirm(
    { name: admissionOf(reply.state), session, enrolledAtUnixMs, contact },
    event,
  );
  const effects: Effect[] = [...news(state, confirmed.state), ...confirmed.effects];
  if (state.name === "unconfirmed" && session.token !== null) {
    effects.push({ kind: "forget_token", id: session.token.id });
  }
  if (reply.error !== undefined) {
    const { code, text = "" } = reply.error;
    effects.push(log("warn", "The server answered with an error", { code, text }));
  }
  const changed = confirmed.state.name !== state.name ||
    session.terms.intervalS !== old.terms.intervalS;
  const wait = changed ? "none" : event.wait;
  effects.push({ kind: "stop_looking" }, { kind: "take_reply", reply, wait });
  return { state: confirmed.state, effects };
}

export function afterReply(
  state: Enrolled,
  event: Extract<AgentEvent, { kind: "reply_taken" }>,
): Step {
  const { reply, wait, unsent, advanced, jitter } = event;
  const idle = wait === "early" && !unsent && !advanced;
  const earlier = wait === "full" ? 0 : state.contact.earlyAnswers;
  const earlyAnswers = idle ? earlier + 1 : earlier;
  const next: Enrolled = {
    ...state,
    contact: { ...state.contact, doing: "nothing", earlyAnswers },
  };
  const reason = handshakeWanted(next, event);
  if (reason !== null) return renew(next, event, reason);
  const pause = (failures: number, capMs: number) => ({
    state: next,
    effects: [wake(backOffMs({ failures, jitter, capMs, retryAfterS: reply.error?.retryAfterS }))],
  });
  const { corrections } = next.contact;
  if (corrections > CORRECTIONS_AT_ONCE) return pause(corrections, BACK_OFF_CAP_MS);
  if (corrections > 0) return sync(next, event, { waitS: 0 });
  if (reply.error !== undefined) {
    return pause(30, Math.min(BACK_OFF_CAP_MS, 1_000 * reply.intervalS));
  }
  if (unsent) return sync(next, event, { waitS: 0 });
  const waitS = waitSecondsOf(next);
  if (waitS === 0) return { state: next, effects: [wake(intervalMs(next, jitter))] };
  if (idle) return pause(earlyAnswers, 1_000 * waitS);
  return sync(next, event, { waitS });
}

export function failed(
  contact: Contact,
  event: Extract<AgentEvent, { kind: "sync_failed" }>,
): Contact {
  return {
    ...contact,
    doing: "nothing",
    failures: contact.failures + 1,
    unknownKid: contact.unknownKid || event.unknownKid,
    earlyAnswers: 0,
  };
}

/** Waits before the next try; from the second failure on it also looks where the server may have gone. */
export function backOff(state: Unconfirmed | Enrolled, event: AgentEvent): Step {
  const { failures } = state.contact;
  const { jitter } = event;
  const retryAfterS = event.kind === "sync_failed" ? event.retryAfterS : 0;
  const waitMs = backOffMs({ failures, jitter, capMs: BACK_OFF_CAP_MS, retryAfterS });
  const effects: Effect[] = [];
  if (event.kind === "sync_failed") {
    const fields = { server: event.url, why: event.why, failures, retryInMs: waitMs };
    effects.push(failure("Cannot sync with the server", failures, fields));
  }
  if (failures === 2) effects.push({ kind: "look" });
  effects.push(wake(waitMs));
  return { state, effects };
}

export function withSeen<S extends Unconfirmed | Enrolled>(
  state: S,
  seen: readonly Candidate[],
): S {
  const seenUrls = urlsOf(state.session.pin, seen);
  return { ...state, contact: { ...state.contact, seenUrls } };
}

/** What people should read when the server's answer changes where the device stands. */
export function news(old: Unconfirmed | Enrolled, now: Enrolled): Effect[] {
  if (old.name === now.name) return [];
  const { pin } = now.session;
  const fields = {
    server: pin.urls[0]!,
    fingerprint: fingerprintOf(pin.serverKey),
    trust: pin.trust,
  };
  switch (now.name) {
    case "pending":
      return [
        log(
          "info",
          "Enrolled; waits until an administrator accepts it: fleets devices register",
          fields,
        ),
      ];
    case "accepted":
      return [log("info", "Accepted by the server", fields)];
    case "rejected":
      return [
        log("warn", "Rejected by the server; asks again once a day and at every start", fields),
      ];
    case "quarantined":
      return [log("warn", "Quarantined by the server until an administrator releases it", fields)];
    case "decommissioned":
      return [
        log(
          "warn",
          "Decommissioned by the server; asks again once a day and at every start",
          fields,
        ),
      ];
  }
}

export function refusedToken({ token }: Session): Effect[] {
  if (token === null || token.status === TokenStatus.used) return [];
  const status = Object.entries(TokenStatus).find(([, code]) => code === token.status)?.[0] ??
    token.status;
  const hint = "make another with: fleets tokens create; then: fleetd enroll";
  return [log("warn", "The server did not take the enrolment token", { status, hint })];
}

export function isCorrection(code: number | undefined): boolean {
  return code === WireErrorCode.staleSeq || code === WireErrorCode.resync;
}
