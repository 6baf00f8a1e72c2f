/**
 * Reading and writing DNS messages: round trips, another implementation as oracle, hostile bytes.
 *
 * @module
 */
import { deepEqual, doesNotThrow, equal, ok, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import dnsPacket from "dns-packet";
import fc from "fast-check";
import { decodeMessage, MalformedMessage } from "./decode_message.ts";
import { dataBytes, type DnsMessage, type DnsRecord, recordKey, setKey } from "./dns_message.ts";
import {
  escapeLabel,
  firstLabelText,
  labelBytes,
  labelOf,
  nameBytes,
  nameKey,
  splitName,
} from "./domain_name.ts";
import { encodeMessage, encodeQueries, encodeResponses, PACKET_BYTES } from "./encode_message.ts";
import { inSubnet, ipBytes, ipText, isLinkLocal, isLoopback } from "./ip_address.ts";

/** Whole messages cost 40 times what bytes cost to make up. */
const MESSAGE_RUNS = { numRuns: process.env["FLEETD_CI"] === "1" ? 20_000 : 1_000 };
const RUNS = { numRuns: process.env["FLEETD_CI"] === "1" ? 100_000 : 2_000 };

/** Another implementation; its types say less than it does. */
const oracle = dnsPacket as unknown as {
  encode(packet: unknown): Uint8Array;
  // deno-lint-ignore no-explicit-any
  decode(bytes: Uint8Array): { answers: any[] };
};

const label = fc.uint8Array({ minLength: 1, maxLength: 20 }).map(labelOf);
const textLabel = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((text) => new TextEncoder().encode(text).length < 50)
  .map(escapeLabel);
const name = fc.array(fc.oneof(label, textLabel), { minLength: 1, maxLength: 4 })
  .map((labels) => labels.join("."));
const uint16 = fc.integer({ min: 0, max: 0xffff });
const data: fc.Arbitrary<DnsRecord["data"]> = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => (
    { type: "A" as const, address: ipText(bytes) }
  )),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => (
    { type: "AAAA" as const, address: ipText(bytes) }
  )),
  name.map((target) => ({ type: "PTR" as const, target })),
  fc.record({ priority: uint16, weight: uint16, port: uint16, target: name })
    .map((srv) => ({ type: "SRV" as const, ...srv })),
  fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 })
    .map((strings) => ({ type: "TXT" as const, strings })),
  fc.record({
    next: name,
    types: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 5 })
      .map((types) => types.sort((a, b) => a - b)),
  }).map((nsec) => ({ type: "NSEC" as const, ...nsec })),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => ({ type: "OTHER" as const, code: 13, bytes })),
);
const record: fc.Arbitrary<DnsRecord> = fc.record({
  name,
  flush: fc.boolean(),
  ttlS: fc.integer({ min: 0, max: 0x7fffffff }),
  data,
});
const records = fc.array(record, { maxLength: 4 });
const message: fc.Arbitrary<DnsMessage> = fc.record({
  id: uint16,
  response: fc.boolean(),
  truncated: fc.boolean(),
  questions: fc.array(fc.record({ name, type: uint16, unicast: fc.boolean() }), { maxLength: 3 }),
  answers: records,
  authorities: records,
  additionals: records,
});

Deno.test("what is written is read back the same", () => {
  fc.assert(
    fc.property(message, fc.boolean(), (original, legacy) => {
      const read = decodeMessage(encodeMessage({ ...original, legacy }));
      // Compression joins names without regard to case, as the protocol does.
      equal(JSON.stringify(read).toLowerCase(), JSON.stringify(original).toLowerCase());
    }),
    MESSAGE_RUNS,
  );
});

