import assert from "node:assert/strict";
import process from "node:process";
import { decode } from "cborg";
import fc from "fast-check";
import { SCHEMA } from "../../schema/messages.ts";
import type { Type } from "../../schema/types.ts";
import { anyFloat, anyInteger, anyMessage, anyText } from "../../tools/arbitraries.ts";
import { REPORT_BODIES } from "../../tools/emit_codecs.ts";
import { camel } from "../../tools/names.ts";
import { encodeOracle, messageItem, type Value } from "../../tools/oracle.ts";
import * as codecs from "../codecs.gen.ts";
import type { Codec } from "./codec.ts";
import { decodeItem, encodeItem, Float, type Item } from "./item.ts";
import { ProtocolError } from "./protocol_error.ts";
import { readMap, writeMap } from "./sections.ts";

const CASES = process.env.FLEETD_CI === "1" ? 100_000 : 2_000;

const NAMES = SCHEMA.messages.map(({ name }) => name);

function codecOf(message: string): Codec<Value> {
  return (codecs as unknown as Record<string, Codec<Value>>)[`${camel(message)}Codec`] as Codec<
    Value
  >;
}

/** A message with its encoding by the other encoder. */
const message = fc.oneof(
  ...NAMES.map((name) => anyMessage(name).map((value) => ({ name, value }))),
).map(({ name, value }) => ({ name, value, bytes: encodeOracle(messageItem(name, value)) }));

Deno.test("any message encodes as a general deterministic encoder does, and decodes to itself", () => {
  fc.assert(
    fc.property(message, ({ name, value, bytes }) => {
      const encoded = codecOf(name).encode(value);
      assert.equal(encoded.toHex(), bytes.toHex(), name);
      assert.deepEqual(codecOf(name).decode(encoded), value);
      if (name !== "SyncRequest") return;
      assert.equal(writeMap(readMap(encoded)).toHex(), bytes.toHex());
      for (const field of Object.values(codecs.syncRequestFields)) {
        const section = readMap(encoded).get(field.key);
        if (section === undefined) continue;
        const part = field.decode(section);
        assert.deepEqual(part, value[field.name.split(".")[1] as string]);
        assert.equal(
          (field.encode as (part: unknown) => Uint8Array)(part).toHex(),
          section.toHex(),
        );
      }
    }),
    { numRuns: CASES },
  );
});

const { item } = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small", maxDepth: 5 },
    anyInteger(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    anyFloat().map((value) => new Float(value)),
    anyText({ min: 0, max: 60 }),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(true, false, null),
    fc.array(tie("item"), { maxLength: 30 }),
    fc.uniqueArray(fc.tuple(anyInteger(0, 65_535), tie("item")), {
      maxLength: 30,
      selector: ([key]) => key,
    }).map((entries) => new Map(entries.sort(([a], [b]) => a - b))),
  ),
}));

/** The item as the other library has it: its floats are numbers, and whole ones look like integers. */
function plain(value: Item): unknown {
  if (value instanceof Float) return value.value;
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, plain(part)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

Deno.test("any item decodes to itself, and another library reads the same value from the same bytes", () => {
  fc.assert(
    fc.property(item, (value) => {
      const bytes = encodeItem(value);
      assert.deepEqual(decodeItem(bytes), value);
      const theirs = decode(bytes, { useMaps: true, strict: true, rejectDuplicateMapKeys: true });
      assert.deepEqual(theirs, plain(value));
    }),
    { numRuns: CASES },
  );
});

/** Bytes with a few of them changed, left out, doubled or put in. */
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    kind: fc.constantFrom("flip", "set", "remove", "insert"),
    byte: fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x00, 0x18, 0x20, 0x40, 0x60, 0x80, 0xa0, 0xf6, 0xf9, 0xff),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

function edited(
  bytes: Uint8Array,
  changes: typeof edits extends fc.Arbitrary<infer T> ? T : never,
) {
  let list = [...bytes];
  for (const { at, kind, byte } of changes) {
    const index = Math.floor(at * list.length);
    if (kind === "flip") list[index] = (list[index] ?? 0) ^ (1 << (byte & 7));
    else if (kind === "set") list[index] = byte;
    else if (kind === "remove") list.splice(index, 1);
    else list = list.toSpliced(index, 0, byte);
  }
  return Uint8Array.from(list);
}

Deno.test("whatever is accepted encodes to the same bytes again, unknown keys apart", () => {
  let accepted = 0;
  fc.assert(
    fc.property(message, edits, ({ name, bytes }, changes) => {
      const broken = edited(bytes, changes);
      let value: Value;
      try {
        value = codecOf(name).decode(broken);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, `${name} ${broken.toHex()}: ${error}`);
        return;
      }
      accepted++;
      const again = codecOf(name).encode(value);
      if (again.toHex() === broken.toHex()) return;
      const known = withoutUnknown(
        { kind: "map", name },
        decodeItem(broken, { textKeys: true, control: true }),
      );
      assert.equal(again.toHex(), encodeItem(known).toHex(), name);
      assert.notEqual(again.length, broken.length);
    }),
    { numRuns: CASES },
  );
  assert.ok(accepted > CASES / 50, `only ${accepted} of ${CASES} edited messages were accepted`);
});

/** An item without the entries of maps that its schema does not know. */
function withoutUnknown(type: Type, value: Item): Item {
  if (type.kind === "list") return (value as Item[]).map((entry) => withoutUnknown(type.of, entry));
  if (type.kind === "special" && type.name === "ReportItems") {
    return (value as [number, Item, Item][]).map(([kind, time, body]) => {
      const [, name] = REPORT_BODIES.find(([number]) => number === kind) as [number, string];
      return [kind, time, withoutUnknown({ kind: "map", name }, body)];
    });
  }
  if (type.kind !== "map") return value;
  const fields = SCHEMA.messages.find(({ name }) => name === type.name)?.fields ?? [];
  const known = new Map<number | string, Item>();
  for (const [key, part] of value as Map<number, Item>) {
    const field = fields.find((candidate) => candidate.key === key);
    if (field !== undefined) known.set(key, withoutUnknown(field.type, part));
  }
  return known;
}

Deno.test("random bytes are read by both the item reader and the section reader, or refused with a code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 48 }), (bytes) => {
      for (const read of [decodeItem, (all: Uint8Array) => readMap(all)]) {
        try {
          const value = read(bytes);
          if (read === decodeItem) assert.equal(encodeItem(value as Item).toHex(), bytes.toHex());
        } catch (error) {
          assert.ok(error instanceof ProtocolError, `${bytes.toHex()}: ${error}`);
        }
      }
    }),
    { numRuns: CASES },
  );
});
