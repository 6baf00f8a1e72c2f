/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#ifndef FLEETD_ERRORS_GEN_H
#define FLEETD_ERRORS_GEN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a function of the core returns; the texts of the codes are API. */
enum fleetd_status {
  FLEETD_OK = 0,
  FLEETD_CBOR_TRUNCATED = 1, /* the bytes end inside an item */
  FLEETD_CBOR_TRAILING_BYTES = 2, /* bytes follow the item */
  FLEETD_CBOR_LENGTH_EXCEEDS_INPUT = 3, /* a declared length is larger than what remains */
  FLEETD_CBOR_INDEFINITE_LENGTH = 4, /* indefinite lengths are not allowed */
  FLEETD_CBOR_RESERVED_HEAD = 5, /* additional information 28 to 30 is reserved */
  FLEETD_CBOR_NOT_SHORTEST = 6, /* an integer or length is not in its shortest form */
  FLEETD_CBOR_INTEGER_RANGE = 7, /* an integer is outside ±(2^53 − 1) */
  FLEETD_CBOR_FLOAT_NOT_SHORTEST = 8, /* a float is not in its shortest form */
  FLEETD_CBOR_FLOAT_NOT_FINITE = 9, /* infinities and NaN are not allowed */
  FLEETD_CBOR_FLOAT_WIDTH = 10, /* a 64-bit float where none is allowed */
  FLEETD_CBOR_KEY_TYPE = 11, /* a map key is not an unsigned integer */
  FLEETD_CBOR_KEY_RANGE = 12, /* a map key is larger than 65,535 */
  FLEETD_CBOR_KEY_ORDER = 13, /* map keys are not ascending */
  FLEETD_CBOR_DUPLICATE_KEY = 14, /* a map key occurs twice */
  FLEETD_CBOR_INVALID_UTF8 = 15, /* text is not valid UTF-8 */
  FLEETD_CBOR_CONTROL_CHARACTER = 16, /* text holds a control character */
  FLEETD_CBOR_TAG = 17, /* tags are not allowed */
  FLEETD_CBOR_SIMPLE_VALUE = 18, /* only false, true and null are allowed */
  FLEETD_CBOR_TOO_DEEP = 19, /* items are nested deeper than 6 */
  FLEETD_CBOR_TOO_MANY_ITEMS = 20, /* more than 4,096 items */
  FLEETD_SCHEMA_WRONG_TYPE = 32, /* an item is of another type than the schema says */
  FLEETD_SCHEMA_MISSING_FIELD = 33, /* a required field is missing */
  FLEETD_SCHEMA_OUT_OF_RANGE = 34, /* a number is outside its limits */
  FLEETD_SCHEMA_LENGTH = 35, /* text, bytes or an array is longer or shorter than allowed */
  FLEETD_SCHEMA_PATTERN = 36, /* text holds characters that are not allowed */
  FLEETD_SCHEMA_CRITICAL_KEY = 37, /* an unknown key that must not be skipped */
  FLEETD_SCHEMA_INCONSISTENT = 38, /* fields contradict each other */
  FLEETD_SCHEMA_TOO_LARGE = 39, /* a message is larger than allowed */
  FLEETD_SCHEMA_ORDER = 40, /* entries are not ascending */
  FLEETD_ENVELOPE_MALFORMED = 48, /* the COSE envelope is not as the profile says */
  FLEETD_MAC_INVALID = 49, /* the message authentication code does not hold */
  FLEETD_BOX_MALFORMED = 50, /* the encrypted box is not as the profile says */
  FLEETD_BOX_INVALID = 51, /* the encrypted box cannot be opened with this key */
  FLEETD_SIGNATURE_MALFORMED = 52, /* the signed document is not as the profile says */
  FLEETD_SIGNATURE_INVALID = 53, /* the signature does not hold */
  FLEETD_SIGNATURE_UNKNOWN_KEY = 54, /* the signing key is not known */
  FLEETD_SIGNATURE_THRESHOLD = 55, /* too few valid signatures */
  FLEETD_HANDSHAKE_MALFORMED = 64, /* the handshake message is not as the profile says */
  FLEETD_HANDSHAKE_FAILED = 65, /* the handshake message cannot be decrypted */
  FLEETD_HANDSHAKE_STATE = 66, /* the handshake is used out of order */
  FLEETD_KEY_MALFORMED = 67, /* a key has the wrong length */
  FLEETD_KEY_SMALL_ORDER = 68, /* a key is of small order */
  FLEETD_TOKEN_MALFORMED = 69, /* the text is no enrolment token */
  FLEETD_TOKEN_OTHER_SERVER = 70, /* the token belongs to another server */
  FLEETD_HANDLE_MALFORMED = 71, /* the text is no handle */
  FLEETD_CRYPTO_SELF_TEST_FAILED = 72 /* a primitive failed its known-answer test */
};

/* The code as text, such as "cbor.truncated"; "unknown" for any other number. */
const char *fleetd_status_code(enum fleetd_status status);

/* What the code means, in a sentence without its full stop. */
const char *fleetd_status_text(enum fleetd_status status);

#ifdef __cplusplus
}
#endif

#endif
