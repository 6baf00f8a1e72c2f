/**
 * @module
 * Signing in: a name and a password, or a one-time link, for a session in a browser or an API token of the
 * command line. A wrong name and a wrong password answer alike and take the same time.
 */
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Transactions, Tx } from "../transaction.ts";
import type { ApiToken, ApiTokens } from "./api_tokens.ts";
import { WHOLE_FLEET } from "./device_scope.ts";
import type { Attempt, Lockout } from "./lockout.ts";
import { checkNewPassword, type Passwords } from "./password.ts";
import { hashCode } from "./random_text.ts";
import type { NewSession, Sessions, SessionsStore } from "./sessions.ts";
import type { SetupCode } from "./setup_code.ts";
import { type StoredUser, type User, type UsersStore, userTarget, withoutProof } from "./user.ts";
import type { Users } from "./users.ts";

/** What signing in stands on. */
export interface SignInOptions {
  readonly store: UsersStore;
  readonly sessionsStore: Pick<SessionsStore, "removeOf">;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly setupCode: SetupCode;
  readonly passwords: Passwords;
  readonly lockout: Lockout;
  readonly transactions: Transactions;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** What a one-time link is for. */
export interface LinkPurpose {
  /** `first-admin`: its holder chooses a name; `user`: it is that user's. */
  readonly kind: "first-admin" | "user";
  /** The user's name; null where it is to be chosen. */
  readonly name: string | null;
}

/** A user who has just signed in. */
export interface SignedIn extends NewSession {
  readonly user: User;
}

/** Lets users in. */
export class SignIn {
  readonly #with: SignInOptions;

  constructor(options: SignInOptions) {
    this.#with = options;
  }

  /** What a visitor can do: `setupOpen`: the printed link works; `users`: somebody has a password. */
  async ways(): Promise<{ readonly setupOpen: boolean; readonly users: boolean }> {
    const { setupCode, store } = this.#with;
    const users = await store.list();
    return {
      setupOpen: await setupCode.isOpen(),
      users: users.some(({ passwordAtMs }) => passwordAtMs !== null),
    };
  }