Deno.test("dns-packet reads what we write", () => {
  const plain = fc.array(fc.stringMatching(/^[a-z0-9_-]{1,12}$/), { minLength: 1, maxLength: 4 })
    .map((labels) => labels.join("."));
  const plainRecord = fc.record({ name: plain, ttlS: uint16, target: plain, port: uint16 });
  fc.assert(
    fc.property(fc.array(plainRecord, { minLength: 1, maxLength: 6 }), (list) => {
      const answers = list.flatMap(({ name, ttlS, target, port }): DnsRecord[] => [
        { name, ttlS, flush: false, data: { type: "PTR", target } },
        { name, ttlS, flush: true, data: { type: "SRV", priority: 0, weight: 1, port, target } },
        { name, ttlS, flush: true, data: { type: "A", address: "10.1.2.3" } },
        { name, ttlS, flush: true, data: { type: "AAAA", address: "fe80::1" } },
        { name, ttlS, flush: true, data: { type: "NSEC", next: name, types: [1, 28] } },
      ]);
      const read = oracle.decode(Buffer.from(encodeMessage({ response: true, answers })));
      deepEqual(
        read.answers.map((answer) => [answer.name, answer.type, answer.flush, answer.ttl]),
        answers.map((answer) => [answer.name, answer.data.type, answer.flush, answer.ttlS]),
      );
      list.forEach(({ name, target, port }, i) => {
        equal(read.answers[5 * i].data, target);
        deepEqual(read.answers[5 * i + 1].data, { priority: 0, weight: 1, port, target });
        equal(read.answers[5 * i + 2].data, "10.1.2.3");
        equal(read.answers[5 * i + 3].data, "fe80::1");
        deepEqual(read.answers[5 * i + 4].data, { nextDomain: name, rrtypes: ["A", "AAAA"] });
      });
    }),
    MESSAGE_RUNS,
  );
});

Deno.test("we read what dns-packet writes", () => {
  const packet = oracle.encode({
    type: "response",
    answers: [
      { type: "PTR", name: "_http._tcp.local", ttl: 4500, data: "x._http._tcp.local" },
      { type: "TXT", name: "x._http._tcp.local", ttl: 10, flush: true, data: ["a=1", "b"] },
    ],
    additionals: [{ type: "OPT", name: ".", udpPayloadSize: 1440, flags: 0, options: [] }],
  });
  const { answers } = decodeMessage(packet);
  deepEqual(answers.map(({ name, ttlS, flush }) => [name, ttlS, flush]), [
    ["_http._tcp.local", 4500, false],
    ["x._http._tcp.local", 10, true],
  ]);
  deepEqual(answers[0]!.data, { type: "PTR", target: "x._http._tcp.local" });
});

/** Decodes or refuses; anything else is a bug. */
function survives(bytes: Uint8Array): void {
  try {
    decodeMessage(bytes);
  } catch (error) {
    ok(error instanceof MalformedMessage, String(error));
  }
}

Deno.test("any bytes are a message or refused, never another error", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), survives), RUNS);
  fc.assert(
    fc.property(uint16, uint16, fc.uint8Array({ maxLength: 300 }), (flags, count, rest) => {
      const header = [0, 0, flags >> 8, flags & 0xff, 0, count & 3, 0, count >> 14, 0, 0, 0, 0];
      survives(Uint8Array.from([...header, ...rest]));
    }),
    RUNS,
  );
});

Deno.test("a message with changed, cut or moved bytes is a message or refused", () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(), kind: fc.nat(2) });
  fc.assert(
    fc.property(message, fc.array(change, { minLength: 1, maxLength: 4 }), (original, changes) => {
      let bytes = encodeMessage(original);
      for (const { at, byte, cut, kind } of changes) {
        if (bytes.length === 0) break;
        if (kind === 0) bytes[at % bytes.length] = byte;
        else if (kind === 1) bytes = bytes.slice(0, cut % bytes.length);
        else bytes.set(bytes.slice(at % bytes.length), cut % (at % bytes.length + 1));
      }
      survives(bytes);
    }),
    MESSAGE_RUNS,
  );
});

const HEADER = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
const PTR_HEAD = [0, 12, 0, 1, 0, 0, 0, 120];

