/**
 * The rules across fields (ts/codec/checks.ts) and inside the special shapes (ts/codec/special.ts), each
 * broken once: what changes in a message's smallest example, and the code it must be refused with where
 * that is not `schema.inconsistent`.
 *
 * @module
 */
import { MAX_INTEGER } from "../schema/types.ts";
import { counting } from "./examples.ts";
import { Encoded, type Value } from "./oracle.ts";

/** One broken rule. */
export type BrokenRule = readonly [name: string, change: Value, error?: string];

const LAST_COUNTER = 2 ** 48 - 1;

/** Broken rules by message. */
export const BROKEN_RULES: Readonly<Record<string, readonly BrokenRule[]>> = {
  Hello: [["majors upside down", { majorMin: 2 }]],
  SyncRequest: [
    ["a time without a clock", { clock: 0, deviceTime: 1 }],
    ["inventory: unsorted", { inventory: raw("a2616202616101") }, "cbor.key_order"],
    ["inventory: a longer key first", { inventory: raw("a262616102616201") }, "cbor.key_order"],
    ["inventory: a key twice", { inventory: raw("a2616101616102") }, "cbor.duplicate_key"],
    ["inventory: an integer key", { inventory: raw("a10101") }, "schema.wrong_type"],
    ["inventory: a negative number", { inventory: raw("a1616120") }, "schema.wrong_type"],
    ["inventory: an empty key", { inventory: raw("a16000") }, "schema.length"],
    ["inventory: 65 facts", { inventory: facts(65, "") }, "schema.length"],
    ["inventory: nine texts", { inventory: raw("a161618960606060606060606060") }, "schema.length"],
    [
      "inventory: more than 4,096 bytes",
      { inventory: facts(40, "x".repeat(100)) },
      "schema.too_large",
    ],
  ],
  SyncReply: [
    ["resync without a nonce", { error: { code: 6 } }],
    ["a nonce without resync", { resyncNonce: counting(1, 8) }],
    ["commands not ascending", { commands: [2, 2].map((id) => ({ id, name: "a", ttlS: 1 })) }],
  ],
  Offer: [
    ["nothing to install", { action: 1 }],
    ["two manifests", { action: 1, manifest: counting(0, 3), manifestDigest: counting(0, 32) }],
  ],
  DesiredConfig: [
    ["neither body nor ticket", { ticket: undefined }],
    ["both body and ticket", { body: counting(0, 3) }],
    ["a ticket without a size", { size: undefined }],
  ],
  DeploymentReport: [
    ["succeeded without a digest", { state: 6 }],
    ["rolled back without a digest", { state: 8 }],
  ],
  MetricsBatch: [...brokenColumns(), ...brokenTimes(), ...brokenDictionaries()],
  LogsBatch: [
    ["uptime without a boot", { base: 0 }],
    ["a counter beyond 2^48 − 1", { first: LAST_COUNTER, lines: [line(0), line(1)] }],
    ["a time beyond 2^53 − 1", { t0: 1, lines: [line(MAX_INTEGER)] }],
  ],
  ReportsBatch: [
    ["no report", { items: [] }, "schema.length"],
    ["an unknown kind", { items: raw("81830400a0") }, "schema.out_of_range"],
    ["a body of another kind", { items: raw("81830100a0") }, "schema.missing_field"],
    ["a report without a body", { items: raw("81820100") }, "schema.length"],
  ],
  Manifest: [["components not ascending", { components: [component(2), component(1)] }]],
  RootDocument: [
    ["a threshold beyond the keys", { threshold: 3, rootKeys: [counting(0, 32)] }],
    ["keys not ascending", { threshold: 1, rootKeys: [counting(1, 32), counting(0, 32)] }],
    ["a key twice", { threshold: 1, rootKeys: [counting(1, 32), counting(1, 32)] }],
  ],
};

