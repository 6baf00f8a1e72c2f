/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#include "fleetd/errors.gen.h"

const char *fleetd_status_code(enum fleetd_status status) {
  switch (status) {
    case FLEETD_OK:
      return "ok";
    case FLEETD_CBOR_TRUNCATED:
      return "cbor.truncated";
    case FLEETD_CBOR_TRAILING_BYTES:
      return "cbor.trailing_bytes";
    case FLEETD_CBOR_LENGTH_EXCEEDS_INPUT:
      return "cbor.length_exceeds_input";
    case FLEETD_CBOR_INDEFINITE_LENGTH:
      return "cbor.indefinite_length";
    case FLEETD_CBOR_RESERVED_HEAD:
      return "cbor.reserved_head";
    case FLEETD_CBOR_NOT_SHORTEST:
      return "cbor.not_shortest";
    case FLEETD_CBOR_INTEGER_RANGE:
      return "cbor.integer_range";
    case FLEETD_CBOR_FLOAT_NOT_SHORTEST:
      return "cbor.float_not_shortest";
    case FLEETD_CBOR_FLOAT_NOT_FINITE:
      return "cbor.float_not_finite";
    case FLEETD_CBOR_FLOAT_WIDTH:
      return "cbor.float_width";
    case FLEETD_CBOR_KEY_TYPE:
      return "cbor.key_type";
    case FLEETD_CBOR_KEY_RANGE:
      return "cbor.key_range";
    case FLEETD_CBOR_KEY_ORDER:
      return "cbor.key_order";
    case FLEETD_CBOR_DUPLICATE_KEY:
      return "cbor.duplicate_key";
    case FLEETD_CBOR_INVALID_UTF8:
      return "cbor.invalid_utf8";
    case FLEETD_CBOR_CONTROL_CHARACTER:
      return "cbor.control_character";
    case FLEETD_CBOR_TAG:
      return "cbor.tag";
    case FLEETD_CBOR_SIMPLE_VALUE:
      return "cbor.simple_value";
    case FLEETD_CBOR_TOO_DEEP:
      return "cbor.too_deep";
    case FLEETD_CBOR_TOO_MANY_ITEMS:
      return "cbor.too_many_items";
    case FLEETD_SCHEMA_WRONG_TYPE:
      return "schema.wrong_type";
    case FLEETD_SCHEMA_MISSING_FIELD:
      return "schema.missing_field";
    case FLEETD_SCHEMA_OUT_OF_RANGE:
      return "schema.out_of_range";
    case FLEETD_SCHEMA_LENGTH:
      return "schema.length";
    case FLEETD_SCHEMA_PATTERN:
      return "schema.pattern";
    case FLEETD_SCHEMA_CRITICAL_KEY:
      return "schema.critical_key";
    case FLEETD_SCHEMA_INCONSISTENT:
      return "schema.inconsistent";
    case FLEETD_SCHEMA_TOO_LARGE:
      return "schema.too_large";
    case FLEETD_SCHEMA_ORDER:
      return "schema.order";
    case FLEETD_ENVELOPE_MALFORMED:
      return "envelope.malformed";
    case FLEETD_MAC_INVALID:
      return "mac.invalid";
    case FLEETD_BOX_MALFORMED:
      return "box.malformed";
    case FLEETD_BOX_INVALID:
      return "box.invalid";
    case FLEETD_SIGNATURE_MALFORMED:
      return "signature.malformed";
    case FLEETD_SIGNATURE_INVALID:
      return "signature.invalid";
    case FLEETD_SIGNATURE_UNKNOWN_KEY:
      return "signature.unknown_key";
    case FLEETD_SIGNATURE_THRESHOLD:
      return "signature.threshold";
    case FLEETD_HANDSHAKE_MALFORMED:
      return "handshake.malformed";
    case FLEETD_HANDSHAKE_FAILED:
      return "handshake.failed";
    case FLEETD_HANDSHAKE_STATE:
      return "handshake.state";
    case FLEETD_KEY_MALFORMED:
      return "key.malformed";
    case FLEETD_KEY_SMALL_ORDER:
      return "key.small_order";
    case FLEETD_TOKEN_MALFORMED:
      return "token.malformed";
    case FLEETD_TOKEN_OTHER_SERVER:
      return "token.other_server";
    case FLEETD_HANDLE_MALFORMED:
      return "handle.malformed";
    case FLEETD_CRYPTO_SELF_TEST_FAILED:
      return "crypto.self_test_failed";
  }
  return "unknown";
}

