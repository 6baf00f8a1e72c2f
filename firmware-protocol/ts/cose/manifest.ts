/**
 * The signed release manifest. An offline release key signs it; a device installs only what it names.
 * Whether a manifest fits a device (class, sequence, floor) is judged where it is installed.
 *
 * @module
 */
import { manifestCodec } from "../codecs.gen.ts";
import type { Manifest } from "../messages.gen.ts";
import { ascii } from "../crypto/bytes.ts";
import type { SigningKey } from "../crypto/signature.ts";
import { readSign1, sign1, verifyClaim } from "./signed.ts";

const LABEL = ascii("fleetd1 manifest");
const NAME = "a manifest";

/**
 * Signs a manifest.
 * @returns the signed document: at most 768 bytes fit inside an offer, 4,096 by digest
 * @throws {RangeError} when the manifest is out of its limits
 */
export function signManifest(manifest: Manifest, key: SigningKey): Uint8Array {
  return sign1(manifestCodec.encode(manifest), { label: LABEL, key });
}

/**
 * Verifies a signed manifest, then reads it: nothing of it is interpreted before its signature holds.
 * @param keys the release keys of the pinned root document, 32 bytes each
 * @returns the manifest, and the key that signed it
 * @throws {ProtocolError} `signature.malformed`, `signature.unknown_key`, `signature.invalid`, or the codec's codes
 */
export function verifyManifest(
  document: Uint8Array,
  keys: readonly Uint8Array[],
): { manifest: Manifest; signedBy: Uint8Array } {
  const { payload, claimed } = readSign1(document, { label: LABEL, name: NAME });
  const signedBy = verifyClaim(claimed, { keys, name: NAME });
  return { manifest: manifestCodec.decode(payload), signedBy };
}
