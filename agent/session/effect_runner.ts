/**
 * Carries out what the machine decides: exchanges, timers, looking. At most one exchange is under way; a new one ends it,
 * and whatever the old one still brings is dropped. Every outcome comes back to the machine as an event.
 *
 * @module
 */
import type {
  AgentState,
  Effect,
  Enrolled,
  Happening,
  Unconfirmed,
  WaitEnd,
} from "../agent_state.ts";
import type { Log } from "../log.ts";
import { type Clock, DiskError, type Network, NetworkError, type Random } from "../ports.ts";
import type { Identity } from "../storage/identity.ts";
import type { Sequence } from "../storage/sequence.ts";
import type { Composed, Correspondence } from "./correspondence.ts";
import type { DeviceClock } from "./device_clock.ts";
import { enrolRequest, type SelfDescription } from "./enrol_request.ts";
import {
  askHello,
  enrol,
  ExchangeError,
  exchangeSync,
  type SealedRequest,
  sealRequest,
} from "./exchanges.ts";
import type { OwnerDirections } from "./owner_directions.ts";
import type { ServerWatch } from "./server_watch.ts";

/** A request is sent again as it is for this long; one whose times count from the request only for the shorter time. */
const REPEAT_MS = 60_000;
const REPEAT_UNDATED_MS = 10_000;
/** A wait that ends this much before its time was ended on purpose. */
const EARLY_BY_MS = 1_500;
/** A clock set by the server is compared this often. */
const CLOCK_EVERY_MS = 3_600_000;

/** What carrying out needs. */
export interface EffectParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly log: Log;
  readonly identity: Identity;
  readonly self: () => SelfDescription;
  readonly directions: OwnerDirections;
  readonly watch: ServerWatch;
  readonly correspondence: Correspondence;
  readonly deviceClock: DeviceClock;
  readonly sequence: Sequence;
  readonly post: (happening: Happening) => void;
}

/** How contact went last, for people. */
export interface ContactReport {
  /** Monotonic ms of the last verified answer, or `null`. */
  lastAnswerMs: number | null;
  /** Why the last exchange failed, or `null` when it did not. */
  lastFailure: string | null;
  /** Monotonic ms of the next one, or `null` when one is under way. */
  nextMs: number | null;
}

interface Outstanding {
  readonly sealed: SealedRequest;
  readonly composed: Composed;
  readonly askedWaitS: number;
  readonly builtAtMs: number;
}

/** The effect runner of one agent. */
export class EffectRunner {
  readonly report: ContactReport = { lastAnswerMs: null, lastFailure: null, nextMs: null };
  private exchange = new AbortController();
  private timer = new AbortController();
  private outstanding: Outstanding | null = null;
  private answered: Composed | null = null;
  private clockSeenMs = -Infinity;
  private readonly tasks = new Set<Promise<void>>();

  constructor(private readonly parts: EffectParts) {}

  /** Begins an effect. */
  perform(effect: Effect, state: AgentState): void {
    switch (effect.kind) {
      case "log":
        return this.parts.log[effect.level](effect.message, effect.fields);
      case "look":
        return this.parts.watch.look();
      case "stop_looking":
        return this.track(this.parts.watch.stop());
      case "wake":
        return this.wake(effect.afterMs);
      case "ask_hello":
        return this.begin((signal) => this.greet(effect.url, signal));
      case "enrol":
        return this.begin((signal) => this.enrol(effect.url, { state, signal }));
      case "sync":
        return this.begin((signal) => this.sync(effect, { state, signal }));
      case "take_reply":
        return this.track(this.take(effect, state));
      case "forget_token":
        return this.track(this.parts.directions.forgetToken(effect.id));
      case "forgot_server":
        return this.track(this.parts.directions.forgotServer());
      default:
        return unknownEffect(effect);
    }
  }

  /** Ends everything under way and waits until it has ended. */
  async stop(): Promise<void> {
    this.exchange.abort();
    this.timer.abort();
    await this.parts.watch.stop();
    await Promise.all(this.tasks);
  }

  private begin(work: (signal: AbortSignal) => Promise<Happening | null>): void {
    this.exchange.abort();
    this.timer.abort();
    const own = this.exchange = new AbortController();
    this.report.nextMs = null;
    this.track((async () => {
      const happening = await work(own.signal);
      if (happening !== null && !own.signal.aborted) this.parts.post(happening);
    })());
  }

  private track(task: Promise<void>): void {
    const guarded: Promise<void> = task.catch((error) => {
      const why = error instanceof Error ? error.stack ?? error.message : String(error);
      this.parts.log.error("An effect failed unexpectedly", { why });
    }).finally(() => this.tasks.delete(guarded));
    this.tasks.add(guarded);
  }

  private wake(afterMs: number): void {
    this.timer.abort();
    const own = this.timer = new AbortController();
    this.report.nextMs = this.parts.clock.monotonicMs() + afterMs;
    this.track((async () => {
      await this.parts.clock.sleep(afterMs, own.signal);
      if (!own.signal.aborted) this.parts.post({ kind: "due" });
    })());
  }

