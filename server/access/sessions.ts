/**
 * @module
 * Sessions: a user signed in with a browser, for twelve hours. The cookie holds an id and 256 random bits,
 * the database only their digest. What a session may do is what its user may do at that moment.
 */
import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import { hashSecret, newId, newSecret, type Random } from "./random_text.ts";
import { type User, userTarget } from "./user.ts";

/** A session as people see it. */
export interface Session {
  /** 12 letters and digits: public. */
  readonly id: string;
  readonly userId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Unix ms, exact to a minute. */
  readonly lastUsedMs: number;
  /** Address it was made from. */
  readonly address: string | null;
  /** What the browser called itself, at most 160 characters. */
  readonly agent: string | null;
}

/** A session with what proves it and whose it is. */
export interface StoredSession extends Session {
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Uint8Array;
}

/** Where sessions are kept. */
export interface SessionsStore {
  find(id: string): Awaitable<{ session: StoredSession; user: User } | undefined>;
  /** Sessions that end after `nowMs`, newest first: a user's, or with null everybody's. */
  list(
    of: { readonly userId: string | null; readonly nowMs: number },
  ): Awaitable<readonly (Session & { readonly userName: string })[]>;
  insert(tx: Tx, session: StoredSession): Awaitable<void>;
  markUsed(tx: Tx, id: string, atMs: number): Awaitable<void>;
  /** @returns the session that was there */
  remove(tx: Tx, id: string): Awaitable<(Session & { readonly userName: string }) | undefined>;
  /** Removes a user's sessions but the one named. @returns how many */
  removeOf(
    tx: Tx,
    of: { readonly userId: string; readonly exceptId: string | null },
  ): Awaitable<number>;
  /** Removes what ended before this. */
  forget(tx: Tx, endedBeforeMs: number): Awaitable<void>;
}

/** What sessions stand on. */
export interface SessionsOptions {
  readonly store: SessionsStore;
  readonly transactions: Transactions;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}

/** A new session and the text that its browser keeps; the text exists only here. */
export interface NewSession {
  readonly session: Session;
  readonly text: string;
}

/** A session's whole life, ms. */
export const SESSION_LIFE_MS = 12 * 3_600_000;

const MARK_USED_EVERY_MS = 60_000;
const AGENT_LENGTH = 160;
const TEXT = /^([a-z2-7]{12})\.([A-Za-z0-9_-]{43})$/;
const NO_HASH = new Uint8Array(32);

/** Makes, checks, lists and ends sessions. */
export class Sessions {
  readonly #with: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#with = options;
  }

  /** Signs a user in; the caller has proved who he is. */
  async open(
    tx: Tx,
    actor: Actor,
    { user, agent }: { readonly user: User; readonly agent: string | null },
  ): Promise<NewSession> {
    const { store, audit, clock, random } = this.#with;
    const now = clock.nowMs();
    const secret = newSecret(random);
    const session: Session = {
      id: newId(random),
      userId: user.id,
      createdAtMs: now,
      expiresAtMs: now + SESSION_LIFE_MS,
      lastUsedMs: now,
      address: actor.address,
      agent: agent?.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, AGENT_LENGTH) ?? null,
    };
    await store.forget(tx, now);
    await store.insert(tx, { ...session, secretHash: hashSecret(secret) });
    const { id, expiresAtMs } = session;
    await audit(
      tx,
      by(actor, {
        action: "session.create",
        target: userTarget(user.name),
        after: { session: id, expiresAtMs, agent: session.agent },
      }),
    );
    return { session, text: `${id}.${secret}` };
  }

  /**
   * The session and user behind a cookie's text, when it works now.
   * @throws DomainError `request.unauthenticated`
   */
  async authenticate(text: string): Promise<{ session: Session; user: User }> {
    const { store, clock } = this.#with;
    const [, id = "", secret = ""] = TEXT.exec(text) ?? [];
    const found = id === "" ? undefined : await store.find(id);
    const proved = timingSafeEqual(hashSecret(secret), found?.session.secretHash ?? NO_HASH);
    const now = clock.nowMs();
    if (
      !found || !proved || found.session.expiresAtMs <= now || found.user.disabledAtMs !== null
    ) {
      throw new DomainError(
        "request.unauthenticated",
        "Cannot answer: the session is over; sign in again",
      );
    }
    const { session: { secretHash: _, ...session }, user } = found;
    if (now - session.lastUsedMs >= MARK_USED_EVERY_MS) await this.#markUsed(id, now);
    return { session, user };
  }

  /** Sessions that work now, newest first: a user's, or with null everybody's. */
  async list(userId: string | null) {
    return await this.#with.store.list({ userId, nowMs: this.#with.clock.nowMs() });
  }

  /**
   * Ends a session at once.
   * @param request.ownerId only a session of this user; null = anybody's
   * @throws DomainError `session.not_found`
   */
  async end(
    tx: Tx,
    actor: Actor,
    { id, ownerId }: { readonly id: string; readonly ownerId: string | null },
  ): Promise<void> {
    const { store, audit } = this.#with;
    const ended = await store.remove(tx, id);
    if (ended === undefined || (ownerId !== null && ended.userId !== ownerId)) {
      throw new DomainError(
        "session.not_found",
        `Cannot end session "${id}": there is none of that id that you may end`,
      );
    }
    await audit(
      tx,
      by(actor, {
        action: "session.end",
        target: userTarget(ended.userName),
        before: { session: id, address: ended.address, createdAtMs: ended.createdAtMs },
      }),
    );
  }

  /** A use is not worth failing a request for. */
  async #markUsed(id: string, atMs: number): Promise<void> {
    try {
      await this.#with.transactions.write((tx) => this.#with.store.markUsed(tx, id, atMs));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
}
