/**
 * @module
 * The one exchange of a device, from the bytes of a request to the bytes of its reply (PROTOCOL §4):
 * envelope → kid → MAC → head → one transaction (sequence, heartbeat, sections) → reply, computed and
 * bound to the request after the commit, perhaps after a wait. No answer is stored.
 */
import {
  openSyncRequest,
  PROTOCOL,
  ProtocolError,
  readMap,
  sealSyncReply,
  sha256,
  type SyncEnvelope,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import type { Clock } from "../clock.ts";
import type { Admission } from "../devices/device.ts";
import { deviceStateCode } from "../enrolment/device_state.ts";
import { intervalFor } from "../enrolment/enrolment_settings.ts";
import type { LiveEventKind } from "../events/live_events.ts";
import type { KeyWrap } from "../identity/key_wrap.ts";
import { readySessionKeys } from "../identity/session_keys.ts";
import { type Awaitable, type Transactions, whenDone } from "../transaction.ts";
import { WireRefusal } from "../wire_refusal.ts";
import { type RememberedSession, SessionCache } from "./session_cache.ts";
import { ReplyDraft } from "./reply_draft.ts";
import type { SyncContext } from "./section.ts";
import { HeadError, readSyncHead, type SyncHead } from "./sync_head.ts";
import type { SyncRow } from "./sync_records.ts";
import { takeMessage, type TakenMessage, type TakeOptions } from "./take_message.ts";
import { LOOK_EVERY_MS, WaitingPoll, WaitingPolls } from "./waiting_polls.ts";

/** What the engine stands on. */
export interface SyncEngineOptions extends Omit<TakeOptions, "sessions"> {
  readonly wrap: KeyWrap;
  readonly transactions: Transactions;
  readonly clock: Clock;
  /** How long a waiting poll sleeps before it looks by itself, ms. */
  readonly lookEveryMs?: number;
}

/** Live events after which a remembered row is certainly wrong. */
const CHANGES: ReadonlySet<LiveEventKind> = new Set([
  "device.changed",
  "device.removed",
  "command.queued",
  "command.finished",
]);

/** Who sent a request. */
export interface Peer {
  /** Numeric address. */
  readonly address: string;
  /** Aborts when the peer goes away: its wait ends. */
  readonly signal?: AbortSignal;
}

interface Exchange {
  readonly body: Uint8Array;
  readonly kid: Uint8Array;
  readonly session: RememberedSession;
}

/** Answers syncs. */
export class SyncEngine {
  readonly #with: SyncEngineOptions & TakeOptions;
  readonly #sessions = new SessionCache();
  readonly #waits: WaitingPolls;
  readonly #unsubscribe: () => void;

  constructor(options: SyncEngineOptions) {
    const { live } = options.enrolment;
    this.#with = { ...options, sessions: this.#sessions };
    this.#waits = new WaitingPolls(live);
    this.#unsubscribe = live.subscribe(({ kind, deviceId }) => {
      if (CHANGES.has(kind)) this.#sessions.forget(deviceId);
    });
  }

  /** Polls waiting now. */
  get waiting(): number {
    return this.#waits.size;
  }

  /** Ends every wait with an empty answer; later ones are answered at once. */
  close(): void {
    this.#waits.close();
    this.#unsubscribe();
  }

  /**
   * Answers one request.
   * @param body at most 16,384 bytes
   * @returns a sealed reply, also for an authenticated error
   * @throws WireRefusal `malformed`, `unknown_kid`, `bad_mac`
   */
  async answer(body: Uint8Array, peer: Peer): Promise<Uint8Array> {
    const envelope = openEnvelope(body);
    const session = this.#sessions.get(envelope.kid) ?? await this.#recall(envelope.kid);
    if (!envelope.verify(session.keys.toServer)) {
      throw new WireRefusal(WireErrorCode.badMac, "Cannot take a sync: its MAC is wrong");
    }
    const exchange = { body, kid: envelope.kid, session };
    const parsed = readPayload(envelope.payload);
    if ("code" in parsed) return await this.#refuse(exchange, parsed);
    const { head, entries } = parsed;
    const message = {
      kid: envelope.kid,
      seq: envelope.seq,
      tag: envelope.tag,
      head,
      entries,
      address: peer.address,
      receivedAtMs: this.#with.clock.nowMs(),
      session,
    };
    const taken = await this.#with.transactions.write((tx) => takeMessage(tx, message, this.#with));
    const reply = this.#replyTo(taken, { exchange, head, peer });
    return reply instanceof Promise ? await reply : reply;
  }

  #replyTo(
    taken: TakenMessage,
    { exchange, head, peer }: {
      readonly exchange: Exchange;
      readonly head: SyncHead;
      readonly peer: Peer;
    },
  ): Awaitable<Uint8Array> {
    switch (taken.kind) {
      case "unknown":
        this.#sessions.delete(exchange.kid);
        throw unknownKid();
      case "stale": {
        const draft = this.#draft(taken.row, head);
        draft.fail({ code: WireErrorCode.staleSeq, lastSeq: taken.row.lastSeq });
        return seal(exchange, draft);
      }
      case "resync": {
        const draft = this.#draft(taken.row, head);
        draft.fail({ code: WireErrorCode.resync });
        draft.say({ resyncNonce: taken.nonce });
        return seal(exchange, draft);
      }
      case "taken":
        this.#waits.end(exchange.kid);
        return this.#reply(exchange, taken.context, peer);
    }
  }

  #reply(exchange: Exchange, context: SyncContext, peer: Peer): Awaitable<Uint8Array> {
    return whenDone(this.#contributed(context), (draft) => {
      const { told } = exchange.session;
      // What was changed between two polls was news to neither of them: it is told by the next at once.
      const isNews = draft.hasNews || (told !== undefined && told !== draft.terms);
      const isDone = isNews || context.head.waitS === 0 || !mayWait(context.row.admission);
      if (isDone) return seal(exchange, draft);
      return this.#wait(context, peer).then((late) => seal(exchange, late));
    });
  }

  /** Waits until there is something to say, a newer message comes, or the time is over. */
  async #wait(context: SyncContext, { signal }: Peer): Promise<ReplyDraft> {
    const { clock, records, lookEveryMs = LOOK_EVERY_MS } = this.#with;
    const { kid, row } = context;
    const waitMs = 1_000 * Math.min(context.head.waitS, PROTOCOL.waitMaxS);
    const poll = this.#waits.begin(
      kid,
      new WaitingPoll(row.deviceId, clock.monotonicMs() + waitMs),
    );
    if (poll === undefined || signal?.aborted) return await this.#contributed(context);
    const onAbort = () => poll.wake("ended");
    signal?.addEventListener("abort", onAbort);
    try {
      for (let reason = "look"; reason === "look";) {
        // Looks first: what was committed before this poll was known woke nobody.
        const now = await records.load(null, kid);
        if (now === undefined || now.status !== "active" || now.lastSeq !== context.seq) break;
        const draft = await this.#contributed(refreshed(context, now, clock.nowMs()));
        if (draft.hasNews || isChanged(row, now)) return draft;
        reason = await poll.sleep(clock.monotonicMs(), lookEveryMs);
      }
      return this.#draft(row, context.head);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#waits.finish(kid, poll);
    }
  }

  /** The reply as all sections fill it; at once as long as they are done at once. */
  #contributed(context: SyncContext): Awaitable<ReplyDraft> {
    const draft = this.#draft(context.row, context.head);
    return whenDone(this.#contribute(context, draft, 0), () => draft);
  }

  #contribute(context: SyncContext, draft: ReplyDraft, from: number): Awaitable<void> {
    const { sections } = this.#with;
    for (let at = from; at < sections.length; at++) {
      const done = sections[at]!.contribute?.(context, draft);
      if (done instanceof Promise) {
        return done.then(() => this.#contribute(context, draft, at + 1));
      }
    }
  }

  #draft(row: SyncRow, head: Pick<SyncHead, "rxMax">): ReplyDraft {
    return new ReplyDraft({
      v: PROTOCOL.minor,
      time: this.#with.clock.nowMs(),
      state: deviceStateCode({ admission: row.admission, quarantined: row.quarantined === 1 }),
      intervalS: intervalFor(row.admission, row.intervalS),
      serverEpoch: this.#with.serverEpoch,
    }, head.rxMax ?? row.rxMax);
  }

  /** A verified message that cannot be read: the error is authenticated, nothing is written. */
  async #refuse(
    exchange: Exchange,
    { code, section }: { readonly code: number; readonly section?: number },
  ): Promise<Uint8Array> {
    const row = await this.#with.records.load(null, exchange.kid);
    if (row === undefined || row.status !== "active") throw unknownKid();
    const draft = this.#draft(row, {});
    draft.fail({ code, ...(section === undefined ? {} : { section }) });
    return seal(exchange, draft);
  }

  async #recall(kid: Uint8Array): Promise<RememberedSession> {
    const { records, wrap, clock } = this.#with;
    const stored = await records.keysOf(kid, clock.nowMs());
    if (stored === undefined) throw unknownKid();
    const keys = readySessionKeys(wrap, kid, stored.keysWrapped);
    const session: RememberedSession = {
      keys,
      row: undefined,
      told: undefined,
      behindBootId: undefined,
    };
    this.#sessions.set(kid, session);
    return session;
  }
}

