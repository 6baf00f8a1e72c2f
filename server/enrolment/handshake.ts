/**
 * @module
 * Message 1 in, message 2 out: a device and this fleet agree on keys. Nothing becomes a device and no
 * token is spent here; that waits for the first message whose MAC proves that the device derived the same
 * keys (`confirm.ts`). The handshake is kept in the shared store, because that message may reach another
 * server.
 */
import {
  type EnrolReply,
  type EnrolRequest,
  enrolRequestCodec,
  equalBytes,
  erase,
  PROTOCOL,
  ProtocolError,
  type RandomBytes,
  readEnrolment,
  tokenPsk,
  TokenStatus,
  WireErrorCode,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";
import type { Clock } from "../clock.ts";
import type { FleetIdentity } from "../identity/fleet_identity.ts";
import type { KeyWrap } from "../identity/key_wrap.ts";
import { tokenSecretPurpose, wrapSessionKeys } from "../identity/session_keys.ts";
import type { Transactions } from "../transaction.ts";
import { WireRefusal } from "../wire_refusal.ts";
import { decideAdmission } from "./admission.ts";
import { deviceStateCode } from "./device_state.ts";
import { type EnrolmentSettings, intervalFor } from "./enrolment_settings.ts";
import { isPrivateAddress } from "./private_address.ts";
import type { EnrolledDevices, Handshakes, UsableToken, UsableTokens } from "./records.ts";

/** What answering a handshake stands on. */
export interface HandshakeOptions {
  readonly identity: FleetIdentity;
  readonly wrap: KeyWrap;
  readonly transactions: Transactions;
  readonly handshakes: Handshakes;
  readonly devices: EnrolledDevices;
  readonly tokens: UsableTokens;
  readonly settings: EnrolmentSettings;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

interface JudgedToken {
  readonly status: number | undefined;
  readonly psk: Uint8Array;
}

/**
 * Answers message 1.
 * @param address numeric address of the peer
 * @returns message 2, after the handshake is durable
 * @throws WireRefusal `malformed`
 */
export async function answerHandshake(
  message1: Uint8Array,
  { address, ...options }: HandshakeOptions & { readonly address: string },
): Promise<Uint8Array> {
  const { identity, settings, random } = options;
  const nowMs = options.clock.nowMs();
  const read = readMessage(message1, identity);
  const { request, deviceKey } = read;
  const token = await judgeToken(request, { ...options, nowMs });
  const reply: EnrolReply = {
    v: PROTOCOL.minor,
    kid: random(8),
    time: nowMs,
    serverEpoch: identity.serverEpoch,
    ...await stateOf(read, { ...options, address, hasToken: token.status === TokenStatus.used }),
    ...(token.status === undefined ? {} : { tokenStatus: token.status }),
    txMax: settings.txMaxBytes,
    waitMax: settings.waitMaxS,
  };
  const { message2, keys } = read.answer({ psk: token.psk, reply, random });
  const handshake = {
    kid: reply.kid,
    address,
    publicKey: deviceKey,
    request: enrolRequestCodec.encode(request),
    keysWrapped: wrapSessionKeys(options.wrap, reply.kid, keys),
    tokenId: token.status === TokenStatus.used ? request.tokenId ?? null : null,
    tokenStatus: token.status ?? null,
    helloMismatch: request.helloDigest !== undefined &&
      !equalBytes(request.helloDigest, identity.helloDigest),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + settings.handshakes.lifetimeMs,
  };
  await options.transactions.write((tx) =>
    options.handshakes.insert(tx, handshake, settings.handshakes)
  );
  return message2;
}

function readMessage(message1: Uint8Array, identity: FleetIdentity) {
  try {
    return readEnrolment({ serverKey: identity.keyPair, message1 });
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new WireRefusal(WireErrorCode.malformed, `Cannot enrol: ${cause.message}`, { cause });
  }
}

/** What message 2 foretells; what counts is decided when the handshake is confirmed. */
async function stateOf(
  { request, deviceKey }: ReturnType<typeof readMessage>,
  { devices, settings, address, hasToken }: HandshakeOptions & {
    readonly address: string;
    readonly hasToken: boolean;
  },
): Promise<Pick<EnrolReply, "state" | "intervalS">> {
  const known = await devices.find(null, deviceKey);
  const held = await devices.heldByOther(null, {
    publicKey: deviceKey,
    deviceId: request.deviceId,
    serial: request.serial ?? null,
  });
  const { admission } = decideAdmission({
    known: known?.admission ?? null,
    hasToken,
    ...held,
    mode: settings.mode,
    privateAddress: isPrivateAddress(address),
  });
  return {
    state: deviceStateCode({ admission, quarantined: known?.quarantined ?? false }),
    intervalS: intervalFor(admission, settings.intervalS),
  };
}

async function judgeToken(
  request: EnrolRequest,
  { tokens, wrap, nowMs }: HandshakeOptions & { readonly nowMs: number },
): Promise<JudgedToken> {
  const { tokenId } = request;
  if (tokenId === undefined) return { status: undefined, psk: ZERO_PSK };
  const token = await tokens.find(tokenId);
  const status = tokenStatus(token, { hwClass: request.hwClass, nowMs });
  if (status !== TokenStatus.used || token === undefined) return { status, psk: ZERO_PSK };
  const secret = wrap.unwrap(token.secretWrapped, tokenSecretPurpose(tokenId));
  const psk = tokenPsk({ id: tokenId, secret });
  erase(secret);
  return { status, psk };
}

/** `TokenStatus` of a token for a device of this class now; `used` = it can be used. */
export function tokenStatus(
  token: UsableToken | undefined,
  { hwClass, nowMs }: { readonly hwClass: string; readonly nowMs: number },
): number {
  if (token === undefined) return TokenStatus.unknown;
  if (token.revokedAtMs !== null || token.notAfterMs <= nowMs) return TokenStatus.expired;
  if (token.used >= token.maxUses) return TokenStatus.spent;
  if (token.hwClass !== null && token.hwClass !== hwClass) return TokenStatus.otherClass;
  return TokenStatus.used;
}
