/**
 * The handshake `Noise_IKpsk2_25519_ChaChaPoly_SHA256` (Noise rev 34 §7.5, §9), for any prologue and payloads:
 *
 * ```
 * <- s
 * ...
 * -> e, es, s, ss        + payload 1
 * <- e, ee, se, psk      + payload 2
 * ```
 *
 * As in every PSK pattern, each `e` is also mixed into the key. The responder learns who calls, and what payload 1
 * asks, before it must choose the pre-shared key. Nothing here knows about devices; see `enrolment.ts`.
 *
 * @module
 */
import { ProtocolError } from "../codec/protocol_error.ts";
import { AEAD_TAG_BYTES } from "../crypto/aead.ts";
import { concatBytes, erase, requireLength } from "../crypto/bytes.ts";
import { KEY_BYTES, type KeyPair, sharedSecret } from "../crypto/key_pair.ts";
import { type HandshakeKeys, SymmetricState } from "./symmetric_state.ts";

/** The name that the first hash is taken of: 36 bytes. */
export const NOISE_PROTOCOL = "Noise_IKpsk2_25519_ChaChaPoly_SHA256";

/** What message 1 adds to its payload: ephemeral key, sealed static key, tag. */
export const MESSAGE1_OVERHEAD_BYTES = KEY_BYTES + KEY_BYTES + AEAD_TAG_BYTES + AEAD_TAG_BYTES;

/** What message 2 adds to its payload: ephemeral key, tag. */
export const MESSAGE2_OVERHEAD_BYTES = KEY_BYTES + AEAD_TAG_BYTES;

/** The initiator's side after message 1 was written. */
export interface Initiation {
  readonly message: Uint8Array;
  /**
   * Reads message 2 under the first of `psks` that fits. Works once: the ephemeral key is erased either way.
   * @throws {ProtocolError} `handshake.malformed` (length), `handshake.failed` (no key fits), `key.small_order`
   */
  finish(
    message: Uint8Array,
    psks: readonly Uint8Array[],
  ): { payload: Uint8Array; pskIndex: number; keys: HandshakeKeys };
}

/** The responder's side after message 1 was read. */
export interface Reception {
  /** The initiator's proven static key, 32 bytes. */
  readonly remoteStatic: Uint8Array;
  readonly payload: Uint8Array;
  /** Writes message 2. Works once: the handshake state is erased. */
  answer(
    options: { psk: Uint8Array; ephemeral: KeyPair; payload: Uint8Array },
  ): { message: Uint8Array; keys: HandshakeKeys };
}

/**
 * Writes message 1 to a responder whose static key is known. `ephemeral` must be fresh; its secret is erased when
 * the handshake ends.
 * @throws {ProtocolError} `key.small_order` when the responder's key is one
 */
export function initiate(
  { prologue, localStatic, remoteStatic, ephemeral, payload }: {
    prologue: Uint8Array;
    localStatic: KeyPair;
    remoteStatic: Uint8Array;
    ephemeral: KeyPair;
    payload: Uint8Array;
  },
): Initiation {
  const state = SymmetricState.start(NOISE_PROTOCOL, prologue);
  state.mixHash(remoteStatic);
  mixEphemeral(state, ephemeral.publicKey);
  mixShared(state, ephemeral.secretKey, remoteStatic); // es
  const sealedStatic = state.encryptAndHash(localStatic.publicKey);
  mixShared(state, localStatic.secretKey, remoteStatic); // ss
  const sealedPayload = state.encryptAndHash(payload);
  const once = usableOnce("finish");
  return {
    message: concatBytes(ephemeral.publicKey, sealedStatic, sealedPayload),
    finish(message, psks) {
      once();
      try {
        return readMessage2({ state, message, psks, ephemeral, localStatic });
      } finally {
        erase(ephemeral.secretKey);
        state.erase();
      }
    },
  };
}

/**
 * Reads message 1 with the responder's static key.
 * @throws {ProtocolError} `handshake.malformed` (length), `handshake.failed` (not for this key, or altered),
 *   `key.small_order`
 */
