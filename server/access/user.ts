/**
 * @module
 * A user: a person who signs in with a name and a password. Sessions and the tokens of `fleets login` stand
 * on it, and what they may do is what the user may do now.
 */
import type { Awaitable, Tx } from "../transaction.ts";
import type { DeviceScope } from "./device_scope.ts";
import type { Role } from "./role.ts";

/** A user as administrators see it. */
export interface User {
  /** 12 letters and digits. */
  readonly id: string;
  /** 1 to 63 characters; upper and lower case do not tell two users apart. */
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
  readonly createdAtMs: number;
  /** When the password was set; null = it never was. */
  readonly passwordAtMs: number | null;
  /** Until when the open sign-in link works; null = there is none. */
  readonly linkExpiresAtMs: number | null;
  /** Since when the user cannot sign in; null = can. */
  readonly disabledAtMs: number | null;
  readonly lastSignInMs: number | null;
}

/** A user with what proves it. */
export interface StoredUser extends User {
  /** PHC string; null = no password yet. */
  readonly passwordHash: string | null;
  /** SHA-256 of the sign-in link's code, 32 bytes; null = none is open. */
  readonly linkHash: Uint8Array | null;
}

/** How a user is looked for. */
export type UserKey =
  | { readonly id: string }
  | { readonly name: string }
  | { readonly linkHash: Uint8Array };

/** Where users are kept. */
export interface UsersStore {
  find(tx: Tx | null, key: UserKey): Awaitable<StoredUser | undefined>;
  /** Every user by name; there are few. */
  list(): Awaitable<readonly User[]>;
  /** False when another user has the name. */
  insert(tx: Tx, user: StoredUser): Awaitable<boolean>;
  /** Writes every field but id and name. */
  update(tx: Tx, user: StoredUser): Awaitable<void>;
  /** Removes the user with its sessions and tokens. */
  remove(tx: Tx, id: string): Awaitable<void>;
  /** Ends the user's API tokens but the one named. @returns how many */
  revokeTokens(
    tx: Tx,
    of: { readonly userId: string; readonly exceptId: string | null; readonly atMs: number },
  ): Awaitable<number>;
  /** As {@link ApiTokensStore.countAdmins}: whoever can administer the whole fleet. */
  countAdmins(tx: Tx | null, atMs: number): Awaitable<number>;
}

/** A user without what proves it. */
export function withoutProof({ passwordHash: _, linkHash: __, ...user }: StoredUser): User {
  return user;
}

/** What the audit log calls a user. */
export function userTarget(name: string): string {
  return `user:${name}`;
}