const char *fleetd_status_text(enum fleetd_status status) {
  switch (status) {
    case FLEETD_OK:
      return "nothing is wrong";
    case FLEETD_CBOR_TRUNCATED:
      return "the bytes end inside an item";
    case FLEETD_CBOR_TRAILING_BYTES:
      return "bytes follow the item";
    case FLEETD_CBOR_LENGTH_EXCEEDS_INPUT:
      return "a declared length is larger than what remains";
    case FLEETD_CBOR_INDEFINITE_LENGTH:
      return "indefinite lengths are not allowed";
    case FLEETD_CBOR_RESERVED_HEAD:
      return "additional information 28 to 30 is reserved";
    case FLEETD_CBOR_NOT_SHORTEST:
      return "an integer or length is not in its shortest form";
    case FLEETD_CBOR_INTEGER_RANGE:
      return "an integer is outside ±(2^53 − 1)";
    case FLEETD_CBOR_FLOAT_NOT_SHORTEST:
      return "a float is not in its shortest form";
    case FLEETD_CBOR_FLOAT_NOT_FINITE:
      return "infinities and NaN are not allowed";
    case FLEETD_CBOR_FLOAT_WIDTH:
      return "a 64-bit float where none is allowed";
    case FLEETD_CBOR_KEY_TYPE:
      return "a map key is not an unsigned integer";
    case FLEETD_CBOR_KEY_RANGE:
      return "a map key is larger than 65,535";
    case FLEETD_CBOR_KEY_ORDER:
      return "map keys are not ascending";
    case FLEETD_CBOR_DUPLICATE_KEY:
      return "a map key occurs twice";
    case FLEETD_CBOR_INVALID_UTF8:
      return "text is not valid UTF-8";
    case FLEETD_CBOR_CONTROL_CHARACTER:
      return "text holds a control character";
    case FLEETD_CBOR_TAG:
      return "tags are not allowed";
    case FLEETD_CBOR_SIMPLE_VALUE:
      return "only false, true and null are allowed";
    case FLEETD_CBOR_TOO_DEEP:
      return "items are nested deeper than 6";
    case FLEETD_CBOR_TOO_MANY_ITEMS:
      return "more than 4,096 items";
    case FLEETD_SCHEMA_WRONG_TYPE:
      return "an item is of another type than the schema says";
    case FLEETD_SCHEMA_MISSING_FIELD:
      return "a required field is missing";
    case FLEETD_SCHEMA_OUT_OF_RANGE:
      return "a number is outside its limits";
    case FLEETD_SCHEMA_LENGTH:
      return "text, bytes or an array is longer or shorter than allowed";
    case FLEETD_SCHEMA_PATTERN:
      return "text holds characters that are not allowed";
    case FLEETD_SCHEMA_CRITICAL_KEY:
      return "an unknown key that must not be skipped";
    case FLEETD_SCHEMA_INCONSISTENT:
      return "fields contradict each other";
    case FLEETD_SCHEMA_TOO_LARGE:
      return "a message is larger than allowed";
    case FLEETD_SCHEMA_ORDER:
      return "entries are not ascending";
    case FLEETD_ENVELOPE_MALFORMED:
      return "the COSE envelope is not as the profile says";
    case FLEETD_MAC_INVALID:
      return "the message authentication code does not hold";
    case FLEETD_BOX_MALFORMED:
      return "the encrypted box is not as the profile says";
    case FLEETD_BOX_INVALID:
      return "the encrypted box cannot be opened with this key";
    case FLEETD_SIGNATURE_MALFORMED:
      return "the signed document is not as the profile says";
    case FLEETD_SIGNATURE_INVALID:
      return "the signature does not hold";
    case FLEETD_SIGNATURE_UNKNOWN_KEY:
      return "the signing key is not known";
    case FLEETD_SIGNATURE_THRESHOLD:
      return "too few valid signatures";
    case FLEETD_HANDSHAKE_MALFORMED:
      return "the handshake message is not as the profile says";
    case FLEETD_HANDSHAKE_FAILED:
      return "the handshake message cannot be decrypted";
    case FLEETD_HANDSHAKE_STATE:
      return "the handshake is used out of order";
    case FLEETD_KEY_MALFORMED:
      return "a key has the wrong length";
    case FLEETD_KEY_SMALL_ORDER:
      return "a key is of small order";
    case FLEETD_TOKEN_MALFORMED:
      return "the text is no enrolment token";
    case FLEETD_TOKEN_OTHER_SERVER:
      return "the token belongs to another server";
    case FLEETD_HANDLE_MALFORMED:
      return "the text is no handle";
    case FLEETD_CRYPTO_SELF_TEST_FAILED:
      return "a primitive failed its known-answer test";
  }
  return "unknown";
}
