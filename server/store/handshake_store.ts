/**
 * @module
 * Unconfirmed handshakes in the database: bounded in number and in time.
 */
import type { Handshake, HandshakeLimits, Handshakes } from "../enrolment/records.ts";
import type { Tx } from "../transaction.ts";
import { queriesOf } from "./database.ts";
import type { HandshakesTable } from "./schema.ts";

const EXPIRED = "DELETE FROM handshakes WHERE expires_at_ms <= ?";
const OLDEST_OF_ADDRESS = `DELETE FROM handshakes WHERE kid IN (
  SELECT kid FROM handshakes WHERE address = ? ORDER BY created_at_ms DESC, kid LIMIT 1000 OFFSET ?)`;
const OLDEST = `DELETE FROM handshakes WHERE kid IN (
  SELECT kid FROM handshakes ORDER BY created_at_ms DESC, kid LIMIT 1000 OFFSET ?)`;
const INSERT =
  `INSERT INTO handshakes (kid, address, public_key, request, keys_wrapped, token_id, token_status,
  hello_mismatch, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const TAKE = "DELETE FROM handshakes WHERE kid = ? RETURNING *";

/** The port of `enrolment/` for handshakes. */
export const handshakeStore: Handshakes = {
  async insert(tx: Tx, handshake: Handshake, limits: HandshakeLimits): Promise<void> {
    const { raw } = queriesOf(tx);
    await raw.run(EXPIRED, [handshake.createdAtMs]);
    await raw.run(OLDEST_OF_ADDRESS, [handshake.address, limits.perAddress - 1]);
    await raw.run(OLDEST, [limits.total - 1]);
    await raw.run(INSERT, [
      handshake.kid,
      handshake.address,
      handshake.publicKey,
      handshake.request,
      handshake.keysWrapped,
      handshake.tokenId,
      handshake.tokenStatus,
      Number(handshake.helloMismatch),
      handshake.createdAtMs,
      handshake.expiresAtMs,
    ]);
  },

  async take(tx: Tx, kid: Uint8Array, nowMs: number): Promise<Handshake | undefined> {
    const row = await queriesOf(tx).raw.get<HandshakesTable>(TAKE, [kid]);
    if (row === undefined || row.expires_at_ms <= nowMs) return undefined;
    return {
      kid: row.kid,
      address: row.address,
      publicKey: row.public_key,
      request: row.request,
      keysWrapped: row.keys_wrapped,
      tokenId: row.token_id,
      tokenStatus: row.token_status,
      helloMismatch: Number(row.hello_mismatch) === 1,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
    };
  },
};
