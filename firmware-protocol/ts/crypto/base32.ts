/**
 * Base32 of RFC 4648 §6, for text that people read aloud and type: tokens, handles, fingerprints.
 *
 * @module
 */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

const VALUES: ReadonlyMap<string, number> = new Map(
  [...ALPHABET].map((letter, value) => [letter, value]),
);

/** Lower-case letters without padding; the length of `bytes` must be a multiple of 5, so that no bit is left over. */
export function base32(bytes: Uint8Array): string {
  if (bytes.length % 5 !== 0) throw new RangeError("base32 needs a multiple of 5 bytes");
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(pending >>> (bits - 5)) & 31];
    pending &= 0xff;
  }
  return text;
}

/** The first letter (as written) that is none of the alphabet's, in either case; `undefined` when all are. */
export function strangerInBase32(text: string): string | undefined {
  for (const letter of text) if (!VALUES.has(letter.toLowerCase())) return letter;
  return undefined;
}

/** Reads {@link base32} in either case; the text must have a multiple of 8 letters, all of the alphabet. */
export function bytesFromBase32(text: string): Uint8Array {
  if (text.length % 8 !== 0) throw new RangeError("base32 text needs a multiple of 8 letters");
  const bytes = new Uint8Array(text.length / 8 * 5);
  let pending = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text.toLowerCase()) {
    const value = VALUES.get(letter);
    if (value === undefined) throw new RangeError("a letter outside the base32 alphabet");
    pending = ((pending << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (pending >>> bits) & 0xff;
    }
  }
  return bytes;
}

/** Splits text into groups of four with dashes: `abcdefgh` → `abcd-efgh`. */
export function inGroupsOfFour(text: string): string {
  return text.match(/.{1,4}/g)?.join("-") ?? "";
}
