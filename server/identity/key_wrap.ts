/**
 * @module
 * Wraps the secrets that the database holds (the server's static key, session keys, enrolment tokens)
 * with a key-encryption key that lies outside it, so that a copy of the database alone opens nothing.
 *
 * Wrapped = version 1 (1 byte) ‖ nonce (24) ‖ XChaCha20-Poly1305 of the secret. The purpose is bound in as
 * additional data: a wrapped secret put in another row's place does not open.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { Buffer } from "node:buffer";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { RandomBytes } from "@fleetd/firmware-protocol";
import { DomainError } from "../errors.ts";

const VERSION = 1;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Wraps and opens secrets. */
export interface KeyWrap {
  /** @param purpose what the secret is, with the id of its row */
  wrap(secret: Uint8Array, purpose: string): Uint8Array;
  /** @throws DomainError `identity.key_missing` when it was wrapped under another key or for another purpose */
  unwrap(wrapped: Uint8Array, purpose: string): Uint8Array;
}

/** A wrap under a 32-byte key. */
export function keyWrap(key: Uint8Array, random: RandomBytes): KeyWrap {
  const encoder = new TextEncoder();
  return {
    wrap(secret, purpose) {
      const nonce = random(NONCE_BYTES);
      const sealed = xchacha20poly1305(key, nonce, encoder.encode(purpose)).encrypt(secret);
      const wrapped = new Uint8Array(1 + NONCE_BYTES + sealed.length);
      wrapped[0] = VERSION;
      wrapped.set(nonce, 1);
      wrapped.set(sealed, 1 + NONCE_BYTES);
      return wrapped;
    },
    unwrap(wrapped, purpose) {
      if (wrapped.length < 1 + NONCE_BYTES + TAG_BYTES || wrapped[0] !== VERSION) {
        throw notOurs(purpose);
      }
      const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
      try {
        return xchacha20poly1305(key, nonce, encoder.encode(purpose))
          .decrypt(wrapped.subarray(1 + NONCE_BYTES));
      } catch (cause) {
        throw notOurs(purpose, cause);
      }
    },
  };
}

function notOurs(purpose: string, cause?: unknown): DomainError {
  return new DomainError(
    "identity.key_missing",
    `Cannot open ${purpose}: it was wrapped under another key. Put back the key file that belongs to this database: every server of a fleet has the same`,
    { cause },
  );
}

/**
 * Reads the key-encryption key, 64 hex digits, or makes it when the database is new.
 * @param options.path the key file, mode 0600
 * @param options.mayCreate false once the database holds wrapped secrets
 * @throws DomainError `identity.key_missing`
 */
export function loadKeyEncryptionKey(
  { path, mayCreate, random }: { path: string; mayCreate: boolean; random: RandomBytes },
): Uint8Array {
  const known = readKey(path);
  if (known !== undefined) return known;
  if (!mayCreate) {
    throw new DomainError(
      "identity.key_missing",
      `Cannot start: the key file ${path} is missing, and without it no device can be recognised. Put it back from the backup, or copy it from another server of this fleet`,
    );
  }
  const key = random(KEY_BYTES);
  const whole = `${path}.${Buffer.from(random(6)).toString("hex")}`;
  const file = openSync(whole, "wx", 0o600);
  writeSync(file, `${Buffer.from(key).toString("hex")}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    // A link appears whole or not at all: of two servers that start at once, one makes the key and the other reads it.
    linkSync(whole, path);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    return readKey(path)!;
  } finally {
    unlinkSync(whole);
  }
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
  return key;
}

function readKey(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new DomainError(
      "identity.key_missing",
      `Cannot start: the key file ${path} is damaged (it must hold 64 hex digits). Put it back from the backup`,
    );
  }
  return new Uint8Array(Buffer.from(text, "hex"));
}
