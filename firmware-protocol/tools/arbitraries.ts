/**
 * Random valid values of every message, from the schema's tables, for property tests. Limits and the corners
 * where an encoding changes its length are drawn more often than chance would.
 *
 * @module
 */
import fc from "fast-check";
import { SCHEMA, type Schema } from "../schema/messages.ts";
import { PATTERNS, type Type } from "../schema/types.ts";
import { agree } from "./agree.ts";
import { encodeOracle, messageItem, type Value } from "./oracle.ts";

const CORNERS = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
// deno-lint-ignore no-control-regex -- control characters are taken out on purpose
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** A message by name, valid in all its rules. */
export function anyMessage(name: string, schema: Schema = SCHEMA): fc.Arbitrary<Value> {
  const message = schema.messages.find((candidate) => candidate.name === name);
  if (message === undefined) throw new RangeError(`Cannot find message ${name}`);
  const parts = Object.fromEntries(
    message.fields.map((field) => [field.name, anyOf(field.type, schema)]),
  );
  const requiredKeys = message.fields.filter(({ requirement }) => requirement === "R")
    .map((field) => field.name);
  const { maxBytes } = message;
  const values = fc.record(parts, { requiredKeys, noNullPrototype: true })
    .map((value) => agree(name, value));
  if (maxBytes === undefined) return values;
  return values.filter((value) => encodeOracle(messageItem(name, value)).length <= maxBytes);
}

/** A finite number that is exact in 32 bits. */
export function anyFloat(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -4_096, max: 4_096 }).map((quarters) => quarters / 4),
    fc.constantFrom(0, -0, 65_504, 65_536, 2 ** -24, 2 ** -25, 2 ** -14, 1 / 3).map(Math.fround),
  );
}

/** An integer within limits. */
export function anyInteger(min: number, max: number): fc.Arbitrary<number> {
  const corners = [min, max, ...CORNERS, ...CORNERS.map((corner) => -1 - corner)]
    .filter((corner) => corner >= min && corner <= max);
  const spread = min < 0
    ? fc.maxSafeInteger().filter((value) => value >= min && value <= max)
    : fc.maxSafeNat().map((value) =>
      max - min < 2 ** 53 - 1 ? min + value % (max - min + 1) : value
    );
  return fc.oneof(fc.constantFrom(...corners), spread);
}

/** Text within limits in bytes of UTF-8. */
export function anyText(
  limits: { min: number; max: number; control?: true },
): fc.Arbitrary<string> {
  const { min, max, control } = limits;
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: Math.min(max, 40) }),
    fc.string({ unit: "grapheme-ascii", minLength: Math.min(max, 24), maxLength: max }),
  ).map((text) => {
    let kept = control ? text : text.replace(CONTROLS, "");
    while (new TextEncoder().encode(kept).length > max) kept = [...kept].slice(0, -1).join("");
    return kept.length < min ? "x" : kept;
  });
}

function anyOf(type: Type, schema: Schema): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "uint":
    case "int":
      return anyInteger(type.min, type.max);
    case "true":
      return fc.constant(true);
    case "bytes":
      return fc.uint8Array({ minLength: type.min, maxLength: type.max });
    case "text":
      if (type.pattern === undefined) return anyText(type);
      return fc.stringMatching(
        new RegExp(PATTERNS[type.pattern].replace("+$", `{1,${type.max}}$`)),
      );
    case "list":
      return fc.array(anyOf(type.of, schema), { minLength: type.min, maxLength: type.max });
    case "map":
      return anyMessage(type.name, schema);
    case "tuple": {
      const items = schema.tuples.find((candidate) => candidate.name === type.name)?.items ?? [];
      return fc.record(
        Object.fromEntries(items.map((item) => [item.name, anyOf(item.type, schema)])),
        { noNullPrototype: true },
      );
    }
    case "special":
      return anySpecial(type.name, schema);
  }
}

function anySpecial(name: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (name) {
    case "Spacing":
      return fc.oneof(
        anyInteger(0, 86_400_000),
        fc.array(anyInteger(0, 86_400_000), { maxLength: 12 }),
      );
    case "Columns":
      return fc.array(fc.oneof(anyColumn(), anyFloatColumn()), { maxLength: 14 });
    case "Inventory":
      return fc.array(
        fc.tuple(
          anyText({ min: 1, max: 32 }),
          fc.oneof(
            anyText({ min: 0, max: 128 }),
            anyInteger(0, Number.MAX_SAFE_INTEGER),
            fc.array(anyText({ min: 0, max: 64 }), { maxLength: 8 }),
          ),
        ),
        { maxLength: 12 },
      ).map((facts) => new Map(facts)).filter((facts) => encodeOracle(facts).length <= 4_096);
    default:
      return fc.array(
        fc.oneof(
          anyReport(1, "CommandReport"),
          anyReport(2, "DeploymentReport"),
          anyReport(3, "EventReport"),
        ),
        { minLength: 1, maxLength: 16 },
      );
  }

  function anyReport(kind: number, body: string): fc.Arbitrary<unknown> {
    return fc.record({
      kind: fc.constant(kind),
      time: anyInteger(0, Number.MAX_SAFE_INTEGER),
      body: anyMessage(body, schema),
    }, { noNullPrototype: true });
  }
}

function anyColumn(): fc.Arbitrary<unknown> {
  const small = fc.option(fc.integer({ min: -300, max: 300 }), { freq: 6 });
  const large = fc.option(anyInteger(-(2 ** 48), 2 ** 48));
  return fc.record({
    id: anyInteger(0, 1_023),
    scale: fc.integer({ min: -9, max: 9 }),
    values: fc.array(fc.oneof(small, small, large), { minLength: 13, maxLength: 13 }),
  }, { noNullPrototype: true });
}

function anyFloatColumn(): fc.Arbitrary<unknown> {
  return fc.record({
    id: anyInteger(0, 1_023),
    scale: fc.constant(null),
    values: fc.array(fc.option(anyFloat()), { minLength: 13, maxLength: 13 }),
  }, { noNullPrototype: true });
}
