/**
 * @module
 * People: users with passwords, their sessions in a browser, and how often somebody guessed wrong.
 */
import type { Migration } from "./migration.ts";

const TEXT = `TEXT COLLATE "C"`;

/** Never edited once released: its checksum is recorded in every database. */
export const USERS: Migration = {
  version: 2,
  name: "users",
  sqlite: [
    `CREATE TABLE users (
      id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
      name_key TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('viewer','operator','admin')), scope TEXT NOT NULL,
      password_hash TEXT, password_at_ms INTEGER,
      link_hash BLOB UNIQUE CHECK (link_hash IS NULL OR length(link_hash) = 32),
      link_expires_at_ms INTEGER, created_at_ms INTEGER NOT NULL, disabled_at_ms INTEGER,
      last_sign_in_ms INTEGER, CHECK ((link_hash IS NULL) = (link_expires_at_ms IS NULL)),
      CHECK ((password_hash IS NULL) = (password_at_ms IS NULL))) STRICT`,
    `CREATE TABLE user_sessions (
      id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32), created_at_ms INTEGER NOT NULL,
      expires_at_ms INTEGER NOT NULL, last_used_ms INTEGER NOT NULL, address TEXT, agent TEXT) STRICT`,
    `CREATE INDEX user_sessions_by_user ON user_sessions (user_id)`,
    `CREATE INDEX user_sessions_by_end ON user_sessions (expires_at_ms)`,
    `CREATE TABLE sign_in_failures (
      key TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, last_ms INTEGER NOT NULL,
      locked_until_ms INTEGER NOT NULL) STRICT`,
    `CREATE INDEX sign_in_failures_by_last ON sign_in_failures (last_ms)`,
    // A token that somebody signed in for lives and dies with its user.
    `ALTER TABLE api_tokens ADD COLUMN user_id TEXT REFERENCES users (id) ON DELETE CASCADE`,
    `CREATE INDEX api_tokens_by_user ON api_tokens (user_id) WHERE user_id IS NOT NULL`,
  ],
  postgres: [
    `CREATE TABLE users (
      id ${TEXT} NOT NULL PRIMARY KEY, name ${TEXT} NOT NULL, name_key ${TEXT} NOT NULL UNIQUE,
      role ${TEXT} NOT NULL CHECK (role IN ('viewer','operator','admin')), scope ${TEXT} NOT NULL,
      password_hash ${TEXT}, password_at_ms BIGINT,
      link_hash BYTEA UNIQUE CHECK (link_hash IS NULL OR length(link_hash) = 32),
      link_expires_at_ms BIGINT, created_at_ms BIGINT NOT NULL, disabled_at_ms BIGINT,
      last_sign_in_ms BIGINT, CHECK ((link_hash IS NULL) = (link_expires_at_ms IS NULL)),
      CHECK ((password_hash IS NULL) = (password_at_ms IS NULL)))`,
    `CREATE TABLE user_sessions (
      id ${TEXT} NOT NULL PRIMARY KEY,
      user_id ${TEXT} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      secret_hash BYTEA NOT NULL CHECK (length(secret_hash) = 32), created_at_ms BIGINT NOT NULL,
      expires_at_ms BIGINT NOT NULL, last_used_ms BIGINT NOT NULL, address ${TEXT}, agent ${TEXT})`,
    `CREATE INDEX user_sessions_by_user ON user_sessions (user_id)`,
    `CREATE INDEX user_sessions_by_end ON user_sessions (expires_at_ms)`,
    `CREATE TABLE sign_in_failures (
      key ${TEXT} NOT NULL PRIMARY KEY, failures BIGINT NOT NULL, last_ms BIGINT NOT NULL,
      locked_until_ms BIGINT NOT NULL)`,
    `CREATE INDEX sign_in_failures_by_last ON sign_in_failures (last_ms)`,
    `ALTER TABLE api_tokens
      ADD COLUMN user_id ${TEXT} REFERENCES users (id) ON DELETE CASCADE`,
    `CREATE INDEX api_tokens_by_user ON api_tokens (user_id) WHERE user_id IS NOT NULL`,
  ],
};