  /**
   * A session for a name and a password.
   * @throws DomainError `sign_in.failed`, `sign_in.locked`, `sign_in.busy`
   */
  async session(
    attempt: Attempt,
    { password, agent }: { readonly password: string; readonly agent: string | null },
  ): Promise<SignedIn> {
    return await this.#proved(attempt, password, async (tx, user, actor) => ({
      user: withoutProof(user),
      ...await this.#with.sessions.open(tx, actor, { user, agent }),
    }));
  }

  /**
   * An API token for a name and a password; it lives and dies with the user.
   * @throws DomainError `sign_in.failed`, `sign_in.locked`, `sign_in.busy`
   */
  async token(
    attempt: Attempt,
    { password, tokenName, ttlS }: {
      readonly password: string;
      readonly tokenName: string;
      readonly ttlS: number | null;
    },
  ): Promise<{ token: ApiToken; text: string }> {
    return await this.#proved(
      attempt,
      password,
      (tx, user, actor) =>
        this.#with.apiTokens.create(tx, actor, {
          name: tokenName,
          role: user.role,
          scope: user.scope,
          ttlS,
          userId: user.id,
        }),
    );
  }

  /**
   * What a link's code is for, without spending it.
   * @throws DomainError `sign_in.link_invalid`
   */
  async linkPurpose(code: string): Promise<LinkPurpose> {
    if (await this.#with.setupCode.matches(code)) return { kind: "first-admin", name: null };
    const user = await this.#linked(null, code);
    return { kind: "user", name: user.name };
  }

  /**
   * Spends a link: sets the password and signs in. The printed link makes the first administrator, who
   * chooses a name; any other is its user's.
   * @throws DomainError `sign_in.link_invalid`, `setup.*`, `password.weak`, `user.exists`, `sign_in.busy`
   */
  async spendLink(
    address: string,
    { code, name, password, agent }: {
      readonly code: string;
      readonly name: string | null;
      readonly password: string;
      readonly agent: string | null;
    },
  ): Promise<SignedIn> {
    const { setupCode, users, sessions, passwords, transactions, store } = this.#with;
    const purpose = await this.linkPurpose(code);
    if (purpose.kind === "first-admin" && name === null) {
      throw new DomainError("request.invalid", "Cannot set up: choose a user name");
    }
    const chosen = purpose.name ?? name!;
    checkNewPassword(password, chosen);
    const passwordHash = await passwords.hash(password);
    const actor = { name: userTarget(chosen), address };
    if (purpose.kind === "first-admin") {
      return await setupCode.spend(code, async (tx) => {
        const wanted = { name: chosen, role: "admin", scope: WHOLE_FLEET } as const;
        const user = await users.insert(
          tx,
          { ...actor, name: "host:setup" },
          users.withPassword(wanted, passwordHash),
        );
        return { user, ...await sessions.open(tx, actor, { user, agent }) };
      });
    }
    return await transactions.write(async (tx) => {
      const user = await this.#linked(tx, code);
      const changed = await this.#setPassword(tx, actor, { user, passwordHash, exceptId: null });
      await store.update(tx, { ...changed, lastSignInMs: this.#with.clock.nowMs() });
      return {
        user: withoutProof(changed),
        ...await sessions.open(tx, actor, { user: changed, agent }),
      };
    });
  }

  /**
   * Changes one's own password; every other session and token of the user ends.
   * @param callerId the session or token that asks, and stays
   * @throws DomainError `sign_in.failed`, `sign_in.locked`, `sign_in.busy`, `password.weak`
   */
  async changePassword(
    attempt: Attempt,
    { current, next, callerId }: {
      readonly current: string;
      readonly next: string;
      readonly callerId: string;
    },
  ): Promise<void> {
    checkNewPassword(next, attempt.name);
    const passwordHash = await this.#with.passwords.hash(next);
    await this.#proved(attempt, current, async (tx, user, actor) => {
      await this.#setPassword(tx, actor, { user, passwordHash, exceptId: callerId });
    });
  }

  /** Checks a password and goes on with the user in one transaction. */
  async #proved<T>(
    attempt: Attempt,
    password: string,
    goOn: (tx: Tx, user: StoredUser, actor: Actor) => Promise<T>,
  ): Promise<T> {
    const { store, passwords, lockout, transactions, clock } = this.#with;
    await lockout.begin(transactions, attempt);
    const found = await store.find(null, { name: attempt.name });
    const { ok, outdated } = await passwords.check(password, found?.passwordHash ?? null);
    if (!ok || found === undefined || found.disabledAtMs !== null) throw wrongPassword();
    const passwordHash = outdated ? await passwords.hash(password) : found.passwordHash;
    return await transactions.write(async (tx) => {
      const user = await store.find(tx, { id: found.id });
      // Between the look and the lock somebody may have changed it.
      if (user?.passwordHash !== found.passwordHash || user?.disabledAtMs !== null) {
        throw wrongPassword();
      }
      await lockout.succeeded(tx, attempt);
      const signedIn = { ...user, passwordHash, lastSignInMs: clock.nowMs() };
      await store.update(tx, signedIn);
      const actor = { ...attempt.actor, name: userTarget(user.name) };
      return await goOn(tx, signedIn, actor);
    });
  }

  async #setPassword(
    tx: Tx,
    actor: Actor,
    { user, passwordHash, exceptId }: {
      readonly user: StoredUser;
      readonly passwordHash: string;
      readonly exceptId: string | null;
    },
  ): Promise<StoredUser> {
    const { store, sessionsStore, audit, clock } = this.#with;
    const now = clock.nowMs();
    const changed: StoredUser = {
      ...user,
      passwordHash,
      passwordAtMs: now,
      linkHash: null,
      linkExpiresAtMs: null,
    };
    await store.update(tx, changed);
    const of = { userId: user.id, exceptId };
    const endedSessions = await sessionsStore.removeOf(tx, of);
    const revokedTokens = await store.revokeTokens(tx, { ...of, atMs: now });
    await audit(
      tx,
      by(actor, {
        action: "user.set-password",
        target: userTarget(user.name),
        before: { passwordAtMs: user.passwordAtMs },
        after: { passwordAtMs: now, endedSessions, revokedTokens },
      }),
    );
    return changed;
  }

  async #linked(tx: Tx | null, code: string): Promise<StoredUser> {
    const user = await this.#with.store.find(tx, { linkHash: hashCode(code) });
    const usable = user !== undefined && user.disabledAtMs === null &&
      user.linkExpiresAtMs !== null && user.linkExpiresAtMs > this.#with.clock.nowMs();
    if (usable) return user;
    throw new DomainError(
      "sign_in.link_invalid",
      "Cannot use this link: it is wrong, was used already or is too old; ask an administrator for a new one, or restart the server if nobody can sign in",
    );
  }
}

function wrongPassword(): DomainError {
  return new DomainError(
    "sign_in.failed",
    "Cannot sign in: the user name or the password is wrong",
  );
}
