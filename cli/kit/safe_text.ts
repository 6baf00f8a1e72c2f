/**
 * Text from devices, servers and the network, made safe to show: no control character reaches the terminal, so a
 * hostile name can neither move the cursor nor set a title, and no bidirectional override can reorder a line.
 *
 * @module
 */

// Control characters, line and paragraph separators, lone surrogates, bidirectional controls, invisible spaces.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u{200b}\u{2060}-\u{206f}\u{feff}\u{e0000}-\u{e007f}]/gu;

/** One line of visible text: each unsafe character is written as `\n`, `\t`, `\r`, `\xNN` or `\u{NNNN}`. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** As {@linkcode safeText}, but line breaks and tabs stay: for text of several lines. */
export function safeBlock(text: string): string {
  return text.replace(UNSAFE, (c) => c === "\n" || c === "\t" ? c : escapeCharacter(c));
}

/** JSON that is the same value for every parser and harmless on a terminal. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.replace(UNSAFE, (c) =>
    c === "\n" ? c : Array.from({ length: c.length }, (_, i) => {
      return `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }).join(""));
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
