/**
 * How contact with a known server goes, and what follows from it: which address comes next, how long to wait, when new
 * keys are wanted. Pure; used by the table in `step.ts`.
 *
 * @module
 */
import { DeviceStateCode, fingerprintPrefix, type SyncReply } from "@fleetd/firmware-protocol";
import type {
  Admission,
  AgentEvent,
  Candidate,
  Contact,
  Enrolled,
  Occasion,
  Pin,
  Session,
  Token,
} from "../agent_state.ts";
import { matchesToken } from "./choose_server.ts";
import { spreadMs } from "./back_off.ts";

/** Exchanges without a verified answer, one of them `unknown_kid`, after which new keys are wanted (PROTOCOL §3). */
export const UNKNOWN_KID_AFTER = 3;
/** Silence after which new keys are wanted, and after which an unconfirmed pin is dropped. */
export const SILENCE_MS = 24 * 3_600_000;
/** A handshake is not repeated sooner than this. */
export const HANDSHAKE_EVERY_MS = 3_600_000;
/** The same while the new keys are unconfirmed, or nobody answered. */
export const HANDSHAKE_RETRY_MS = 60_000;
/** How long a server keeps a handshake that nobody confirmed. */
export const UNCONFIRMED_MS = 120_000;
/** Rejected and decommissioned devices ask once a day. */
const REFUSED_INTERVAL_S = 86_400;
/** Addresses kept of one server. */
const URLS_MAX = 6;

/** Contact of a process that has just started, or has just agreed on keys. */
export function freshContact(nowMs: number): Contact {
  return {
    doing: "nothing",
    failures: 0,
    unknownKid: false,
    silentSinceMs: nowMs,
    handshakeNotBeforeMs: 0,
    earlyAnswers: 0,
    corrections: 0,
    seenUrls: [],
  };
}

/** The address for the next exchange: the best twice, then each in turn. */
export function nextUrl(
  { pin, contact }: { readonly pin: Pin; readonly contact: Contact },
  { directions }: Occasion,
): string {
  const urls = unique([
    ...(directions.server === null ? [] : [directions.server]),
    ...pin.urls,
    ...contact.seenUrls,
  ]);
  return urls[Math.max(0, contact.failures - 1) % urls.length]!;
}

/** Addresses among the seen ones that claim to be this server. */
export function urlsOf(pin: Pin, seen: readonly Candidate[]): string[] {
  const prefix = fingerprintPrefix(pin.serverKey);
  return seen.filter((one) => one.fingerprintPrefix === prefix).map((one) => one.url).slice(0, 8);
}

/** The pin after a verified answer: the address that worked first, and those the server says it moves to before it. */
export function pinAfter(pin: Pin, { url, reply }: { url: string; reply: SyncReply }): Pin {
  const moves = reply.move !== undefined && pin.trust !== "tofu" &&
    reply.move.nextServerKey === undefined;
  const known = unique([url, ...pin.urls]);
  const moved = moves ? reply.move!.urls.map(baseUrl).filter((to) => !known.includes(to)) : [];
  const urls = [...moved, ...known].slice(0, URLS_MAX);
  return urls.join(" ") === pin.urls.join(" ") ? pin : { ...pin, urls };
}

/** A base URL as it is kept: without trailing slashes. */
export function baseUrl(url: string): string {
  return url.replace(/\/+$/, "");
}

/** The state a device has on the server; a number this agent does not know means pending (PROTOCOL §7). */
export function admissionOf(code: number): Admission {
  switch (code) {
    case DeviceStateCode.active:
      return "accepted";
    case DeviceStateCode.rejected:
      return "rejected";
    case DeviceStateCode.quarantined:
      return "quarantined";
    case DeviceStateCode.decommissioned:
      return "decommissioned";
    default:
      return "pending";
  }
}

/** Milliseconds until the next sync of a device that does not wait. */
export function intervalMs({ name, session }: Enrolled, jitter: number): number {
  const refused = name === "rejected" || name === "decommissioned";
  const { intervalS } = session.terms;
  return spreadMs(1_000 * (refused ? Math.max(REFUSED_INTERVAL_S, intervalS) : intervalS), jitter);
}

/**
 * Seconds that the server may hold the next request, if it offers to: an accepted device then gets commands at once, a
 * pending one learns at once that it was accepted.
 */
export function waitSecondsOf({ name, session, contact }: Enrolled): number {
  if ((name !== "accepted" && name !== "pending") || contact.failures > 1) return 0;
  return Math.min(session.terms.waitMaxS, session.terms.intervalS);
}

/** Why new keys are wanted now, or `null`. */
export function handshakeWanted(
  state: Enrolled,
  event: AgentEvent,
): "first" | "unknownKid" | "rekey" | null {
  const { contact } = state;
  if (event.nowMs < contact.handshakeNotBeforeMs) return null;
  if (wantedToken(state, event) !== null) return "first";
  if (event.kind === "reply_taken" && event.reply.need?.includes(5)) return "rekey";
  const silent = event.nowMs - contact.silentSinceMs >= SILENCE_MS;
  const unknown = contact.failures >= UNKNOWN_KID_AFTER && contact.unknownKid;
  return contact.failures > 0 && (silent || unknown) ? "unknownKid" : null;
}

/** A token that is new to a device which lacks trust or admission, and which belongs to its server. */
export function wantedToken(state: Enrolled, { directions }: Occasion): Token | null {
  const { session, name } = state;
  const token = usableToken(directions.token, session.pin);
  const lacking = session.pin.trust === "tofu" || name === "pending";
  const used = token !== null && session.token !== null &&
    String(session.token.id) === String(token.id);
  return lacking && !used ? token : null;
}

/** The token, where it belongs to the pinned server; one without a hash came with the pin's bundle. */
export function usableToken(token: Token | null, pin: Pin): Token | null {
  if (token === null) return null;
  if (token.serverKeyHash === null) return pin.trust === "bundle" ? token : null;
  return matchesToken(token.serverKeyHash, pin.serverKey) ? token : null;
}

/** The terms after a verified answer. */
export function termsAfter(session: Session, reply: SyncReply): Session["terms"] {
  return {
    ...session.terms,
    intervalS: reply.intervalS,
    serverEpoch: reply.serverEpoch,
    txMax: reply.txMax ?? session.terms.txMax,
  };
}

function unique(urls: readonly string[]): string[] {
  return [...new Set(urls)];
}
