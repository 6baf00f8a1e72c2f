/**
 * Signed documents: COSE_Sign1 for manifests, COSE_Sign for root documents, which need several keys (RFC 9052 §4).
 * Ed25519 by its own algorithm number −19 (RFC 9864); keys are named by the first 8 bytes of their SHA-256.
 *
 * ```
 * Sign1 = [ << {1: -19, 4: keyId} >>, {}, payload, signature ]
 * Sign  = [ h'', {}, payload, [ [ << {1: -19, 4: keyId} >>, {}, signature ], … ] ]      key ids ascending
 * ```
 *
 * @module
 */
import { compareBytes } from "../codec/compare_bytes.ts";
import { ProtocolError } from "../codec/protocol_error.ts";
import { concatBytes } from "../crypto/bytes.ts";
import {
  sign,
  SIGNATURE_BYTES,
  type SigningKey,
  signingKeyId,
  verifySignature,
} from "../crypto/signature.ts";
import { ANY_LENGTH, arrayItem, bytesItem, FrameReader, textItem } from "./frame.ts";

/** Length of a key id. */
export const KEY_ID_BYTES = 8;
/** Largest signed document. */
export const SIGNED_MAX_BYTES = 4_096;

const HEADER_START = Uint8Array.of(0xa2, 0x01, 0x32, 0x04, 0x40 | KEY_ID_BYTES);
const HEADER_ITEM_HEAD = 0x40 | (HEADER_START.length + KEY_ID_BYTES);
const NO_HEADER = Uint8Array.of(0x40);
const NO_UNPROTECTED = Uint8Array.of(0xa0);
const SIGNATURE_HEAD = Uint8Array.of(0x58, SIGNATURE_BYTES);
const SIGNATURES_MAX = 16;

/** One signature as found: claimed by a key, not yet verified. */
export interface ClaimedSignature {
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
  /** The Sig_structure that the signature must be over. */
  readonly message: Uint8Array;
}

/** Signs a payload with one key. `label` is the external_aad that keeps kinds of documents apart. */
export function sign1(
  payload: Uint8Array,
  { label, key }: { label: Uint8Array; key: SigningKey },
): Uint8Array {
  const header = headerOf(key.keyId);
  const message = sign1Structure({ header, label, payload });
  const signature = sign(message, key);
  return arrayItem(
    bytesItem(header),
    NO_UNPROTECTED,
    bytesItem(payload),
    bytesItem(signature),
  );
}

/** Signs a payload with several keys, in the order of their ids. */
export function signByAll(
  payload: Uint8Array,
  { label, keys }: { label: Uint8Array; keys: readonly SigningKey[] },
): Uint8Array {
  const inOrder = [...keys].sort((a, b) => compareBytes(a.keyId, b.keyId));
  const signatures = inOrder.map((key) => {
    const header = headerOf(key.keyId);
    const message = signStructure({ header, label, payload });
    return arrayItem(bytesItem(header), NO_UNPROTECTED, bytesItem(sign(message, key)));
  });
  return arrayItem(NO_HEADER, NO_UNPROTECTED, bytesItem(payload), arrayItem(...signatures));
}

/**
 * Takes a COSE_Sign1 apart.
 * @throws {ProtocolError} `signature.malformed`
 */
export function readSign1(
  document: Uint8Array,
  { label, name }: { label: Uint8Array; name: string },
): { payload: Uint8Array; claimed: ClaimedSignature } {
  const reader = open(document, name);
  reader.expectByte(0x84, "the envelope");
  const { header, keyId } = takeHeader(reader);
  const payload = reader.takeBytes(ANY_LENGTH);
  const signature = takeSignature(reader);
  reader.end();
  const message = sign1Structure({ header, label, payload });
  return { payload, claimed: { keyId, signature, message } };
}

/**
 * Takes a COSE_Sign apart.
 * @throws {ProtocolError} `signature.malformed`
 */
export function readSign(
  document: Uint8Array,
  { label, name }: { label: Uint8Array; name: string },
): { payload: Uint8Array; claimed: ClaimedSignature[] } {
  const reader = open(document, name);
  reader.expectByte(0x84, "the envelope");
  reader.expect(NO_HEADER, "the protected header");
  reader.expect(NO_UNPROTECTED, "the unprotected header");
  const payload = reader.takeBytes(ANY_LENGTH);
  const count = reader.take(1, "the list of signatures")[0]! - 0x80;
  if (count < 1 || count > SIGNATURES_MAX) throw reader.malformed("the list of signatures");
  const claimed: ClaimedSignature[] = [];
  for (let i = 0; i < count; i++) {
    reader.expectByte(0x83, "a signature");
    const { header, keyId } = takeHeader(reader);
    const signature = takeSignature(reader);
    const previous = claimed.at(-1);
    if (previous !== undefined && compareBytes(previous.keyId, keyId) >= 0) {
      throw reader.malformed("the order of the signatures");
    }
    claimed.push({ keyId, signature, message: signStructure({ header, label, payload }) });
  }
  reader.end();
  return { payload, claimed };
}

/**
 * Verifies one signature with the key of that id.
 * @param keys Ed25519 public keys that are trusted for this
 * @returns the key
 * @throws {ProtocolError} `signature.unknown_key`, `signature.invalid`
 */
export function verifyClaim(
  { keyId, signature, message }: ClaimedSignature,
  { keys, name }: { keys: readonly Uint8Array[]; name: string },
): Uint8Array {
  const publicKey = keys.find((key) => compareBytes(signingKeyId(key), keyId) === 0);
  if (publicKey === undefined) {
    throw new ProtocolError(
      "signature.unknown_key",
      `Cannot trust ${name}: it is signed by a key that is not known here.`,
    );
  }
  if (!verifySignature(signature, { message, publicKey })) {
    throw new ProtocolError(
      "signature.invalid",
      `Cannot trust ${name}: a signature does not hold, so it was altered after signing.`,
    );
  }
  return publicKey;
}

function open(document: Uint8Array, name: string): FrameReader {
  const reader = new FrameReader(document, { name, code: "signature.malformed" });
  if (document.length > SIGNED_MAX_BYTES) throw reader.malformed("its size");
  return reader;
}

function headerOf(keyId: Uint8Array): Uint8Array {
  return concatBytes(HEADER_START, keyId);
}

function takeHeader(reader: FrameReader): { header: Uint8Array; keyId: Uint8Array } {
  reader.expectByte(HEADER_ITEM_HEAD, "the protected header");
  const headerAt = reader.at;
  reader.expect(HEADER_START, "the protected header");
  const keyId = reader.take(KEY_ID_BYTES, "the key id");
  const header = reader.frame.subarray(headerAt, reader.at);
  reader.expect(NO_UNPROTECTED, "the unprotected header");
  return { header, keyId };
}

function takeSignature(reader: FrameReader): Uint8Array {
  reader.expect(SIGNATURE_HEAD, "the signature");
  return reader.take(SIGNATURE_BYTES, "the signature");
}

/** Sig_structure of COSE_Sign1 (RFC 9052 §4.4). */
function sign1Structure(
  { header, label, payload }: Record<"header" | "label" | "payload", Uint8Array>,
) {
  return arrayItem(textItem("Signature1"), bytesItem(header), bytesItem(label), bytesItem(payload));
}

/** Sig_structure of one signature of a COSE_Sign (RFC 9052 §4.4). */
function signStructure(
  { header, label, payload }: Record<"header" | "label" | "payload", Uint8Array>,
) {
  return arrayItem(
    textItem("Signature"),
    NO_HEADER,
    bytesItem(header),
    bytesItem(label),
    bytesItem(payload),
  );
}