  private async greet(url: string, signal: AbortSignal): Promise<Happening | null> {
    const { network } = this.parts;
    try {
      return { kind: "hello_answered", url, hello: await askHello({ network, url, signal }) };
    } catch (error) {
      const failure = this.failureOf(error);
      return failure && { kind: "hello_failed", url, why: failure.message };
    }
  }

  private async enrol(
    url: string,
    { state, signal }: { state: AgentState; signal: AbortSignal },
  ): Promise<Happening | null> {
    if (state.name !== "handshaking") return null;
    const { network, random, identity } = this.parts;
    const { token, pin } = state;
    try {
      const agreed = await enrol({
        network,
        url,
        signal,
        random,
        deviceKey: identity.keyPair,
        serverKey: pin.serverKey,
        token,
        request: enrolRequest(state, { self: this.parts.self(), deviceId: identity.deviceId }),
      });
      return { kind: "enrolled", ...agreed };
    } catch (error) {
      const failure = this.failureOf(error);
      if (failure === null) return null;
      const { reached, retryAfterS = 0 } = failure.details;
      return { kind: "enrol_failed", why: failure.message, reached, retryAfterS };
    }
  }

  private async sync(
    { url, waitS }: Extract<Effect, { kind: "sync" }>,
    { state, signal }: { state: AgentState; signal: AbortSignal },
  ): Promise<Happening | null> {
    if (!("session" in state)) return null;
    const { clock, network, deviceClock } = this.parts;
    try {
      const request = await this.requestFor(state, waitS);
      const { sealed, composed } = request;
      const sentMs = clock.monotonicMs();
      const reply = await exchangeSync({ network, url, signal }, { sealed, waitS: composed.waitS });
      const receivedMs = clock.monotonicMs();
      deviceClock.observe(reply.time, { sentMs, receivedMs });
      if (composed.waitS === 0) this.clockSeenMs = receivedMs;
      if (this.outstanding === request) this.outstanding = null;
      this.answered = composed;
      this.report.lastAnswerMs = receivedMs;
      this.report.lastFailure = null;
      const wait = waitEnd(composed.waitS, receivedMs - sentMs);
      return { kind: "sync_answered", url, reply, wait };
    } catch (error) {
      const failure = this.failureOf(error);
      if (failure === null) return null;
      this.report.lastFailure = failure.message;
      const { unknownKid = false, retryAfterS = 0 } = failure.details;
      return { kind: "sync_failed", url, why: failure.message, unknownKid, retryAfterS };
    }
  }

  /** The outstanding request where repeating it makes sense, so that the server can go on where it was; else a new one. */
  private async requestFor(state: Unconfirmed | Enrolled, waitS: number): Promise<Outstanding> {
    const { clock, correspondence, sequence } = this.parts;
    const last = this.outstanding;
    const nowMs = clock.monotonicMs();
    if (
      last !== null && last.askedWaitS === waitS && last.sealed.session.kid === state.session.kid
    ) {
      const validMs = last.composed.undated ? REPEAT_UNDATED_MS : REPEAT_MS;
      if (nowMs - last.builtAtMs <= validMs) return last;
    }
    const stale = nowMs - this.clockSeenMs >= CLOCK_EVERY_MS;
    const composed = await correspondence.compose(state, stale ? 0 : waitS);
    const seq = await sequence.next();
    const sealed = sealRequest(state.session, { seq, payload: composed.payload });
    return this.outstanding = { sealed, composed, askedWaitS: waitS, builtAtMs: nowMs };
  }

  private async take(
    { reply, wait }: Extract<Effect, { kind: "take_reply" }>,
    state: AgentState,
  ): Promise<void> {
    const sent = this.answered;
    let taken = { unsent: false, advanced: false };
    try {
      if (sent !== null && "enrolledAtUnixMs" in state) {
        taken = await this.parts.correspondence.take(reply, { sent, state });
      }
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.parts.log.error("Cannot carry out what the server said", { why: error.message });
    }
    this.parts.post({ kind: "reply_taken", reply, wait, ...taken });
  }

  /** What an exchange died of; `null` when we ended it ourselves. */
  private failureOf(error: unknown): ExchangeError | null {
    if (error instanceof ExchangeError) return error;
    if (error instanceof NetworkError && error.code === "network.aborted") return null;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof DiskError)) {
      const stack = error instanceof Error ? error.stack ?? message : message;
      this.parts.log.error("An exchange failed unexpectedly", { why: stack });
    }
    return new ExchangeError(message, { reached: false });
  }
}

function waitEnd(waitS: number, tookMs: number): WaitEnd {
  if (waitS === 0) return "none";
  return tookMs < waitS * 1_000 - EARLY_BY_MS ? "early" : "full";
}

function unknownEffect(effect: never): never {
  throw new TypeError(`no way to carry out ${JSON.stringify(effect)}`);
}
