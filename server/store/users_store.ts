/**
 * @module
 * Users in the database.
 */
import type { Role } from "../access/role.ts";
import type { StoredUser, User, UserKey, UsersStore } from "../access/user.ts";
import type { Tx } from "../transaction.ts";
import { AccessStore } from "./access_store.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import type { UsersTable } from "./schema.ts";

const BY_ID = "SELECT * FROM users WHERE id = ?";
const BY_NAME = "SELECT * FROM users WHERE name_key = ?";
const BY_LINK = "SELECT * FROM users WHERE link_hash = ?";

/** The port of `access/user.ts` over one database. */
export class UsersTableStore implements UsersStore {
  readonly #database: Database;
  readonly #access: AccessStore;

  constructor(database: Database) {
    this.#database = database;
    this.#access = new AccessStore(database);
  }

  async find(tx: Tx | null, key: UserKey): Promise<StoredUser | undefined> {
    const [sql, value] = "id" in key
      ? [BY_ID, key.id] as const
      : "name" in key
      ? [BY_NAME, key.name.toLowerCase()] as const
      : [BY_LINK, key.linkHash] as const;
    const get = ({ raw }: Queries) => raw.get<UsersTable>(sql, [value]);
    const row = await (tx === null ? this.#database.read(get) : get(queriesOf(tx)));
    return row && {
      ...userOf(row),
      passwordHash: row.password_hash,
      linkHash: row.link_hash,
    };
  }

  async list(): Promise<readonly User[]> {
    const rows = await this.#database.read(({ raw }) =>
      raw.all<UsersTable>("SELECT * FROM users ORDER BY name_key", [])
    );
    return rows.map(userOf);
  }

  async insert(tx: Tx, user: StoredUser): Promise<boolean> {
    const changed = await queriesOf(tx).raw.run(
      `INSERT INTO users (id, name, name_key, role, scope, password_hash, password_at_ms, link_hash,
         link_expires_at_ms, created_at_ms, disabled_at_ms, last_sign_in_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name_key) DO NOTHING`,
      [
        user.id,
        user.name,
        user.name.toLowerCase(),
        user.role,
        JSON.stringify(user.scope),
        user.passwordHash,
        user.passwordAtMs,
        user.linkHash,
        user.linkExpiresAtMs,
        user.createdAtMs,
        user.disabledAtMs,
        user.lastSignInMs,
      ],
    );
    return changed === 1;
  }

  async update(tx: Tx, user: StoredUser): Promise<void> {
    await queriesOf(tx).raw.run(
      `UPDATE users SET role = ?, scope = ?, password_hash = ?, password_at_ms = ?, link_hash = ?,
         link_expires_at_ms = ?, disabled_at_ms = ?, last_sign_in_ms = ? WHERE id = ?`,
      [
        user.role,
        JSON.stringify(user.scope),
        user.passwordHash,
        user.passwordAtMs,
        user.linkHash,
        user.linkExpiresAtMs,
        user.disabledAtMs,
        user.lastSignInMs,
        user.id,
      ],
    );
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await queriesOf(tx).raw.run("DELETE FROM users WHERE id = ?", [id]);
  }

  async revokeTokens(
    tx: Tx,
    { userId, exceptId, atMs }: { userId: string; exceptId: string | null; atMs: number },
  ): Promise<number> {
    return await queriesOf(tx).raw.run(
      "UPDATE api_tokens SET revoked_at_ms = ? WHERE user_id = ? AND id <> ? AND revoked_at_ms IS NULL",
      [atMs, userId, exceptId ?? ""],
    );
  }

  async countAdmins(tx: Tx | null, atMs: number): Promise<number> {
    return await this.#access.countAdmins(tx, atMs);
  }
}

/** A row without what proves the user. */
export function userOf(row: UsersTable): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    scope: JSON.parse(row.scope),
    createdAtMs: row.created_at_ms,
    passwordAtMs: row.password_at_ms,
    linkExpiresAtMs: row.link_expires_at_ms,
    disabledAtMs: row.disabled_at_ms,
    lastSignInMs: row.last_sign_in_ms,
  };
}
