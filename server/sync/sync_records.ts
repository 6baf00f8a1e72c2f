/**
 * @module
 * What a sync reads and writes besides its sections: the session and its device in one row. These run for
 * every message, so the store keeps them to one statement each.
 */
import type { Admission } from "../devices/device.ts";
import type { ConditionsText } from "../telemetry/conditions.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** The keys of a kid as stored. */
export interface StoredKeys {
  readonly keysWrapped: Uint8Array;
}

/** Session and device as one message finds them. Truth values are 0 or 1 as every database gives them. */
export interface SyncRow {
  /** Row id of the device. */
  readonly deviceId: number;
  readonly handle: string;
  readonly status: "active" | "revoked";
  readonly sessionCreatedAtMs: number;
  readonly revokedAtMs: number | null;
  /** Grows with every change that this row must notice, other than those of messages themselves. */
  readonly revision: number;
  /** Highest sequence number accepted; 0 = none yet. */
  readonly lastSeq: number;
  /** First 16 bytes of the tag it came with; null = none yet. */
  readonly lastTag: Uint8Array | null;
  readonly resyncNonce: Uint8Array | null;
  readonly staleCount: number;
  readonly staleSinceMs: number | null;
  readonly rekeyWanted: number;
  readonly admission: Admission;
  readonly quarantined: number;
  readonly intervalS: number;
  readonly rxMax: number;
  readonly agentVersion: string;
  readonly lastSeenMs: number | null;
  readonly lastAddress: string | null;
  readonly bootId: number | null;
  readonly uptimeMs: number | null;
  readonly previousBootId: number | null;
  readonly previousUptimeMs: number | null;
  readonly clock: number | null;
  readonly bootReason: number | null;
  readonly commandsThrough: number;
  readonly inventoryDigest: Uint8Array | null;
  /** 1 when a command waits or runs. */
  readonly hasOpenCommands: number;
  /** Position of stream 1; null = none stored yet. */
  readonly metricsEpoch: number | null;
  readonly metricsThrough: number | null;
  readonly metricsLost: number;
  /** Position of stream 3; null = none stored yet. */
  readonly reportsEpoch: number | null;
  readonly reportsThrough: number | null;
  readonly reportsLost: number;
  readonly conditions: ConditionsText;
}

/** What a message changes in the row. */
export type RowChange = Pick<
  SyncRow,
  | "lastSeq"
  | "lastTag"
  | "lastSeenMs"
  | "lastAddress"
  | "bootId"
  | "uptimeMs"
  | "previousBootId"
  | "previousUptimeMs"
  | "clock"
  | "bootReason"
  | "rxMax"
  | "agentVersion"
  | "metricsEpoch"
  | "metricsThrough"
  | "metricsLost"
  | "reportsEpoch"
  | "reportsThrough"
  | "reportsLost"
  | "conditions"
>;

/** The store of the sync engine. */
export interface SyncRecords {
  /** Keys of a session, revoked ones included, or of an unconfirmed handshake. */
  keysOf(kid: Uint8Array, nowMs: number): Awaitable<StoredKeys | undefined>;
  /** The row of a kid; `tx` null reads what is committed. */
  load(tx: Tx | null, kid: Uint8Array): Awaitable<SyncRow | undefined>;
  /**
   * Takes a message: compares and sets the sequence number, and writes what the message changed in the row.
   * @param change `isChecked`: the row was read or held against the database in this transaction; otherwise
   * its revision is compared here
   * @returns false when the row does not stand any more
   */
  take(
    tx: Tx,
    kid: Uint8Array,
    change: { readonly before: SyncRow; readonly after: RowChange; readonly isChecked: boolean },
  ): Awaitable<boolean>;
  /** A nonce that was echoed is used up. */
  endResync(tx: Tx, kid: Uint8Array): Awaitable<void>;
  countStale(
    tx: Tx,
    stale: { readonly kid: Uint8Array; readonly count: number; readonly sinceMs: number },
  ): Awaitable<void>;
}

/** How far a stream of a device is stored. */
export interface StreamPosition {
  readonly epoch: number;
  readonly through: number;
  readonly lost: number;
}
