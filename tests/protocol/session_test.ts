/**
 * A device's whole way through the protocol, by what the folder exports: token text, hello, enrolment, first syncs,
 * a secret, and an attacker between the two.
 *
 * @module
 */
import { deepStrictEqual, notStrictEqual, strictEqual, throws } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  beginEnrolment,
  DeviceStateCode,
  type EnrolReply,
  type EnrolRequest,
  formatToken,
  generateKeyPair,
  handleOf,
  helloCodec,
  macKey,
  openBox,
  openSyncReply,
  openSyncRequest,
  parseToken,
  PROTOCOL,
  readEnrolment,
  sealBox,
  sealSyncReply,
  sealSyncRequest,
  selfTest,
  sha256,
  syncReplyCodec,
  syncRequestCodec,
  tokenMatchesServer,
  tokenPsk,
  TokenStatus,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";

const random = (length: number) => new Uint8Array(randomBytes(length));
const token = { id: random(8), secret: random(16) };

function enrolRequest(changes: Partial<EnrolRequest> = {}): EnrolRequest {
  return {
    v: PROTOCOL.minor,
    hwClass: "rpi-4b",
    agentVersion: "0.1.0",
    rxMax: 16_384,
    deviceId: random(16),
    ...changes,
  };
}

function enrolReply(changes: Partial<EnrolReply> = {}): EnrolReply {
  return {
    v: PROTOCOL.minor,
    kid: random(8),
    state: DeviceStateCode.active,
    time: 1_767_225_600_000,
    intervalS: 60,
    serverEpoch: 7,
    txMax: 16_384,
    ...changes,
  };
}

/** Both sides of one enrolment; what the server answers under is the caller's choice. */
function enrolled({ psk, psks }: { psk: Uint8Array; psks: Uint8Array[] }) {
  const server = generateKeyPair(random);
  const device = generateKeyPair(random);
  const begun = beginEnrolment({
    deviceKey: device,
    serverKey: server.publicKey,
    random,
    request: enrolRequest({ tokenId: token.id }),
  });
  const read = readEnrolment({ serverKey: server, message1: begun.message1 });
  strictEqual(handleOf(read.deviceKey), handleOf(device.publicKey));
  const { message2, keys } = read.answer({ psk, reply: enrolReply(), random });
  const end = begun.finish(message2, psks);
  return { kid: end.reply.kid, device: end.keys, server: keys };
}

const IDLE = { v: 0, time: 1_767_225_600_000, state: 1, intervalS: 60, serverEpoch: 7 };
const HEARTBEAT = { v: 0, uptimeMs: 1_000, bootId: 5, serverEpoch: 7 };

Deno.test("a device with a token checks the server by its text, enrols, syncs and opens a secret", () => {
  selfTest();
  const server = generateKeyPair(random);
  const text = formatToken({ ...token, serverKey: server.publicKey });
  const hello = helloCodec.encode({
    majorMin: 1,
    majorMax: 1,
    serverKey: server.publicKey,
    fleetId: random(8),
  });
  const typed = parseToken(text.toLowerCase());
  const { serverKey } = helloCodec.decode(hello);
  strictEqual(tokenMatchesServer(typed, serverKey), true);
  const device = generateKeyPair(random);
  const begun = beginEnrolment({
    deviceKey: device,
    serverKey,
    random,
    request: enrolRequest({ tokenId: typed.id, helloDigest: sha256(hello) }),
  });
  strictEqual(begun.message1.length <= PROTOCOL.message1MaxBytes, true);
  const read = readEnrolment({ serverKey: server, message1: begun.message1 });
  deepStrictEqual(read.request.helloDigest, sha256(hello));
  const reply = enrolReply({ tokenStatus: TokenStatus.used });
  const { message2, keys } = read.answer({ psk: tokenPsk(token), reply, random });
  const end = begun.finish(message2, [tokenPsk(typed), ZERO_PSK]);
  strictEqual(end.pskIndex, 0);

  const { kid } = end.reply;
  const request = sealSyncRequest({
    kid,
    seq: 256,
    payload: syncRequestCodec.encode(HEARTBEAT),
    key: macKey(end.keys.macToServer),
  });
  const envelope = openSyncRequest(request);
  deepStrictEqual(envelope.kid, kid);
  strictEqual(envelope.verify(macKey(keys.macToServer)), true);
  deepStrictEqual(syncRequestCodec.decode(envelope.payload), HEARTBEAT);
  const args = sealBox({ key: keys.boxToDevice, kid, plaintext: random(20), random });
  const body = sealSyncReply({
    kid,
    requestDigest: sha256(request),
    payload: syncReplyCodec.encode({
      ...IDLE,
      commands: [{ id: 1, name: "wifi", args, ttlS: 60, sealed: true }],
    }),
    key: macKey(keys.macToDevice),
  });
  const payload = openSyncReply({
    body,
    kid,
    requestDigest: sha256(request),
    key: macKey(end.keys.macToDevice),
  });
  const [command] = syncReplyCodec.decode(payload).commands!;
  strictEqual(openBox({ key: end.keys.boxToDevice, kid, box: command!.args! }).length, 20);
});

Deno.test("the first MAC proves a token: with the zero key a device does not get the token's session", () => {
  const psk = tokenPsk(token);
  throws(() => enrolled({ psk, psks: [ZERO_PSK] }), { code: "handshake.failed" });
  const { device, server, kid } = enrolled({ psk, psks: [psk] });
  const payload = syncRequestCodec.encode(HEARTBEAT);
  const body = sealSyncRequest({ kid, seq: 1, payload, key: macKey(device.macToServer) });
  strictEqual(openSyncRequest(body).verify(macKey(server.macToServer)), true);
});

Deno.test("sessions of two devices, and of one device enrolled twice, share no key", () => {
  const psk = tokenPsk(token);
  const one = enrolled({ psk, psks: [psk] });
  const two = enrolled({ psk, psks: [psk] });
  for (const name of ["macToServer", "macToDevice", "boxToServer", "boxToDevice"] as const) {
    deepStrictEqual(one.device[name], one.server[name]);
    notStrictEqual(one.device[name].join(), two.device[name].join());
  }
});

Deno.test("an old answer played back, however genuine, answers no newer request", () => {
  const psk = tokenPsk(token);
  const { kid, device, server } = enrolled({ psk, psks: [psk] });
  const seal = (seq: number) =>
    sealSyncRequest({
      kid,
      seq,
      payload: syncRequestCodec.encode(HEARTBEAT),
      key: macKey(device.macToServer),
    });
  const answers = [1, 2, 3, 4].map((seq) => {
    const request = seal(seq);
    const payload = syncReplyCodec.encode(IDLE);
    const key = macKey(server.macToDevice);
    return {
      request,
      body: sealSyncReply({ kid, requestDigest: sha256(request), payload, key }),
    };
  });
  for (const { request } of answers) {
    for (const { request: other, body } of answers) {
      const open = () =>
        openSyncReply({
          body,
          kid,
          requestDigest: sha256(request),
          key: macKey(device.macToDevice),
        });
      if (other === request) open();
      else throws(open, { code: "mac.invalid" });
    }
  }
});
