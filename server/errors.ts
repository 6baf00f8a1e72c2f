/**
 * @module
 * The domain errors of the server, in one list. The code is API, the text is not; HTTP status numbers
 * live in `http/problem.ts` alone. Bad arguments from our own code are TypeError or RangeError instead.
 */

/** Every code, with what it means. Codes are added, never reused. */
export const DOMAIN_ERRORS = {
  "api_token.invalid": "the API token is unknown, revoked or expired",
  "api_token.not_found": "there is no such API token in reach of the caller",
  "api_token.last_admin": "the last working admin token cannot be revoked",
  "command.not_found": "there is no such command of this device",
  "command.queue_full": "the device has as many open commands as it may have",
  "config.invalid": "a setting of the server is wrong",
  "device.ambiguous": "more than one device answers to this name",
  "device.fingerprint_mismatch": "the fingerprint given is not the device's",
  "device.label_invalid": "a label's key or value is malformed, or there are too many",
  "device.name_invalid": "the device name is malformed",
  "device.not_found": "there is no such device in reach of the caller",
  "device.wrong_state": "the device's admission does not allow this",
  "enrolment.busy": "too many handshakes are under way",
  "enrolment_token.not_found": "there is no such enrolment token",
  "enrolment_token.invalid": "a limit of the enrolment token is out of range",
  "identity.key_missing": "the key-encryption key is missing or is not the database's",
  "password.weak": "the new password is too easy to guess",
  "request.cross_site": "a page of another site asked",
  "request.cut": "the connection ended inside the request",
  "request.expectation": "the request expects what this server does not do",
  "request.forbidden": "the caller's role does not allow this",
  "request.invalid": "the request is malformed",
  "request.loopback_only": "over plain HTTP this is answered on the server's own machine only",
  "request.rate_limited": "the caller asks too often",
  "request.too_large": "the request is too large",
  "request.unauthenticated": "the request names no valid caller",
  "request.unknown_host": "the request names a host that this server is not",
  "request.unsupported_type": "the body's type or encoding is not one this route takes",
  "route.method_unknown": "the route exists, but not with this method",
  "route.not_found": "there is no such route",
  "server.internal": "the server failed",
  "server.stopping": "the server is stopping",
  "session.needed": "this concerns a user, and nobody signed in as one",
  "session.not_found": "there is no such session in reach of the caller",
  "setup.closed": "the first administrator exists already",
  "setup.wrong_code": "the setup code is wrong",
  "sign_in.busy": "too many passwords are being checked",
  "sign_in.failed": "the user name or the password is wrong",
  "sign_in.link_invalid": "the sign-in link is wrong, used or expired",
  "sign_in.locked": "too many wrong passwords were given",
  "store.closed": "the database is closed",
  "store.foreign": "the file is a database of another program",
  "store.migration_changed": "an applied migration differs from the one in this program",
  "store.schema_newer": "the database was written by a newer version",
  "store.unavailable": "the database cannot be written",
  "user.exists": "another user has this name",
  "user.last_admin": "the last one who may administer the fleet must stay",
  "user.not_found": "there is no such user",
  "telemetry.query_invalid": "the time range or the resolution is out of range",
} as const;

/** A code of the list, `area.what`. */
export type DomainErrorCode = keyof typeof DOMAIN_ERRORS;

/** A refusal that a caller can act upon. */
export class DomainError extends Error {
  override readonly name = "DomainError";

  /**
   * @param code from the list above
   * @param message the act first, the present state named, then what to do next: `Cannot …: …`
   */
  constructor(
    readonly code: DomainErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryAfterS?: number } = {},
  ) {
    super(message, options);
    this.retryAfterS = options.retryAfterS;
  }

  /** When it is worth asking again, whole seconds; undefined where time does not help. */
  readonly retryAfterS: number | undefined;
}
