/**
 * Who this device is: its random id and its X25519 key pair, made once and kept for ever (PROTOCOL §3).
 *
 * @module
 */
import { handleOf, type KeyPair, keyPairFromSecret } from "@fleetd/firmware-protocol";
import type { Random } from "../ports.ts";
import { bytesOf, bytesToText, objectOf } from "./json_shape.ts";
import { SavedFile, type SavedFileParts, type SavedFormat } from "./saved_file.ts";

/** What makes the device itself. */
export interface Identity {
  /** 16 bytes; shown to administrators only. */
  readonly deviceId: Uint8Array;
  readonly keyPair: KeyPair;
  /** The public name. */
  readonly handle: string;
}

interface SavedIdentity {
  readonly deviceId: Uint8Array;
  readonly secretKey: Uint8Array;
}

const FORMAT: SavedFormat<SavedIdentity> = {
  toJson: ({ deviceId, secretKey }) => ({
    deviceId: bytesToText(deviceId),
    secretKey: bytesToText(secretKey),
  }),
  fromJson(json) {
    const { deviceId, secretKey } = objectOf(json, "an identity");
    return { deviceId: bytesOf(deviceId, 16), secretKey: bytesOf(secretKey, 32) };
  },
};

/** What {@linkcode loadIdentity} needs. */
export type IdentityParts = Omit<SavedFileParts<SavedIdentity>, "format">;

/** The identity on disk, or `null` on a new device. @throws {DiskError} */
export async function readIdentity(parts: IdentityParts): Promise<Identity | null> {
  const { value } = await SavedFile.open({ ...parts, format: FORMAT });
  return value && identityOf(value);
}

/**
 * The identity on disk, or a new one, saved. A provisioned device takes the id of its bundle.
 * @throws {DiskError}
 */
export async function loadIdentity(
  parts: IdentityParts,
  { random, provisionedId }: { random: Random; provisionedId?: Uint8Array },
): Promise<Identity> {
  const file = await SavedFile.open({ ...parts, format: FORMAT });
  if (file.value !== null) return identityOf(file.value);
  const value = { deviceId: provisionedId ?? random.bytes(16), secretKey: random.bytes(32) };
  await file.save(value);
  return identityOf(value);
}

function identityOf({ deviceId, secretKey }: SavedIdentity): Identity {
  const keyPair = keyPairFromSecret(secretKey);
  return { deviceId, keyPair, handle: handleOf(keyPair.publicKey) };
}
