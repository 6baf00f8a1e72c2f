/**
 * The primitives of the protocol behind small functions that say what may go wrong, and their self-test.
 * No protocol rule lives here; see `noise/`, `cose/` and `token.ts`.
 *
 * @module
 */
export { concatBytes, equalBytes, erase, type RandomBytes } from "./bytes.ts";
export { digest8, sha256 } from "./digest.ts";
export { hkdf, hkdfExpand, hkdfExtract } from "./hkdf.ts";
export { type MacKey, macKey, TAG_BYTES } from "./mac_key.ts";
export { AEAD_TAG_BYTES, aeadOpen, type AeadParameters, aeadSeal } from "./aead.ts";
export {
  generateKeyPair,
  KEY_BYTES,
  type KeyPair,
  keyPairFromSecret,
  sharedSecret,
} from "./key_pair.ts";
export {
  sign,
  SIGNATURE_BYTES,
  type SigningKey,
  signingKeyFromSeed,
  signingKeyId,
  verifySignature,
} from "./signature.ts";
export { forgoBasePointTable } from "./base_point.ts";
export { selfTest } from "./known_answers.ts";
