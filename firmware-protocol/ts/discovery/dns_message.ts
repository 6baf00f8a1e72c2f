/**
 * DNS messages as mDNS uses them (RFC 1035 §4, RFC 6762 §18): the shapes and numbers.
 *
 * @module
 */
import { nameBytes, nameKey } from "./domain_name.ts";
import { ipBytes } from "./ip_address.ts";

/** Type codes (IANA); `ANY` is for questions only. */
export const RecordType = {
  A: 1,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NSEC: 47,
  ANY: 255,
} as const;

/** Class IN; with the top bit it means "flush" in a record and "answer me alone" in a question. */
export const CLASS_IN = 1;
/** Class ANY, for questions only. */
export const CLASS_ANY = 255;
/** Top bit of a class. */
export const CLASS_TOP_BIT = 0x8000;

/** What a record says. Names are escaped text, see domain_name.ts. */
export type RecordData =
  | { readonly type: "A" | "AAAA"; readonly address: string }
  | { readonly type: "PTR"; readonly target: string }
  | {
    readonly type: "SRV";
    readonly priority: number;
    readonly weight: number;
    readonly port: number;
    readonly target: string;
  }
  | { readonly type: "TXT"; readonly strings: readonly Uint8Array[] }
  | { readonly type: "NSEC"; readonly next: string; readonly types: readonly number[] }
  | { readonly type: "OTHER"; readonly code: number; readonly bytes: Uint8Array };

/** One resource record of class IN. */
export interface DnsRecord {
  readonly name: string;
  /** The cache-flush bit: this set replaces what others remember (RFC 6762 §10.2). */
  readonly flush: boolean;
  /** Seconds, 0-2147483647; 0 is a goodbye. */
  readonly ttlS: number;
  readonly data: RecordData;
}

/** One question of class IN or ANY. */
export interface DnsQuestion {
  readonly name: string;
  /** A {@link RecordType} or another code. */
  readonly type: number;
  /** The asker wants the answer sent to it alone (QU, RFC 6762 §5.4). */
  readonly unicast: boolean;
}

/** One message; records of classes other than IN are left out. */
export interface DnsMessage {
  /** 0 in multicast; echoed to askers that are not mDNS-aware. */
  readonly id: number;
  readonly response: boolean;
  /** TC: more known answers follow in another packet (RFC 6762 §7.2). */
  readonly truncated: boolean;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** Type code of a record's data. */
export function typeCode(data: RecordData): number {
  return data.type === "OTHER" ? data.code : RecordType[data.type];
}

/** Data as bytes without name compression: what is compared and ordered (RFC 6762 §8.2). */
export function dataBytes(data: RecordData): Uint8Array {
  switch (data.type) {
    case "A":
    case "AAAA":
      return ipBytes(data.address) ?? new Uint8Array();
    case "PTR":
      return nameBytes(data.target);
    case "SRV": {
      const { priority, weight, port } = data;
      const numbers = [priority, weight, port].flatMap((n) => [n >> 8, n & 0xff]);
      return concat([Uint8Array.from(numbers), nameBytes(data.target)]);
    }
    case "TXT":
      if (data.strings.length === 0) return Uint8Array.of(0);
      return concat(data.strings.flatMap((text) => [Uint8Array.of(text.length), text]));
    case "NSEC":
      return concat([nameBytes(data.next), typeBitmap(data.types)]);
    case "OTHER":
      return data.bytes;
  }
}

/** Equal for records of the same name and type (a record set). */
export function setKey(record: { name: string; data: RecordData }): string {
  return `${typeCode(record.data)} ${nameKey(record.name)}`;
}

/** Equal for records of the same name, type and data, whatever their TTL. */
export function recordKey(record: { name: string; data: RecordData }): string {
  const { data } = record;
  // Names inside the data are compared without case, like all names.
  if (data.type === "PTR") return `${setKey(record)} ${nameKey(data.target)}`;
  if (data.type === "SRV") {
    const { priority, weight, port, target } = data;
    return `${setKey(record)} ${priority} ${weight} ${port} ${nameKey(target)}`;
  }
  return `${setKey(record)} ${hex(dataBytes(data))}`;
}

function typeBitmap(types: readonly number[]): Uint8Array {
  const low = types.filter((type) => type < 256);
  const bits = new Uint8Array(low.length === 0 ? 0 : (Math.max(...low) >> 3) + 1);
  for (const type of low) bits[type >> 3]! |= 0x80 >> (type & 7);
  return concat([Uint8Array.of(0, bits.length), bits]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
