// Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
// Do not edit: change the schema and run `deno task gen`.

/**
 * Codes of ProtocolError.
 *
 * @module
 */

/** Every code and what it means. */
export const PROTOCOL_ERRORS = {
  "cbor.truncated": "the bytes end inside an item",
  "cbor.trailing_bytes": "bytes follow the item",
  "cbor.length_exceeds_input": "a declared length is larger than what remains",
  "cbor.indefinite_length": "indefinite lengths are not allowed",
  "cbor.reserved_head": "additional information 28 to 30 is reserved",
  "cbor.not_shortest": "an integer or length is not in its shortest form",
  "cbor.integer_range": "an integer is outside ±(2^53 − 1)",
  "cbor.float_not_shortest": "a float is not in its shortest form",
  "cbor.float_not_finite": "infinities and NaN are not allowed",
  "cbor.float_width": "a 64-bit float where none is allowed",
  "cbor.key_type": "a map key is not an unsigned integer",
  "cbor.key_range": "a map key is larger than 65,535",
  "cbor.key_order": "map keys are not ascending",
  "cbor.duplicate_key": "a map key occurs twice",
  "cbor.invalid_utf8": "text is not valid UTF-8",
  "cbor.control_character": "text holds a control character",
  "cbor.tag": "tags are not allowed",
  "cbor.simple_value": "only false, true and null are allowed",
  "cbor.too_deep": "items are nested deeper than 6",
  "cbor.too_many_items": "more than 4,096 items",
  "schema.wrong_type": "an item is of another type than the schema says",
  "schema.missing_field": "a required field is missing",
  "schema.out_of_range": "a number is outside its limits",
  "schema.length": "text, bytes or an array is longer or shorter than allowed",
  "schema.pattern": "text holds characters that are not allowed",
  "schema.critical_key": "an unknown key that must not be skipped",
  "schema.inconsistent": "fields contradict each other",
  "schema.too_large": "a message is larger than allowed",
  "schema.order": "entries are not ascending",
  "envelope.malformed": "the COSE envelope is not as the profile says",
  "mac.invalid": "the message authentication code does not hold",
  "box.malformed": "the encrypted box is not as the profile says",
  "box.invalid": "the encrypted box cannot be opened with this key",
  "signature.malformed": "the signed document is not as the profile says",
  "signature.invalid": "the signature does not hold",
  "signature.unknown_key": "the signing key is not known",
  "signature.threshold": "too few valid signatures",
  "handshake.malformed": "the handshake message is not as the profile says",
  "handshake.failed": "the handshake message cannot be decrypted",
  "handshake.state": "the handshake is used out of order",
  "key.malformed": "a key has the wrong length",
  "key.small_order": "a key is of small order",
  "token.malformed": "the text is no enrolment token",
  "token.other_server": "the token belongs to another server",
  "handle.malformed": "the text is no handle",
  "crypto.self_test_failed": "a primitive failed its known-answer test",
} as const;

/** A code of PROTOCOL_ERRORS. */
export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;
