/**
 * Brings facts into the shape that the protocol allows (PROTOCOL §8, sync request key 18): whatever a vendor wrote into a
 * board's memory must not cost the device its whole inventory.
 *
 * @module
 */
import type { Inventory, InventoryValue } from "@fleetd/firmware-protocol";

/** A fact by its key; one without a value is left out. Keys are at most 32 bytes. */
export type Fact = readonly [key: string, value: InventoryValue | null | undefined];

const FACTS_MAX = 64;
const INVENTORY_MAX_BYTES = 4_096;
const TEXT_MAX_BYTES = 128;
const LIST_MAX = 8;
const LIST_TEXT_MAX_BYTES = 64;

const encoder = new TextEncoder();

/**
 * Keeps what fits, in the order given, which is therefore the order of importance; the result is sorted by key as the
 * protocol sorts (length, then bytes).
 */
export function fitInventory(facts: Iterable<Fact>): Inventory {
  const kept: [string, InventoryValue][] = [];
  let sizeBytes = 2;
  for (const [key, value] of facts) {
    const fitted = fitValue(value);
    if (fitted === null) continue;
    const factBytes = textBytes(key) + valueBytes(fitted);
    if (kept.length === FACTS_MAX || sizeBytes + factBytes > INVENTORY_MAX_BYTES) break;
    sizeBytes += factBytes;
    kept.push([key, fitted]);
  }
  return new Map(kept.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));
}

/**
 * Readable text of at most `maxBytes` of UTF-8, cut between two characters: control characters become blanks, runs of
 * blanks one, lone surrogates the replacement character.
 */
export function fitText(text: string, maxBytes: number): string {
  // deno-lint-ignore no-control-regex -- taking control characters out is the purpose
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ").trim().toWellFormed();
  let end = 0;
  let sizeBytes = 0;
  for (const character of clean) {
    sizeBytes += encoder.encode(character).length;
    if (sizeBytes > maxBytes) break;
    end += character.length;
  }
  return clean.slice(0, end).trimEnd();
}

function fitValue(value: InventoryValue | null | undefined): InventoryValue | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") {
    // Math.abs, because -0 is a number of its own that no encoding keeps.
    return Number.isSafeInteger(value) && value >= 0 ? Math.abs(value) : null;
  }
  if (typeof value === "string") return fitText(value, TEXT_MAX_BYTES) || null;
  const texts = value.map((text) => fitText(text, LIST_TEXT_MAX_BYTES)).filter((text) =>
    text !== ""
  );
  return texts.length === 0 ? null : texts.slice(0, LIST_MAX);
}

function valueBytes(value: InventoryValue): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value === "number") return 9;
  return value.reduce((sum, text) => sum + textBytes(text), 1);
}

/** Encoded size: head and UTF-8. */
function textBytes(text: string): number {
  const { length } = encoder.encode(text);
  return length + (length < 24 ? 1 : length < 256 ? 2 : 3);
}