for (
  const [what, bytes] of Object.entries({
    "nothing": [],
    "half a header": HEADER.slice(0, 7),
    "a count without records": HEADER,
    "a pointer to itself": [...HEADER, 0xc0, 12, ...PTR_HEAD, 0, 1, 0],
    "a pointer forward": [...HEADER, 0xc0, 20, ...PTR_HEAD, 0, 1, 0],
    "a pointer into the header": [...HEADER, 0xc0, 2, ...PTR_HEAD, 0, 1, 0],
    "two pointers in a circle": [...HEADER, 1, 0x61, 0xc0, 16, 0xc0, 14, ...PTR_HEAD, 0, 1, 0],
    "a label of the reserved kind": [...HEADER, 0x80, 0x61, 0, ...PTR_HEAD, 0, 1, 0],
    "a label past the end": [...HEADER, 63, 0x61],
    "data past the end": [...HEADER, 0, ...PTR_HEAD, 0, 200, 0],
    "data shorter than its length": [...HEADER, 0, ...PTR_HEAD, 0, 2, 0, 0],
    "an A record of 5 bytes": [...HEADER, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 5, 1, 2, 3, 4, 5],
    "a TXT string past its record": [...HEADER, 0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 2, 9, 0x61],
    "an NSEC bitmap of 33 bytes": [
      ...HEADER,
      ...[0, 0, 47, 0, 1, 0, 0, 0, 9, 0, 36, 0, 0, 33],
      ...Array(33).fill(1),
    ],
    "a name of more than 255 bytes": [
      ...HEADER,
      ...Array(5).fill([60, ...Array(60).fill(0x61)]).flat(),
      ...[0, ...PTR_HEAD, 0, 1, 0],
    ],
    "an opcode": [0, 0, 0xa8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    "a response code": [0, 0, 0x84, 3, 0, 0, 0, 0, 0, 0, 0, 0],
    "more than 9000 bytes": Array(9001).fill(0),
  })
) {
  Deno.test(`a packet with ${what} is refused`, () => {
    throws(() => decodeMessage(Uint8Array.from(bytes)), MalformedMessage);
  });
}

/** A record of raw bytes in which each pointer leads to the one before, and one that names the last. */
function chainOfPointers(length: number): Uint8Array {
  const start = 12 + 11;
  const pointers: number[] = [];
  for (let i = 0; i < length; i++) {
    const target = i === 0 ? 12 : start + 2 * (i - 1);
    pointers.push(0xc0 | (target >> 8), target & 0xff);
  }
  const last = start + 2 * (length - 1);
  return Uint8Array.from([
    ...[0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0],
    ...[0, 0, 13, 0, 1, 0, 0, 0, 9, (2 * length) >> 8, (2 * length) & 0xff, ...pointers],
    ...[0xc0 | (last >> 8), last & 0xff, ...PTR_HEAD, 0, 1, 0],
  ]);
}

Deno.test("a chain of pointers is followed as far as a name can be long, and no further", () => {
  equal(decodeMessage(chainOfPointers(120)).answers[1]?.name, "");
  throws(() => decodeMessage(chainOfPointers(4000)), /too many pointers/);
});

Deno.test("a packet that makes work by pointing into a heap of labels is refused", () => {
  const heap = Array(4000).fill([1, 0x61]).flat();
  const records: number[] = [];
  const start = 12 + 11;
  for (let i = 0; i < 60; i++) {
    const at = start + heap.length - 250 - 2 * i;
    records.push(0xc0 | (at >> 8), at & 0xff, ...PTR_HEAD, 0, 1, 0);
  }
  const packet = Uint8Array.from([
    ...[0, 0, 0x84, 0, 0, 0, 0, 61, 0, 0, 0, 0],
    ...[0, 0, 13, 0, 1, 0, 0, 0, 9, (heap.length + 1) >> 8, (heap.length + 1) & 0xff],
    ...[...heap, 0, ...records],
  ]);
  throws(() => decodeMessage(packet), /name too long|too many labels/);
});

Deno.test("a TTL with the top bit set counts as 0, other classes are left out", () => {
  const head = [0, 0, 1];
  const tail = [0, 4, 10, 0, 0, 1];
  const high = Uint8Array.from([...HEADER, ...head, 0, 1, 0x80, 0, 0, 9, ...tail]);
  equal(decodeMessage(high).answers[0]?.ttlS, 0);
  const chaos = Uint8Array.from([...HEADER, ...head, 0, 3, 0, 0, 0, 9, ...tail]);
  deepEqual(decodeMessage(chaos).answers, []);
});

Deno.test("names are compressed, and in answers to plain DNS clients SRV is not", () => {
  const target = "a-rather-long-host-name.local";
  const answers: DnsRecord[] = ["a", "b"].map((name) => ({
    name: `${name}.${target}`,
    flush: false,
    ttlS: 1,
    data: { type: "SRV", priority: 0, weight: 0, port: 1, target },
  }));
  const compressed = encodeMessage({ response: true, answers });
  const legacy = encodeMessage({ response: true, answers, legacy: true });
  equal(compressed.length, 12 + (33 + 10 + 6 + 2) + (4 + 10 + 6 + 2));
  equal(legacy.length - compressed.length, 2 * (target.length + 2 - 2));
});

Deno.test("long lists are cut into packets of at most 1400 bytes that lose no answer", () => {
  const many: DnsRecord[] = Array.from({ length: 300 }, (_, i) => ({
    name: "_fleetd._tcp.local",
    flush: false,
    ttlS: 120,
    data: { type: "PTR", target: `agent-${i}._fleetd._tcp.local` },
  }));
  const packets = encodeResponses(many, many);
  ok(packets.every((packet) => packet.length <= PACKET_BYTES));
  deepEqual(packets.flatMap((packet) => decodeMessage(packet).answers), many);
  const asked = { name: "_fleetd._tcp.local", type: 12, unicast: false };
  const queries = encodeQueries([asked], many);
  ok(queries.length > 3 && queries.every((packet) => packet.length <= PACKET_BYTES));
  const read = queries.map((packet) => decodeMessage(packet));
  deepEqual(read.flatMap((query) => query.answers), many);
  deepEqual(read.map((query) => query.truncated), [
    ...Array(queries.length - 1).fill(true),
    false,
  ]);
  deepEqual(read.flatMap((query) => query.questions), [asked]);
});

Deno.test("a name keeps its bytes: dots, backslashes, controls, bytes that are not UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 63 }), (bytes) => {
      const escaped = labelOf(bytes);
      deepEqual(splitName(`${escaped}.local`), [escaped, "local"]);
      deepEqual([...labelBytes(escaped)], [...bytes]);
    }),
    RUNS,
  );
  equal(labelOf(new TextEncoder().encode("2.4 GHz\\")), "2\\.4 GHz\\\\");
  equal(firstLabelText("2\\.4 GHz._http._tcp.local"), "2.4 GHz");
  equal(labelOf(Uint8Array.of(0xff, 0x61, 0x0a)), "\\255a\\010");
});

