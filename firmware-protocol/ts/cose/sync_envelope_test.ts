import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { counting, KID } from "../../tools/sample_messages.ts";
import { sha256 } from "../crypto/digest.ts";
import { macKey } from "../crypto/mac_key.ts";
import { openSyncReply, openSyncRequest, sealSyncReply, sealSyncRequest } from "./sync_envelope.ts";

const toServer = macKey(counting(1, 32));
const toDevice = macKey(counting(2, 32));
const payload = Uint8Array.of(0xa1, 0x00, 0x00);
const numRuns = Deno.env.get("FLEETD_CI") === "1" ? 20_000 : 500;

/** 3-byte sequence number, as a device has for most of its life. */
const SEQ = 0x01_02_03;

function concat(...parts: (Uint8Array | number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("a request opens to what was sealed, and its MAC holds under the session's key", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.uint8Array({ maxLength: 700 }),
      (kid, seq, content) => {
        const body = sealSyncRequest({ kid, seq, payload: content, key: toServer });
        const envelope = openSyncRequest(body);
        deepStrictEqual(envelope.kid, kid);
        strictEqual(envelope.seq, seq);
        deepStrictEqual(envelope.payload, content);
        deepStrictEqual(envelope.tag, body.subarray(-32));
        strictEqual(envelope.verify(toServer), true);
        strictEqual(envelope.verify(toDevice), false);
      },
    ),
    { numRuns },
  );
});

Deno.test("a reply opens to what was sealed, under its request's digest", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 700 }),
      (kid, requestDigest, content) => {
        const body = sealSyncReply({ kid, requestDigest, payload: content, key: toDevice });
        deepStrictEqual(openSyncReply({ body, kid, requestDigest, key: toDevice }), content);
      },
    ),
    { numRuns },
  );
});

Deno.test("an envelope adds 56 bytes to a request and 41 to a reply, one more from 24 bytes of payload on", () => {
  const requestDigest = counting(0, 32);
  for (
    const [length, more] of [[17, 0], [23, 0], [24, 1], [255, 1], [256, 2], [16_000, 2]] as const
  ) {
    const content = new Uint8Array(length);
    const request = sealSyncRequest({ kid: KID, seq: SEQ, payload: content, key: toServer });
    strictEqual(request.length, length + 56 + more);
    const reply = sealSyncReply({ kid: KID, requestDigest, payload: content, key: toDevice });
    strictEqual(reply.length, length + 41 + more);
  }
});

Deno.test("kid, sequence number and payload of one request do not fit the tag of another", () => {
  const seal = (kid: Uint8Array, seq: number, content: Uint8Array) =>
    sealSyncRequest({ kid, seq, payload: content, key: toServer });
  const original = seal(KID, SEQ, payload);
  const others = [
    seal(counting(0, 8), SEQ, payload),
    seal(KID, SEQ + 1, payload),
    seal(KID, SEQ, Uint8Array.of(0xa1, 0x00, 0x01)),
  ];
  for (const other of others) {
    const mixed = concat(other.subarray(0, -32), original.subarray(-32));
    strictEqual(openSyncRequest(other).verify(toServer), true);
    strictEqual(openSyncRequest(mixed).verify(toServer), false);
  }
});

Deno.test("a reply fits neither another request, nor another kid, nor the other direction's key", () => {
  const request = sealSyncRequest({ kid: KID, seq: SEQ, payload, key: toServer });
  const next = sealSyncRequest({ kid: KID, seq: SEQ + 1, payload, key: toServer });
  const body = sealSyncReply({ kid: KID, requestDigest: sha256(request), payload, key: toDevice });
  const right = { body, kid: KID, requestDigest: sha256(request), key: toDevice };
  deepStrictEqual(openSyncReply(right), payload);
  const refused = { code: "mac.invalid" };
  throws(() => openSyncReply({ ...right, requestDigest: sha256(next) }), refused);
  throws(() => openSyncReply({ ...right, kid: counting(0, 8) }), refused);
  throws(() => openSyncReply({ ...right, key: toServer }), refused);
});

Deno.test("a request echoed back is no reply, and a reply sent back is no request", () => {
  const request = sealSyncRequest({ kid: KID, seq: SEQ, payload, key: toDevice });
  const requestDigest = sha256(request);
  throws(() => openSyncReply({ body: request, kid: KID, requestDigest, key: toDevice }), {
    code: "envelope.malformed",
  });
  const reply = sealSyncReply({ kid: KID, requestDigest, payload, key: toServer });
  throws(() => openSyncRequest(reply), { code: "envelope.malformed" });
});

