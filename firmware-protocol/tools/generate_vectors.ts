/**
 * Golden vectors of everything that is sealed or signed: `vectors/envelopes.json`, read by the TypeScript tests and
 * by the C core. Keys, salts and ephemeral keys are fixed, so an implementation must give exactly these bytes.
 *
 * `deno run -A firmware-protocol/tools/generate_vectors.ts` writes the file; `--check` compares and exits with 1.
 * It is no part of `deno task gen`: golden bytes change only when somebody means to change the protocol.
 *
 * @module
 */
import { bytesToHex as hex } from "@noble/hashes/utils.js";
import {
  beginEnrolment,
  compareBytes,
  type EnrolReply,
  enrolReplyCodec,
  type EnrolRequest,
  enrolRequestCodec,
  fingerprintOf,
  fingerprintPrefix,
  formatToken,
  handleOf,
  keyPairFromSecret,
  macKey,
  manifestCodec,
  parseToken,
  readEnrolment,
  type RootDocument,
  rootDocumentCodec,
  sealBox,
  sealSyncReply,
  sealSyncRequest,
  type SessionKeys,
  sha256,
  signingKeyFromSeed,
  signManifest,
  signRootDocument,
  syncReplyCodec,
  syncRequestCodec,
  tokenPsk,
  ZERO_PSK,
} from "../ts/mod.ts";
import {
  counting,
  ENROL_REPLIES,
  ENROL_REQUESTS,
  KID,
  MANIFEST,
  ROOT_DOCUMENT,
  SYNC_REPLIES,
  SYNC_REQUESTS,
} from "./sample_messages.ts";

/** The fixed keys of all vectors. */
export const FIXED = {
  device: keyPairFromSecret(counting(0x01, 32)),
  server: keyPairFromSecret(counting(0x41, 32)),
  token: { id: counting(0x10, 8), secret: counting(0x55, 16) },
  releaseKey: signingKeyFromSeed(counting(0x81, 32)),
  rootKeys: [0x11, 0x22, 0x33].map((byte) => signingKeyFromSeed(new Uint8Array(32).fill(byte))),
};
const DEVICE_EPHEMERAL_FIRST = 0x61;
const SERVER_EPHEMERAL_FIRST = 0xa1;

/** Draws of fixed "random" bytes that count up from `first`. */
export function fixedRandom(first: number): (length: number) => Uint8Array {
  return (length) => counting(first, length);
}

/** One enrolment with the fixed keys, seen from both sides. */
export function enrol(
  { request, reply, psk }: { request: EnrolRequest; reply: EnrolReply; psk: Uint8Array },
) {
  const begun = beginEnrolment({
    deviceKey: FIXED.device,
    serverKey: FIXED.server.publicKey,
    random: fixedRandom(DEVICE_EPHEMERAL_FIRST),
    request,
  });
  const read = readEnrolment({ serverKey: FIXED.server, message1: begun.message1 });
  const answered = read.answer({ psk, reply, random: fixedRandom(SERVER_EPHEMERAL_FIRST) });
  return { begun, read, ...answered };
}

/** The session that the vectors' messages are sealed in: enrolled with the token. */
export function fixedSession(): SessionKeys {
  return enrol({
    request: ENROL_REQUESTS["microcontroller with a token"],
    reply: ENROL_REPLIES.accepted,
    psk: tokenPsk(FIXED.token),
  }).keys;
}

/** The fleet's root document under the three fixed root keys. */
export function fixedRootDocument(): RootDocument {
  const ascending = (keys: Uint8Array[]) => keys.sort(compareBytes);
  return {
    ...ROOT_DOCUMENT,
    rootKeys: ascending(FIXED.rootKeys.map((key) => key.publicKey)),
    releaseKeys: [FIXED.releaseKey.publicKey],
    serverKeys: [FIXED.server.publicKey],
  };
}

function enrolmentVectors() {
  const token = tokenPsk(FIXED.token);
  const cases = [
    ["token accepted", "microcontroller with a token", "accepted", token],
    [
      "token refused, answered under the zero key",
      "microcontroller with a token",
      "pending",
      ZERO_PSK,
    ],
    ["no token", "Raspberry Pi that acted on a hello", "pending", ZERO_PSK],
  ] as const;
  return cases.map(([name, requestName, replyName, psk]) => {
    const request: EnrolRequest = ENROL_REQUESTS[requestName];
    const reply: EnrolReply = ENROL_REPLIES[replyName];
    const { begun, message2, keys } = enrol({ request, reply, psk });
    return {
      name,
      psk: hex(psk),
      requestPayload: hex(enrolRequestCodec.encode(request)),
      message1: hex(begun.message1),
      replyPayload: hex(enrolReplyCodec.encode(reply)),
      message2: hex(message2),
      keys: hexOf(keys),
    };
  });
}

