/**
 * The three exchanges with a server (PROTOCOL §2), over the Network port. Rule zero: only a verified answer to the
 * outstanding request means anything; whatever else comes is a failure with a reason for the log.
 *
 * @module
 */
import {
  beginEnrolment,
  type EnrolReply,
  type EnrolRequest,
  errorReplyCodec,
  helloCodec,
  type KeyPair,
  macKey,
  openSyncReply,
  PROTOCOL,
  ProtocolError,
  sealSyncRequest,
  type SessionKeys,
  sha256,
  type SyncReply,
  syncReplyCodec,
  tokenPsk,
  WireErrorCode,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";
import type { Greeted, Session, Token } from "../agent_state.ts";
import { type HttpAnswer, type Network, NetworkError, type Random } from "../ports.ts";

/** How long the answer to a request without a wait may take. */
export const ANSWER_MS = 15_000;

/** Why an exchange brought nothing that counts. */
export class ExchangeError extends Error {
  override readonly name = "ExchangeError";
  constructor(
    message: string,
    readonly details: {
      /** Whether somebody answered at all. */
      readonly reached: boolean;
      /** Whether the answer was "unknown kid": a hint, not a truth. */
      readonly unknownKid?: boolean;
      /** Seconds the answer asked to wait; 0 for none. */
      readonly retryAfterS?: number;
    },
  ) {
    super(message);
  }
}

/** What every exchange needs. */
export interface ExchangeParts {
  readonly network: Network;
  /** Base URL of the server, without a trailing slash. */
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Asks for the hello. @throws {ExchangeError} @throws {NetworkError} `network.aborted` */
export async function askHello({ network, url, signal }: ExchangeParts): Promise<Greeted> {
  const answer = await reach(() =>
    network.request({
      method: "GET",
      url: `${url}/d/hello`,
      timeoutMs: ANSWER_MS,
      maxBytes: PROTOCOL.helloMaxBytes,
      signal,
    })
  );
  if (answer.status !== 200) throw refused(answer);
  const hello = decoded(() => helloCodec.decode(answer.body), "its hello is not one");
  const { serverKey, fleetId, majorMin, majorMax } = hello;
  return { serverKey, fleetId, majorMin, majorMax, digest: sha256(answer.body) };
}

/** What the handshake needs besides. */
export interface EnrolParts extends ExchangeParts {
  readonly deviceKey: KeyPair;
  readonly serverKey: Uint8Array;
  readonly token: Token | null;
  readonly request: EnrolRequest;
  readonly random: Random;
}

/** What the handshake brought. */
export interface Agreed {
  readonly reply: EnrolReply;
  readonly keys: SessionKeys;
  /** Whether message 2 opened under the token's key. */
  readonly underToken: boolean;
}

/**
 * Runs the Noise handshake. With a token, message 2 is tried under its key and then under the zero key: whoever holds a
 * token knows the server key from it or from the bundle (PROTOCOL §3, "Refused token").
 * @throws {ExchangeError} @throws {NetworkError} `network.aborted`
 */
export async function enrol(parts: EnrolParts): Promise<Agreed> {
  const { network, url, signal, deviceKey, serverKey, token, request, random } = parts;
  const handshake = beginEnrolment({
    deviceKey,
    serverKey,
    request,
    random: (length) => random.bytes(length),
  });
  const answer = await reach(() =>
    network.request({
      method: "POST",
      url: `${url}/d/1/enrol`,
      body: handshake.message1,
      contentType: "application/octet-stream",
      timeoutMs: ANSWER_MS,
      maxBytes: PROTOCOL.message1MaxBytes,
      signal,
    })
  );
  if (answer.status !== 200) throw refused(answer);
  const psks = token === null ? [ZERO_PSK] : [tokenPsk(token), ZERO_PSK];
  const { reply, keys, pskIndex } = decoded(
    () => handshake.finish(answer.body, psks),
    "its answer does not prove its key",
  );
  return { reply, keys, underToken: token !== null && pskIndex === 0 };
}

/** A request that was sealed and may have to be sent again as it is. */
export interface SealedRequest {
  readonly session: Session;
  readonly seq: number;
  readonly body: Uint8Array;
}

/** Seals a payload. @param options.seq never used before by this device */
export function sealRequest(
  session: Session,
  { seq, payload }: { readonly seq: number; readonly payload: Uint8Array },
): SealedRequest {
  const key = macKey(session.keys.macToServer);
  const body = sealSyncRequest({ kid: session.kid, seq, payload, key });
  key.erase();
  return { session, seq, body };
}

/**
 * Sends a sealed request and verifies the answer.
 * @param options.waitS seconds the server was asked to hold it
 * @throws {ExchangeError} @throws {NetworkError} `network.aborted`
 */
export async function exchangeSync(
  parts: ExchangeParts,
  { sealed, waitS }: { readonly sealed: SealedRequest; readonly waitS: number },
): Promise<SyncReply> {
  const { network, url, signal } = parts;
  const { session, body } = sealed;
  const answer = await reach(() =>
    network.request({
      method: "POST",
      url: `${url}/d/1/sync`,
      body,
      contentType: "application/cose",
      timeoutMs: ANSWER_MS + waitS * 1_000,
      maxBytes: PROTOCOL.rxDefaultBytes,
      signal,
    })
  );
  if (answer.status !== 200) throw refused(answer);
  const key = macKey(session.keys.macToDevice);
  try {
    return decoded(() => {
      const { kid } = session;
      const requestDigest = sha256(body);
      return syncReplyCodec.decode(openSyncReply({ body: answer.body, kid, requestDigest, key }));
    }, "its answer cannot be verified");
  } finally {
    key.erase();
  }
}

async function reach(ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code === "network.aborted") throw error;
    throw new ExchangeError(error.message, { reached: error.code === "network.too_large" });
  }
}

/** An answer outside the protocol's success: what it hints at. */
function refused({ status, body, retryAfterS = 0 }: HttpAnswer): ExchangeError {
  let code: number | undefined;
  let asked = retryAfterS;
  try {
    const reply = errorReplyCodec.decode(body);
    code = reply.code;
    asked = Math.max(asked, reply.retryAfterS ?? 0);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  const name = Object.entries(WireErrorCode).find(([, number]) => number === code)?.[0];
  const said = name === undefined ? "" : ` (${name})`;
  return new ExchangeError(`it answered with status ${status}${said}`, {
    reached: true,
    unknownKid: code === WireErrorCode.unknownKid,
    retryAfterS: asked,
  });
}

function decoded<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ExchangeError(`${what}: ${error.code}`, { reached: true });
  }
}
