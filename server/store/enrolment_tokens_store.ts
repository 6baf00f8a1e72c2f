/**
 * @module
 * Enrolment tokens in the database, for administrators. What a device's handshake reads and consumes is
 * in the enrolment store.
 */
import type { EnrolmentToken, EnrolmentTokensStore } from "../enrolment/enrolment_tokens.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";

interface Row {
  readonly id: Uint8Array;
  readonly name: string | null;
  readonly hw_class: string | null;
  readonly labels: string;
  readonly max_uses: number;
  readonly used: number;
  readonly created_at_ms: number;
  readonly not_after_ms: number;
  readonly revoked_at_ms: number | null;
  readonly actor: string;
}

/** The administrators' port over one database. */
export class EnrolmentTokensTable implements EnrolmentTokensStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(
    tx: Tx,
    token: EnrolmentToken & { readonly secretWrapped: Uint8Array },
  ): Promise<void> {
    await queriesOf(tx).kysely.insertInto("enrolment_tokens").values({
      id: token.id,
      name: token.name,
      secret_wrapped: token.secretWrapped,
      hw_class: token.hwClass,
      labels: JSON.stringify(token.labels),
      max_uses: token.maxUses,
      used: token.used,
      created_at_ms: token.createdAtMs,
      not_after_ms: token.notAfterMs,
      revoked_at_ms: token.revokedAtMs,
      actor: token.actor,
    }).execute();
  }

  async list(): Promise<readonly EnrolmentToken[]> {
    // The secret is not even read.
    const rows = await this.#database.read(({ raw }) =>
      raw.all<Row>(
        `SELECT id, name, hw_class, labels, max_uses, used, created_at_ms, not_after_ms, revoked_at_ms, actor
         FROM enrolment_tokens ORDER BY created_at_ms DESC, id`,
        [],
      )
    );
    return rows.map(tokenOf);
  }

  async labelsOf(tx: Tx, id: Uint8Array): Promise<Readonly<Record<string, string>> | undefined> {
    const row = await queriesOf(tx).raw.get<{ labels: string }>(
      "SELECT labels FROM enrolment_tokens WHERE id = ? AND revoked_at_ms IS NULL",
      [id],
    );
    return row && JSON.parse(row.labels);
  }

  async revoke(tx: Tx, id: Uint8Array, atMs: number): Promise<void> {
    await queriesOf(tx).raw.run("UPDATE enrolment_tokens SET revoked_at_ms = ? WHERE id = ?", [
      atMs,
      id,
    ]);
  }

  async dropEndedBefore(tx: Tx, atMs: number): Promise<void> {
    await queriesOf(tx).raw.run(
      "DELETE FROM enrolment_tokens WHERE not_after_ms < ? OR revoked_at_ms < ?",
      [atMs, atMs],
    );
  }
}

function tokenOf(row: Row): EnrolmentToken {
  return {
    id: row.id,
    name: row.name,
    hwClass: row.hw_class,
    labels: JSON.parse(row.labels),
    maxUses: row.max_uses,
    used: row.used,
    createdAtMs: row.created_at_ms,
    notAfterMs: row.not_after_ms,
    revokedAtMs: row.revoked_at_ms,
    actor: row.actor,
  };
}
