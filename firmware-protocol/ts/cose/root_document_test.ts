import { deepStrictEqual, throws } from "node:assert/strict";
import { FIXED, fixedRootDocument } from "../../tools/generate_vectors.ts";
import { compareBytes } from "../codec/compare_bytes.ts";
import { sha256 } from "../crypto/digest.ts";
import { type SigningKey, signingKeyFromSeed } from "../crypto/signature.ts";
import type { RootDocument } from "../messages.gen.ts";
import { signRootDocument, verifyRootDocument } from "./root_document.ts";

const [a, b, c] = FIXED.rootKeys as [SigningKey, SigningKey, SigningKey];
const d = signingKeyFromSeed(new Uint8Array(32).fill(0x44));
const e = signingKeyFromSeed(new Uint8Array(32).fill(0x55));
const stranger = signingKeyFromSeed(new Uint8Array(32).fill(0x66));
const first = fixedRootDocument();

/** The next version, with other root keys. */
function next(keys: SigningKey[], changes: Partial<RootDocument> = {}): RootDocument {
  const rootKeys = keys.map((key) => key.publicKey).sort(compareBytes);
  return { ...first, version: 2, rootKeys, ...changes };
}

function verifyPinnedByDigest(document: Uint8Array) {
  return verifyRootDocument(document, { digest: sha256(document) });
}

Deno.test("a root document by two of three keys verifies against its digest, whichever two they are", () => {
  for (const keys of [[a, b], [b, a], [a, c], [b, c], [a, b, c]]) {
    deepStrictEqual(verifyPinnedByDigest(signRootDocument(first, keys)), first);
  }
});

Deno.test("one signature of two is not enough", () => {
  const document = signRootDocument(first, [a]);
  throws(() => verifyPinnedByDigest(document), { code: "signature.threshold" });
});

Deno.test("a document with another digest than the pinned one is refused before it is read", () => {
  const document = signRootDocument(first, [a, b]);
  throws(() => verifyRootDocument(document, { digest: new Uint8Array(32) }), {
    code: "signature.invalid",
  });
});

Deno.test("new root keys are accepted when thresholds of old and new keys both signed", () => {
  const second = next([c, d, e]);
  const document = signRootDocument(second, [b, c, d]);
  deepStrictEqual(verifyRootDocument(document, { pinned: first }), second);
});

Deno.test("new root keys without a threshold of the old, or of the new, are refused", () => {
  const second = next([c, d, e]);
  for (const keys of [[c, d], [d, e], [a, b], [a, b, d]]) {
    const document = signRootDocument(second, keys);
    throws(() => verifyRootDocument(document, { pinned: first }), { code: "signature.threshold" });
  }
});

Deno.test("a signature by a key of neither document is refused, even beside enough others", () => {
  const document = signRootDocument(next([a, b, c]), [a, b, stranger]);
  throws(() => verifyRootDocument(document, { pinned: first }), { code: "signature.unknown_key" });
});

Deno.test("a key that the new document revokes does not sign for it", () => {
  const second = next([b, c, d], { revokedKeys: [a.keyId] });
  const withRevoked = signRootDocument(second, [a, b, c]);
  throws(() => verifyRootDocument(withRevoked, { pinned: first }), {
    code: "signature.unknown_key",
  });
  const document = signRootDocument(second, [b, c]);
  deepStrictEqual(verifyRootDocument(document, { pinned: first }), second);
});

Deno.test("a document of the pinned version, or an older one, or of another fleet, is refused", () => {
  const same = signRootDocument(first, [a, b]);
  throws(() => verifyRootDocument(same, { pinned: first }), {
    code: "schema.out_of_range",
    field: "RootDocument.version",
  });
  throws(() => verifyRootDocument(same, { pinned: next([a, b, c]) }), {
    code: "schema.out_of_range",
  });
  const elsewhere = signRootDocument(next([a, b, c], { fleetId: new Uint8Array(8) }), [a, b]);
  throws(() => verifyRootDocument(elsewhere, { pinned: first }), {
    code: "schema.inconsistent",
    field: "RootDocument.fleetId",
  });
});

Deno.test("a signature that does not hold spoils the document, even beside enough others", () => {
  const document = signRootDocument(first, [a, b, c]);
  document[document.length - 1]! ^= 1;
  throws(() => verifyPinnedByDigest(document), { code: "signature.invalid" });
});

Deno.test("signing twice with one key, or with none, is our own mistake", () => {
  throws(() => signRootDocument(first, [a, a]), RangeError);
  throws(() => signRootDocument(first, []), RangeError);
});

Deno.test("signatures out of order, doubled or missing are malformed", () => {
  const document = signRootDocument(first, [a, b]);
  const size = 82;
  const start = document.length - 2 * size;
  const [one, two] = [document.subarray(start, start + size), document.subarray(start + size)];
  const head = document.subarray(0, start);
  const list = (count: number, ...signatures: Uint8Array[]) => {
    const bytes = Uint8Array.from([...head, ...signatures.flatMap((bytes) => [...bytes])]);
    bytes[start - 1] = 0x80 + count;
    return bytes;
  };
  deepStrictEqual(verifyPinnedByDigest(list(2, one, two)), first);
  for (const wrong of [list(2, two, one), list(2, one, one), list(0), list(3, one, two)]) {
    throws(() => verifyPinnedByDigest(wrong), { code: "signature.malformed" });
  }
});
