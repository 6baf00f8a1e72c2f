import assert from "node:assert/strict";
import { encode, rfc8949EncodeOptions } from "cborg";
import vectors from "../../vectors/rfc8949_appendix_a.json" with { type: "json" };
import { diagnose } from "./diagnose.ts";
import { decodeItem, encodeItem } from "./item.ts";
import { ProtocolError } from "./protocol_error.ts";

interface Vector {
  diagnostic: string;
  hex: string;
  error?: string;
}

Deno.test("every example of RFC 8949 Appendix A is read as printed or refused for the reason the subset gives", () => {
  assert.equal(vectors.length, 81);
  for (const { diagnostic, hex, error } of vectors as Vector[]) {
    const bytes = Uint8Array.fromHex(hex);
    if (error !== undefined) {
      assert.throws(
        () => decodeItem(bytes),
        (thrown) => thrown instanceof ProtocolError && thrown.code === error,
        `${hex} (${diagnostic}) is not refused with ${error}`,
      );
      continue;
    }
    const item = decodeItem(bytes);
    assert.equal(encodeItem(item).toHex(), hex, diagnostic);
    assertNotation(diagnose(bytes), diagnostic);
  }
});

Deno.test("what the subset accepts of Appendix A, a general encoder in deterministic mode writes alike", () => {
  const integersAndTexts = (vectors as Vector[]).filter(({ hex, error }) =>
    error === undefined && !/^f[9a]/.test(hex) && !hex.startsWith("a2")
  );
  assert.equal(integersAndTexts.length > 25, true);
  for (const { hex } of integersAndTexts) {
    const item = decodeItem(Uint8Array.fromHex(hex));
    assert.equal(encode(item, rfc8949EncodeOptions).toHex(), hex);
  }
});

/** Floats may be spelt in more than one way; everything else must be the same text. */
function assertNotation(ours: string, theirs: string): void {
  if (/^-?[0-9.]+(e[+-]?[0-9]+)?$/.test(theirs)) assert.equal(Number(ours), Number(theirs));
  else assert.equal(ours, theirs);
}
