/**
 * Makes texts of strangers fit to be shown: no control characters, no line breaks, nothing that
 * changes the direction or is invisible, and bounded.
 *
 * @module
 */

/** Most keys of a TXT record that are looked at. */
export const MAX_TXT_KEYS = 64;

const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Controls, format characters (bidi, zero width), surrogates, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** The text with every unprintable character as U+FFFD. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}

/**
 * Reads the strings of a TXT record (RFC 6763 §6.4): keys in lower case, the first of equal keys
 * counts, a key without `=` has the value "", strings that are no pair are left out.
 */
export function readTxt(strings: readonly Uint8Array[]): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const bytes of strings) {
    if (pairs.size >= MAX_TXT_KEYS) break;
    const equals = bytes.indexOf(0x3d);
    const keyBytes = equals < 0 ? bytes : bytes.subarray(0, equals);
    if (keyBytes.length === 0 || !keyBytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) continue;
    const key = lenientUtf8.decode(keyBytes).toLowerCase();
    const value = equals < 0 ? "" : lenientUtf8.decode(bytes.subarray(equals + 1));
    if (!pairs.has(key)) pairs.set(key, printable(value));
  }
  return Object.fromEntries(pairs);
}

/** Writes the strings of a TXT record; @throws RangeError for a key or pair that does not fit. */
export function writeTxt(txt: Record<string, string>): Uint8Array[] {
  return Object.entries(txt).map(([key, value]) => {
    if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(key)) {
      throw new RangeError(`A TXT key is printable ASCII without "=", not ${JSON.stringify(key)}`);
    }
    const bytes = new TextEncoder().encode(`${key}=${value}`);
    if (bytes.length > 255) {
      throw new RangeError(`TXT pair "${key}" has ${bytes.length} bytes, at most 255 are possible`);
    }
    return bytes;
  });
}
