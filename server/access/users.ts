/**
 * @module
 * Administering users. Nobody chooses another's password: a new user, and one who lost it, gets a one-time
 * link and sets it himself. The last one who may administer the whole fleet cannot be taken away.
 */
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Tx } from "../transaction.ts";
import type { DeviceScope } from "./device_scope.ts";
import { hashCode, newCode, newId, type Random } from "./random_text.ts";
import type { Role } from "./role.ts";
import type { SessionsStore } from "./sessions.ts";
import { type StoredUser, type User, type UsersStore, userTarget, withoutProof } from "./user.ts";

/** How long a sign-in link works, ms: a day is enough to hand it over. */
export const LINK_LIFE_MS = 86_400_000;

/** What administering users stands on. */
export interface UsersOptions {
  readonly store: UsersStore;
  readonly sessions: Pick<SessionsStore, "removeOf">;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a new user shall be. */
export interface NewUser {
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
}

/** What can be changed about a user. */
export interface UserPatch {
  readonly role?: Role;
  readonly scope?: DeviceScope;
  readonly disabled?: boolean;
}

/** A user with the code of a one-time link, which exists only here. */
export interface InvitedUser {
  readonly user: User;
  readonly code: string;
}

/** Makes, lists, changes and removes users. */
export class Users {
  readonly #with: UsersOptions;

  constructor(options: UsersOptions) {
    this.#with = options;
  }

  /** Every user by name. */
  async list(): Promise<readonly User[]> {
    return await this.#with.store.list();
  }

  /**
   * Makes a user, and the link by which it sets its password.
   * @throws DomainError `user.exists`
   */
  async invite(tx: Tx, actor: Actor, wanted: NewUser): Promise<InvitedUser> {
    const code = newCode(this.#with.random);
    const user = await this.insert(tx, actor, {
      ...this.#blank(wanted),
      linkHash: hashCode(code),
      linkExpiresAtMs: this.#with.clock.nowMs() + LINK_LIFE_MS,
    });
    return { user, code };
  }

  /**
   * Adds a user that is complete.
   * @throws DomainError `user.exists`
   */
  async insert(tx: Tx, actor: Actor, user: StoredUser): Promise<User> {
    if (!await this.#with.store.insert(tx, user)) {
      throw new DomainError(
        "user.exists",
        `Cannot make user "${user.name}": there is one of that name; choose another`,
      );
    }
    const { role, scope } = user;
    await this.#with.audit(
      tx,
      by(actor, {
        action: "user.create",
        target: userTarget(user.name),
        after: { role, scope, invited: user.linkHash !== null },
      }),
    );
    return withoutProof(user);
  }

  /** A user without a password yet. */
  #blank({ name, role, scope }: NewUser): StoredUser {
    return {
      id: newId(this.#with.random),
      name,
      role,
      scope,
      createdAtMs: this.#with.clock.nowMs(),
      passwordAtMs: null,
      linkExpiresAtMs: null,
      disabledAtMs: null,
      lastSignInMs: null,
      passwordHash: null,
      linkHash: null,
    };
  }

  /** A user with a password who has just signed in, for the first administrator. */
  withPassword(wanted: NewUser, passwordHash: string): StoredUser {
    const nowMs = this.#with.clock.nowMs();
    return { ...this.#blank(wanted), passwordHash, passwordAtMs: nowMs, lastSignInMs: nowMs };
  }

  /**
   * Changes a user; disabling one ends its sessions.
   * @throws DomainError `user.not_found`, `user.last_admin`
   */
  async edit(tx: Tx, actor: Actor, { id, patch }: { id: string; patch: UserPatch }): Promise<User> {
    const { store, sessions, audit, clock } = this.#with;
    const user = await this.#need(tx, id, "change");
    const disabledAtMs = patch.disabled === undefined
      ? user.disabledAtMs
      : patch.disabled
      ? user.disabledAtMs ?? clock.nowMs()
      : null;
    const changed: StoredUser = {
      ...user,
      role: patch.role ?? user.role,
      scope: patch.scope ?? user.scope,
      disabledAtMs,
    };
    await store.update(tx, changed);
    if (disabledAtMs !== null && user.disabledAtMs === null) {
      await sessions.removeOf(tx, { userId: id, exceptId: null });
    }
    await this.#keepAnAdmin(tx, `change user "${user.name}"`);
    await audit(
      tx,
      by(actor, {
        action: "user.edit",
        target: userTarget(user.name),
        before: shown(user),
        after: shown(changed),
      }),
    );
    return withoutProof(changed);
  }

  /**
   * Takes the password away and makes a link by which the user sets a new one; ends its sessions and tokens.
   * @throws DomainError `user.not_found`, `user.last_admin`
   */
  async reset(tx: Tx, actor: Actor, id: string): Promise<InvitedUser> {
    const { store, sessions, audit, clock, random } = this.#with;
    const user = await this.#need(tx, id, "reset");
    const code = newCode(random);
    const changed: StoredUser = {
      ...user,
      passwordHash: null,
      passwordAtMs: null,
      linkHash: hashCode(code),
      linkExpiresAtMs: clock.nowMs() + LINK_LIFE_MS,
    };
    await store.update(tx, changed);
    const endedSessions = await sessions.removeOf(tx, { userId: id, exceptId: null });
    const revokedTokens = await store.revokeTokens(tx, {
      userId: id,
      exceptId: null,
      atMs: clock.nowMs(),
    });
    await this.#keepAnAdmin(tx, `reset user "${user.name}"`);
    await audit(
      tx,
      by(actor, {
        action: "user.reset",
        target: userTarget(user.name),
        before: { password: user.passwordHash !== null },
        after: { password: false, endedSessions, revokedTokens },
      }),
    );
    return { user: withoutProof(changed), code };
  }

  /**
   * Removes a user with its sessions and tokens.
   * @throws DomainError `user.not_found`, `user.last_admin`
   */
  async remove(tx: Tx, actor: Actor, id: string): Promise<void> {
    const user = await this.#need(tx, id, "remove");
    await this.#with.store.remove(tx, id);
    await this.#keepAnAdmin(tx, `remove user "${user.name}"`);
    await this.#with.audit(
      tx,
      by(actor, { action: "user.remove", target: userTarget(user.name), before: shown(user) }),
    );
  }

  async #need(tx: Tx, id: string, act: string): Promise<StoredUser> {
    const user = await this.#with.store.find(tx, { id });
    if (user !== undefined) return user;
    throw new DomainError("user.not_found", `Cannot ${act} user "${id}": there is none of that id`);
  }

  async #keepAnAdmin(tx: Tx, act: string): Promise<void> {
    if (await this.#with.store.countAdmins(tx, this.#with.clock.nowMs()) > 0) return;
    throw new DomainError(
      "user.last_admin",
      `Cannot ${act}: nobody else may administer the whole fleet; make another admin first`,
    );
  }
}

function shown({ role, scope, disabledAtMs }: User) {
  return { role, scope, disabled: disabledAtMs !== null };
}
