/**
 * @module
 * The four keys of a session as the database keeps them, and ready for use.
 */
import {
  concatBytes,
  erase,
  type MacKey,
  macKey,
  type SessionKeys,
} from "@fleetd/firmware-protocol";
import { Buffer } from "node:buffer";
import type { KeyWrap } from "./key_wrap.ts";

/** What a sync needs of a session: both MAC keys with their states prepared. */
export interface ReadyKeys {
  readonly toServer: MacKey;
  readonly toDevice: MacKey;
}

/** Kid or token id as text, for names of rows. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Wraps a session's keys, bound to its kid; `keys` are erased. */
export function wrapSessionKeys(wrap: KeyWrap, kid: Uint8Array, keys: SessionKeys): Uint8Array {
  const parts = [keys.macToServer, keys.macToDevice, keys.boxToServer, keys.boxToDevice];
  const plain = concatBytes(...parts);
  const wrapped = wrap.wrap(plain, `session ${hexOf(kid)}`);
  erase(plain, ...parts);
  return wrapped;
}

/**
 * Opens the MAC keys of a session.
 * @throws DomainError `identity.key_missing`
 */
export function readySessionKeys(wrap: KeyWrap, kid: Uint8Array, wrapped: Uint8Array): ReadyKeys {
  const plain = wrap.unwrap(wrapped, `session ${hexOf(kid)}`);
  const keys = {
    toServer: macKey(plain.slice(0, 32)),
    toDevice: macKey(plain.slice(32, 64)),
  };
  erase(plain);
  return keys;
}

/** What a wrapped enrolment token secret is bound to. */
export function tokenSecretPurpose(tokenId: Uint8Array): string {
  return `enrolment token ${hexOf(tokenId)}`;
}
