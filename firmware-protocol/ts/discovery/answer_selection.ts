/**
 * Which of our records answer a query (RFC 6762 §6, §7.1), and which go along with them (§12).
 *
 * @module
 */
import {
  type DnsMessage,
  type DnsQuestion,
  recordKey,
  RecordType,
  typeCode,
} from "./dns_message.ts";
import { nameKey } from "./domain_name.ts";
import { negativeRecord, type OwnedRecord, sendKey } from "./service_records.ts";

/** Our records that answer one question; the negative record when the name is ours and the type is not. */
export function answersTo(question: DnsQuestion, owned: readonly OwnedRecord[]): OwnedRecord[] {
  const key = nameKey(question.name);
  const named = owned.filter((record) => nameKey(record.name) === key);
  const matching = question.type === RecordType.ANY
    ? named
    : named.filter((record) => typeCode(record.data) === question.type);
  if (matching.length > 0) return matching;
  const unique = named.find((record) => record.unique);
  return unique ? [negativeRecord(unique.name, owned)] : [];
}

/**
 * Leaves out what the asker already knows: a record it named with at least half its life left. A set
 * of unique records is left out only when all of it is known.
 */
export function withoutKnown(
  answers: readonly OwnedRecord[],
  known: DnsMessage["answers"],
): OwnedRecord[] {
  if (known.length === 0) return [...answers];
  const lifeS = new Map(known.map((record) => [recordKey(record), record.ttlS]));
  const wanted = new Set(
    answers
      .filter((record) => (lifeS.get(recordKey(record)) ?? -1) < record.ttlS / 2)
      .map(sendKey),
  );
  return answers.filter((record) => wanted.has(sendKey(record)));
}

/** Records that save the asker its next question. */
export function additionalTo(
  answers: readonly OwnedRecord[],
  owned: readonly OwnedRecord[],
): OwnedRecord[] {
  const present = new Set(answers.map(sendKey));
  const additional: OwnedRecord[] = [];
  const queue = [...answers];
  for (const record of queue) {
    for (const next of follows(record, owned)) {
      if (present.has(sendKey(next))) continue;
      // The whole set at once: members share one key.
      const set = owned.filter((other) => sendKey(other) === sendKey(next));
      present.add(sendKey(next));
      const added = set.length > 0 ? set : [next];
      additional.push(...added);
      queue.push(...added);
    }
  }
  return additional;
}

function follows(record: OwnedRecord, owned: readonly OwnedRecord[]): OwnedRecord[] {
  const { data } = record;
  const named = (name: string) => {
    const key = nameKey(name);
    return owned.filter((other) => other.unique && nameKey(other.name) === key);
  };
  if (data.type === "PTR" || data.type === "SRV") return named(data.target);
  if (data.type !== "A" && data.type !== "AAAA") return [];
  const addresses = named(record.name);
  const families = new Set(addresses.map((other) => other.data.type));
  // A host of one family says so, and spares others the question for the other.
  return families.size === 1 ? [...addresses, negativeRecord(record.name, owned)] : addresses;
}
