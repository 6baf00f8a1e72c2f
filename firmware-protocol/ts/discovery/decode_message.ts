/**
 * Reads a DNS message strictly: a packet comes from anyone on the network.
 *
 * Every length is checked against the packet, a compression pointer must point before the name it
 * stands in (so there are no loops, RFC 1035 §4.1.4), each pointed-to name is read once, and data of
 * a known type must fill its declared length exactly. Nothing is allocated by a declared count.
 * Why dns-packet is only the oracle of the tests: decisions/0005_discovery_of_our_own.md.
 *
 * @module
 */
import {
  CLASS_ANY,
  CLASS_IN,
  CLASS_TOP_BIT,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  type RecordData,
  RecordType,
} from "./dns_message.ts";
import { labelOf, MAX_NAME_BYTES } from "./domain_name.ts";
import { ipText } from "./ip_address.ts";

/** Largest packet looked at, in bytes (RFC 6762 §17). */
export const MAX_PACKET_BYTES = 9000;
/** Most labels of a packet: honest ones have far fewer, and each costs time. */
const MAX_LABELS = 4096;
/** Most pointers followed for one name: a name has at most 127 labels. */
const MAX_POINTERS = 127;

/** A packet that is not a well-formed mDNS message. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

/**
 * Reads one message.
 *
 * @throws {MalformedMessage} when it is not well formed, or its opcode or response code is not 0
 * (RFC 6762 §18.3, §18.11).
 */
export function decodeMessage(bytes: Uint8Array): DnsMessage {
  const reader = new MessageReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  if ((flags & 0x780f) !== 0) throw new MalformedMessage("opcode or response code is not 0");
  const counts = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  const [questions, answers, authorities, additionals] = counts as [number, number, number, number];
  return {
    id,
    response: (flags & 0x8000) !== 0,
    truncated: (flags & 0x0200) !== 0,
    questions: collect(questions, () => reader.question()),
    answers: collect(answers, () => reader.record()),
    authorities: collect(authorities, () => reader.record()),
    additionals: collect(additionals, () => reader.record()),
  };
}

function collect<T>(count: number, read: () => T | undefined): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) {
    const item = read();
    if (item !== undefined) items.push(item);
  }
  return items;
}

interface WireName {
  readonly text: string;
  readonly sizeBytes: number;
}

