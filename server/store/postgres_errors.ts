/**
 * @module
 * What PostgreSQL's errors mean for whoever waits: try again, come back later, or it is our own fault.
 */
import { DomainError } from "../errors.ts";

/** Two transactions were in each other's way; one of them has to run again (SQLSTATE class 40). */
const CONFLICTS: ReadonlySet<string> = new Set(["40001", "40P01"]);

/** The connection is gone or about to go: administrator's command, crash, restart. */
const GONE: ReadonlySet<string> = new Set(["57P01", "57P02", "57P03", "57P05", "25P03"]);

/** It cannot do its work now: locked too long, cut short, a standby, not accepting connections. */
const BUSY: ReadonlySet<string> = new Set(["55P03", "57014", "25006", "55000"]);

/** Classes of errors that lie with the database: no resources, nobody let in, no such database. */
const ITS_OWN = /^(53|28|3D)/;

const SOCKET = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/;
const LOST =
  /^(Connection terminated|timeout exceeded|Client (has encountered|was closed)|Query read timeout)/;

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "";
}

/** Whether the connection that met this error is of no more use. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return GONE.has(code) || code.startsWith("08") || SOCKET.test(code) || isStalePlan(error) ||
    (error instanceof Error && LOST.test(error.message));
}

/** Whether the same work may succeed when it is run again at once. */
export function isRetryable(error: unknown): boolean {
  return CONFLICTS.has(codeOf(error)) || isConnectionLoss(error);
}

/** Another server changed a table: a statement prepared before that has to be prepared anew (SQLSTATE 0A000). */
function isStalePlan(error: unknown): boolean {
  return codeOf(error) === "0A000" && (error as Error).message.startsWith("cached plan");
}

/** The error as callers get it: what time may mend becomes `store.unavailable`, the rest stays as it is. */
export function mappedError(error: unknown): unknown {
  const code = codeOf(error);
  const passes = isRetryable(error) || BUSY.has(code) || ITS_OWN.test(code);
  return passes ? unavailable(error) : error;
}

/** The database does not answer now. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError("store.unavailable", "Cannot reach the data: the database refused", {
    cause,
    retryAfterS: 5,
  });
}
