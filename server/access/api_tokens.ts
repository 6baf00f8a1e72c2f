/**
 * @module
 * API tokens: how an administrator's program shows who it is. A token is shown once, when it is made;
 * the store keeps the SHA-256 of its secret, which needs no slow hash because the secret is 256 random bits.
 */
import { timingSafeEqual } from "node:crypto";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Actor } from "../audit/actor.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import { type DeviceScope, isWholeFleet } from "./device_scope.ts";
import { hashSecret, newId, newSecret } from "./random_text.ts";
import { lesserRole, type Role } from "./role.ts";

/** An API token as administrators see it: everything but its secret. */
export interface ApiToken {
  /** 12 letters and digits: public, part of the token's text. */
  readonly id: string;
  /** 1 to 63 characters, for people. */
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
  readonly createdAtMs: number;
  /** Unix ms; null = never. */
  readonly expiresAtMs: number | null;
  /** Unix ms, exact to a minute; null = not used yet. */
  readonly lastUsedMs: number | null;
  readonly revokedAtMs: number | null;
  /** Id of the user who signed in for it and whose rights bound it; null = it stands for itself. */
  readonly userId: string | null;
}

/** The user behind a token, as he is now. */
export interface TokenOwner {
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
  readonly disabled: boolean;
}

/** A token with what proves it. */
export interface StoredApiToken extends ApiToken {
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Uint8Array;
  readonly owner: TokenOwner | null;
}

/** Where API tokens are kept. */
export interface ApiTokensStore {
  find(id: string): Awaitable<StoredApiToken | undefined>;
  /** Every token, newest first; there are few. */
  list(): Awaitable<readonly ApiToken[]>;
  insert(tx: Tx, token: Omit<StoredApiToken, "owner">): Awaitable<void>;
  /** True when a token that was not revoked now is. */
  revoke(tx: Tx, id: string, atMs: number): Awaitable<boolean>;
  markUsed(tx: Tx, id: string, atMs: number): Awaitable<void>;
  /** Admin tokens of their own over the whole fleet that work at `atMs`, and admin users who can sign in. */
  countAdmins(tx: Tx | null, atMs: number): Awaitable<number>;
}

/** What a new token shall be. */
export interface NewApiToken {
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
  /** Life in seconds; null = for ever. */
  readonly ttlS: number | null;
  /** The user who signs in for it. */
  readonly userId?: string;
}

/** What the feature stands on. */
export interface ApiTokensOptions {
  readonly store: ApiTokensStore;
  readonly transactions: Transactions;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
}

/** A use is written at most this often, in ms: reading the list must not cost a commit each. */
const MARK_USED_EVERY_MS = 60_000;
const TEXT = /^flt_([a-z2-7]{12})_([A-Za-z0-9_-]{43})$/;
const NO_HASH = new Uint8Array(32);

/** Makes, checks, lists and revokes API tokens. */
export class ApiTokens {
  readonly #with: ApiTokensOptions;

  constructor(options: ApiTokensOptions) {
    this.#with = options;
  }

  /**
   * The token behind a text, when it works now. Unknown, wrong, expired and revoked answer alike and take
   * the same steps.
   * @throws DomainError `request.unauthenticated`
   */
  async authenticate(text: string): Promise<ApiToken & { readonly owner: string | null }> {
    const { store, clock } = this.#with;
    const [, id = "", secret = ""] = TEXT.exec(text) ?? [];
    const found = id === "" ? undefined : await store.find(id);
    const proved = timingSafeEqual(hashSecret(secret), found?.secretHash ?? NO_HASH);
    const now = clock.nowMs();
    if (
      !found || !proved || found.revokedAtMs !== null || (found.expiresAtMs ?? Infinity) <= now ||
      found.owner?.disabled
    ) {
      throw new DomainError(
        "request.unauthenticated",
        "Cannot sign in: the API token is unknown, expired or revoked; sign in again with `fleets login`",
      );
    }
    if (now - (found.lastUsedMs ?? 0) >= MARK_USED_EVERY_MS) await this.#markUsed(found.id, now);
    return { ...limitedTo(withoutSecret(found), found.owner), owner: found.owner?.name ?? null };
  }

  /** Makes a token. `text` is what its owner keeps; it exists only here. */
  async create(
    tx: Tx,
    actor: Actor,
    wanted: NewApiToken,
  ): Promise<{ token: ApiToken; text: string }> {
    const { store, audit, clock, random } = this.#with;
    const id = newId(random);
    const secret = newSecret(random);
    const now = clock.nowMs();
    const token = {
      id,
      name: wanted.name,
      role: wanted.role,
      scope: wanted.scope,
      createdAtMs: now,
      expiresAtMs: wanted.ttlS === null ? null : now + wanted.ttlS * 1000,
      lastUsedMs: null,
      revokedAtMs: null,
      userId: wanted.userId ?? null,
      secretHash: hashSecret(secret),
      owner: null,
    };
    await store.insert(tx, token);
    await audit(
      tx,
      by(actor, {
        action: "api-token.create",
        target: `api-token:${id}`,
        after: { ...wanted },
      }),
    );
    return { token: withoutSecret(token), text: `flt_${id}_${secret}` };
  }

  /** Every token ever made, newest first. */
  async list(): Promise<readonly ApiToken[]> {
    return await this.#with.store.list();
  }

  /** Whether an administrator can sign in at all. */
  async anyAdmin(): Promise<boolean> {
    return await this.#with.store.countAdmins(null, this.#with.clock.nowMs()) > 0;
  }

  /**
   * Ends a token, for ever and at once.
   * @throws DomainError `api_token.not_found`; `api_token.last_admin`, which would lock everybody out
   */
  async revoke(tx: Tx, actor: Actor, id: string): Promise<void> {
    const { store, audit, clock } = this.#with;
    const now = clock.nowMs();
    if (!await store.revoke(tx, id, now)) {
      throw new DomainError(
        "api_token.not_found",
        `Cannot revoke API token "${id}": there is no working token of that id`,
      );
    }
    if (await store.countAdmins(tx, now) === 0) {
      throw new DomainError(
        "api_token.last_admin",
        `Cannot revoke API token "${id}": it is the last one that may administer the fleet; make another first`,
      );
    }
    await audit(
      tx,
      by(actor, {
        action: "api-token.revoke",
        target: `api-token:${id}`,
        after: { revokedAtMs: now },
      }),
    );
  }

  /** A use is not worth failing a request for: a database that cannot be written can still be read. */
  async #markUsed(id: string, atMs: number): Promise<void> {
    try {
      await this.#with.transactions.write((tx) => this.#with.store.markUsed(tx, id, atMs));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

function withoutSecret({ secretHash: _, owner: __, ...token }: StoredApiToken): ApiToken {
  return token;
}

/** A user's token never does more than its user may now. */
function limitedTo(token: ApiToken, owner: TokenOwner | null): ApiToken {
  if (owner === null) return token;
  return {
    ...token,
    role: lesserRole(token.role, owner.role),
    scope: isWholeFleet(owner.scope) ? token.scope : owner.scope,
  };
}
