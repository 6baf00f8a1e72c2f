/**
 * @module
 * Long polls that wait for something to say: at most one for each kid, woken by live events, and looking
 * by themselves now and then in case an event happened in another process.
 */
import type { LiveEvents } from "../events/live_events.ts";
import { nameOf } from "./session_cache.ts";

/** Why a wait went on. */
export type WakeReason = "look" | "ended" | "time";

/** How long a wait sleeps at most before it looks by itself, ms. */
export const LOOK_EVERY_MS = 10_000;

/** One waiting poll. */
export class WaitingPoll {
  #wake: ((reason: WakeReason) => void) | undefined;
  #pending: WakeReason | undefined;

  constructor(
    readonly deviceId: number,
    /** Monotonic ms at which it ends with an empty answer. */
    readonly deadlineMs: number,
  ) {}

  /** Has it look again, or end. What comes while it is busy is not lost. */
  wake(reason: WakeReason): void {
    if (this.#pending !== "ended") this.#pending = reason;
    this.#wake?.(reason);
  }

  /** Sleeps until woken, until it is time to look, or until the deadline. */
  async sleep(nowMs: number, lookEveryMs: number): Promise<WakeReason> {
    if (this.#pending === undefined) {
      const leftMs = this.deadlineMs - nowMs;
      if (leftMs <= 0) return "time";
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = () => resolve();
        timer = setTimeout(resolve, Math.min(leftMs, lookEveryMs));
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    const reason: WakeReason = this.#pending ?? "look";
    if (reason !== "ended") this.#pending = undefined;
    return reason;
  }
}

/** The polls that wait on this server. */
export class WaitingPolls {
  readonly #byKid = new Map<string, WaitingPoll>();
  readonly #byDevice = new Map<number, Set<WaitingPoll>>();
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(live: LiveEvents) {
    this.#unsubscribe = live.subscribe((event) => {
      if (event.kind !== "device.changed" && event.kind !== "command.queued") return;
      for (const poll of this.#byDevice.get(event.deviceId) ?? []) poll.wake("look");
    }, () => {
      for (const poll of this.#byKid.values()) poll.wake("look");
    });
  }

  /** Polls waiting now. */
  get size(): number {
    return this.#byKid.size;
  }

  /** Begins a wait; an older one of the kid ends. Undefined when the server is closing. */
  begin(kid: Uint8Array, poll: WaitingPoll): WaitingPoll | undefined {
    if (this.#closed) return undefined;
    this.end(kid);
    this.#byKid.set(nameOf(kid), poll);
    const polls = this.#byDevice.get(poll.deviceId) ?? new Set();
    this.#byDevice.set(poll.deviceId, polls.add(poll));
    return poll;
  }

  /** Ends the wait of a kid, if there is one, with an empty answer. */
  end(kid: Uint8Array): void {
    if (this.#byKid.size > 0) this.#byKid.get(nameOf(kid))?.wake("ended");
  }

  /** Forgets a wait that is over. */
  finish(kid: Uint8Array, poll: WaitingPoll): void {
    if (this.#byKid.get(nameOf(kid)) === poll) this.#byKid.delete(nameOf(kid));
    const polls = this.#byDevice.get(poll.deviceId);
    polls?.delete(poll);
    if (polls?.size === 0) this.#byDevice.delete(poll.deviceId);
  }

  /** Ends every wait and begins no more. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const poll of this.#byKid.values()) poll.wake("ended");
  }
}
