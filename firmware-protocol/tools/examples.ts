/**
 * Example values of every message, made from the schema: one with the required fields only, one with
 * everything, and a few that the rules across fields call for. They follow no real device.
 *
 * @module
 */
import { SCHEMA, type Schema } from "../schema/messages.ts";
import type { Message, Type } from "../schema/types.ts";
import type { Value } from "./oracle.ts";

/** A named value of a message. */
export interface Example {
  readonly name: string;
  readonly message: string;
  readonly value: Value;
}

const WHOLE_COLUMNS = [
  { id: 0, scale: -3, values: [412, 5, null, -20] },
  { id: 5, scale: 0, values: [4_026_531_840] },
  { id: 17, scale: 0, values: [null, -61, 0, 2] },
  { id: 130, scale: null, values: [0.5, 1, null, -2.200000047683716] },
];

/** What a message needs so that its fields agree with each other; `undefined` leaves a field out. */
const AGREEING: Readonly<Record<string, Value>> = {
  Hello: { majorMin: 1, majorMax: 1 },
  MetricsBatch: {
    base: 0,
    dt: [10_000, 10_000, 9_990],
    dictionaryEntries: [{ id: 130, name: "tank.level", unit: "m" }, {
      id: 131,
      name: "ph",
      unit: "",
    }],
    columns: WHOLE_COLUMNS,
    count: 4,
  },
  SyncReply: { error: { code: 6, text: "restored" } },
  Offer: { action: 1, manifestDigest: undefined },
  DesiredConfig: { ticket: undefined },
  RootDocument: { threshold: 2 },
};

const AGREEING_MINIMUM: Readonly<Record<string, Value>> = {
  Hello: { majorMin: 1, majorMax: 1 },
  MetricsBatch: {
    base: 1,
    dt: 60_000,
    columns: [{ id: 0, scale: -3, values: [412] }],
    count: 1,
  },
  LogsBatch: { base: 1 },
  RootDocument: { threshold: 2 },
  Offer: { action: 2 },
  DesiredConfig: { ticket: counting(9, 20), size: 70_000 },
  DeploymentReport: { state: 1 },
};

/** Values that neither the smallest nor the whole message shows. */
const FURTHER: readonly Example[] = [
  {
    name: "no metric at all",
    message: "MetricsBatch",
    value: { ...minimal("MetricsBatch"), columns: [] },
  },
  {
    name: "largest numbers",
    message: "MetricsBatch",
    value: {
      ...minimal("MetricsBatch"),
      epoch: 0xffff_ffff,
      first: 2 ** 48 - 2,
      t0: 0,
      dt: Number.MAX_SAFE_INTEGER,
      count: 2,
      columns: [
        { id: 127, scale: 9, values: [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER] },
        { id: 128, scale: -9, values: [-Number.MAX_SAFE_INTEGER, 0] },
        { id: 1_023, scale: null, values: [3.4028234663852886e38, 5.960464477539063e-8] },
      ],
      dictionary: counting(1, 8),
    },
  },
  {
    name: "one column of nulls, one of negative zero",
    message: "MetricsBatch",
    value: {
      ...minimal("MetricsBatch"),
      count: 3,
      columns: [
        { id: 2, scale: -2, values: [null, null, null] },
        { id: 3, scale: null, values: [-0] },
      ],
    },
  },
  {
    name: "control characters in a log line",
    message: "LogsBatch",
    value: {
      ...minimal("LogsBatch"),
      lines: [{
        dtMs: 0,
        level: 7,
        source: "kernel",
        text: "\u0000\t\u001b[31mred\u001b[0m\u009f",
      }],
    },
  },
  {
    name: "keys of several lengths and scripts",
    message: "SyncRequest",
    value: {
      ...minimal("SyncRequest"),
      inventory: new Map<string, unknown>([
        ["b", 1],
        ["aa", "shorter keys come first"],
        ["水", ["", "𐅑"]],
      ]),
    },
  },
  {
    name: "installation by digest",
    message: "Offer",
    value: {
      attempt: 4,
      action: 1,
      manifestDigest: counting(3, 32),
      leaseS: 3_600,
      ticket: counting(5, 20),
      delta: { from: counting(7, 32), sha256: counting(8, 32), size: 2 ** 33 },
    },
  },
  {
    name: "an action of a later minor",
    message: "Offer",
    value: { attempt: 4, action: 200, leaseS: 0 },
  },
  {
    name: "rolled back",
    message: "DeploymentReport",
    value: { attempt: 4, state: 8, reason: 3, runningDigest: counting(3, 32) },
  },
  {
    name: "a byte order mark is a character",
    message: "EventReport",
    value: { name: "\ufeffname", severity: 7, text: "" },
  },
  { name: "exit code below zero", message: "CommandReport", value: { id: 1, status: 1, code: -9 } },
];

