/**
 * @module
 * Slows down whoever guesses passwords. Every try is counted before the password is looked at, so that a
 * thousand tries at once count a thousand; a right one takes its own counts back. The counts are in the
 * database, so that several servers agree.
 *
 * Three counts: the user from this address (strict), the address over all users, and the user from anywhere,
 * whose pause is short, because with it a stranger could keep the user out. That last one never holds the
 * server's own machine up.
 */
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import { userTarget } from "./user.ts";

/** One count. */
export interface FailureCount {
  readonly key: string;
  readonly failures: number;
  readonly lastMs: number;
  /** 0 = no pause. */
  readonly lockedUntilMs: number;
}

/** Where the counts are kept. */
export interface FailuresStore {
  find(tx: Tx, key: string): Awaitable<FailureCount | undefined>;
  put(tx: Tx, count: FailureCount): Awaitable<void>;
  remove(tx: Tx, key: string): Awaitable<void>;
  /** Removes counts that did not grow since. */
  forget(tx: Tx, lastBeforeMs: number): Awaitable<void>;
}

/** Who tries. */
export interface Attempt {
  readonly actor: Actor;
  /** The user named, whether there is one or not. */
  readonly name: string;
  /** What the address counts as (an IPv6 network is one). */
  readonly addressKey: string;
  /** From the server's own machine. */
  readonly local: boolean;
}

/** When a count begins to hold up, and for how long at most. */
interface Limit {
  readonly key: string;
  readonly free: number;
  readonly longestMs: number;
}

/** A day without a wrong try, and it is forgotten. */
const FORGET_MS = 86_400_000;
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;

/** Counts tries. */
export class Lockout {
  readonly #store: FailuresStore;
  readonly #audit: Audit;
  readonly #clock: Clock;

  constructor(
    { store, audit, clock }: { store: FailuresStore; audit: Audit; clock: Clock },
  ) {
    this.#store = store;
    this.#audit = audit;
    this.#clock = clock;
  }

  /**
   * Counts a try, or refuses it while a pause lasts.
   * @throws DomainError `sign_in.locked`
   */
  async begin(transactions: Transactions, attempt: Attempt): Promise<void> {
    const pauseMs = await transactions.write((tx) => this.#count(tx, attempt));
    if (pauseMs <= 0) return;
    const retryAfterS = Math.ceil(pauseMs / 1000);
    throw new DomainError(
      "sign_in.locked",
      `Cannot sign in now: too many wrong passwords were given; try again in ${retryAfterS} s`,
      { retryAfterS },
    );
  }

  /** The try was right: what it counted is taken back, and the user's own counts with it. */
  async succeeded(tx: Tx, attempt: Attempt): Promise<void> {
    const address = addressCount(attempt.addressKey);
    for (const { key } of limitsOf(attempt)) {
      if (key !== address) await this.#store.remove(tx, key);
    }
    const count = await this.#store.find(tx, address);
    if (count === undefined) return;
    const failures = count.failures - 1;
    if (failures <= 0) await this.#store.remove(tx, address);
    else await this.#store.put(tx, { ...count, failures, lockedUntilMs: 0 });
  }

  /** @returns how long the caller has to wait, ms; 0 = it was counted and may go on */
  async #count(tx: Tx, attempt: Attempt): Promise<number> {
    const now = this.#clock.nowMs();
    const limits = limitsOf(attempt);
    const counts = [];
    let pauseMs = 0;
    for (const limit of limits) {
      const known = await this.#store.find(tx, limit.key);
      pauseMs = Math.max(pauseMs, (known?.lockedUntilMs ?? 0) - now);
      const fresh = known === undefined || now - known.lastMs > FORGET_MS;
      counts.push({ limit, failures: (fresh ? 0 : known.failures) + 1 });
    }
    if (pauseMs > 0) return pauseMs;
    await this.#store.forget(tx, now - FORGET_MS);
    for (const { limit, failures } of counts) {
      await this.#put(tx, attempt, { limit, failures, now });
    }
    return 0;
  }

  async #put(
    tx: Tx,
    { actor, name }: Attempt,
    { limit, failures, now }: { limit: Limit; failures: number; now: number },
  ): Promise<void> {
    const doublings = failures - limit.free;
    const lastedMs = doublings < 0
      ? 0
      : Math.min(limit.longestMs, 1000 * 2 ** Math.min(doublings, 20));
    const lockedUntilMs = lastedMs === 0 ? 0 : now + lastedMs;
    await this.#store.put(tx, { key: limit.key, failures, lastMs: now, lockedUntilMs });
    // One row when a lock begins; a row for each try would let strangers fill the log.
    if (doublings !== 0) return;
    await this.#audit(
      tx,
      by(actor, {
        action: "sign-in.lock",
        target: userTarget(name),
        after: { failures, of: limit.key.replace(/ .*/s, "") },
      }),
    );
  }
}

function limitsOf({ name, addressKey, local }: Attempt): readonly Limit[] {
  const user = name.toLowerCase();
  const limits = [
    { key: `user-at-address ${user} ${addressKey}`, free: 5, longestMs: QUARTER_MS },
    { key: addressCount(addressKey), free: 20, longestMs: QUARTER_MS },
  ];
  return local ? limits : [...limits, { key: `user ${user}`, free: 30, longestMs: MINUTE_MS }];
}

function addressCount(addressKey: string): string {
  return `address ${addressKey}`;
}
