import assert from "node:assert/strict";
import messages from "../vectors/messages.json" with { type: "json" };
import negatives from "../vectors/negative.json" with { type: "json" };
import { SCHEMA } from "../schema/messages.ts";
import * as codecs from "../ts/codecs.gen.ts";
import type { Codec } from "../ts/codec/codec.ts";
import { diagnose } from "../ts/codec/diagnose.ts";
import { ProtocolError } from "../ts/codec/protocol_error.ts";
import { readMap, writeMap } from "../ts/codec/sections.ts";
import { fromJson } from "./message_vectors.ts";
import { camel } from "./names.ts";
import type { NegativeVector } from "./negative_vectors.ts";

function codecOf(message: string): Codec<unknown> {
  const codec = (codecs as unknown as Record<string, Codec<unknown>>)[`${camel(message)}Codec`];
  assert.ok(codec, `no codec of ${message}`);
  return codec;
}

Deno.test("every message has golden and negative vectors", () => {
  for (const { name } of SCHEMA.messages) {
    assert.ok(messages.filter((vector) => vector.message === name).length >= 2, name);
    assert.ok(negatives.filter((vector) => vector.message === name).length >= 30, name);
  }
});

Deno.test("a golden vector decodes to its value and its value encodes to it", () => {
  for (const { name, message, hex, diagnostic, value } of messages) {
    const codec = codecOf(message);
    const bytes = Uint8Array.fromHex(hex);
    const what = `${message}: ${name}`;
    assert.deepEqual(codec.decode(bytes), fromJson(value), what);
    assert.equal(codec.encode(fromJson(value)).toHex(), hex, what);
    assert.equal(diagnose(bytes), diagnostic, what);
  }
});

Deno.test("a golden vector splits into sections and joins again", () => {
  for (const { message, hex } of messages) {
    const sections = readMap(Uint8Array.fromHex(hex));
    assert.equal(writeMap(sections).toHex(), hex, message);
  }
});

Deno.test("every prefix of a golden vector is refused as cut short", () => {
  for (const { name, message, hex } of messages) {
    const codec = codecOf(message);
    const bytes = Uint8Array.fromHex(hex);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(
        () => codec.decode(bytes.subarray(0, length)),
        (thrown) =>
          thrown instanceof ProtocolError &&
          (thrown.code === "cbor.truncated" || thrown.code === "cbor.length_exceeds_input"),
        `${message}: ${name}: the first ${length} bytes`,
      );
    }
  }
});

Deno.test("a negative vector is refused for its reason, and with the field's name", () => {
  for (const { name, message, hex, error } of negatives as NegativeVector[]) {
    assert.throws(
      () => codecOf(message).decode(Uint8Array.fromHex(hex)),
      (thrown) => {
        assert.ok(thrown instanceof ProtocolError, `${message}: ${name}: ${thrown}`);
        assert.equal(thrown.code, error, `${message}: ${name}: ${thrown.message}`);
        assert.ok(thrown.field, `${message}: ${name} names no field`);
        return true;
      },
      `${message}: ${name} is accepted`,
    );
  }
});

Deno.test("an unknown key is skipped whatever it holds, except where unknown keys are critical", () => {
  const unknown = Uint8Array.fromHex("19ea60" + "83a20181f6038120f4f93e00");
  for (const { message, hex } of messages) {
    const bytes = Uint8Array.fromHex(hex);
    const count = (bytes[0] as number) - 0xa0;
    if (count < 0 || count > 22) continue;
    const extended = new Uint8Array([0xa0 + count + 1, ...bytes.subarray(1), ...unknown]);
    const codec = codecOf(message);
    if (message === "Manifest" || message === "RootDocument") {
      assert.throws(() => codec.decode(extended), { code: "schema.critical_key" });
    } else {
      assert.deepEqual(codec.decode(extended), codec.decode(bytes), message);
    }
  }
});