/** Examples of every message. */
export function examples(schema: Schema = SCHEMA): Example[] {
  return schema.messages.flatMap((message) => [
    { name: "required fields only", message: message.name, value: minimal(message.name, schema) },
    { name: "every field", message: message.name, value: complete(message.name, schema) },
    ...FURTHER.filter((example) => example.message === message.name),
  ]);
}

/** A message with its required fields only. */
export function minimal(name: string, schema: Schema = SCHEMA): Value {
  const { fields } = messageOf(name, schema);
  const value: Value = {};
  for (const { key, name: field, type, requirement } of fields) {
    if (requirement === "R") value[field] = example(type, key + 1, schema);
  }
  return { ...value, ...AGREEING_MINIMUM[name] };
}

/** A message with every field that can stand beside the others; `salt` makes its values others. */
export function complete(name: string, schema: Schema = SCHEMA, salt = 0): Value {
  const { fields } = messageOf(name, schema);
  const value: Value = {};
  for (const { key, name: field, type } of fields) {
    value[field] = example(type, key + 1 + salt, schema);
  }
  const agreeing = { ...value, ...AGREEING[name] };
  return Object.fromEntries(Object.entries(agreeing).filter(([, part]) => part !== undefined));
}

/** Bytes that count up from `first`. */
export function counting(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (first + at) & 0xff);
}

function messageOf(name: string, schema: Schema): Message {
  const message = schema.messages.find((candidate) => candidate.name === name);
  if (message === undefined) throw new RangeError(`Cannot find message ${name}`);
  return message;
}

function example(type: Type, salt: number, schema: Schema): unknown {
  switch (type.kind) {
    case "uint":
      return type.min + Math.min(salt * 37, type.max - type.min);
    case "int":
      return -salt;
    case "true":
      return true;
    case "bytes":
      return counting(salt, Math.min(type.max, Math.max(type.min, 40)));
    case "text":
      return `example-${salt}`.slice(0, type.max);
    case "list":
      return Array.from(
        { length: Math.max(type.min, Math.min(2, type.max)) },
        (_, at) => example(type.of, salt + at, schema),
      );
    case "map":
      return complete(type.name, schema, salt);
    case "tuple": {
      const tuple = schema.tuples.find((candidate) => candidate.name === type.name);
      return Object.fromEntries(
        (tuple?.items ?? []).map((item, at) => [item.name, example(item.type, salt + at, schema)]),
      );
    }
    case "special":
      return specialExample(type.name, schema);
  }
}

function specialExample(name: string, schema: Schema): unknown {
  switch (name) {
    case "Spacing":
      return 10_000;
    case "Columns":
      return WHOLE_COLUMNS;
    case "Inventory":
      return new Map<string, unknown>([
        ["os", "Debian GNU/Linux 12"],
        ["model", "Raspberry Pi 5 Model B Rev 1.0"],
        ["memory", 8_589_934_592],
        ["addresses", ["192.0.2.7", "2001:db8::7"]],
      ]);
    default:
      return [
        { kind: 1, time: 1_760_000_000_000, body: complete("CommandReport", schema) },
        { kind: 2, time: 1_760_000_000_000, body: complete("DeploymentReport", schema) },
        { kind: 3, time: 0, body: complete("EventReport", schema) },
      ];
  }
}
