/**
 * @module
 * Errors as answers: RFC 9457 problems for people and their programs. The one place that knows HTTP
 * status numbers. What is not a DomainError is a defect: the log gets it whole, the caller only its id.
 */
import { DOMAIN_ERRORS, DomainError, type DomainErrorCode } from "../errors.ts";
import type { Reply } from "./route_table.ts";

/** A problem as it goes out (RFC 9457 §3), with `code`, `requestId` and, for bad input, `errors`. */
export interface Problem {
  /** `urn:fleetd:problem:<code>`: a name, not an address. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path asked for. */
  readonly instance: string;
  readonly code: DomainErrorCode;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
}

/** One wrong part of the input. */
export interface FieldError {
  /** `body.labels.site`, `query.limit`. */
  readonly field: string;
  readonly message: string;
}

/** Input that its schema refuses; every wrong field at once. */
export class InvalidInput extends DomainError {
  constructor(readonly errors: readonly FieldError[]) {
    super(
      "request.invalid",
      `Cannot use the request: ${errors.map((e) => `${e.field}: ${e.message}`).join("; ")}`,
    );
  }
}

const STATUS: Readonly<Record<DomainErrorCode, number>> = {
  "api_token.invalid": 401,
  "api_token.last_admin": 409,
  "api_token.not_found": 404,
  "command.not_found": 404,
  "command.queue_full": 409,
  "config.invalid": 500,
  "device.ambiguous": 409,
  "device.fingerprint_mismatch": 409,
  "device.label_invalid": 400,
  "device.name_invalid": 400,
  "device.not_found": 404,
  "device.wrong_state": 409,
  "enrolment.busy": 503,
  "enrolment_token.invalid": 400,
  "enrolment_token.not_found": 404,
  "identity.key_missing": 500,
  "password.weak": 400,
  "request.cross_site": 403,
  "request.cut": 400,
  "request.expectation": 417,
  "request.forbidden": 403,
  "request.invalid": 400,
  "request.loopback_only": 403,
  "request.rate_limited": 429,
  "request.too_large": 413,
  "request.unauthenticated": 401,
  "request.unknown_host": 421,
  "request.unsupported_type": 415,
  "route.method_unknown": 405,
  "route.not_found": 404,
  "server.internal": 500,
  "server.stopping": 503,
  "session.needed": 409,
  "session.not_found": 404,
  "setup.closed": 409,
  "setup.wrong_code": 403,
  "sign_in.busy": 503,
  "sign_in.failed": 401,
  "sign_in.link_invalid": 403,
  "sign_in.locked": 429,
  "store.closed": 503,
  "store.foreign": 500,
  "store.migration_changed": 500,
  "store.schema_newer": 500,
  "store.unavailable": 503,
  "telemetry.query_invalid": 400,
  "user.exists": 409,
  "user.last_admin": 409,
  "user.not_found": 404,
};

/** Where a problem happened. */
export interface ProblemPlace {
  readonly requestId: string;
  /** Path only: a query may hold what is nobody's business. */
  readonly path: string;
}

/** The HTTP status of a code. */
export function statusOf(code: DomainErrorCode): number {
  return STATUS[code];
}

/** What goes out for a thrown value. */
export function problemOf(error: unknown, { requestId, path }: ProblemPlace): Problem {
  const known = error instanceof DomainError && STATUS[error.code] !== 500;
  const code = known ? error.code : "server.internal";
  return {
    type: `urn:fleetd:problem:${code}`,
    title: DOMAIN_ERRORS[code],
    status: STATUS[code],
    detail: known
      ? error.message
      : `Cannot answer: the server failed; its log has the cause under request ${requestId}`,
    instance: path,
    code,
    requestId,
    ...(error instanceof InvalidInput ? { errors: error.errors } : {}),
  };
}

/** A problem as a reply, with `retry-after` and `www-authenticate` where they belong. */
export function problemReply(error: unknown, place: ProblemPlace): Reply {
  const problem = problemOf(error, place);
  const headers: Record<string, string> = {};
  if (error instanceof DomainError && error.retryAfterS !== undefined) {
    headers["retry-after"] = String(error.retryAfterS);
  }
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="fleetd"';
  return {
    status: problem.status,
    type: "application/problem+json",
    headers,
    body: JSON.stringify(problem),
  };
}
