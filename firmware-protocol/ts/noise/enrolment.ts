/**
 * Enrolment: a device becomes known to a server and both derive the keys of a session, in one exchange.
 *
 * What the payloads mean (tokens, admission, states) is the server's and the agent's; this module seals them and
 * derives keys. The device's pre-shared key is proven only by its first MAC under the new keys, so a server stores
 * nothing as a device, and spends no token, before that.
 *
 * @module
 */
import { enrolReplyCodec, enrolRequestCodec } from "../codecs.gen.ts";
import type { EnrolReply, EnrolRequest } from "../messages.gen.ts";
import { ascii, concatBytes, erase, type RandomBytes } from "../crypto/bytes.ts";
import { hkdf, hkdfExpand } from "../crypto/hkdf.ts";
import { generateKeyPair, KEY_BYTES, type KeyPair } from "../crypto/key_pair.ts";
import { initiate, receive } from "./ikpsk2.ts";
import type { HandshakeKeys } from "./symmetric_state.ts";

const PROLOGUE = ascii("fleetd1-enrol-1");

/** The pre-shared key of a device without a token: 32 zero bytes, which makes the handshake a plain IK. */
export const ZERO_PSK: Uint8Array = new Uint8Array(KEY_BYTES);

/** The four keys of a session, 32 bytes each. The same on both sides; each side writes with one of each pair. */
export interface SessionKeys {
  /** MAC of requests (K_d2s). */
  readonly macToServer: Uint8Array;
  /** MAC of replies (K_s2d). */
  readonly macToDevice: Uint8Array;
  /** Secrets that the device sends (E_d2s). */
  readonly boxToServer: Uint8Array;
  /** Secrets that the server sends (E_s2d). */
  readonly boxToDevice: Uint8Array;
}

/** An enrolment that waits for the server's message 2. */
export interface BegunEnrolment {
  /** The body of the request, 96..1,024 bytes. */
  readonly message1: Uint8Array;
  /**
   * Reads message 2 under the first pre-shared key that fits: first the token's, then {@link ZERO_PSK} where a
   * refused token may fall back to "pending". Works once.
   * @returns the reply, the keys, and which of `psks` fitted
   * @throws {ProtocolError} `handshake.malformed`, `handshake.failed`, `key.small_order`, or the codec's codes for a
   *   reply that is not one
   */
  finish(
    message2: Uint8Array,
    psks: readonly Uint8Array[],
  ): { reply: EnrolReply; keys: SessionKeys; pskIndex: number };
}

/** An enrolment that the server has read and not yet answered. */
export interface ReadEnrolment {
  /** The device's proven X25519 static key, 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** What the device says of itself and asks for. */
  readonly request: EnrolRequest;
  /** Writes message 2 and derives the session's keys. Works once. */
  answer(
    options: { psk: Uint8Array; reply: EnrolReply; random: RandomBytes },
  ): { message2: Uint8Array; keys: SessionKeys };
}

/**
 * The device's first step.
 * @throws {ProtocolError} `key.small_order` when the server's key is one
 * @throws {RangeError} when the request is out of its limits
 */
export function beginEnrolment(
  { deviceKey, serverKey, random, request }: {
    deviceKey: KeyPair;
    /** The server's X25519 public key, 32 bytes: pinned, or from the token, or trusted on first use. */
    serverKey: Uint8Array;
    random: RandomBytes;
    request: EnrolRequest;
  },
): BegunEnrolment {
  const handshake = initiate({
    prologue: PROLOGUE,
    localStatic: deviceKey,
    remoteStatic: serverKey,
    ephemeral: generateKeyPair(random),
    payload: enrolRequestCodec.encode(request),
  });
  return {
    message1: handshake.message,
    finish(message2, psks) {
      const { payload, pskIndex, keys } = handshake.finish(message2, psks);
      const session = sessionKeys(keys);
      return { reply: enrolReplyCodec.decode(payload), keys: session, pskIndex };
    },
  };
}

/**
 * The server's first step: who calls, and what is asked.
 * @throws {ProtocolError} `handshake.malformed`, `handshake.failed`, `key.small_order`, or the codec's codes for a
 *   request that is not one
 */
export function readEnrolment(
  { serverKey, message1 }: { serverKey: KeyPair; message1: Uint8Array },
): ReadEnrolment {
  const handshake = receive({ prologue: PROLOGUE, localStatic: serverKey, message: message1 });
  return {
    deviceKey: handshake.remoteStatic,
    request: enrolRequestCodec.decode(handshake.payload),
    answer({ psk, reply, random }) {
      const payload = enrolReplyCodec.encode(reply);
      const { message, keys } = handshake.answer({
        psk,
        ephemeral: generateKeyPair(random),
        payload,
      });
      return { message2: message, keys: sessionKeys(keys) };
    },
  };
}

/**
 * The pre-shared key of a token: HKDF over its 16-byte secret, bound to its 8-byte id.
 * @returns 32 bytes
 */
export function tokenPsk({ id, secret }: { id: Uint8Array; secret: Uint8Array }): Uint8Array {
  return hkdf(secret, {
    salt: new Uint8Array(KEY_BYTES),
    info: concatBytes(ascii("fleetd1 psk"), id),
    length: KEY_BYTES,
  });
}

/** Derives the session's keys from what Split() left, and erases that. */
function sessionKeys({ k1, k2, handshakeHash }: HandshakeKeys): SessionKeys {
  const derive = (key: Uint8Array, label: string) =>
    hkdfExpand(key, { info: concatBytes(ascii(label), handshakeHash), length: KEY_BYTES });
  const keys = {
    macToServer: derive(k1, "fleetd1 mac d2s"),
    macToDevice: derive(k2, "fleetd1 mac s2d"),
    boxToServer: derive(k1, "fleetd1 enc d2s"),
    boxToDevice: derive(k2, "fleetd1 enc s2d"),
  };
  erase(k1, k2);
  return keys;
}
