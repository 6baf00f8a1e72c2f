/**
 * A second way from a value to bytes: the schema's tables walked at run time, and a general CBOR encoder in
 * its deterministic mode. It shares no code with the generated codecs, so that vectors and property tests
 * compare two things.
 *
 * @module
 */
import { encode, rfc8949EncodeOptions, Token, Type as CborType } from "cborg";
import { SCHEMA, type Schema } from "../schema/messages.ts";
import type { Type } from "../schema/types.ts";
import { REPORT_BODIES } from "./emit_codecs.ts";

/** A message or tuple in TypeScript's shape. */
export type Value = Record<string, unknown>;

/** A part that is already encoded, well or badly. */
export class Encoded {
  /** @param bytes Put in as they are. */
  constructor(readonly bytes: Uint8Array) {}
}

/** A number that must travel as a float even where it is whole. */
class FloatItem {
  constructor(readonly value: number) {}
}

const OPTIONS = {
  ...rfc8949EncodeOptions,
  typeEncoders: {
    Object: (value: unknown) =>
      value instanceof FloatItem ? [new Token(CborType.float, value.value)] : null,
  },
};

/** Entries of a message by key, as the general encoder takes them; encoded parts are left to the caller. */
export function messageItem(
  name: string,
  value: Value,
  schema: Schema = SCHEMA,
): Map<number, unknown> {
  const message = schema.messages.find((candidate) => candidate.name === name);
  if (message === undefined) throw new RangeError(`Cannot find message ${name}`);
  const item = new Map<number, unknown>();
  for (const field of message.fields) {
    const part = value[field.name];
    if (part === undefined || part instanceof Encoded) continue;
    item.set(field.key, typeItem(field.type, part, schema));
  }
  return item;
}

/** Deterministic encoding of what `messageItem` and `typeItem` return. */
export function encodeOracle(item: unknown): Uint8Array {
  return encode(item, OPTIONS);
}

/** A value of any type, as the general encoder takes it. */
export function typeItem(type: Type, value: unknown, schema: Schema = SCHEMA): unknown {
  switch (type.kind) {
    case "list":
      return (value as unknown[]).map((entry) => typeItem(type.of, entry, schema));
    case "map":
      return messageItem(type.name, value as Value, schema);
    case "tuple": {
      const tuple = schema.tuples.find((candidate) => candidate.name === type.name);
      if (tuple === undefined) throw new RangeError(`Cannot find tuple ${type.name}`);
      return tuple.items.map((item) => typeItem(item.type, (value as Value)[item.name], schema));
    }
    case "special":
      return specialItem(type.name, value, schema);
    default:
      return value;
  }
}

function specialItem(name: string, value: unknown, schema: Schema): unknown {
  if (name === "Columns") {
    return (value as { id: number; scale: number | null; values: (number | null)[] }[]).map(
      ({ id, scale, values }) => [
        id,
        scale,
        ...(scale === null ? values.map((v) => v === null ? null : new FloatItem(v)) : values),
      ],
    );
  }
  if (name === "ReportItems") {
    return (value as { kind: number; time: number; body: Value }[]).map(({ kind, time, body }) => {
      const [, message] = REPORT_BODIES.find(([number]) => number === kind) as [number, string];
      return [kind, time, messageItem(message, body, schema)];
    });
  }
  return value;
}