function openEnvelope(body: Uint8Array): SyncEnvelope {
  try {
    return openSyncRequest(body);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new WireRefusal(WireErrorCode.malformed, `Cannot take a sync: ${cause.message}`, {
      cause,
    });
  }
}

function unknownKid(): WireRefusal {
  return new WireRefusal(WireErrorCode.unknownKid, "Cannot take a sync: its kid is not known");
}

type Parsed =
  | { readonly entries: ReadonlyMap<number, Uint8Array>; readonly head: SyncHead }
  | { readonly code: number; readonly section?: number };

/** Entries and head, or the error to tell. */
function readPayload(payload: Uint8Array): Parsed {
  try {
    const entries = readMap(payload);
    return { entries, head: readSyncHead(entries) };
  } catch (error) {
    if (error instanceof HeadError) return { code: WireErrorCode.schema, section: error.section };
    if (error instanceof ProtocolError) return { code: WireErrorCode.malformed };
    throw error;
  }
}

function mayWait(admission: Admission): boolean {
  return admission === "accepted" || admission === "pending";
}

function isChanged(before: SyncRow, now: SyncRow): boolean {
  return before.admission !== now.admission || before.quarantined !== now.quarantined ||
    before.intervalS !== now.intervalS;
}

function refreshed(context: SyncContext, row: SyncRow, nowMs: number): SyncContext {
  return {
    ...context,
    row,
    nowMs,
    isAccepted: row.admission === "accepted",
    isSuspect: row.quarantined === 1,
  };
}

function seal({ body, kid, session }: Exchange, draft: ReplyDraft): Uint8Array {
  session.told = draft.terms;
  return sealSyncReply({
    kid,
    requestDigest: sha256(body),
    payload: draft.encode(),
    key: session.keys.toDevice,
  });
}
