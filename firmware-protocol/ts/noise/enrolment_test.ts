import { deepStrictEqual, notDeepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { enrol, FIXED, fixedRandom } from "../../tools/generate_vectors.ts";
import { ENROL_REPLIES, ENROL_REQUESTS } from "../../tools/sample_messages.ts";
import { generateKeyPair } from "../crypto/key_pair.ts";
import { beginEnrolment, readEnrolment, tokenPsk, ZERO_PSK } from "./enrolment.ts";

const request = ENROL_REQUESTS["microcontroller with a token"];
const { accepted, pending } = ENROL_REPLIES;
const random = (length: number) => new Uint8Array(randomBytes(length));
const token = tokenPsk(FIXED.token);

Deno.test("both sides of an enrolment learn each other's payload and derive the same four different keys", () => {
  const { begun, read, message2, keys } = enrol({ request, reply: accepted, psk: token });
  deepStrictEqual(read.deviceKey, FIXED.device.publicKey);
  deepStrictEqual(read.request, request);
  const end = begun.finish(message2, [token]);
  deepStrictEqual(end.reply, accepted);
  deepStrictEqual(end.keys, keys);
  const distinct = new Set(Object.values(end.keys).map((key) => key.join()));
  strictEqual(distinct.size, 4);
});

Deno.test("a device without a token enrols under the zero key", () => {
  const { begun, message2, keys } = enrol({ request, reply: pending, psk: ZERO_PSK });
  const end = begun.finish(message2, [ZERO_PSK]);
  deepStrictEqual(end.keys, keys);
  strictEqual(end.pskIndex, 0);
});

Deno.test("a refused token is answered under the zero key, and the device that allows it sees so", () => {
  const { begun, message2, keys } = enrol({ request, reply: pending, psk: ZERO_PSK });
  const end = begun.finish(message2, [token, ZERO_PSK]);
  strictEqual(end.pskIndex, 1);
  deepStrictEqual(end.reply, pending);
  deepStrictEqual(end.keys, keys);
});

Deno.test("a device that does not allow the zero key refuses such an answer", () => {
  const { begun, message2 } = enrol({ request, reply: pending, psk: ZERO_PSK });
  throws(() => begun.finish(message2, [token]), { code: "handshake.failed" });
});

Deno.test("a device refuses an answer under the key of another token", () => {
  const { id, secret } = FIXED.token;
  const otherSecret = tokenPsk({ id, secret: new Uint8Array(16) });
  const otherId = tokenPsk({ id: new Uint8Array(8), secret });
  for (const psk of [otherSecret, otherId]) {
    notDeepStrictEqual(psk, token);
    const { begun, message2 } = enrol({ request, reply: accepted, psk });
    throws(() => begun.finish(message2, [token, ZERO_PSK]), { code: "handshake.failed" });
  }
});

Deno.test("a server with another key cannot read message 1", () => {
  const { begun } = enrol({ request, reply: accepted, psk: token });
  const other = generateKeyPair(random);
  throws(() => readEnrolment({ serverKey: other, message1: begun.message1 }), {
    code: "handshake.failed",
  });
});

Deno.test("an impostor without the server's secret key cannot answer, even knowing the token", () => {
  const begun = beginEnrolment({
    deviceKey: FIXED.device,
    serverKey: FIXED.server.publicKey,
    random,
    request,
  });
  const impostor = generateKeyPair(random);
  // The impostor runs the whole exchange with a device of its own and replays that answer.
  const own = beginEnrolment({
    deviceKey: FIXED.device,
    serverKey: impostor.publicKey,
    random,
    request,
  });
  const read = readEnrolment({ serverKey: impostor, message1: own.message1 });
  const { message2 } = read.answer({ psk: token, reply: accepted, random });
  throws(() => begun.finish(message2, [token]), { code: "handshake.failed" });
});

Deno.test("an answer fits only the handshake it was written for, even with the same static keys", () => {
  const start = () =>
    beginEnrolment({
      deviceKey: FIXED.device,
      serverKey: FIXED.server.publicKey,
      random,
      request,
    });
  const first = start();
  const second = start();
  const answer = (message1: Uint8Array) =>
    readEnrolment({ serverKey: FIXED.server, message1 })
      .answer({ psk: token, reply: accepted, random });
  const toFirst = answer(first.message1);
  const toSecond = answer(second.message1);
  notDeepStrictEqual(toFirst.keys, toSecond.keys);
  throws(() => second.finish(toFirst.message2, [token]), { code: "handshake.failed" });
});

Deno.test("a server key of small order is refused before anything is sent", () => {
  const serverKey = new Uint8Array(32);
  throws(() => beginEnrolment({ deviceKey: FIXED.device, serverKey, random, request }), {
    code: "key.small_order",
  });
});

Deno.test("payloads of every length make messages of that length and 96 or 48 bytes", () => {
  const names = fc.string({ minLength: 1, maxLength: 48, unit: fc.constantFrom(..."abcxyz019") });
  fc.assert(
    fc.property(names, (model) => {
      const { begun, read, message2 } = enrol({
        request: { ...request, model },
        reply: accepted,
        psk: token,
      });
      strictEqual(read.request.model, model);
      const bare = enrol({ request, reply: accepted, psk: token });
      strictEqual(message2.length, bare.message2.length);
      strictEqual(
        begun.message1.length - bare.begun.message1.length,
        model.length + (model.length < 24 ? 2 : 3),
      );
      deepStrictEqual(begun.finish(message2, [token]).reply, accepted);
    }),
    { numRuns: Deno.env.get("FLEETD_CI") === "1" ? 500 : 25 },
  );
});

Deno.test("a payload that is no enrolment message is refused by its codec", () => {
  const begun = beginEnrolment({
    deviceKey: FIXED.device,
    serverKey: FIXED.server.publicKey,
    random: fixedRandom(1),
    request,
  });
  const read = readEnrolment({ serverKey: FIXED.server, message1: begun.message1 });
  throws(
    () => read.answer({ psk: token, reply: { ...accepted, intervalS: 0 }, random }),
    RangeError,
  );
});