function syncVectors(keys: SessionKeys) {
  const seqs = [1, 255, 256, 65_536, 0xff_ffff_ffff, 2 ** 53 - 1];
  const requestKey = macKey(keys.macToServer);
  const requests = Object.entries(SYNC_REQUESTS).map(([name, value], at) => {
    const payload = syncRequestCodec.encode(value);
    const seq = seqs[at % seqs.length]!;
    const body = sealSyncRequest({ kid: KID, seq, payload, key: requestKey });
    return { name, seq, payload: hex(payload), body: hex(body), digest: hex(sha256(body)) };
  });
  const replyKey = macKey(keys.macToDevice);
  const requestDigest = counting(0x00, 32);
  const replies = Object.entries(SYNC_REPLIES).map(([name, value]) => {
    const payload = syncReplyCodec.encode(value);
    const body = sealSyncReply({ kid: KID, requestDigest, payload, key: replyKey });
    return { name, requestDigest: hex(requestDigest), payload: hex(payload), body: hex(body) };
  });
  return { kid: hex(KID), requests, replies };
}

function boxVectors({ boxToDevice, boxToServer }: SessionKeys) {
  const cases = [
    ["to the device", boxToDevice, counting(0x30, 24)],
    ["to the server", boxToServer, counting(0x00, 300)],
    ["empty", boxToDevice, new Uint8Array(0)],
  ] as const;
  return cases.map(([name, key, plaintext], at) => {
    const random = fixedRandom(0xe0 + at);
    const box = sealBox({ key, kid: KID, plaintext, random });
    return {
      name,
      key: hex(key),
      kid: hex(KID),
      salt: hex(random(16)),
      plaintext: hex(plaintext),
      box: hex(box),
    };
  });
}

function signedVectors() {
  const root = fixedRootDocument();
  const { releaseKey, rootKeys } = FIXED;
  return {
    manifest: {
      seed: hex(releaseKey.secretKey),
      publicKey: hex(releaseKey.publicKey),
      keyId: hex(releaseKey.keyId),
      payload: hex(manifestCodec.encode(MANIFEST)),
      document: hex(signManifest(MANIFEST, releaseKey)),
    },
    rootDocument: {
      seeds: rootKeys.slice(0, 2).map((key) => hex(key.secretKey)),
      payload: hex(rootDocumentCodec.encode(root)),
      document: hex(signRootDocument(root, rootKeys.slice(0, 2))),
    },
  };
}

function nameVectors() {
  const { token, server, device } = FIXED;
  const text = formatToken({ ...token, serverKey: server.publicKey });
  return {
    token: {
      id: hex(token.id),
      secret: hex(token.secret),
      serverKeyHash: hex(parseToken(text).serverKeyHash),
      text,
      psk: hex(tokenPsk(token)),
    },
    names: [device, server].map(({ publicKey }) => ({
      publicKey: hex(publicKey),
      handle: handleOf(publicKey),
      fingerprint: fingerprintOf(publicKey),
      fingerprintPrefix: fingerprintPrefix(publicKey),
    })),
  };
}

/** All golden vectors. */
export function envelopeVectors() {
  const { device, server } = FIXED;
  const keys = fixedSession();
  return {
    about:
      "Golden vectors of handshake, envelopes, tokens and names. Everything is hexadecimal but " +
      "names, token texts and numbers. Written by tools/generate_vectors.ts.",
    keys: {
      device: hexOf(device),
      server: hexOf(server),
      deviceEphemeralSecret: hex(counting(DEVICE_EPHEMERAL_FIRST, 32)),
      serverEphemeralSecret: hex(counting(SERVER_EPHEMERAL_FIRST, 32)),
      session: hexOf(keys),
    },
    ...nameVectors(),
    enrolment: enrolmentVectors(),
    sync: syncVectors(keys),
    boxes: boxVectors(keys),
    ...signedVectors(),
  };
}

function hexOf(parts: object): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, hex(bytes)]));
}

if (import.meta.main) {
  const file = new URL("../vectors/envelopes.json", import.meta.url);
  const text = JSON.stringify(envelopeVectors(), undefined, 1) + "\n";
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(file, text);
  } else if (await Deno.readTextFile(file) !== text) {
    console.error(
      "vectors/envelopes.json is not what the code gives; see what changed, then write it.",
    );
    Deno.exit(1);
  }
}
