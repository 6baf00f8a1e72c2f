/**
 * Numbers as the kernel prints them. What is not exactly such a number is `null`, so that odd content makes a value absent
 * instead of NaN or zero.
 *
 * @module
 */

/** A whole number from 0 to 2^53 − 1 in decimal digits, or `null`. */
export function parseCount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** A decimal number such as "-56", "0.42" or "54.", or `null`. At most 15 digits before and after the point. */
export function parseDecimal(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}(?:\.\d{0,15})?$/.test(text) ? Number(text) : null;
}

/** The words of a line, however many blanks lie between them. */
export function words(line: string): string[] {
  return line.trim().split(/\s+/);
}
