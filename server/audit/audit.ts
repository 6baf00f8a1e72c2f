/**
 * @module
 * The audit log's port: every mutation writes its row in its own transaction, so that a change without
 * a row cannot be committed.
 */
import type { Awaitable, Tx } from "../transaction.ts";

/** One change. */
export interface AuditEntry {
  /** Who: `Actor.name`, at most 120 characters. */
  readonly actor: string;
  /** Address the request came from; null when nobody asked over the network. */
  readonly address: string | null;
  /** `area.verb`: `device.accept`. */
  readonly action: string;
  /** What was changed: `device:<handle>`, `enrolment-token:<id>`; at most 120 characters. */
  readonly target: string;
  /** What it was before and is now, JSON values without secrets; absent where there was nothing. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Appends one row within the change's own transaction. */
export type Audit = (tx: Tx, entry: AuditEntry) => Awaitable<void>;
