/**
 * @module
 * Texts made of random bits: ids, secrets, and codes that a person may have to type.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** Secure random bytes. */
export type Random = (length: number) => Uint8Array;

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
/** Without l, o, 0 and 1, which are taken for each other. */
const CODE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** 12 letters and digits (60 random bits): a public id. */
export function newId(random: Random): string {
  return Array.from(random(12), (byte) => BASE32[byte & 31]).join("");
}

/** 256 random bits as 43 characters of base64url. */
export function newSecret(random: Random): string {
  return Buffer.from(random(32)).toString("base64url");
}

/** 16 letters and digits of 5 bits each, in fours: 80 random bits that can be read aloud. */
export function newCode(random: Random): string {
  const letters = Array.from(random(16), (byte) => CODE_LETTERS[byte & 31]);
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join("")).join("-");
}

/** SHA-256 of a secret; it needs no slow hash, for it is random bits. */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

/** SHA-256 of a code; case, dashes and spaces do not matter to a person who types it. */
export function hashCode(code: string): Uint8Array {
  return hashSecret(code.toLowerCase().replace(/[\s-]/g, ""));
}
