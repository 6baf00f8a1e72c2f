/**
 * @module
 * API tokens and the setup code's digest in the database.
 */
import type { ApiToken, ApiTokensStore, StoredApiToken, TokenOwner } from "../access/api_tokens.ts";
import type { SetupCodeStore } from "../access/setup_code.ts";
import type { Role } from "../access/role.ts";
import type { Tx } from "../transaction.ts";
import { type Database, type Queries, queriesOf } from "./database.ts";
import type { ApiTokensTable } from "./schema.ts";

/** Both ports of `access/` over one database. */
export class AccessStore implements ApiTokensStore, SetupCodeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: string): Promise<StoredApiToken | undefined> {
    const row = await this.#database.read(({ raw }) =>
      raw.get<TokenWithOwner>(
        `SELECT t.*, u.name AS owner_name, u.role AS owner_role, u.scope AS owner_scope,
           u.disabled_at_ms AS owner_disabled_at_ms
         FROM api_tokens t LEFT JOIN users u ON u.id = t.user_id WHERE t.id = ?`,
        [id],
      )
    );
    return row && { ...tokenOf(row), secretHash: row.secret_hash, owner: ownerOf(row) };
  }

  async list(): Promise<readonly ApiToken[]> {
    const rows = await this.#database.read(({ raw }) =>
      raw.all<ApiTokensTable>("SELECT * FROM api_tokens ORDER BY created_at_ms DESC, id", [])
    );
    return rows.map(tokenOf);
  }

  async insert(tx: Tx, token: Omit<StoredApiToken, "owner">): Promise<void> {
    await queriesOf(tx).kysely.insertInto("api_tokens").values({
      id: token.id,
      name: token.name,
      secret_hash: token.secretHash,
      role: token.role,
      scope: JSON.stringify(token.scope),
      created_at_ms: token.createdAtMs,
      expires_at_ms: token.expiresAtMs,
      last_used_ms: token.lastUsedMs,
      revoked_at_ms: token.revokedAtMs,
      user_id: token.userId,
    }).execute();
  }

  async revoke(tx: Tx, id: string, atMs: number): Promise<boolean> {
    const changed = await queriesOf(tx).raw.run(
      "UPDATE api_tokens SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL",
      [atMs, id],
    );
    return changed === 1;
  }

  async markUsed(tx: Tx, id: string, atMs: number): Promise<void> {
    await queriesOf(tx).raw.run(
      "UPDATE api_tokens SET last_used_ms = ? WHERE id = ? AND (last_used_ms IS NULL OR last_used_ms < ?)",
      [atMs, id, atMs],
    );
  }

  async countAdmins(tx: Tx | null, atMs: number): Promise<number> {
    const row = await this.#in(tx, ({ raw }) =>
      raw.get<{ count: number }>(
        `SELECT (SELECT count(*) FROM api_tokens WHERE role = 'admin' AND scope = '{"labels":{}}'
           AND user_id IS NULL AND revoked_at_ms IS NULL
           AND (expires_at_ms IS NULL OR expires_at_ms > ?))
         + (SELECT count(*) FROM users WHERE role = 'admin' AND scope = '{"labels":{}}'
           AND disabled_at_ms IS NULL AND password_hash IS NOT NULL) AS count`,
        [atMs],
      ));
    return row?.count ?? 0;
  }

  async setupCodeHash(tx: Tx | null): Promise<Uint8Array | null> {
    const row = await this.#in(
      tx,
      ({ raw }) =>
        raw.get<{ setup_code_hash: Uint8Array | null }>("SELECT setup_code_hash FROM fleet", []),
    );
    return row?.setup_code_hash ?? null;
  }

  async setSetupCodeHash(tx: Tx, hash: Uint8Array | null): Promise<void> {
    await queriesOf(tx).raw.run("UPDATE fleet SET setup_code_hash = ?", [hash]);
  }

  async #in<T>(tx: Tx | null, work: (queries: Queries) => T | Promise<T>): Promise<T> {
    return await (tx === null ? this.#database.read(work) : work(queriesOf(tx)));
  }
}

function tokenOf(row: ApiTokensTable): ApiToken {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    scope: JSON.parse(row.scope),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedMs: row.last_used_ms,
    revokedAtMs: row.revoked_at_ms,
    userId: row.user_id,
  };
}

interface TokenWithOwner extends ApiTokensTable {
  readonly owner_name: string | null;
  readonly owner_role: string | null;
  readonly owner_scope: string | null;
  readonly owner_disabled_at_ms: number | null;
}

function ownerOf(row: TokenWithOwner): TokenOwner | null {
  if (row.owner_name === null) return null;
  return {
    name: row.owner_name,
    role: row.owner_role as Role,
    scope: JSON.parse(row.owner_scope!),
    disabled: row.owner_disabled_at_ms !== null,
  };
}
