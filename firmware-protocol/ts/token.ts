/**
 * Enrolment tokens as text, for people to copy, print and type.
 *
 * ```
 * FT1- + base32( token id (8) ‖ secret (16) ‖ first 16 bytes of SHA-256(server public key) )      68 letters
 * ```
 *
 * The hash lets a device check the key that a server shows before it sends anything, so a device with a token never
 * trusts on first use.
 *
 * @module
 */
import { ProtocolError } from "./codec/protocol_error.ts";
import { base32, bytesFromBase32, strangerInBase32 } from "./crypto/base32.ts";
import { concatBytes, equalBytes, erase, requireLength } from "./crypto/bytes.ts";
import { sha256 } from "./crypto/digest.ts";

const PREFIX = "FT1";
const ID_BYTES = 8;
const SECRET_BYTES = 16;
const HASH_BYTES = 16;
const LETTERS = (ID_BYTES + SECRET_BYTES + HASH_BYTES) * 8 / 5;

/** What the text of a token holds. */
export interface EnrolmentToken {
  /** 8 bytes, public. */
  readonly id: Uint8Array;
  /** 16 bytes, secret. */
  readonly secret: Uint8Array;
  /** First 16 bytes of SHA-256 of the server's X25519 public key. */
  readonly serverKeyHash: Uint8Array;
}

/**
 * The text of a token: `FT1-` and 64 upper-case letters.
 * @param token.serverKey the server's X25519 public key, 32 bytes
 * @throws {RangeError} when a part has the wrong length
 */
export function formatToken(
  { id, secret, serverKey }: { id: Uint8Array; secret: Uint8Array; serverKey: Uint8Array },
): string {
  requireLength(id, ID_BYTES, "a token id");
  requireLength(secret, SECRET_BYTES, "a token secret");
  const bytes = concatBytes(id, secret, hashOf(serverKey));
  const text = `${PREFIX}-${base32(bytes).toUpperCase()}`;
  erase(bytes);
  return text;
}

/**
 * Reads a token as a person may have typed it: either case, with spaces, line ends and dashes anywhere.
 * @throws {ProtocolError} `token.malformed`, with what is wrong; the text itself is never part of the message
 */
export function parseToken(text: string): EnrolmentToken {
  const letters = text.replace(/[\s\u2010-\u2015\u00ad-]+/gu, "").toUpperCase();
  if (letters === "") throw malformed("it is empty");
  if (!letters.startsWith(PREFIX)) throw malformed(`it does not start with ${PREFIX}-`);
  const body = letters.slice(PREFIX.length);
  const stranger = strangerInBase32(body);
  if (stranger !== undefined) {
    throw malformed(
      `it holds ${JSON.stringify(stranger)}, and only letters and the digits 2 to 7 occur ` +
        "(a zero is the letter O, a one is I or L, an eight is B)",
    );
  }
  const count = body.length;
  if (count !== LETTERS) {
    throw malformed(`${count} letters follow ${PREFIX}-, and there must be ${LETTERS}`);
  }
  const bytes = bytesFromBase32(body);
  const token = {
    id: bytes.slice(0, ID_BYTES),
    secret: bytes.slice(ID_BYTES, ID_BYTES + SECRET_BYTES),
    serverKeyHash: bytes.slice(ID_BYTES + SECRET_BYTES),
  };
  erase(bytes);
  return token;
}

/**
 * Whether a token was made by the server with this X25519 public key (32 bytes); constant time over the hash.
 * @throws {RangeError} when the key is not 32 bytes
 */
export function tokenMatchesServer(
  token: Pick<EnrolmentToken, "serverKeyHash">,
  serverKey: Uint8Array,
): boolean {
  return equalBytes(token.serverKeyHash, hashOf(serverKey));
}

function hashOf(serverKey: Uint8Array): Uint8Array {
  requireLength(serverKey, 32, "a server key");
  return sha256(serverKey).slice(0, HASH_BYTES);
}

function malformed(state: string): ProtocolError {
  return new ProtocolError(
    "token.malformed",
    `Cannot read the enrolment token: ${state}. Copy it whole, as \`fleets tokens create\` printed it.`,
  );
}
