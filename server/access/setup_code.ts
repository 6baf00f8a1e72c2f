/**
 * @module
 * The first administrator. Whoever can read the server's own output may become admin, once: when nobody
 * can sign in, the server makes a code at its start, prints it on the host and keeps only its digest.
 * The first visitor of a web page is nobody.
 */
import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../audit/actor.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import type { ApiToken, ApiTokens } from "./api_tokens.ts";
import { WHOLE_FLEET } from "./device_scope.ts";
import { hashCode, newCode } from "./random_text.ts";

/** Where the code's digest is kept. */
export interface SetupCodeStore {
  /** SHA-256 of the code that may be used now, 32 bytes; null = none. */
  setupCodeHash(tx: Tx | null): Awaitable<Uint8Array | null>;
  setSetupCodeHash(tx: Tx, hash: Uint8Array | null): Awaitable<void>;
}

/** What the feature stands on. */
export interface SetupCodeOptions {
  readonly store: SetupCodeStore;
  readonly apiTokens: ApiTokens;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
}

/** Wrong codes answered at once; from then on each doubles the pause. */
const FREE_ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 300_000;

/** Opens the way for the first administrator, and closes it. */
export class SetupCode {
  readonly #with: SetupCodeOptions;
  #wrong = 0;
  #closedUntilMs = 0;

  constructor(options: SetupCodeOptions) {
    this.#with = options;
  }

  /**
   * At start: a fresh code when nobody can sign in as admin, else null and no code works.
   * @param always also when somebody can: whoever starts the server is let in again after a lost password
   */
  async open(always = false): Promise<string | null> {
    const { store, apiTokens, transactions, random } = this.#with;
    const needed = always || !await apiTokens.anyAdmin();
    if (!needed && await store.setupCodeHash(null) === null) return null;
    const code = needed ? newCode(random) : null;
    await transactions.write((tx) =>
      store.setSetupCodeHash(tx, code === null ? null : hashCode(code))
    );
    return code;
  }

  /**
   * Takes the code for an admin token, once.
   * @param name of the token, 1 to 63 characters
   * @throws DomainError `setup.closed`, `setup.wrong_code`, `request.rate_limited` after wrong codes
   */
  async exchange(
    actor: Actor,
    { code, name }: { code: string; name: string },
  ): Promise<{ token: ApiToken; text: string }> {
    const { apiTokens } = this.#with;
    return await this.spend(
      code,
      (tx) => apiTokens.create(tx, actor, { name, role: "admin", scope: WHOLE_FLEET, ttlS: null }),
    );
  }

  /** Whether there is a code that may be used now. */
  async isOpen(): Promise<boolean> {
    return await this.#with.store.setupCodeHash(null) !== null;
  }

  /** Whether this is the code, without spending it. */
  async matches(code: string): Promise<boolean> {
    const hash = await this.#with.store.setupCodeHash(null);
    return hash !== null && timingSafeEqual(hash, hashCode(code));
  }

  /**
   * Spends the code on `make`, in one transaction: of many that come with it at once, one gets something.
   * @throws DomainError `setup.closed`, `setup.wrong_code`, `request.rate_limited` after wrong codes
   */
  async spend<T>(code: string, make: (tx: Tx) => Promise<T>): Promise<T> {
    this.#refuseWhilePaused();
    const { store, transactions } = this.#with;
    const made = await transactions.write(async (tx) => {
      const hash = await store.setupCodeHash(tx);
      if (hash === null) {
        throw new DomainError(
          "setup.closed",
          "Cannot set up: an administrator exists; sign in as one (`fleets login`), or let one invite you",
        );
      }
      if (!timingSafeEqual(hash, hashCode(code))) return undefined;
      await store.setSetupCodeHash(tx, null);
      return { value: await make(tx) };
    });
    if (made === undefined) throw this.#wrongCode();
    return made.value;
  }

  #refuseWhilePaused(): void {
    const pauseMs = this.#closedUntilMs - this.#with.clock.monotonicMs();
    if (pauseMs <= 0) return;
    const retryAfterS = Math.ceil(pauseMs / 1000);
    throw new DomainError(
      "request.rate_limited",
      `Cannot set up: ${this.#wrong} wrong codes were given; try again in ${retryAfterS} s, or restart the server for a new code`,
      { retryAfterS },
    );
  }

  #wrongCode(): DomainError {
    this.#wrong += 1;
    const doublings = this.#wrong - FREE_ATTEMPTS;
    if (doublings >= 0) {
      this.#closedUntilMs = this.#with.clock.monotonicMs() +
        Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** doublings);
    }
    return new DomainError(
      "setup.wrong_code",
      "Cannot set up: this is not the setup code; the server printed the right one when it started",
    );
  }
}
