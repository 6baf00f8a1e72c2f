/**
 * The envelope of sync: COSE_Mac0, untagged, HMAC 256/256 (RFC 9052 §6.2, RFC 9053 §3.1).
 *
 * ```
 * request = [ << {1: 5, 4: kid, 6: seq} >>, {}, payload, tag ]     additional data ["fleetd1","d2s","sync"]
 * reply   = [ << {1: 5} >>, {}, payload, tag ]                     additional data ["fleetd1","s2d","sync",kid,digest]
 * ```
 *
 * `seq` is a byte string of 1..7 bytes, big-endian without a leading zero; `digest` is SHA-256 of the request body as
 * sent, so that a reply fits one request only. The envelope judges neither sequence numbers nor payloads.
 *
 * @module
 */
import { ProtocolError } from "../codec/protocol_error.ts";
import { concatBytes, requireLength } from "../crypto/bytes.ts";
import { type MacKey, TAG_BYTES } from "../crypto/mac_key.ts";
import {
  ANY_LENGTH,
  arrayItem,
  bytesHeadLength,
  bytesItem,
  FrameReader,
  textItem,
  writeBytesHead,
} from "./frame.ts";

/** Length of a key id. */
export const KID_BYTES = 8;

const REQUEST = { name: "a sync request", code: "envelope.malformed" } as const;
const REPLY = { name: "a sync reply", code: "envelope.malformed" } as const;

const PAYLOAD_MAX_BYTES = 0xffff;
const FRAME_START = 0x84;
const NO_UNPROTECTED = Uint8Array.of(0xa0);
const TAG_HEAD = Uint8Array.of(0x58, TAG_BYTES);
const REQUEST_HEADER_START = Uint8Array.of(0xa3, 0x01, 0x05, 0x04, 0x40 | KID_BYTES);
const SEQ_LABEL = 0x06;
const SEQ_MAX_BYTES = 7;
const REPLY_HEADER = Uint8Array.of(0x43, 0xa1, 0x01, 0x05);

// MAC_structure = ["MAC0", protected, external_aad, payload]: what stands before the payload is put together in
// these two buffers, which are reused because a tag is computed without yielding.
const MAC_STRUCTURE_START = concatBytes(Uint8Array.of(0x84), textItem("MAC0"));
const REQUEST_ADDITIONAL_DATA = bytesItem(
  arrayItem(textItem("fleetd1"), textItem("d2s"), textItem("sync")),
);
const REPLY_ADDITIONAL_DATA = bytesItem(
  arrayItem(
    textItem("fleetd1"),
    textItem("s2d"),
    textItem("sync"),
    bytesItem(new Uint8Array(KID_BYTES)),
    bytesItem(new Uint8Array(32)),
  ),
);
const requestHead = new Uint8Array(
  MAC_STRUCTURE_START.length + 1 + REQUEST_HEADER_START.length + KID_BYTES + 2 + SEQ_MAX_BYTES +
    REQUEST_ADDITIONAL_DATA.length,
);
requestHead.set(MAC_STRUCTURE_START);
/** By length, which depends on that of the sequence number. */
const requestHeadViews: Uint8Array[] = [];
const replyHead = concatBytes(MAC_STRUCTURE_START, REPLY_HEADER, REPLY_ADDITIONAL_DATA);
const REPLY_DIGEST_AT = replyHead.length - 32;
const REPLY_KID_AT = REPLY_DIGEST_AT - 2 - KID_BYTES;

/** A request whose structure is right and whose MAC has not been looked at. Its byte arrays are views of the body. */
export interface SyncEnvelope {
  /** 8 bytes: which session's keys to verify with. */
  readonly kid: Uint8Array;
  /** 1..2^53−1. */
  readonly seq: number;
  /** What the envelope carries, at most 65,535 bytes. */
  readonly payload: Uint8Array;
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** Whether the MAC holds, in constant time. Until then every field is a stranger's claim. */
  verify(key: MacKey): boolean;
}