class MessageReader {
  #at = 0;
  #labels = 0;
  /** Names that a pointer led to, by position: a packet of pointers costs no more than its bytes. */
  readonly #names = new Map<number, WireName>();
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (bytes.length > MAX_PACKET_BYTES) throw new MalformedMessage("packet too large");
    this.#bytes = bytes;
  }

  uint8(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedMessage("packet ends early");
    this.#at++;
    return byte;
  }

  uint16(): number {
    return (this.uint8() << 8) | this.uint8();
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16();
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new MalformedMessage("packet ends early");
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  question(): DnsQuestion | undefined {
    const name = this.name();
    const type = this.uint16();
    const qclass = this.uint16();
    const plainClass = qclass & ~CLASS_TOP_BIT;
    if (plainClass !== CLASS_IN && plainClass !== CLASS_ANY) return undefined;
    return { name, type, unicast: (qclass & CLASS_TOP_BIT) !== 0 };
  }

  record(): DnsRecord | undefined {
    const name = this.name();
    const type = this.uint16();
    const rclass = this.uint16();
    const ttlS = this.uint32();
    const length = this.uint16();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedMessage("data runs past the packet");
    const data = this.#data(type, length);
    if (this.#at !== end) throw new MalformedMessage("data does not fill its length");
    if ((rclass & ~CLASS_TOP_BIT) !== CLASS_IN) return undefined;
    const flush = (rclass & CLASS_TOP_BIT) !== 0;
    // A TTL with the top bit set is to be read as 0 (RFC 2181 §8).
    return { name, flush, ttlS: ttlS > 0x7fffffff ? 0 : ttlS, data };
  }

  #data(type: number, length: number): RecordData {
    switch (type) {
      case RecordType.A:
        return { type: "A", address: ipText(this.#exactly(4, length)) };
      case RecordType.AAAA:
        return { type: "AAAA", address: ipText(this.#exactly(16, length)) };
      case RecordType.PTR:
        return { type: "PTR", target: this.name() };
      case RecordType.SRV: {
        const [priority, weight, port] = [this.uint16(), this.uint16(), this.uint16()];
        return { type: "SRV", priority, weight, port, target: this.name() };
      }
      case RecordType.TXT:
        return { type: "TXT", strings: this.#strings(this.#at + length) };
      case RecordType.NSEC:
        return this.#nsec(this.#at + length);
      default:
        return { type: "OTHER", code: type, bytes: this.take(length) };
    }
  }

  #exactly(size: number, length: number): Uint8Array {
    if (length !== size) throw new MalformedMessage("address of the wrong size");
    return this.take(size);
  }

  #strings(end: number): Uint8Array[] {
    const strings: Uint8Array[] = [];
    while (this.#at < end) {
      const length = this.uint8();
      if (this.#at + length > end) throw new MalformedMessage("text runs past its record");
      // An empty string only keeps the record from being empty (RFC 6763 §6.1).
      if (length > 0) strings.push(this.take(length));
    }
    return strings;
  }

  #nsec(end: number): RecordData {
    const next = this.name();
    const types: number[] = [];
    while (this.#at < end) {
      const window = this.uint8();
      const length = this.uint8();
      if (length > 32 || this.#at + length > end) throw new MalformedMessage("bad type bitmap");
      this.take(length).forEach((byte, i) => {
        for (let bit = 0; bit < 8; bit++) {
          if (byte & (0x80 >> bit)) types.push((window << 8) | (i << 3) | bit);
        }
      });
    }
    return { type: "NSEC", next, types };
  }

  name(): string {
    const name = this.#nameAt(this.#at, 0);
    this.#at = name.endsAt;
    return name.text;
  }

  /** Reads the labels from `start`; a pointer must lead before it. */
  #nameAt(start: number, pointers: number): WireName & { endsAt: number } {
    const labels: string[] = [];
    let at = start;
    let sizeBytes = 1;
    while (true) {
      const length = this.#bytes[at++];
      if (length === undefined) throw new MalformedMessage("name runs past the packet");
      if (length === 0) break;
      if (length >= 0xc0) {
        const low = this.#bytes[at++];
        if (low === undefined) throw new MalformedMessage("name runs past the packet");
        const target = ((length & 0x3f) << 8) | low;
        if (target >= start) throw new MalformedMessage("pointer does not lead back");
        const rest = this.#pointed(target, pointers + 1);
        if (rest.text !== "") labels.push(rest.text);
        sizeBytes += rest.sizeBytes - 1;
        break;
      }
      labels.push(this.#label(at, length));
      at += length;
      sizeBytes += length + 1;
    }
    if (sizeBytes > MAX_NAME_BYTES) throw new MalformedMessage("name too long");
    return { text: labels.join("."), sizeBytes, endsAt: at };
  }

  #label(at: number, length: number): string {
    if (length > 63) throw new MalformedMessage("label of an unknown kind");
    if (at + length > this.#bytes.length) throw new MalformedMessage("label runs past the packet");
    if (++this.#labels > MAX_LABELS) throw new MalformedMessage("too many labels");
    return labelOf(this.#bytes.subarray(at, at + length));
  }

  #pointed(target: number, pointers: number): WireName {
    if (target < 12) throw new MalformedMessage("pointer into the header");
    const known = this.#names.get(target);
    if (known) return known;
    if (pointers > MAX_POINTERS) throw new MalformedMessage("too many pointers");
    const name = this.#nameAt(target, pointers);
    this.#names.set(target, name);
    return name;
  }
}
