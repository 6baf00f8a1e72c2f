import { equal, throws } from "node:assert/strict";
import { CliError } from "./cli_error.ts";
import { isCertificateError, parseTlsFingerprint } from "./tls_pin.ts";

const DIGITS = "0123456789abcdef".repeat(4);
const WRITTEN = DIGITS.toUpperCase().match(/../g)!.join(":");

Deno.test("a fingerprint is taken as people copy it", () => {
  for (
    const text of [
      DIGITS,
      WRITTEN,
      ` ${WRITTEN}\n`,
      WRITTEN.replaceAll(":", " "),
      `SHA256:${WRITTEN}`,
      `sha-256 ${DIGITS}`,
    ]
  ) equal(parseTlsFingerprint(text), WRITTEN, text);
});

Deno.test("anything else is no fingerprint", () => {
  for (const text of ["", "AB:CD", DIGITS.slice(1), `${DIGITS}0`, `g${DIGITS.slice(1)}`]) {
    throws(() => parseTlsFingerprint(text), CliError, text);
  }
});

Deno.test("an unknown certificate is told apart from a server that is not there", () => {
  for (
    const code of [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_HAS_EXPIRED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ]
  ) equal(isCertificateError({ code }), true, code);
  for (const code of ["ECONNREFUSED", "ERR_SSL_WRONG_VERSION_NUMBER", undefined]) {
    equal(isCertificateError({ code }), false, String(code));
  }
});
