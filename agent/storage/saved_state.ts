/**
 * What of the agent's state is durable, and its form on disk. What belongs to one process only (contact, candidates,
 * a handshake under way) is not saved: an interrupted look or handshake starts again from what held before.
 *
 * @module
 */
import type {
  Admission,
  AgentState,
  Enrolled,
  Pin,
  Session,
  Trust,
  Unconfirmed,
} from "../agent_state.ts";
import { freshContact } from "../session/contact.ts";
import { bytesOf, bytesToText, countOf, listOf, objectOf, oneOf, textOf } from "./json_shape.ts";
import type { SavedFormat } from "./saved_file.ts";

const ADMISSIONS: readonly Admission[] = [
  "pending",
  "accepted",
  "rejected",
  "quarantined",
  "decommissioned",
];
const TRUSTS: readonly Trust[] = ["bundle", "token", "confirmed", "tofu"];
const KEY_NAMES = ["macToServer", "macToDevice", "boxToServer", "boxToDevice"] as const;

/** How an {@linkcode AgentState} is saved; read back it has a fresh contact and waits for `started`. */
export const STATE_FORMAT: SavedFormat<AgentState> = {
  toJson(state) {
    switch (state.name) {
      case "unenrolled":
      case "looking":
      case "waiting":
      case "greeting":
        return { name: "unenrolled" };
      case "handshaking":
        return STATE_FORMAT.toJson(state.resume ?? { name: "unenrolled" });
      case "unconfirmed":
        return {
          name: state.name,
          session: sessionToJson(state.session),
          expected: state.expected,
          resume: state.resume && STATE_FORMAT.toJson(state.resume),
        };
      case "pending":
      case "accepted":
      case "rejected":
      case "quarantined":
      case "decommissioned":
        return {
          name: state.name,
          session: sessionToJson(state.session),
          enrolledAtUnixMs: state.enrolledAtUnixMs,
        };
      default:
        return unsaved(state);
    }
  },
  fromJson(json) {
    const saved = objectOf(json, "a state");
    if (saved.name === "unenrolled") return { name: "unenrolled" };
    return saved.name === "unconfirmed" ? unconfirmedOf(saved) : enrolledOf(saved);
  },
};

function unsaved(state: never): never {
  throw new TypeError(`no saved form for ${JSON.stringify(state)}`);
}

function unconfirmedOf(saved: Readonly<Record<string, unknown>>): Unconfirmed {
  return {
    name: "unconfirmed",
    session: sessionOf(saved.session),
    expected: oneOf(saved.expected, ADMISSIONS),
    resume: saved.resume === null ? null : enrolledOf(objectOf(saved.resume, "a state")),
    contact: freshContact(0),
    sinceMs: 0,
  };
}

function enrolledOf(saved: Readonly<Record<string, unknown>>): Enrolled {
  return {
    name: oneOf(saved.name, ADMISSIONS),
    session: sessionOf(saved.session),
    enrolledAtUnixMs: countOf(saved.enrolledAtUnixMs, "a time"),
    contact: freshContact(0),
  };
}

function sessionToJson({ kid, keys, pin, terms, token }: Session) {
  return {
    kid: bytesToText(kid),
    keys: Object.fromEntries(KEY_NAMES.map((name) => [name, bytesToText(keys[name])])),
    pin: {
      ...pin,
      serverKey: bytesToText(pin.serverKey),
      fleetId: pin.fleetId && bytesToText(pin.fleetId),
    },
    terms,
    token: token && { id: bytesToText(token.id), status: token.status },
  };
}

function sessionOf(json: unknown): Session {
  const { kid, keys, pin, terms, token } = objectOf(json, "a session");
  const key = (name: typeof KEY_NAMES[number]) => bytesOf(objectOf(keys, "keys")[name], 32);
  const { intervalS, txMax, waitMaxS, serverEpoch } = objectOf(terms, "terms");
  const named = token === null ? null : objectOf(token, "a token");
  return {
    kid: bytesOf(kid, 8),
    keys: {
      macToServer: key("macToServer"),
      macToDevice: key("macToDevice"),
      boxToServer: key("boxToServer"),
      boxToDevice: key("boxToDevice"),
    },
    pin: pinOf(pin),
    terms: {
      intervalS: countOf(intervalS, "an interval"),
      txMax: countOf(txMax, "a size"),
      waitMaxS: countOf(waitMaxS, "a wait"),
      serverEpoch: countOf(serverEpoch, "an epoch"),
    },
    token: named && { id: bytesOf(named.id, 8), status: countOf(named.status, "a status") },
  };
}

function pinOf(json: unknown): Pin {
  const { serverKey, trust, urls, fleetId } = objectOf(json, "a pin");
  return {
    serverKey: bytesOf(serverKey, 32),
    trust: oneOf(trust, TRUSTS),
    urls: listOf(urls, (url) => textOf(url, "a URL")),
    fleetId: fleetId === null ? null : bytesOf(fleetId, 8),
  };
}