Deno.test("names compare without regard to the case of ASCII letters only", () => {
  equal(nameKey("ÄbC.Local"), "Äbc.local");
  const a = { name: "X.local", data: { type: "PTR", target: "Y.local" } } as const;
  const b = { name: "x.LOCAL", data: { type: "PTR", target: "y.local" } } as const;
  equal(recordKey(a), recordKey(b));
  equal(setKey(a), setKey(b));
});

Deno.test("labels of more than 63 bytes and names of more than 255 are refused", () => {
  throws(() => labelBytes("x".repeat(64)), RangeError);
  throws(() => labelBytes("ä".repeat(32)), RangeError);
  throws(() => nameBytes(Array(5).fill("x".repeat(60)).join(".")), RangeError);
  doesNotThrow(() => nameBytes(Array(4).fill("x".repeat(60)).join(".")));
});

Deno.test("addresses are read strictly and written as RFC 5952 says", () => {
  for (
    const [text, canonical] of [
      ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
      ["::", "::"],
      ["::1", "::1"],
      ["fe80::1%eth0", "fe80::1"],
      ["::ffff:10.0.0.1", "::ffff:a00:1"],
      ["1::", "1::"],
      ["10.0.0.1", "10.0.0.1"],
    ] as const
  ) equal(ipText(ipBytes(text)!), canonical);
  for (
    const text of ["", "10.0.0", "10.0.0.256", "010.0.0.1", "1::2::3", "1:2:3", "12345::", "x"]
  ) equal(ipBytes(text), undefined, text);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      deepEqual([...ipBytes(ipText(bytes))!], [...bytes]);
    }),
    RUNS,
  );
  deepEqual([isLoopback("127.9.9.9"), isLoopback("::1"), isLoopback("10.0.0.1")], [
    true,
    true,
    false,
  ]);
  deepEqual([isLinkLocal("fe80::1%x"), isLinkLocal("169.254.1.1"), isLinkLocal("fd00::1")], [
    true,
    true,
    false,
  ]);
  const subnet = { address: "10.1.2.3", netmask: "255.255.255.0" };
  deepEqual([inSubnet("10.1.2.99", subnet), inSubnet("10.1.3.3", subnet)], [true, false]);
  equal(inSubnet("fd00::1", subnet), false);
});

Deno.test("data is compared as uncompressed bytes", () => {
  const srv = { type: "SRV", priority: 1, weight: 2, port: 258, target: "a.b" } as const;
  deepEqual([...dataBytes(srv)], [0, 1, 0, 2, 1, 2, 1, 0x61, 1, 0x62, 0]);
  deepEqual([...dataBytes({ type: "TXT", strings: [] })], [0]);
});
