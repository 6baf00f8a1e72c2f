/**
 * The dictionary of custom metrics: ids 128 to 1,023 with name and unit, named by a digest so that a
 * batch need not carry it each time (PROTOCOL §6).
 *
 * @module
 */
import { Writer } from "../codec/writer.ts";
import { digest8 } from "../crypto/digest.ts";
import { type DictionaryEntry, PROTOCOL } from "../messages.gen.ts";

const LABEL = "dictionary";
const MAX_ENTRIES = { min: 1, max: PROTOCOL.dictionaryEntriesMax, label: LABEL };
const ENTRY = { min: 3, max: 3, label: LABEL };
const ID = { min: PROTOCOL.customIdMin, max: PROTOCOL.customIdMax, label: LABEL };
const NAME = { min: 1, max: 48, label: LABEL };
const UNIT = { min: 0, max: 12, label: LABEL };

/**
 * Name of a dictionary: the first 8 bytes of SHA-256 of its encoding as it stands in a batch.
 *
 * @param entries 1 to 64 entries, ids ascending.
 * @throws {TypeError|RangeError} where an entry is outside its limits or out of order.
 */
export function dictionaryDigest(entries: readonly DictionaryEntry[]): Uint8Array {
  const writer = new Writer();
  let previous = -1;
  writer.list(entries, MAX_ENTRIES, (w, { id, name, unit }) => {
    if (id <= previous) w.fail(LABEL, `id ${id} after id ${previous}`);
    previous = id;
    w.array(3, ENTRY);
    w.uint(id, ID);
    w.text(name, NAME);
    w.text(unit, UNIT);
    w.leave();
  });
  return digest8(writer.finish());
}
