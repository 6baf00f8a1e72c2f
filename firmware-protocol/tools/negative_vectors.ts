/**
 * Encodings that must be refused, each with the one code that says why: every field of every message left
 * out, of another type, beyond its limits; every message bent in the ways the CBOR subset forbids; and the
 * rules across fields. What is expected follows from what was broken, never from what the codec answers.
 *
 * @module
 */
import { SCHEMA, type Schema } from "../schema/messages.ts";
import { type Field, MAX_INTEGER, type Message, type Type } from "../schema/types.ts";
import { BROKEN_RULES } from "./broken_rules.ts";
import { complete, counting, minimal } from "./examples.ts";
import { Encoded, encodeOracle, messageItem, typeItem, type Value } from "./oracle.ts";

/** An encoding that must be refused. */
export interface NegativeVector {
  readonly name: string;
  readonly message: string;
  readonly hex: string;
  readonly error: string;
}

type Entry = readonly [key: Uint8Array, value: Uint8Array];
type Broken = readonly [name: string, bytes: Uint8Array, error: string];

/** A size beyond which a vector is left out: the file is for people too. */
const LARGEST_VECTOR = 3_000;
const UNKNOWN_KEY = 60_000;

/** Items that no place allows, not even one that is skipped. */
const BROKEN_ITEMS: readonly (readonly [what: string, item: string, code: string])[] = [
  ["an integer longer than needed, in 8 bits", "1817", "cbor.not_shortest"],
  ["an integer longer than needed, in 16 bits", "1900ff", "cbor.not_shortest"],
  ["an integer longer than needed, in 32 bits", "1a0000ffff", "cbor.not_shortest"],
  ["an integer longer than needed, in 64 bits", "1b00000000ffffffff", "cbor.not_shortest"],
  ["a negative integer longer than needed", "3900ff", "cbor.not_shortest"],
  ["an integer of 2^53", "1b0020000000000000", "cbor.integer_range"],
  ["an integer of −2^53", "3b001fffffffffffff", "cbor.integer_range"],
  ["an integer cut short", "19ff", "cbor.truncated"],
  ["bytes whose length is longer than needed", "580100", "cbor.not_shortest"],
  ["bytes of which one is missing", "420a", "cbor.length_exceeds_input"],
  ["text whose length is longer than needed", "79000161", "cbor.not_shortest"],
  ["broken UTF-8", "61ff", "cbor.invalid_utf8"],
  ["a head of an array that is longer than needed", "9a0000000100", "cbor.not_shortest"],
  ["an array of 2^32 − 1 items", "9affffffff", "cbor.length_exceeds_input"],
  ["an array of indefinite length", "9fff", "cbor.indefinite_length"],
  ["arrays nested too deep", "818181818180", "cbor.too_deep"],
  ["keys in the wrong order", "a202000100", "cbor.key_order"],
  ["a key twice", "a201000100", "cbor.duplicate_key"],
  ["a text-keyed map", "a1616100", "cbor.key_type"],
  ["a 64-bit float", "fb3ff199999999999a", "cbor.float_width"],
  ["a float longer than needed", "fa3fc00000", "cbor.float_not_shortest"],
  ["a float cut short", "fa3fc0", "cbor.truncated"],
  ["infinity", "f97c00", "cbor.float_not_finite"],
  ["undefined", "f7", "cbor.simple_value"],
  ["a reserved head", "1c", "cbor.reserved_head"],
  ["a tag", "c100", "cbor.tag"],
];

/** Every negative vector. */
export function negativeVectors(schema: Schema = SCHEMA): NegativeVector[] {
  return schema.messages.flatMap((message) =>
    [
      ...brokenFrames(message, schema),
      ...message.fields.flatMap((field) => brokenField(message, field, schema)),
      ...brokenRules(message, schema),
    ].filter(([, bytes]) => bytes.length <= LARGEST_VECTOR)
      .map(([name, bytes, error]) => ({ name, message: message.name, hex: bytes.toHex(), error }))
  );
}

