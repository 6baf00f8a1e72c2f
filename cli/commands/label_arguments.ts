/**
 * Labels on the command line.
 *
 * @module
 */
import { usageError } from "@fleetd/cli/kit";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$/;

/** Longest value of a label, UTF-8 bytes. */
const LONGEST_VALUE = 64;

/** `key=value` pairs; for an option that may be repeated. @throws {CliError} */
export function collectLabel(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const [key, value] = splitLabel(text);
  return { ...before, [key]: value };
}

/** `key=value` sets, `key-` removes (null). @throws {CliError} when one is neither, or a key comes twice. */
export function parseLabelChanges(changes: readonly string[]): Record<string, string | null> {
  const out: Record<string, string | null> = {};
  for (const change of changes) {
    const removed = /^([^=]+)-$/.exec(change)?.[1];
    const [key, value] = removed === undefined ? splitLabel(change) : [checkKey(removed), null];
    if (key in out) throw usageError(`The label "${key}" is given twice.`);
    out[key] = value;
  }
  return out;
}

function splitLabel(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw usageError(`"${text}" is no label.`, "Write it as key=value.");
  const value = text.slice(equals + 1);
  const sizeBytes = new TextEncoder().encode(value).length;
  if (sizeBytes < 1 || sizeBytes > LONGEST_VALUE || /\p{Cc}/u.test(value)) {
    throw usageError(
      `The value of "${text.slice(0, equals)}" is no label value.`,
      "It has 1 to 64 bytes of printable text.",
    );
  }
  return [checkKey(text.slice(0, equals)), value];
}

function checkKey(key: string): string {
  if (KEY.test(key)) return key;
  throw usageError(
    `"${key}" is no label key.`,
    "At most 32 letters, digits, dots, dashes, slashes or underscores.",
  );
}
