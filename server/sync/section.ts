/**
 * @module
 * How a feature takes part in a sync. Each registers sections; adding one edits no existing handler.
 *
 * The law of a section: `apply` runs inside the transaction that commits the sequence number and may run
 * again for an identical retry, so it is idempotent by what it stores; `contribute` runs after the commit,
 * perhaps several times while a poll waits, and writes nothing. What it says is level-triggered: repeated
 * until a request shows that the device took it.
 */
import type { Ack, RejectedSection } from "@fleetd/firmware-protocol";
import type { ConditionsText } from "../telemetry/conditions.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import type { SyncHead } from "./sync_head.ts";
import type { ReplyDraft } from "./reply_draft.ts";
import type { StreamPosition, SyncRow } from "./sync_records.ts";

/** One message on its way through the sections. */
export interface SyncContext {
  /** 8 bytes. */
  readonly kid: Uint8Array;
  readonly seq: number;
  readonly head: SyncHead;
  /** Session and device: as found while applying, as they are now while contributing. */
  readonly row: SyncRow;
  /** Numeric address of the peer. */
  readonly address: string;
  /** When the message arrived, Unix ms. */
  readonly receivedAtMs: number;
  /** Now, Unix ms: the time the reply tells. */
  readonly nowMs: number;
  /** Whether all sections count: false for devices that are not accepted (keys 0-9 only). */
  readonly isAccepted: boolean;
  /** In quarantine: data is stored marked suspect, nothing is handed out. */
  readonly isSuspect: boolean;
  /** The device's server epoch differs from ours: it resends its state. */
  readonly isNewEpoch: boolean;
  /** How far `apply` has stored streams; written with the sequence number. */
  readonly positions: (StreamPosition & { readonly stream: number })[];
  /** As found, and as `apply` has changed them; written with the sequence number. */
  conditions: ConditionsText;
  /** What `apply` found stored; told in the reply. */
  readonly acks: Ack[];
  /** `NeedCode`s to ask for; what is in it twice is asked once. */
  readonly need: number[];
  /** Sections that failed their schema. */
  readonly rejected: RejectedSection[];
}

/** A feature's part of request and reply. */
export interface SyncSection<T = unknown> {
  /** For the log. */
  readonly name: string;
  /** Key of the request this section reads; absent = it reads none. */
  readonly requestKey?: number;
  /** Its `apply` may change what the row's revision counts: then the row is checked first. */
  readonly revises?: boolean;
  /** What the key's bytes say. @throws ProtocolError when they break the schema: the section is rejected */
  decode?(bytes: Uint8Array): T;
  /** Takes the decoded value; `bytes` are its encoding, a view of the request. */
  apply?(
    tx: Tx,
    context: SyncContext,
    value: T,
    bytes: Uint8Array,
  ): Awaitable<void>;
  /** Adds to the reply, in the order of registration, as far as there is room. */
  contribute?(context: SyncContext, reply: ReplyDraft): Awaitable<void>;
}

/** The sections of a server, in the filling order of their replies. */
export type SyncSections = readonly SyncSection[];

/** Registers a section with its value's type erased. */
export function section<T>(definition: SyncSection<T>): SyncSection {
  return definition as unknown as SyncSection;
}
