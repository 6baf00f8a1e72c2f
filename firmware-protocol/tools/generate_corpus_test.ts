import assert from "node:assert/strict";
import { SCHEMA } from "../schema/messages.ts";
import * as codecs from "../ts/codecs.gen.ts";
import type { Codec } from "../ts/codec/codec.ts";
import { corpus } from "./generate_corpus.ts";
import { camel, kebab } from "./names.ts";

Deno.test("a corpus holds messages of every kind, the same for the same seed, and each of them decodes", () => {
  const files = corpus({ count: 5, seed: 7 });
  assert.equal(files.size, 5 * SCHEMA.messages.length);
  assert.deepEqual(corpus({ count: 5, seed: 7 }), files);
  for (const { name } of SCHEMA.messages) {
    const codec = (codecs as unknown as Record<string, Codec<unknown>>)[`${camel(name)}Codec`];
    for (let at = 0; at < 5; at++) {
      codec?.decode(files.get(`${kebab(name)}-${at}.cbor`) as Uint8Array);
    }
  }
});
