/**
 * The agent's state machine: one pure function over one table, a row for each state and a cell for each event.
 *
 * No clock, no random, no I/O: time and jitter come in the event. Whoever runs it saves the new state first and carries
 * the effects out afterwards; every effect may run twice. An event that a state does not expect (the answer to an
 * exchange that was given up) changes nothing and is logged. The law is PROTOCOL §3 to §5.
 *
 * @module
 */
import { fingerprintOf, PROTOCOL, TokenStatus } from "@fleetd/firmware-protocol";
import type {
  AgentEvent,
  AgentState,
  Enrolled,
  Greeting,
  Handshaking,
  Looking,
  Session,
  Step,
  Unconfirmed,
  Unenrolled,
  Waiting,
} from "../agent_state.ts";
import { spreadMs } from "./back_off.ts";
import { chooseServer, judgeHello } from "./choose_server.ts";
import {
  admissionOf,
  freshContact,
  HANDSHAKE_EVERY_MS,
  HANDSHAKE_RETRY_MS,
  handshakeWanted,
  SILENCE_MS,
  UNCONFIRMED_MS,
  UNKNOWN_KID_AFTER,
} from "./contact.ts";
import { before, log, stay, unexpected, wake } from "./effects.ts";
import { choose, FIRST, handshake, lookAgain, startLooking, waitForOwner } from "./finding.ts";
import {
  afterReply,
  answered,
  backOff,
  failed,
  heed,
  refusedToken,
  renew,
  resumeOld,
  sync,
  withSeen,
} from "./syncing.ts";

type Kind = AgentEvent["kind"];
type Cell<S, K extends Kind> = (state: S, event: Extract<AgentEvent, { kind: K }>) => Step;
type Row<S> = { readonly [K in Kind]: Cell<S, K> };

/** One move: the next state, and what to do once it is saved. */
export function step(state: AgentState, event: AgentEvent): Step {
  switch (state.name) {
    case "unenrolled":
      return run(UNENROLLED, state, event);
    case "looking":
      return run(LOOKING, state, event);
    case "waiting":
      return run(WAITING, state, event);
    case "greeting":
      return run(GREETING, state, event);
    case "handshaking":
      return run(HANDSHAKING, state, event);
    case "unconfirmed":
      return run(UNCONFIRMED, state, event);
    case "pending":
    case "accepted":
    case "rejected":
    case "quarantined":
    case "decommissioned":
      return run(ENROLLED, state, event);
    default:
      return forgotten(state);
  }
}

function run<S extends AgentState>(row: Row<S>, state: S, event: AgentEvent): Step {
  return (row[event.kind] as (state: S, event: AgentEvent) => Step)(state, event);
}

function forgotten(state: never): never {
  throw new TypeError(`no row for the state ${JSON.stringify(state)}`);
}

/** Answers that a state has not asked for: they belong to an exchange that was given up. */
const NOT_ASKED = {
  hello_answered: unexpected,
  hello_failed: unexpected,
  enrolled: unexpected,
  enrol_failed: unexpected,
  sync_answered: unexpected,
  sync_failed: unexpected,
  reply_taken: unexpected,
};

const UNENROLLED: Row<Unenrolled> = {
  started: (_, event) => startLooking(event),
  directed: (_, event) => startLooking(event),
  due: stay,
  servers_seen: (_, event) => startLooking(event, event.seen),
  records_ready: stay,
  ...NOT_ASKED,
};

const LOOKING: Row<Looking> = {
  ...NOT_ASKED,
  records_ready: stay,
  started: (state, event) => startLooking(event, state.seen),
  directed: (state, event) => startLooking(event, state.seen),
  due: (state, event) => choose(state, event),
  servers_seen: (state, event) => choose({ ...state, seen: event.seen }, event),
};

const WAITING: Row<Waiting> = {
  ...NOT_ASKED,
  due: stay,
  records_ready: stay,
  started: (state, event) => startLooking(event, state.seen),
  directed: (state, event) => startLooking(event, state.seen),
  servers_seen(state, event) {
    const choice = chooseServer(event.directions, { seen: event.seen, failures: 0 });
    return choice.kind === "several"
      ? waitForOwner(choice.candidates, { seen: event.seen, told: state.told })
      : startLooking(event, event.seen);
  },
};

const GREETING: Row<Greeting> = {
  ...NOT_ASKED,
  due: stay,
  records_ready: stay,
  started: (state, event) => startLooking(event, state.seen),
  directed: (state, event) => startLooking(event, state.seen),
  servers_seen: (state, event) => stay({ ...state, seen: event.seen }),
  hello_answered(state, event) {
    if (event.url !== state.candidate.url) return unexpected(state, event);
    const { hello, url } = event;
    if (hello.majorMin > PROTOCOL.major || hello.majorMax < PROTOCOL.major) {
      const range = `${hello.majorMin} to ${hello.majorMax}`;
      return lookAgain(state, event, {
        why: `it speaks protocol ${range}, this agent ${PROTOCOL.major}`,
      });
    }
    const judgement = judgeHello(event.directions, { hello, url });
    if (judgement.kind === "refused") return lookAgain(state, event, { why: judgement.why });
    const { pin } = judgement;
    return handshake(
      {
        pin,
        helloDigest: hello.digest,
        reason: "first",
        resume: null,
        seen: state.seen,
        failures: state.failures,
      },
      event,
    );
  },
  hello_failed(state, event) {
    return event.url === state.candidate.url
      ? lookAgain(state, event, { why: event.why })
      : unexpected(state, event);
  },
};