Deno.test("every other way to write the same request is refused", () => {
  const tag = [0x58, 32, ...new Uint8Array(32)];
  const content = [0x43, ...payload];
  const header = (alg: number[], kid: number[], seq: number[]) => {
    const map = [0xa3, 0x01, ...alg, 0x04, ...kid, 0x06, ...seq];
    return [0x40 + map.length, ...map];
  };
  const kid = [0x48, ...KID];
  const right = [0x84, ...header([0x05], kid, [0x41, 0x07]), 0xa0, ...content, ...tag];
  strictEqual(openSyncRequest(Uint8Array.from(right)).seq, 7);
  const wrong: Record<string, number[]> = {
    "tagged": [0xd1, ...right],
    "an array of five": [0x85, ...right.slice(1), 0x00],
    "an indefinite array": [0x9f, ...right.slice(1), 0xff],
    "another algorithm": [0x84, ...header([0x04], kid, [0x41, 7]), 0xa0, ...content, ...tag],
    "algorithm in a long form": [
      0x84,
      ...header([0x18, 0x05], kid, [0x41, 7]),
      0xa0,
      ...content,
      ...tag,
    ],
    "a kid of 7 bytes": [
      0x84,
      ...header([5], [0x47, ...KID.subarray(1)], [0x41, 7]),
      0xa0,
      ...content,
      ...tag,
    ],
    "a sequence number with a leading zero": [
      0x84,
      ...header([5], kid, [0x42, 0, 7]),
      0xa0,
      ...content,
      ...tag,
    ],
    "sequence number zero": [0x84, ...header([5], kid, [0x41, 0]), 0xa0, ...content, ...tag],
    "an empty sequence number": [0x84, ...header([5], kid, [0x40]), 0xa0, ...content, ...tag],
    "a sequence number of 8 bytes": [
      0x84,
      ...header([5], kid, [0x48, 1, 0, 0, 0, 0, 0, 0, 0]),
      0xa0,
      ...content,
      ...tag,
    ],
    "a sequence number above 2^53 - 1": [
      0x84,
      ...header([5], kid, [0x47, 0x20, 0, 0, 0, 0, 0, 0]),
      0xa0,
      ...content,
      ...tag,
    ],
    "a sequence number as an integer": [
      0x84,
      ...header([5], kid, [0x18, 0x40]),
      0xa0,
      ...content,
      ...tag,
    ],
    "an unprotected header": [
      0x84,
      ...header([5], kid, [0x41, 7]),
      0xa1,
      0x01,
      0x05,
      ...content,
      ...tag,
    ],
    "a payload with a long head": [
      0x84,
      ...header([5], kid, [0x41, 7]),
      0xa0,
      0x58,
      0x03,
      ...payload,
      ...tag,
    ],
    "a detached payload": [0x84, ...header([5], kid, [0x41, 7]), 0xa0, 0xf6, ...tag],
    "a payload longer than the body": [
      0x84,
      ...header([5], kid, [0x41, 7]),
      0xa0,
      0x5a,
      0xff,
      0xff,
      0xff,
      0xff,
      ...tag,
    ],
    "a short tag": [...right.slice(0, -33), 0x50, ...new Uint8Array(16)],
    "a byte too much": [...right, 0x00],
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    throws(() => openSyncRequest(Uint8Array.from(bytes)), { code: "envelope.malformed" }, what);
  }
});

Deno.test("a body cut at any byte is malformed, and so is an empty one", () => {
  const request = sealSyncRequest({ kid: KID, seq: SEQ, payload, key: toServer });
  const requestDigest = sha256(request);
  const reply = sealSyncReply({ kid: KID, requestDigest, payload, key: toDevice });
  const malformed = { code: "envelope.malformed" };
  for (let end = 0; end < request.length; end++) {
    throws(() => openSyncRequest(request.subarray(0, end)), malformed);
  }
  for (let end = 0; end < reply.length; end++) {
    const body = reply.subarray(0, end);
    throws(() => openSyncReply({ body, kid: KID, requestDigest, key: toDevice }), malformed);
  }
});

Deno.test("random bytes never open, and never throw anything but a typed error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      throws(() => openSyncRequest(bytes), { name: "ProtocolError", code: "envelope.malformed" });
    }),
    { numRuns },
  );
});

Deno.test("kids, digests and sequence numbers outside their limits are our own mistakes", () => {
  const seal = (options: { kid?: Uint8Array; seq?: number }) => () =>
    sealSyncRequest({ kid: KID, seq: 1, payload, key: toServer, ...options });
  throws(seal({ kid: new Uint8Array(7) }), RangeError);
  for (const seq of [0, -1, 1.5, NaN, 2 ** 53]) throws(seal({ seq }), RangeError);
  const requestDigest = new Uint8Array(31);
  throws(() => sealSyncReply({ kid: KID, requestDigest, payload, key: toDevice }), RangeError);
});
