/**
 * The box for secrets inside a payload: COSE_Encrypt0, untagged, ChaCha20/Poly1305 (RFC 9052 §5.2, RFC 9053 §4.3).
 *
 * ```
 * box = [ << {1: 24, 5: salt} >>, {}, ciphertext ]      additional data `fleetd1 box`
 * key (32) ‖ nonce (12) = HKDF-Expand(E of the direction, `fleetd1 box` ‖ kid ‖ salt, 44)
 * ```
 *
 * Each box draws 16 random bytes of salt, so neither side keeps a counter. Adds 43 bytes to 8..239 bytes of plaintext.
 *
 * @module
 */
import { ProtocolError } from "../codec/protocol_error.ts";
import { AEAD_TAG_BYTES, aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { ascii, concatBytes, erase, type RandomBytes, requireLength } from "../crypto/bytes.ts";
import { hkdfExpand } from "../crypto/hkdf.ts";
import { arrayItem, bytesItem, FrameReader, textItem } from "./frame.ts";
import { KID_BYTES } from "./sync_envelope.ts";

const BOX = { name: "a sealed box", code: "box.malformed" } as const;
const CIPHERTEXT = { min: AEAD_TAG_BYTES, max: Infinity, label: "the ciphertext" };
const SALT_BYTES = 16;
const LABEL = ascii("fleetd1 box");
const HEADER_START = Uint8Array.of(0xa2, 0x01, 0x18, 0x18, 0x05, 0x40 | SALT_BYTES);
const FRAME_START = Uint8Array.of(0x83, 0x40 | (HEADER_START.length + SALT_BYTES));
const NO_UNPROTECTED = Uint8Array.of(0xa0);

/**
 * Seals a secret for the other side of a session.
 * @param options.key `boxToServer` or `boxToDevice` of the session, 32 bytes
 * @param options.kid the session's kid, 8 bytes
 * @throws {RangeError} when key or kid has the wrong length
 */
export function sealBox(
  { key, kid, plaintext, random }: {
    key: Uint8Array;
    kid: Uint8Array;
    plaintext: Uint8Array;
    random: RandomBytes;
  },
): Uint8Array {
  const header = concatBytes(HEADER_START, random(SALT_BYTES));
  const parameters = boxParameters({ key, kid, header });
  const ciphertext = aeadSeal(plaintext, parameters);
  erase(parameters.key);
  return arrayItem(bytesItem(header), NO_UNPROTECTED, bytesItem(ciphertext));
}

/**
 * Opens a box.
 * @throws {ProtocolError} `box.malformed`, or `box.invalid` when it was altered or sealed for another session or
 *   direction
 * @throws {RangeError} when key or kid has the wrong length
 */
export function openBox(
  { key, kid, box }: { key: Uint8Array; kid: Uint8Array; box: Uint8Array },
): Uint8Array {
  const reader = new FrameReader(box, BOX);
  reader.expect(FRAME_START, "the envelope");
  const headerAt = reader.at;
  reader.expect(HEADER_START, "the protected header");
  reader.take(SALT_BYTES, "the salt");
  const header = box.subarray(headerAt, reader.at);
  reader.expect(NO_UNPROTECTED, "the unprotected header");
  const ciphertext = reader.takeBytes(CIPHERTEXT);
  reader.end();
  const parameters = boxParameters({ key, kid, header });
  const plaintext = aeadOpen(ciphertext, parameters);
  erase(parameters.key);
  if (plaintext === undefined) {
    throw new ProtocolError(
      "box.invalid",
      "Cannot open a sealed box: it was altered, or sealed for another session or direction.",
    );
  }
  return plaintext;
}

/** Key and nonce of one box, and its Enc_structure ["Encrypt0", protected, external_aad]. */
function boxParameters(
  { key, kid, header }: { key: Uint8Array; kid: Uint8Array; header: Uint8Array },
) {
  requireLength(key, 32, "a box key");
  requireLength(kid, KID_BYTES, "a kid");
  const salt = header.subarray(HEADER_START.length);
  const derived = hkdfExpand(key, { info: concatBytes(LABEL, kid, salt), length: 44 });
  const parameters = {
    key: derived.slice(0, 32),
    nonce: derived.slice(32),
    additionalData: arrayItem(textItem("Encrypt0"), bytesItem(header), bytesItem(LABEL)),
  };
  erase(derived);
  return parameters;
}