class OpenedSyncRequest implements SyncEnvelope {
  constructor(
    readonly kid: Uint8Array,
    readonly seq: number,
    readonly payload: Uint8Array,
    readonly tag: Uint8Array,
    private readonly protectedItem: Uint8Array,
    private readonly payloadItem: Uint8Array,
  ) {}

  verify(key: MacKey): boolean {
    return key.verify(this.tag, {
      head: requestMacHead(this.protectedItem),
      body: this.payloadItem,
    });
  }
}

/**
 * Seals a request.
 * @param options.kid 8 bytes
 * @param options.seq 1..2^53−1, higher than any used under this kid
 * @param options.key the session's `macToServer`
 * @throws {RangeError} when kid, seq or payload (65,535 bytes) is out of its limits
 */
export function sealSyncRequest(
  { kid, seq, payload, key }: { kid: Uint8Array; seq: number; payload: Uint8Array; key: MacKey },
): Uint8Array {
  const protectedItem = requestHeader(kid, seq);
  const { body, payloadItem, tagAt } = frameOf(protectedItem, payload);
  body.set(key.tag(requestMacHead(protectedItem), payloadItem), tagAt);
  return body;
}

/**
 * Reads the structure of a request; the MAC is verified afterwards, with the key that the kid names.
 * @throws {ProtocolError} `envelope.malformed`
 */
export function openSyncRequest(body: Uint8Array): SyncEnvelope {
  const reader = new FrameReader(body, REQUEST);
  reader.expectByte(FRAME_START, "the envelope");
  const protectedAt = reader.at;
  const headerLength = (body[protectedAt] ?? 0) - 0x40;
  const seqLength = headerLength - REQUEST_HEADER_START.length - KID_BYTES - 2;
  if (seqLength < 1 || seqLength > SEQ_MAX_BYTES) throw reader.malformed("the protected header");
  reader.pass(1, "the protected header");
  reader.expect(REQUEST_HEADER_START, "the protected header");
  const kid = reader.take(KID_BYTES, "the kid");
  reader.expectByte(SEQ_LABEL, "the protected header");
  reader.expectByte(0x40 | seqLength, "the sequence number");
  const seq = takeSeq(reader, seqLength);
  const protectedItem = body.subarray(protectedAt, reader.at);
  reader.expect(NO_UNPROTECTED, "the unprotected header");
  const payloadAt = reader.at;
  const payload = reader.takeBytes(ANY_LENGTH);
  const payloadItem = body.subarray(payloadAt, reader.at);
  reader.expect(TAG_HEAD, "the tag");
  const tag = reader.take(TAG_BYTES, "the tag");
  reader.end();
  return new OpenedSyncRequest(kid, seq, payload, tag, protectedItem, payloadItem);
}

/**
 * Seals the reply to one request.
 * @param options.kid the kid of the request, 8 bytes
 * @param options.requestDigest SHA-256 of the request's body as received, 32 bytes
 * @param options.key the session's `macToDevice`
 * @throws {RangeError} when kid, digest or payload (65,535 bytes) is out of its limits
 */
export function sealSyncReply(
  { kid, requestDigest, payload, key }: {
    kid: Uint8Array;
    requestDigest: Uint8Array;
    payload: Uint8Array;
    key: MacKey;
  },
): Uint8Array {
  const { body, payloadItem, tagAt } = frameOf(REPLY_HEADER, payload);
  body.set(key.tag(replyMacHead(kid, requestDigest), payloadItem), tagAt);
  return body;
}

/**
 * Verifies a reply to the outstanding request and returns its payload, a view of the body.
 * @param options.requestDigest SHA-256 of the request's body as sent, 32 bytes
 * @param options.key the session's `macToDevice`
 * @throws {ProtocolError} `envelope.malformed`, or `mac.invalid` when it was altered or answers another request
 * @throws {RangeError} when kid or digest has the wrong length
 */