export function receive(
  { prologue, localStatic, message }: {
    prologue: Uint8Array;
    localStatic: KeyPair;
    message: Uint8Array;
  },
): Reception {
  if (message.length < MESSAGE1_OVERHEAD_BYTES) throw tooShort(message, MESSAGE1_OVERHEAD_BYTES);
  const staticEnd = KEY_BYTES + KEY_BYTES + AEAD_TAG_BYTES;
  const remoteEphemeral = message.slice(0, KEY_BYTES);
  const state = SymmetricState.start(NOISE_PROTOCOL, prologue);
  state.mixHash(localStatic.publicKey);
  mixEphemeral(state, remoteEphemeral);
  mixShared(state, localStatic.secretKey, remoteEphemeral); // es
  const remoteStatic = state.decryptAndHash(message.subarray(KEY_BYTES, staticEnd));
  if (remoteStatic === undefined) throw failed("the first message");
  mixShared(state, localStatic.secretKey, remoteStatic); // ss
  const payload = state.decryptAndHash(message.subarray(staticEnd));
  if (payload === undefined) throw failed("the first message");
  const once = usableOnce("answer");
  return {
    remoteStatic,
    payload,
    answer(options) {
      once();
      return writeMessage2({ ...options, state, remoteEphemeral, remoteStatic });
    },
  };
}

function writeMessage2(
  { state, psk, ephemeral, payload, remoteEphemeral, remoteStatic }: {
    state: SymmetricState;
    psk: Uint8Array;
    ephemeral: KeyPair;
    payload: Uint8Array;
    remoteEphemeral: Uint8Array;
    remoteStatic: Uint8Array;
  },
): { message: Uint8Array; keys: HandshakeKeys } {
  requireLength(psk, KEY_BYTES, "a pre-shared key");
  mixEphemeral(state, ephemeral.publicKey);
  mixShared(state, ephemeral.secretKey, remoteEphemeral); // ee
  mixShared(state, ephemeral.secretKey, remoteStatic); // se
  erase(ephemeral.secretKey);
  state.mixKeyAndHash(psk);
  const message = concatBytes(ephemeral.publicKey, state.encryptAndHash(payload));
  return { message, keys: state.split() };
}

function readMessage2(
  { state, message, psks, ephemeral, localStatic }: {
    state: SymmetricState;
    message: Uint8Array;
    psks: readonly Uint8Array[];
    ephemeral: KeyPair;
    localStatic: KeyPair;
  },
): { payload: Uint8Array; pskIndex: number; keys: HandshakeKeys } {
  if (message.length < MESSAGE2_OVERHEAD_BYTES) throw tooShort(message, MESSAGE2_OVERHEAD_BYTES);
  const remoteEphemeral = message.slice(0, KEY_BYTES);
  mixEphemeral(state, remoteEphemeral);
  mixShared(state, ephemeral.secretKey, remoteEphemeral); // ee
  mixShared(state, localStatic.secretKey, remoteEphemeral); // se
  for (const [pskIndex, psk] of psks.entries()) {
    requireLength(psk, KEY_BYTES, "a pre-shared key");
    const attempt = state.clone();
    attempt.mixKeyAndHash(psk);
    const payload = attempt.decryptAndHash(message.subarray(KEY_BYTES));
    if (payload !== undefined) return { payload, pskIndex, keys: attempt.split() };
    attempt.erase();
  }
  throw failed("the answer");
}

/** The token `e` of a PSK pattern: hashed, and mixed into the key (Noise rev 34 §9.2). */
function mixEphemeral(state: SymmetricState, publicKey: Uint8Array): void {
  state.mixHash(publicKey);
  state.mixKey(publicKey);
}

function mixShared(state: SymmetricState, secretKey: Uint8Array, publicKey: Uint8Array): void {
  const shared = sharedSecret(secretKey, publicKey);
  state.mixKey(shared);
  erase(shared);
}

function usableOnce(name: string): () => void {
  let used = false;
  return () => {
    if (used) throw new TypeError(`${name} was already called: its handshake state is erased`);
    used = true;
  };
}

function tooShort(message: Uint8Array, least: number): ProtocolError {
  return new ProtocolError(
    "handshake.malformed",
    `Cannot read a handshake message of ${message.length} bytes: it has at least ${least}.`,
  );
}

function failed(what: string): ProtocolError {
  return new ProtocolError(
    "handshake.failed",
    `Cannot open ${what} of the handshake: it was altered, or made for another key or pre-shared key.`,
  );
}