function brokenFrames(message: Message, schema: Schema): Broken[] {
  const least = entriesOf(message, minimal(message.name, schema), schema);
  const entries = least.length > 1
    ? least
    : entriesOf(message, complete(message.name, schema), schema);
  const whole = mapOf(entries);
  const first = entries[0] as Entry;
  const second = entries[1] as Entry;
  const rest = entries.slice(2);
  return [
    ["nothing", hex(""), "cbor.truncated"],
    ["the head alone", whole.subarray(0, 1), "cbor.length_exceeds_input"],
    ["null", hex("f6"), "schema.wrong_type"],
    ["an array", hex("80"), "schema.wrong_type"],
    ["a byte after it", join(whole, hex("00")), "cbor.trailing_bytes"],
    ["indefinite length", join(hex("bf"), ...entries.flat(), hex("ff")), "cbor.indefinite_length"],
    [
      "a head longer than needed",
      join(hex(`b8${byte(entries.length)}`), ...entries.flat()),
      "cbor.not_shortest",
    ],
    ["a reserved head", join(hex("bc"), ...entries.flat()), "cbor.reserved_head"],
    ["a tag", join(hex("d9d9f7"), whole), "cbor.tag"],
    ["the first key twice", mapOf([first, first, second, ...rest]), "cbor.duplicate_key"],
    ["the first two keys swapped", mapOf([second, first, ...rest]), "cbor.key_order"],
    ["a text for a key", mapOf([first, [hex("616b"), second[1]], ...rest]), "cbor.key_type"],
    ["a negative key", mapOf([[hex("20"), first[1]], second, ...rest]), "cbor.key_type"],
    [
      "a key longer than needed",
      mapOf([[join(hex("18"), first[0]), first[1]], second, ...rest]),
      "cbor.not_shortest",
    ],
    ["a key of 65,536", mapOf([...entries, [hex("1a00010000"), hex("00")]]), "cbor.key_range"],
    ...BROKEN_ITEMS.map(([what, item, code]): Broken => [
      `an unknown key with ${what}`,
      mapOf([...entries, [encodeOracle(UNKNOWN_KEY), hex(item)]]),
      message.criticalFrom === undefined ? code : "schema.critical_key",
    ]),
    ...tooLarge(message, entries),
  ];
}

function tooLarge({ maxBytes }: Message, entries: readonly Entry[]): Broken[] {
  if (maxBytes === undefined) return [];
  const filler = encodeOracle(new Uint8Array(maxBytes));
  return [[
    "more bytes than allowed",
    mapOf([...entries, [encodeOracle(UNKNOWN_KEY), filler]]),
    "schema.too_large",
  ]];
}

function brokenField(message: Message, field: Field, schema: Schema): Broken[] {
  const part = complete(message.name, schema)[field.name] ??
    minimal(message.name, schema)[field.name];
  // A field that excludes those of both examples has the same type as one that does not.
  if (part === undefined) return [];
  const value = { ...minimal(message.name, schema), [field.name]: part };
  const entries = entriesOf(message, value, schema);
  const at = entries.findIndex(([key]) => key.toHex() === encodeOracle(field.key).toHex());
  const replaced = (bytes: Uint8Array) => mapOf(entries.with(at, [encodeOracle(field.key), bytes]));
  const broken = brokenValues(field.type, part, schema).map(
    ([name, bytes, error]): Broken => [`${field.name}: ${name}`, replaced(bytes), error],
  );
  if (field.requirement === "R") {
    broken.push([
      `${field.name}: missing`,
      mapOf(entries.toSpliced(at, 1)),
      "schema.missing_field",
    ]);
  }
  return broken.filter(([, bytes]) => bytes.length <= (message.maxBytes ?? Infinity));
}

function brokenValues(type: Type, value: unknown, schema: Schema): Broken[] {
  const wrongTypes: Broken[] = [
    ["null", hex("f6"), "schema.wrong_type"],
    ["a tag", hex("c000"), "cbor.tag"],
  ];
  switch (type.kind) {
    case "uint":
      return [...wrongTypes, ["text", hex("6130"), "schema.wrong_type"], ...brokenNumbers(type)];
    case "int":
      return [
        ...wrongTypes,
        ["2^53", hex("1b0020000000000000"), "cbor.integer_range"],
        ["−2^53", hex("3b001fffffffffffff"), "cbor.integer_range"],
        ["longer than needed", hex("3800"), "cbor.not_shortest"],
      ];
    case "true":
      return [...wrongTypes, ["false", hex("f4"), "schema.wrong_type"]];
    case "bytes":
      return [
        ...wrongTypes,
        ["text", hex("6130"), "schema.wrong_type"],
        ["in chunks", hex("5f4100ff"), "cbor.indefinite_length"],
        ["too long", encodeOracle(counting(0, type.max + 1)), "schema.length"],
        ...(type.min > 0
          ? [["too short", encodeOracle(counting(0, type.min - 1)), "schema.length"] as Broken]
          : []),
      ];
    case "text":
      return [...wrongTypes, ...brokenTexts(type)];
    case "list":
      return [...wrongTypes, ...brokenLists(type, value as unknown[], schema)];
    case "tuple":
      return [...wrongTypes, [
        "one item more",
        encodeOracle([...tupleOf(type, value, schema), 0]),
        "schema.length",
      ]];
    default:
      return wrongTypes;
  }
}

