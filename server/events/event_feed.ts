/**
 * @module
 * Live events for watchers outside the server: numbered, so that a watcher that lost its connection goes
 * on where it was. Only the newest are kept, in memory: a watcher that was away too long, or whose server
 * was restarted, is told to look at the lists again.
 */
import type { LiveEvent, LiveEvents } from "./live_events.ts";

/** A live event with its place in the feed. */
export interface FedEvent {
  /** `<feed>.<number>`: another server, or this one restarted, has another feed. */
  readonly id: string;
  readonly event: LiveEvent;
}

/** What a watcher gets next. */
export type FeedItem =
  | { readonly kind: "event"; readonly fed: FedEvent }
  /** Events were missed: what was seen so far may be out of date. `id` is where the feed stands. */
  | { readonly kind: "reset"; readonly id: string }
  /** Nothing happened for a while; the connection is alive. */
  | { readonly kind: "idle" };

/** What a watcher asks for. */
export interface WatchOptions {
  /** Id of the last event seen; null = from now on. */
  readonly lastId: string | null;
  readonly signal: AbortSignal;
  /** An idle item after this long without an event, in ms. */
  readonly idleMs: number;
}

/** Events kept for watchers that come back. */
const KEPT = 2_000;
/** Watchers at once: every open page of every browser is one. */
export const MAX_WATCHERS = 1_024;

/** The feed of one server process. */
export class EventFeed {
  readonly #feed: string;
  readonly #recent: LiveEvent[] = [];
  #last = 0;
  readonly #wake = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #watchers = 0;

  /** @param feed a name that no other run of a server has, letters and digits */
  constructor(live: Pick<LiveEvents, "subscribe">, feed: string) {
    this.#feed = feed;
    this.#unsubscribe = live.subscribe((event) => this.#add(event), () => this.#skip());
  }

  /** Watchers now. */
  get watchers(): number {
    return this.#watchers;
  }

  /** Events from `lastId` on, until the signal aborts. Slow watchers lose events and are told. */
  async *watch({ lastId, signal, idleMs }: WatchOptions): AsyncGenerator<FeedItem> {
    this.#watchers += 1;
    try {
      let seen = lastId === null ? this.#last : this.#numberOf(lastId);
      while (!signal.aborted) {
        const oldest = this.#last - this.#recent.length + 1;
        if (seen === undefined || seen + 1 < oldest || seen > this.#last) {
          seen = this.#last;
          yield { kind: "reset", id: `${this.#feed}.${seen}` };
        } else if (seen === this.#last) {
          if (!await this.#next(signal, idleMs) && !signal.aborted) yield { kind: "idle" };
        } else {
          seen += 1;
          const event = this.#recent[seen - oldest]!;
          yield { kind: "event", fed: { id: `${this.#feed}.${seen}`, event } };
        }
      }
    } finally {
      this.#watchers -= 1;
    }
  }

  /** Ends the feed's own subscription. */
  close(): void {
    this.#unsubscribe();
  }

  #add(event: LiveEvent): void {
    this.#last += 1;
    this.#recent.push(event);
    // Dropped in blocks: shifting one by one would move the whole array each time.
    if (this.#recent.length >= KEPT * 2) this.#recent.splice(0, this.#recent.length - KEPT);
    this.#wakeAll();
  }

  /** Leaves a number out: whoever watches is told that something may have been missed. */
  #skip(): void {
    this.#last += 1;
    this.#recent.length = 0;
    this.#wakeAll();
  }

  #wakeAll(): void {
    if (this.#wake.size === 0) return;
    for (const wake of [...this.#wake]) wake();
  }

  #numberOf(id: string): number | undefined {
    const [feed, number = ""] = id.split(".");
    return feed === this.#feed && /^\d{1,15}$/.test(number) ? Number(number) : undefined;
  }

  /** True when an event came, false after `idleMs` or when the signal aborted. */
  #next(signal: AbortSignal, idleMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        clearTimeout(timer);
        this.#wake.delete(onWake);
        signal.removeEventListener("abort", onAbort);
        resolve(came);
      };
      const onWake = () => done(true);
      const onAbort = () => done(false);
      const timer = setTimeout(() => done(false), idleMs);
      this.#wake.add(onWake);
      signal.addEventListener("abort", onAbort);
    });
  }
}