export function openSyncReply(
  { body, kid, requestDigest, key }: {
    body: Uint8Array;
    kid: Uint8Array;
    requestDigest: Uint8Array;
    key: MacKey;
  },
): Uint8Array {
  const reader = new FrameReader(body, REPLY);
  reader.expectByte(FRAME_START, "the envelope");
  reader.expect(REPLY_HEADER, "the protected header");
  reader.expect(NO_UNPROTECTED, "the unprotected header");
  const payloadAt = reader.at;
  const payload = reader.takeBytes(ANY_LENGTH);
  const payloadItem = body.subarray(payloadAt, reader.at);
  reader.expect(TAG_HEAD, "the tag");
  const tag = reader.take(TAG_BYTES, "the tag");
  reader.end();
  if (!key.verify(tag, { head: replyMacHead(kid, requestDigest), body: payloadItem })) {
    throw new ProtocolError(
      "mac.invalid",
      "Cannot trust a sync reply: it was altered, or it answers another request.",
    );
  }
  return payload;
}

/** Lays a frame out around the payload, with room for the tag. */
function frameOf(protectedItem: Uint8Array, payload: Uint8Array) {
  const { length } = payload;
  if (length > PAYLOAD_MAX_BYTES) {
    throw new RangeError(`a payload has at most ${PAYLOAD_MAX_BYTES} bytes, not ${length}`);
  }
  const payloadAt = 1 + protectedItem.length + NO_UNPROTECTED.length;
  const payloadEnd = payloadAt + bytesHeadLength(length) + length;
  const tagAt = payloadEnd + TAG_HEAD.length;
  const body = new Uint8Array(tagAt + TAG_BYTES);
  body[0] = FRAME_START;
  body.set(protectedItem, 1);
  body.set(NO_UNPROTECTED, payloadAt - NO_UNPROTECTED.length);
  body.set(payload, writeBytesHead(body, { at: payloadAt, length }));
  body.set(TAG_HEAD, payloadEnd);
  return { body, payloadItem: body.subarray(payloadAt, payloadEnd), tagAt };
}

function requestMacHead(protectedItem: Uint8Array): Uint8Array {
  const additionalDataAt = MAC_STRUCTURE_START.length + protectedItem.length;
  requestHead.set(protectedItem, MAC_STRUCTURE_START.length);
  requestHead.set(REQUEST_ADDITIONAL_DATA, additionalDataAt);
  const length = additionalDataAt + REQUEST_ADDITIONAL_DATA.length;
  return requestHeadViews[length] ??= requestHead.subarray(0, length);
}

function replyMacHead(kid: Uint8Array, requestDigest: Uint8Array): Uint8Array {
  requireLength(kid, KID_BYTES, "a kid");
  requireLength(requestDigest, 32, "a request digest");
  replyHead.set(kid, REPLY_KID_AT);
  replyHead.set(requestDigest, REPLY_DIGEST_AT);
  return replyHead;
}

/** The protected header of a request, as the byte string that it travels in. */
function requestHeader(kid: Uint8Array, seq: number): Uint8Array {
  requireLength(kid, KID_BYTES, "a kid");
  if (!Number.isSafeInteger(seq) || seq < 1) {
    throw new RangeError(`a sequence number is 1..2^53-1, not ${seq}`);
  }
  let seqLength = 1;
  for (let rest = Math.floor(seq / 0x100); rest > 0; rest = Math.floor(rest / 0x100)) seqLength++;
  const seqAt = 1 + REQUEST_HEADER_START.length + KID_BYTES + 2;
  const item = new Uint8Array(seqAt + seqLength);
  item[0] = 0x40 | (item.length - 1);
  item.set(REQUEST_HEADER_START, 1);
  item.set(kid, 1 + REQUEST_HEADER_START.length);
  item[seqAt - 2] = SEQ_LABEL;
  item[seqAt - 1] = 0x40 | seqLength;
  for (let at = item.length - 1, rest = seq; at >= seqAt; at--, rest = Math.floor(rest / 0x100)) {
    item[at] = rest % 0x100;
  }
  return item;
}

function takeSeq(reader: FrameReader, length: number): number {
  const { frame, at } = reader;
  let seq = 0;
  for (let i = at; i < at + length; i++) seq = seq * 0x100 + (frame[i] ?? 0);
  reader.pass(length, "the sequence number");
  if (frame[at] === 0 || !Number.isSafeInteger(seq)) throw reader.malformed("the sequence number");
  return seq;
}