const HANDSHAKING: Row<Handshaking> = {
  ...NOT_ASKED,
  due: stay,
  records_ready: stay,
  started: (state, event) => handshake(state, event),
  directed(state, event) {
    return event.forget || state.resume === null ? startLooking(event, state.seen) : stay(state);
  },
  servers_seen: (state, event) => stay({ ...state, seen: event.seen }),
  enrolled(state, event) {
    const { reply, keys } = event;
    const session: Session = {
      kid: reply.kid,
      keys,
      pin: state.pin,
      terms: {
        intervalS: reply.intervalS,
        txMax: reply.txMax ?? PROTOCOL.txMaxBytes,
        waitMaxS: reply.waitMax ?? PROTOCOL.waitMaxS,
        serverEpoch: reply.serverEpoch,
      },
      token: state.token && {
        id: state.token.id,
        status: reply.tokenStatus ??
          (event.underToken ? TokenStatus.used : TokenStatus.unknown),
      },
    };
    const contact = freshContact(event.nowMs);
    const { resume } = state;
    const expected = admissionOf(reply.state);
    const sinceMs = event.nowMs;
    const next = { name: "unconfirmed", session, expected, resume, contact, sinceMs } as const;
    return sync(next, event, { waitS: 0, before: refusedToken(session) });
  },
  enrol_failed(state, event) {
    if (state.resume === null) return lookAgain(state, event, { ...event });
    const every = event.reached ? HANDSHAKE_EVERY_MS : HANDSHAKE_RETRY_MS;
    const effects = [log("warn", "Cannot agree on new keys with the server", { why: event.why })];
    return resumeOld(state.resume, event, { afterMs: every, effects });
  },
};

const UNCONFIRMED: Row<Unconfirmed> = {
  ...NOT_ASKED,
  records_ready: stay,
  started(state, event) {
    const contact = freshContact(event.nowMs);
    return sync({ ...state, contact, sinceMs: event.nowMs }, event, { waitS: 0 });
  },
  due(state, event) {
    return state.contact.doing === "nothing" ? sync(state, event, { waitS: 0 }) : stay(state);
  },
  directed: (state, event) => event.forget ? startLooking(event) : stay(state),
  servers_seen: (state, event) => stay(withSeen(state, event.seen)),
  sync_answered: (state, event) => answered(state, event),
  sync_failed(state, event) {
    const contact = failed(state.contact, event);
    const next = { ...state, contact };
    const over = event.nowMs - state.sinceMs >= UNCONFIRMED_MS ||
      (contact.failures >= UNKNOWN_KID_AFTER && contact.unknownKid);
    if (!over) return backOff(next, event);
    if (state.resume !== null) {
      return resumeOld(state.resume, event, { afterMs: HANDSHAKE_RETRY_MS, effects: [] });
    }
    const waitMs = state.sinceMs + HANDSHAKE_RETRY_MS - event.nowMs;
    if (waitMs > 0) return { state: next, effects: [wake(spreadMs(waitMs, event.jitter))] };
    const { pin } = state.session;
    return handshake({ pin, ...FIRST, seen: [], failures: 0 }, event);
  },
};

const ENROLLED: Row<Enrolled> = {
  ...NOT_ASKED,
  started(state, event) {
    return heed({ ...state, contact: freshContact(event.nowMs) }, event);
  },
  due: (state, event) => state.contact.doing === "nothing" ? heed(state, event) : stay(state),
  directed(state, event) {
    if (event.forget) return startLooking(event);
    const contact = { ...state.contact, handshakeNotBeforeMs: 0 };
    return heed({ ...state, contact }, event);
  },
  servers_seen: (state, event) => stay(withSeen(state, event.seen)),
  sync_answered: (state, event) => answered(state, event),
  sync_failed(state, event) {
    const next = { ...state, contact: failed(state.contact, event) };
    const silentMs = event.nowMs - next.contact.silentSinceMs;
    if (state.session.pin.trust === "tofu" && silentMs >= SILENCE_MS) {
      const lost = log(
        "warn",
        "Gave up a server that nobody confirmed and that no longer answers",
        {
          server: event.url,
          fingerprint: fingerprintOf(state.session.pin.serverKey),
        },
      );
      return before(startLooking(event), lost);
    }
    const reason = handshakeWanted(next, event);
    return reason === null ? backOff(next, event) : renew(next, event, reason);
  },
  reply_taken: (state, event) => afterReply(state, event),
  records_ready(state, event) {
    const { doing, failures } = state.contact;
    const taken = state.name === "accepted" || state.name === "quarantined";
    const free = doing === "waiting" || (doing === "nothing" && failures === 0);
    return taken && free ? sync(state, event, { waitS: 0 }) : stay(state);
  },
};
