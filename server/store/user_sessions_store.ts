/**
 * @module
 * Users' sessions, and the counts of wrong passwords, in the database.
 */
import type { FailureCount, FailuresStore } from "../access/lockout.ts";
import type { Session, SessionsStore, StoredSession } from "../access/sessions.ts";
import type { User } from "../access/user.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import type { SignInFailuresTable, UserSessionsTable, UsersTable } from "./schema.ts";
import { userOf } from "./users_store.ts";

type NamedRow = UserSessionsTable & { readonly user_name: string };

const NAMED =
  "SELECT s.*, u.name AS user_name FROM user_sessions s JOIN users u ON u.id = s.user_id";

/** The port of `access/sessions.ts` over one database. */
export class UserSessionsStore implements SessionsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: string): Promise<{ session: StoredSession; user: User } | undefined> {
    return await this.#database.read(async ({ raw }) => {
      const row = await raw.get<UserSessionsTable>("SELECT * FROM user_sessions WHERE id = ?", [
        id,
      ]);
      if (row === undefined) return undefined;
      const user = await raw.get<UsersTable>("SELECT * FROM users WHERE id = ?", [row.user_id]);
      return user && {
        session: { ...sessionOf(row), secretHash: row.secret_hash },
        user: userOf(user),
      };
    });
  }

  async list(
    { userId, nowMs }: { userId: string | null; nowMs: number },
  ): Promise<readonly (Session & { readonly userName: string })[]> {
    const order = "ORDER BY s.created_at_ms DESC, s.id LIMIT 500";
    const rows = await this.#database.read(({ raw }) =>
      userId === null
        ? raw.all<NamedRow>(`${NAMED} WHERE s.expires_at_ms > ? ${order}`, [nowMs])
        : raw.all<NamedRow>(`${NAMED} WHERE s.expires_at_ms > ? AND s.user_id = ? ${order}`, [
          nowMs,
          userId,
        ])
    );
    return rows.map((row) => ({ ...sessionOf(row), userName: row.user_name }));
  }

  async insert(tx: Tx, session: StoredSession): Promise<void> {
    await queriesOf(tx).raw.run(
      `INSERT INTO user_sessions (id, user_id, secret_hash, created_at_ms, expires_at_ms, last_used_ms,
         address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        session.id,
        session.userId,
        session.secretHash,
        session.createdAtMs,
        session.expiresAtMs,
        session.lastUsedMs,
        session.address,
        session.agent,
      ],
    );
  }

  async markUsed(tx: Tx, id: string, atMs: number): Promise<void> {
    await queriesOf(tx).raw.run(
      "UPDATE user_sessions SET last_used_ms = ? WHERE id = ? AND last_used_ms < ?",
      [atMs, id, atMs],
    );
  }

  async remove(
    tx: Tx,
    id: string,
  ): Promise<(Session & { readonly userName: string }) | undefined> {
    const { raw } = queriesOf(tx);
    const row = await raw.get<NamedRow>(`${NAMED} WHERE s.id = ?`, [id]);
    if (row === undefined) return undefined;
    await raw.run("DELETE FROM user_sessions WHERE id = ?", [id]);
    return { ...sessionOf(row), userName: row.user_name };
  }

  async removeOf(
    tx: Tx,
    { userId, exceptId }: { userId: string; exceptId: string | null },
  ): Promise<number> {
    return await queriesOf(tx).raw.run(
      "DELETE FROM user_sessions WHERE user_id = ? AND id <> ?",
      [userId, exceptId ?? ""],
    );
  }

  async forget(tx: Tx, endedBeforeMs: number): Promise<void> {
    await queriesOf(tx).raw.run("DELETE FROM user_sessions WHERE expires_at_ms <= ?", [
      endedBeforeMs,
    ]);
  }
}

/** The port of `access/lockout.ts` over one database. */
export class SignInFailures implements FailuresStore {
  async find(tx: Tx, key: string): Promise<FailureCount | undefined> {
    const row = await queriesOf(tx).raw.get<SignInFailuresTable>(
      "SELECT * FROM sign_in_failures WHERE key = ?",
      [key],
    );
    return row && {
      key: row.key,
      failures: row.failures,
      lastMs: row.last_ms,
      lockedUntilMs: row.locked_until_ms,
    };
  }

  async put(tx: Tx, { key, failures, lastMs, lockedUntilMs }: FailureCount): Promise<void> {
    await queriesOf(tx).raw.run(
      `INSERT INTO sign_in_failures (key, failures, last_ms, locked_until_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_ms = excluded.last_ms,
         locked_until_ms = excluded.locked_until_ms`,
      [key, failures, lastMs, lockedUntilMs],
    );
  }

  async remove(tx: Tx, key: string): Promise<void> {
    await queriesOf(tx).raw.run("DELETE FROM sign_in_failures WHERE key = ?", [key]);
  }

  async forget(tx: Tx, lastBeforeMs: number): Promise<void> {
    await queriesOf(tx).raw.run("DELETE FROM sign_in_failures WHERE last_ms < ?", [lastBeforeMs]);
  }
}

function sessionOf(row: UserSessionsTable): Session {
  return {
    id: row.id,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedMs: row.last_used_ms,
    address: row.address,
    agent: row.agent,
  };
}
