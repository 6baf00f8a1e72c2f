/**
 * The signed root document: which keys a fleet's devices trust. A threshold of root keys signs it; a new version is
 * accepted when a threshold of the keys it replaces and a threshold of its own keys both signed.
 *
 * @module
 */
import { rootDocumentCodec } from "../codecs.gen.ts";
import type { RootDocument } from "../messages.gen.ts";
import { compareBytes } from "../codec/compare_bytes.ts";
import { ProtocolError } from "../codec/protocol_error.ts";
import { ascii, equalBytes } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/digest.ts";
import { type SigningKey, signingKeyId } from "../crypto/signature.ts";
import { readSign, signByAll, verifyClaim } from "./signed.ts";

const LABEL = ascii("fleetd1 root");
const NAME = "a root document";

/**
 * What a device or server holds already: the SHA-256 of the whole signed document (from its bundle or from a verified
 * reply), or the document pinned before.
 */
export type RootTrust = { readonly digest: Uint8Array } | { readonly pinned: RootDocument };

/**
 * Signs a root document with every key given; for a new version, a threshold of the old and of the new root keys.
 * @throws {RangeError} when the document is out of its limits, or no key, or one key twice, is given
 */
export function signRootDocument(root: RootDocument, keys: readonly SigningKey[]): Uint8Array {
  const ids = new Set(keys.map((key) => key.keyId.join()));
  if (keys.length === 0 || ids.size !== keys.length) {
    throw new RangeError("a root document is signed by one or more different keys");
  }
  return signByAll(rootDocumentCodec.encode(root), { label: LABEL, keys });
}

/**
 * Verifies a signed root document. Every signature in it must hold, and each key counts once; revoked keys count never.
 *
 * Against a pinned document, the new one must be of the same fleet and of a later version, and be signed by a
 * threshold of the pinned root keys as well as of its own.
 * @throws {ProtocolError} `signature.malformed`, `signature.unknown_key`, `signature.invalid` (also: not the document
 *   with the pinned digest), `signature.threshold`, `schema.inconsistent` (another fleet), `schema.out_of_range`
 *   (not a later version), or the codec's codes
 */
export function verifyRootDocument(document: Uint8Array, trust: RootTrust): RootDocument {
  if ("digest" in trust && !equalBytes(sha256(document), trust.digest)) {
    throw new ProtocolError(
      "signature.invalid",
      "Cannot trust a root document: it is not the one whose digest is pinned.",
    );
  }
  const { payload, claimed } = readSign(document, { label: LABEL, name: NAME });
  const root = rootDocumentCodec.decode(payload);
  const pinned = "pinned" in trust ? trust.pinned : undefined;
  if (pinned !== undefined) requireSuccessor(root, pinned);
  const keys = trustedKeys(root, pinned);
  const signers = claimed.map((claim) => verifyClaim(claim, { keys, name: NAME }));
  requireThreshold(root, signers);
  if (pinned !== undefined) requireThreshold(pinned, signers);
  return root;
}

/** The root keys of both documents, less those that either has revoked. */
function trustedKeys(root: RootDocument, pinned: RootDocument | undefined): Uint8Array[] {
  const revoked = [...root.revokedKeys ?? [], ...pinned?.revokedKeys ?? []];
  return [...root.rootKeys, ...pinned?.rootKeys ?? []]
    .filter((key) => !revoked.some((keyId) => compareBytes(signingKeyId(key), keyId) === 0));
}

function requireSuccessor(root: RootDocument, pinned: RootDocument): void {
  if (compareBytes(root.fleetId, pinned.fleetId) !== 0) {
    throw new ProtocolError(
      "schema.inconsistent",
      "Cannot trust a root document: it is for another fleet than the pinned one.",
      { field: "RootDocument.fleetId" },
    );
  }
  if (root.version <= pinned.version) {
    throw new ProtocolError(
      "schema.out_of_range",
      `Cannot follow root document ${root.version}: version ${pinned.version} is pinned already.`,
      { field: "RootDocument.version" },
    );
  }
}

function requireThreshold(root: RootDocument, signers: readonly Uint8Array[]): void {
  const count = signers.filter((signer) => {
    return root.rootKeys.some((key) => compareBytes(key, signer) === 0);
  }).length;
  if (count < root.threshold) {
    throw new ProtocolError(
      "signature.threshold",
      `Cannot trust a root document: ${count} root keys of version ${root.version} signed, ` +
        `${root.threshold} are needed.`,
    );
  }
}
