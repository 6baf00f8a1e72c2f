/**
 * Every single bit of every message that is sealed or signed, flipped once: none is accepted.
 *
 * @module
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { hexToBytes } from "@noble/hashes/utils.js";
import { enrol, FIXED, fixedSession } from "../tools/generate_vectors.ts";
import { ENROL_REPLIES, ENROL_REQUESTS } from "../tools/sample_messages.ts";
import golden from "../vectors/envelopes.json" with { type: "json" };
import { ProtocolError } from "./codec/protocol_error.ts";
import { openBox } from "./cose/box.ts";
import { verifyManifest } from "./cose/manifest.ts";
import { verifyRootDocument } from "./cose/root_document.ts";
import { openSyncReply, openSyncRequest } from "./cose/sync_envelope.ts";
import { macKey } from "./crypto/mac_key.ts";
import { readEnrolment, tokenPsk, ZERO_PSK } from "./noise/enrolment.ts";
import { rootDocumentCodec } from "./codecs.gen.ts";

const kid = hexToBytes(golden.sync.kid);
const session = fixedSession();
const token = tokenPsk(FIXED.token);

/** Asserts that `accepts` refuses all messages that differ from the original in one bit. */
function assertNoFlipAccepted(
  original: Uint8Array,
  { accepts, codes }: { accepts: (message: Uint8Array) => boolean; codes: RegExp },
): void {
  const message = original.slice();
  deepStrictEqual(accepts(message), true, "the original itself is accepted");
  for (let bit = 0; bit < 8 * message.length; bit++) {
    const mask = 1 << (bit & 7);
    message[bit >> 3]! ^= mask;
    let accepted = false;
    try {
      accepted = accepts(message);
    } catch (error) {
      ok(error instanceof ProtocolError, `bit ${bit}: ${error}`);
      ok(codes.test(error.code), `bit ${bit}: ${error.code}`);
    }
    ok(!accepted, `bit ${bit} of ${8 * message.length} is not protected`);
    message[bit >> 3]! ^= mask;
  }
}

for (const { name, body } of golden.sync.requests) {
  Deno.test(`no bit of a sync request is free: ${name}`, () => {
    const key = macKey(session.macToServer);
    const accepts = (message: Uint8Array) => openSyncRequest(message).verify(key);
    assertNoFlipAccepted(hexToBytes(body), { accepts, codes: /^envelope\.malformed$/ });
  });
}

for (const { name, body, requestDigest } of golden.sync.replies) {
  Deno.test(`no bit of a sync reply, nor of what it is bound to, is free: ${name}`, () => {
    const key = macKey(session.macToDevice);
    const codes = /^(envelope\.malformed|mac\.invalid)$/;
    const open = (changes: { body?: Uint8Array; kid?: Uint8Array; requestDigest?: Uint8Array }) =>
      openSyncReply({
        body: hexToBytes(body),
        kid,
        requestDigest: hexToBytes(requestDigest),
        key,
        ...changes,
      }).length > 0;
    assertNoFlipAccepted(hexToBytes(body), { accepts: (body) => open({ body }), codes });
    assertNoFlipAccepted(kid, { accepts: (kid) => open({ kid }), codes });
    const accepts = (requestDigest: Uint8Array) => open({ requestDigest });
    assertNoFlipAccepted(hexToBytes(requestDigest), { accepts, codes });
  });
}

for (const { name, key, box } of golden.boxes) {
  Deno.test(`no bit of a sealed box is free: ${name}`, () => {
    const accepts = (box: Uint8Array) => openBox({ key: hexToBytes(key), kid, box }).length >= 0;
    const codes = /^box\./;
    assertNoFlipAccepted(hexToBytes(box), { accepts, codes });
  });
}

const HANDSHAKE_CODES = /^(handshake\.failed|key\.small_order)$/;

for (const { name, message1 } of golden.enrolment.slice(1)) {
  Deno.test(`no bit of enrolment message 1 is free: ${name}`, () => {
    const accepts = (message1: Uint8Array) =>
      readEnrolment({ serverKey: FIXED.server, message1 }).deviceKey.length === 32;
    assertNoFlipAccepted(hexToBytes(message1), { accepts, codes: HANDSHAKE_CODES });
  });
}

Deno.test("no bit of enrolment message 2 is free, whichever pre-shared key is tried", () => {
  const exchange = {
    request: ENROL_REQUESTS["microcontroller with a token"],
    reply: ENROL_REPLIES.accepted,
    psk: token,
  };
  const { message2 } = enrol(exchange);
  const accepts = (message2: Uint8Array) =>
    enrol(exchange).begun.finish(message2, [token, ZERO_PSK]).pskIndex >= 0;
  assertNoFlipAccepted(message2, { accepts, codes: HANDSHAKE_CODES });
});

Deno.test("no bit of a signed manifest is free", () => {
  const keys = [FIXED.releaseKey.publicKey];
  const accepts = (document: Uint8Array) => verifyManifest(document, keys).signedBy === keys[0];
  assertNoFlipAccepted(hexToBytes(golden.manifest.document), { accepts, codes: /^signature\./ });
});

Deno.test("no bit of a signed root document is free", () => {
  const { document, payload } = golden.rootDocument;
  const pinned = { ...rootDocumentCodec.decode(hexToBytes(payload)), version: 0 };
  const accepts = (document: Uint8Array) => verifyRootDocument(document, { pinned }).version === 1;
  // Its payload is read before the signatures, to find the keys: so the codec may be first to refuse.
  const codes = /^(signature|cbor|schema)\./;
  assertNoFlipAccepted(hexToBytes(document), { accepts, codes });
});
