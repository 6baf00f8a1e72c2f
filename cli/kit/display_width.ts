/**
 * How many terminal cells a text takes, and cutting text to a number of cells.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const INVISIBLE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const ASCII = /^[\x20-\x7e]*$/;

/** East Asian Wide and Fullwidth (UAX #11), first and last code point of each range. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** Cells of a line; colour codes count nothing. */
export function displayWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (ASCII.test(plain)) return plain.length;
  let cells = 0;
  for (const { segment } of SEGMENTS.segment(plain)) cells += segmentWidth(segment);
  return cells;
}

/** The text cut to at most `cells` cells, with `…` where something is missing. For text without colour codes. */
export function truncate(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let out = "";
  let used = 1;
  for (const { segment } of SEGMENTS.segment(text)) {
    used += segmentWidth(segment);
    if (used > cells) break;
    out += segment;
  }
  return `${out}…`;
}

function segmentWidth(segment: string): number {
  if (INVISIBLE.test(segment)) return 0;
  if (EMOJI.test(segment)) return 2;
  const code = segment.codePointAt(0)!;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** As {@linkcode truncate}, for text with colour codes: they stay, and colour ends where the text is cut. */
export function truncateStyled(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let out = "";
  let used = 1;
  // deno-lint-ignore no-control-regex
  for (const part of text.split(/(\x1b\[[0-9;]*m)/)) {
    if (part.startsWith("\x1b[")) {
      out += part;
      continue;
    }
    for (const { segment } of SEGMENTS.segment(part)) {
      used += segmentWidth(segment);
      if (used > cells) return `${out}…\x1b[0m`;
      out += segment;
    }
  }
  return out;
}