function brokenNumbers({ min, max }: { min: number; max: number }): Broken[] {
  const broken: Broken[] = [
    ["negative", hex("20"), "schema.wrong_type"],
    ["a float", hex("f93c00"), "schema.wrong_type"],
    ["longer than needed", hex("1800"), "cbor.not_shortest"],
    max === MAX_INTEGER
      ? ["2^53", hex("1b0020000000000000"), "cbor.integer_range"]
      : ["above its limit", encodeOracle(max + 1), "schema.out_of_range"],
  ];
  if (min > 0) broken.push(["below its limit", encodeOracle(min - 1), "schema.out_of_range"]);
  return broken;
}

function brokenTexts(type: Extract<Type, { kind: "text" }>): Broken[] {
  const broken: Broken[] = [
    ["bytes", hex("4130"), "schema.wrong_type"],
    ["too long", encodeOracle("x".repeat(type.max + 1)), "schema.length"],
    [
      "too long in bytes, not in characters",
      encodeOracle("é".repeat((type.max >> 1) + 1)),
      "schema.length",
    ],
    ["an overlong form", hex("62c080"), "cbor.invalid_utf8"],
    ["a surrogate", hex("63eda080"), "cbor.invalid_utf8"],
    ["cut inside a character", hex("61c3"), "cbor.invalid_utf8"],
  ];
  if (type.min > 0) broken.push(["empty", hex("60"), "schema.length"]);
  if (!type.control) {
    broken.push(
      ["NUL", hex("6100"), "cbor.control_character"],
      ["the last C0 control character", hex("611f"), "cbor.control_character"],
      ["DEL", hex("617f"), "cbor.control_character"],
      ["a C1 control character", hex("62c285"), "cbor.control_character"],
    );
  }
  if (type.pattern !== undefined) broken.push(["a capital letter", hex("6141"), "schema.pattern"]);
  return broken;
}

function brokenLists(
  type: Extract<Type, { kind: "list" }>,
  value: unknown[],
  schema: Schema,
): Broken[] {
  const entry = typeItem(type.of, value[0], schema);
  const broken: Broken[] = [
    ["a map", hex("a0"), "schema.wrong_type"],
    ["one entry too many", encodeOracle(new Array(type.max + 1).fill(entry)), "schema.length"],
    ["an entry of null", encodeOracle([null]), "schema.wrong_type"],
  ];
  if (type.min > 0) broken.push(["empty", hex("80"), "schema.length"]);
  if (type.of.kind === "tuple") {
    const tuple = entry as unknown[];
    broken.push(
      ["an entry with one item more", encodeOracle([[...tuple, 0]]), "schema.length"],
      ["an entry with one item less", encodeOracle([tuple.slice(1)]), "schema.length"],
    );
  }
  return broken;
}

/** The rules across fields, each broken once (broken_rules.ts). */
function brokenRules(message: Message, schema: Schema): Broken[] {
  return (BROKEN_RULES[message.name] ?? []).map(([name, change, error]) => {
    const value = { ...minimal(message.name, schema), ...change };
    return [name, mapOf(entriesOf(message, value, schema)), error ?? "schema.inconsistent"];
  });
}

function entriesOf(message: Message, value: Value, schema: Schema): Entry[] {
  const item = messageItem(message.name, value, schema);
  return message.fields.flatMap(({ key, name }): Entry[] => {
    const part = value[name];
    if (part === undefined) return [];
    return [[
      encodeOracle(key),
      part instanceof Encoded ? part.bytes : encodeOracle(item.get(key)),
    ]];
  });
}

function tupleOf(type: Type, value: unknown, schema: Schema): unknown[] {
  return typeItem(type, value, schema) as unknown[];
}

/** A map of entries as they are, sorted or not; the head is as short as it can be. */
function mapOf(entries: readonly Entry[]): Uint8Array {
  const count = entries.length;
  return join(hex(count < 24 ? byte(0xa0 + count) : `b8${byte(count)}`), ...entries.flat());
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.fromHex(parts.map((part) => part.toHex()).join(""));
}

function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text);
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}
