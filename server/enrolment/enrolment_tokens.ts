/**
 * @module
 * Enrolment tokens for administrators: making, listing and revoking what admits devices without anybody
 * comparing fingerprints. A token's text is shown once; its secret is kept wrapped, not hashed, because
 * the handshake needs it (PROTOCOL §3). How a device spends one is `records.ts` and the sync route.
 */
import { formatToken } from "@fleetd/firmware-protocol";
import { type DeviceScope, scopeContains } from "../access/device_scope.ts";
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { checkLabels } from "../devices/device.ts";
import { DomainError } from "../errors.ts";
import type { KeyWrap } from "../identity/key_wrap.ts";
import { tokenSecretPurpose } from "../identity/session_keys.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** A token as administrators see it: never its secret. */
export interface EnrolmentToken {
  /** 8 bytes, public. */
  readonly id: Uint8Array;
  readonly name: string | null;
  /** Only devices of this hardware class; null = any. */
  readonly hwClass: string | null;
  /** Given to every device it admits. */
  readonly labels: Readonly<Record<string, string>>;
  readonly maxUses: number;
  readonly used: number;
  readonly createdAtMs: number;
  readonly notAfterMs: number;
  readonly revokedAtMs: number | null;
  /** `Actor.name` of its maker. */
  readonly actor: string;
}

/** Where enrolment tokens are kept, as administrators need them. */
export interface EnrolmentTokensStore {
  insert(tx: Tx, token: EnrolmentToken & { readonly secretWrapped: Uint8Array }): Awaitable<void>;
  /** Every token that is kept, newest first. */
  list(): Awaitable<readonly EnrolmentToken[]>;
  /** The labels of a token that is not revoked. */
  labelsOf(tx: Tx, id: Uint8Array): Awaitable<Readonly<Record<string, string>> | undefined>;
  revoke(tx: Tx, id: Uint8Array, atMs: number): Awaitable<void>;
  /** Drops tokens that ended before `atMs`. */
  dropEndedBefore(tx: Tx, atMs: number): Awaitable<void>;
}

/** What a new token shall be. */
export interface NewEnrolmentToken {
  readonly name: string | null;
  /** Devices it admits, 1 to 100,000. */
  readonly uses: number;
  /** Life in seconds, 60 to 31,536,000 (a year). */
  readonly ttlS: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly hwClass: string | null;
}

/** What the feature stands on. */
export interface EnrolmentTokensOptions {
  readonly store: EnrolmentTokensStore;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly wrap: KeyWrap;
  /** The fleet's public key, 32 bytes: its digest is in every token's text. */
  readonly serverKey: Uint8Array;
}

/** Refused tokens must still be recognised for this long, in ms, so that a device is told why. */
const KEPT_AFTER_END_MS = 30 * 24 * 3_600_000;

/** Makes, lists and revokes enrolment tokens. */
export class EnrolmentTokens {
  readonly #with: EnrolmentTokensOptions;

  constructor(options: EnrolmentTokensOptions) {
    this.#with = options;
  }

  /** Makes a token. `text` exists only here. @throws DomainError `enrolment_token.invalid`, `device.label_invalid` */
  async create(
    tx: Tx,
    actor: Actor,
    wanted: NewEnrolmentToken,
  ): Promise<{ token: EnrolmentToken; text: string }> {
    checkWanted(wanted);
    const { store, audit, clock, random, wrap, serverKey } = this.#with;
    const id = random(8);
    const secret = random(16);
    const now = clock.nowMs();
    const token: EnrolmentToken = {
      id,
      name: wanted.name,
      hwClass: wanted.hwClass,
      labels: wanted.labels,
      maxUses: wanted.uses,
      used: 0,
      createdAtMs: now,
      notAfterMs: now + wanted.ttlS * 1000,
      revokedAtMs: null,
      actor: actor.name,
    };
    await store.dropEndedBefore(tx, now - KEPT_AFTER_END_MS);
    await store.insert(tx, {
      ...token,
      secretWrapped: wrap.wrap(secret, tokenSecretPurpose(id)),
    });
    const target = `enrolment-token:${Buffer.from(id).toString("hex")}`;
    await audit(tx, by(actor, { action: "enrolment-token.create", target, after: { ...wanted } }));
    return { token, text: formatToken({ id, secret, serverKey }) };
  }

  /** Every token kept, newest first. */
  async list(): Promise<readonly EnrolmentToken[]> {
    return await this.#with.store.list();
  }

  /**
   * Ends a token; devices it admitted stay.
   * @throws DomainError `enrolment_token.not_found`, also when the scope does not contain what it admits
   */
  async revoke(
    tx: Tx,
    actor: Actor,
    { id, scope }: { readonly id: Uint8Array; readonly scope: DeviceScope },
  ): Promise<void> {
    const { store, audit, clock } = this.#with;
    const hex = Buffer.from(id).toString("hex");
    const labels = await store.labelsOf(tx, id);
    if (labels === undefined || !scopeContains(scope, labels)) {
      throw new DomainError(
        "enrolment_token.not_found",
        `Cannot revoke enrolment token ${hex}: there is none of that id that was not revoked; \`fleets tokens list\` shows them`,
      );
    }
    const now = clock.nowMs();
    await store.revoke(tx, id, now);
    await audit(
      tx,
      by(actor, {
        action: "enrolment-token.revoke",
        target: `enrolment-token:${hex}`,
        after: { revokedAtMs: now },
      }),
    );
  }
}

function checkWanted({ uses, ttlS, hwClass, labels }: NewEnrolmentToken): void {
  const refuse = (why: string) =>
    new DomainError("enrolment_token.invalid", `Cannot make an enrolment token: ${why}`);
  if (!Number.isInteger(uses) || uses < 1 || uses > 100_000) {
    throw refuse("it admits 1 to 100,000 devices");
  }
  if (!Number.isInteger(ttlS) || ttlS < 60 || ttlS > 31_536_000) {
    throw refuse("it lives 60 seconds to one year");
  }
  if (hwClass !== null && !/^[a-z0-9-]{1,32}$/.test(hwClass)) {
    throw refuse("a hardware class is 1 to 32 small letters, digits or dashes");
  }
  checkLabels(labels);
}
