/**
 * Domain names as text that loses nothing.
 *
 * A name is its labels joined with dots, without the dot of the root. Inside a label a dot and a
 * backslash are escaped (`\.`, `\\`), control characters and bytes that are not UTF-8 are `\DDD`
 * (RFC 1035 §5.1), so an instance called "2.4 GHz" stays one label (RFC 6763 §4.3).
 *
 * @module
 */

/** Longest label in bytes (RFC 1035 §2.3.4). */
export const MAX_LABEL_BYTES = 63;
/** Longest name in bytes on the wire, length bytes and root included. */
export const MAX_NAME_BYTES = 255;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** Writes the text of one label so that it can stand in a name. */
export function escapeLabel(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[.\\\x00-\x1f\x7f]/g, (character) => {
    if (character === "." || character === "\\") return `\\${character}`;
    return escapeByte(character.charCodeAt(0));
  });
}

/** Escaped label of the bytes of one label; bytes that are not UTF-8 are kept as `\DDD`. */
export function labelOf(bytes: Uint8Array): string {
  try {
    return escapeLabel(strictUtf8.decode(bytes));
  } catch {
    return Array.from(bytes, (byte) => {
      if (byte > 0x7e || byte < 0x20) return escapeByte(byte);
      return escapeLabel(String.fromCharCode(byte));
    }).join("");
  }
}

/** Bytes of an escaped label; @throws RangeError when empty or longer than 63 bytes. */
export function labelBytes(label: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < label.length;) {
    const escaped = /^\\(\d{3})/.exec(label.slice(at, at + 4));
    if (escaped) {
      bytes.push(Number(escaped[1]) & 0xff);
      at += 4;
      continue;
    }
    if (label[at] === "\\") at++;
    const character = String.fromCodePoint(label.codePointAt(at) ?? 0x5c);
    bytes.push(...utf8.encode(character));
    at += character.length;
  }
  if (bytes.length === 0 || bytes.length > MAX_LABEL_BYTES) {
    throw new RangeError(`A label has 1 to ${MAX_LABEL_BYTES} bytes, this one ${bytes.length}`);
  }
  return Uint8Array.from(bytes);
}

/** The labels of a name, still escaped. */
export function splitName(name: string): string[] {
  if (name === "") return [];
  return name.match(/(?:\\.|[^.\\])+/gsu) ?? [];
}

/** The first label of a name, without its escapes; bytes that are not UTF-8 become U+FFFD. */
export function firstLabelText(name: string): string {
  const first = splitName(name)[0];
  return first === undefined ? "" : new TextDecoder().decode(labelBytes(first));
}

/** What follows the first label. */
export function parentName(name: string): string {
  return splitName(name).slice(1).join(".");
}

/** The form in which two equal names are equal strings: ASCII letters in lower case (RFC 6762 §16). */
export function nameKey(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Wire form without compression; @throws RangeError when a label or the name is too long. */
export function nameBytes(name: string): Uint8Array {
  const labels = splitName(name).map(labelBytes);
  const length = labels.reduce((sum, label) => sum + label.length + 1, 1);
  if (length > MAX_NAME_BYTES) {
    throw new RangeError(`A name has at most ${MAX_NAME_BYTES} bytes, this one ${length}`);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const label of labels) {
    bytes[at++] = label.length;
    bytes.set(label, at);
    at += label.length;
  }
  return bytes;
}

function escapeByte(byte: number): string {
  return `\\${byte.toString().padStart(3, "0")}`;
}
