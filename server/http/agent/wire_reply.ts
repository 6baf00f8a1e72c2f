/**
 * @module
 * Errors as devices see them before anything is authenticated: plain CBOR with a code, a hint that changes
 * only the device's back-off (PROTOCOL §8). The one place that knows their HTTP status.
 */
import { errorReplyCodec, WireErrorCode } from "@fleetd/firmware-protocol";
import { DomainError } from "../../errors.ts";
import { WireRefusal } from "../../wire_refusal.ts";
import { bytes, type Reply } from "../route_table.ts";

/** HTTP status by code; the codes that are missing travel authenticated only. */
const STATUS: Readonly<Record<number, number>> = {
  [WireErrorCode.malformed]: 400,
  [WireErrorCode.tooLarge]: 413,
  [WireErrorCode.unknownKid]: 401,
  [WireErrorCode.badMac]: 401,
  [WireErrorCode.unsupportedVersion]: 426,
  [WireErrorCode.busy]: 503,
  [WireErrorCode.rateLimited]: 429,
  [WireErrorCode.pendingFull]: 503,
  [WireErrorCode.notFound]: 404,
  [WireErrorCode.badTicket]: 403,
  [WireErrorCode.internal]: 500,
};

/** Wire code of what the way of a request can refuse before a device's route is reached. */
const CODE_OF_DOMAIN_ERROR: Readonly<Record<string, number>> = {
  "request.too_large": WireErrorCode.tooLarge,
  "request.rate_limited": WireErrorCode.rateLimited,
  "request.unsupported_type": WireErrorCode.malformed,
  "request.cut": WireErrorCode.malformed,
  "request.invalid": WireErrorCode.malformed,
  "store.unavailable": WireErrorCode.busy,
  "store.closed": WireErrorCode.busy,
};

const LONGEST_RETRY_S = 900;
const BUSY_RETRY_S = 5;

/** What a device is told about an error; everything unforeseen is `internal`. */
export function wireErrorReply(error: unknown): Reply {
  const { code, retryAfterS } = toldOf(error);
  const body = errorReplyCodec.encode(retryAfterS === undefined ? { code } : { code, retryAfterS });
  const reply = bytes(body, { type: "application/cbor", status: STATUS[code] ?? 500 });
  return retryAfterS === undefined
    ? reply
    : { ...reply, headers: { "retry-after": String(retryAfterS) } };
}

function toldOf(error: unknown): { readonly code: number; readonly retryAfterS?: number } {
  if (error instanceof WireRefusal) return limited(error.code, error.retryAfterS);
  if (error instanceof DomainError) {
    const code = CODE_OF_DOMAIN_ERROR[error.code] ?? WireErrorCode.internal;
    const retryAfterS = error.retryAfterS ??
      (code === WireErrorCode.busy ? BUSY_RETRY_S : undefined);
    return limited(code, retryAfterS);
  }
  return { code: WireErrorCode.internal };
}

function limited(code: number, retryAfterS: number | undefined) {
  return retryAfterS === undefined
    ? { code }
    : { code, retryAfterS: Math.min(Math.ceil(retryAfterS), LONGEST_RETRY_S) };
}
