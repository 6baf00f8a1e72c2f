/**
 * Who yields when two hosts want the same name (RFC 6762 §8.2, §9).
 *
 * @module
 */
import { dataBytes, type DnsRecord, recordKey, typeCode } from "./dns_message.ts";
import { nameKey } from "./domain_name.ts";

/**
 * Compares the records two hosts propose for one name, in the order of RFC 6762 §8.2.1.
 *
 * @returns below 0 when ours yield, above 0 when theirs yield, 0 when they say the same.
 */
export function compareProposals(
  ours: readonly DnsRecord[],
  theirs: readonly DnsRecord[],
): number {
  const [a, b] = [[...ours].sort(compareRecords), [...theirs].sort(compareRecords)];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareRecords(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * True when the received record takes a name of ours: same name, and not one of our own records.
 * While we only probe, a record of any type takes it; later only one of a type that we hold.
 */
export function takesOurName(
  received: DnsRecord,
  options: { ours: readonly DnsRecord[]; probing: boolean },
): boolean {
  if (received.ttlS === 0 || received.data.type === "NSEC") return false;
  const name = nameKey(received.name);
  const held = options.ours.filter((record) => nameKey(record.name) === name);
  if (held.length === 0) return false;
  const key = recordKey(received);
  if (held.some((record) => recordKey(record) === key)) return false;
  const type = typeCode(received.data);
  return options.probing || held.some((record) => typeCode(record.data) === type);
}

function compareRecords(a: DnsRecord, b: DnsRecord): number {
  // The class is always IN and so never decides.
  const byType = typeCode(a.data) - typeCode(b.data);
  if (byType !== 0) return byType;
  const [x, y] = [dataBytes(a.data), dataBytes(b.data)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i]! - y[i]!;
  }
  return x.length - y.length;
}
