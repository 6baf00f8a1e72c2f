/**
 * Writes DNS messages with name compression, and cuts long lists into packets.
 *
 * @module
 */
import {
  CLASS_IN,
  CLASS_TOP_BIT,
  dataBytes,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  typeCode,
} from "./dns_message.ts";
import { labelBytes, nameBytes, nameKey, splitName } from "./domain_name.ts";

/** Most bytes of a packet we send: an Ethernet frame less the IPv6 and UDP headers, with a margin. */
export const PACKET_BYTES = 1400;

/** A message whose parts may be left out. */
export interface MessageParts extends Partial<DnsMessage> {
  /** For askers that are not mDNS-aware: the target of SRV is not compressed (RFC 6762 §18.14). */
  readonly legacy?: boolean;
}

/** Writes one message; @throws RangeError when a name in it is too long. */
export function encodeMessage(message: MessageParts): Uint8Array {
  const writer = new MessageWriter(message.legacy ?? false);
  const { questions = [], answers = [], authorities = [], additionals = [] } = message;
  writer.uint16(message.id ?? 0);
  // A response is authoritative (RFC 6762 §18.4).
  writer.uint16((message.response ? 0x8400 : 0) | (message.truncated ? 0x0200 : 0));
  for (const list of [questions, answers, authorities, additionals]) writer.uint16(list.length);
  for (const question of questions) writer.question(question);
  for (const record of [...answers, ...authorities, ...additionals]) writer.record(record);
  return writer.bytes();
}

/** Cuts answers and additionals into as many response packets as they need. */
export function encodeResponses(
  answers: readonly DnsRecord[],
  additionals: readonly DnsRecord[] = [],
): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let [current, size]: [DnsRecord[], number] = [[], 12];
  for (const record of answers) {
    const recordSize = sizeOf(record);
    if (size + recordSize > PACKET_BYTES && current.length > 0) {
      packets.push(encodeMessage({ response: true, answers: current }));
      [current, size] = [[], 12];
    }
    current.push(record);
    size += recordSize;
  }
  if (current.length === 0) return packets;
  // Additional records are a courtesy: those that do not fit are left out.
  const extra = additionals.filter((record) => (size += sizeOf(record)) <= PACKET_BYTES);
  packets.push(encodeMessage({ response: true, answers: current, additionals: extra }));
  return packets;
}

/** Writes a query; known answers that do not fit follow in further packets (RFC 6762 §7.2). */
export function encodeQueries(
  questions: readonly DnsQuestion[],
  knownAnswers: readonly DnsRecord[] = [],
): Uint8Array[] {
  const lists: { questions: DnsQuestion[]; answers: DnsRecord[]; size: number }[] = [];
  let last = { questions: [] as DnsQuestion[], answers: [] as DnsRecord[], size: 12 };
  lists.push(last);
  const makeRoom = (size: number) => {
    if (last.size + size > PACKET_BYTES && last.size > 12) {
      lists.push(last = { questions: [], answers: [], size: 12 });
    }
    last.size += size;
  };
  for (const question of questions) {
    makeRoom(nameBytes(question.name).length + 4);
    last.questions.push(question);
  }
  for (const record of knownAnswers) {
    makeRoom(sizeOf(record));
    last.answers.push(record);
  }
  return lists.map((list, i) => {
    // "More follows" only where known answers follow, not where another question does.
    const truncated = (lists[i + 1]?.answers.length ?? 0) > 0;
    return encodeMessage({ questions: list.questions, answers: list.answers, truncated });
  });
}

/** Bytes of a record without compression. */
function sizeOf(record: DnsRecord): number {
  return nameBytes(record.name).length + 10 + dataBytes(record.data).length;
}

class MessageWriter {
  readonly #bytes: number[] = [];
  readonly #positions = new Map<string, number>();
  readonly #legacy: boolean;

  constructor(legacy: boolean) {
    this.#legacy = legacy;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  uint16(value: number): void {
    this.#bytes.push((value >> 8) & 0xff, value & 0xff);
  }

  question(question: DnsQuestion): void {
    this.#name(question.name);
    this.uint16(question.type);
    this.uint16(CLASS_IN | (question.unicast ? CLASS_TOP_BIT : 0));
  }

  record(record: DnsRecord): void {
    this.#name(record.name);
    this.uint16(typeCode(record.data));
    this.uint16(CLASS_IN | (record.flush ? CLASS_TOP_BIT : 0));
    this.uint16(Math.floor(record.ttlS / 0x10000));
    this.uint16(record.ttlS & 0xffff);
    const lengthAt = this.#bytes.length;
    this.uint16(0);
    this.#data(record);
    const length = this.#bytes.length - lengthAt - 2;
    this.#bytes[lengthAt] = length >> 8;
    this.#bytes[lengthAt + 1] = length & 0xff;
  }

  #data({ data }: DnsRecord): void {
    if (data.type === "PTR") return this.#name(data.target);
    if (data.type === "SRV" && !this.#legacy) {
      for (const value of [data.priority, data.weight, data.port]) this.uint16(value);
      return this.#name(data.target);
    }
    for (const byte of dataBytes(data)) this.#bytes.push(byte);
  }

  #name(name: string): void {
    const labels = splitName(name);
    // Throws when the name is too long.
    nameBytes(name);
    for (let i = 0; i < labels.length; i++) {
      const suffix = nameKey(labels.slice(i).join("."));
      const position = this.#positions.get(suffix);
      if (position !== undefined) return this.uint16(0xc000 | position);
      if (this.#bytes.length < 0x4000) this.#positions.set(suffix, this.#bytes.length);
      const bytes = labelBytes(labels[i]!);
      this.#bytes.push(bytes.length, ...bytes);
    }
    this.#bytes.push(0);
  }
}