function brokenColumns(): BrokenRule[] {
  return [
    ["a column too short", { count: 3, columns: [column(0, 1, 2)] }],
    ["a column too long", { count: 2, columns: [column(0, 1, 2, 3)] }],
    ["an empty column", { columns: [column(0)] }, "schema.length"],
    ["columns not ascending", { columns: [column(4, 1), column(3, 1)] }, "schema.order"],
    ["a column twice", { columns: [column(4, 1), column(4, 1)] }, "schema.order"],
    ["a metric beyond 1,023", { columns: [column(1_024, 1)] }, "schema.out_of_range"],
    ["a scale of 10", { columns: [{ id: 0, scale: 10, values: [1] }] }, "schema.out_of_range"],
    ["a scale of −10", { columns: [{ id: 0, scale: -10, values: [1] }] }, "schema.out_of_range"],
    ["an integer among floats", { columns: raw("818300f601") }, "schema.wrong_type"],
    ["a float among integers", { columns: raw("81830000f93c00") }, "schema.wrong_type"],
    [
      "a float longer than needed",
      { columns: raw("818300f6fa3fc00000") },
      "cbor.float_not_shortest",
    ],
    ["a 64-bit float", { columns: raw("818300f6fb3ff199999999999a") }, "cbor.float_width"],
    ["not a number", { columns: raw("818300f6f97e00") }, "cbor.float_not_finite"],
    ["a delta longer than needed", { columns: raw("818300003800") }, "cbor.not_shortest"],
    ["a column head longer than needed", { columns: raw("819803000000") }, "cbor.not_shortest"],
    ["an id longer than needed", { columns: raw("818318050000") }, "cbor.not_shortest"],
    [
      "a sum of deltas beyond 2^53 − 1",
      { count: 2, columns: [column(0, MAX_INTEGER, 1)] },
      "schema.out_of_range",
    ],
    [
      "a sum of deltas below −(2^53 − 1)",
      { count: 2, columns: [column(0, -MAX_INTEGER, -1)] },
      "schema.out_of_range",
    ],
    [
      "65 columns",
      { columns: Array.from({ length: 65 }, (_, id) => column(id, 1)) },
      "schema.length",
    ],
  ];
}

function brokenTimes(): BrokenRule[] {
  return [
    ["too few spacings", { count: 3, dt: [1], columns: [] }],
    ["too many spacings", { count: 1, dt: [1], columns: [] }],
    ["a negative spacing", { count: 2, dt: raw("8120"), columns: [] }, "schema.wrong_type"],
    ["a time beyond 2^53 − 1", { count: 3, dt: MAX_INTEGER, t0: 1, columns: [] }],
    ["a counter beyond 2^48 − 1", { count: 2, first: LAST_COUNTER, columns: [] }],
    ["uptime without a boot", { base: 0 }],
  ];
}

function brokenDictionaries(): BrokenRule[] {
  const entry = (id: number) => ({ id, name: "a", unit: "" });
  return [
    ["a custom metric without a dictionary", { columns: [column(128, 1)] }],
    ["entries without a dictionary", { dictionaryEntries: [entry(130)] }],
    [
      "entries not ascending",
      { dictionary: counting(0, 8), dictionaryEntries: [entry(130), entry(130)] },
    ],
    [
      "an entry with a standard id",
      { dictionary: counting(0, 8), dictionaryEntries: [entry(127)] },
      "schema.out_of_range",
    ],
  ];
}

function column(id: number, ...values: number[]): Value {
  return { id, scale: 0, values };
}

function line(dtMs: number): Value {
  return { dtMs, level: 6, source: "a", text: "" };
}

function component(id: number): Value {
  return { id, sha256: counting(0, 32), size: 1, name: "a", kind: 1 };
}

/** An inventory with keys of two letters, each with the same text. */
function facts(count: number, text: string): Map<string, string> {
  return new Map(
    Array.from({ length: count }, (_, at) => [
      String.fromCharCode(97 + Math.floor(at / 26), 97 + at % 26),
      text,
    ]),
  );
}

function raw(hex: string): Encoded {
  return new Encoded(Uint8Array.fromHex(hex));
}
