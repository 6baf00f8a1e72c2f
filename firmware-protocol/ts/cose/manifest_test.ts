import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { FIXED } from "../../tools/generate_vectors.ts";
import { counting, MANIFEST } from "../../tools/sample_messages.ts";
import { ascii } from "../crypto/bytes.ts";
import { signingKeyFromSeed } from "../crypto/signature.ts";
import { manifestCodec } from "../codecs.gen.ts";
import { signManifest, verifyManifest } from "./manifest.ts";
import { sign1 } from "./signed.ts";

const { releaseKey } = FIXED;
const other = signingKeyFromSeed(counting(7, 32));
const document = signManifest(MANIFEST, releaseKey);

Deno.test("a manifest verifies with its release key among others, and says which key signed", () => {
  const keys = [other.publicKey, releaseKey.publicKey];
  const { manifest, signedBy } = verifyManifest(document, keys);
  deepStrictEqual(manifest, MANIFEST);
  deepStrictEqual(signedBy, releaseKey.publicKey);
});

Deno.test("a signature adds 84 bytes to a manifest of one component", () => {
  strictEqual(document.length, manifestCodec.encode(MANIFEST).length + 84);
});

Deno.test("a manifest by a key that is not trusted is refused", () => {
  throws(() => verifyManifest(document, [other.publicKey]), { code: "signature.unknown_key" });
  throws(() => verifyManifest(document, []), { code: "signature.unknown_key" });
});

Deno.test("a manifest that claims a trusted key but was signed by another is refused", () => {
  const forged = signManifest(MANIFEST, { ...other, keyId: releaseKey.keyId });
  throws(() => verifyManifest(forged, [releaseKey.publicKey]), { code: "signature.invalid" });
});

Deno.test("a document signed for another purpose is no manifest", () => {
  const label = ascii("fleetd1 root");
  const elsewhere = sign1(manifestCodec.encode(MANIFEST), { label, key: releaseKey });
  throws(() => verifyManifest(elsewhere, [releaseKey.publicKey]), { code: "signature.invalid" });
});

Deno.test("what a trusted key signed is still held to the schema", () => {
  const label = ascii("fleetd1 manifest");
  const nonsense = sign1(Uint8Array.of(0xa0), { label, key: releaseKey });
  throws(() => verifyManifest(nonsense, [releaseKey.publicKey]), { code: "schema.missing_field" });
});

Deno.test("a manifest cut at any byte, with a byte more, or over 4,096 bytes is malformed", () => {
  const keys = [releaseKey.publicKey];
  const malformed = { code: "signature.malformed" };
  for (let end = 0; end < document.length; end++) {
    throws(() => verifyManifest(document.subarray(0, end), keys), malformed);
  }
  throws(() => verifyManifest(new Uint8Array([...document, 0]), keys), malformed);
  throws(() => verifyManifest(new Uint8Array(4_097), keys), malformed);
});
