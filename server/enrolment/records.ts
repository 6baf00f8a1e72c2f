/**
 * @module
 * What enrolment keeps: handshakes until they are confirmed, devices, sessions, and tokens as a device
 * uses them. The store implements these ports.
 */
import type { Admission } from "../devices/device.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** A handshake that waits for the first verified sync. */
export interface Handshake {
  /** 8 bytes. */
  readonly kid: Uint8Array;
  readonly address: string;
  /** The device's proven X25519 key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Message 1's payload, encoded. */
  readonly request: Uint8Array;
  readonly keysWrapped: Uint8Array;
  /** The token whose PSK message 2 was written under; null = zero PSK. */
  readonly tokenId: Uint8Array | null;
  /** `TokenStatus` told in message 2; null = no token was named. */
  readonly tokenStatus: number | null;
  /** The device acted on a hello that is not this server's. */
  readonly helloMismatch: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** Bounds of the handshakes held. */
export interface HandshakeLimits {
  readonly total: number;
  readonly perAddress: number;
  readonly lifetimeMs: number;
}

/** Unconfirmed handshakes, in the shared store because the first sync may reach another server. */
export interface Handshakes {
  /** Drops what expired and the oldest beyond the limits, then inserts. */
  insert(tx: Tx, handshake: Handshake, limits: HandshakeLimits): Awaitable<void>;
  /** Removes and returns a handshake that has not expired. */
  take(tx: Tx, kid: Uint8Array, nowMs: number): Awaitable<Handshake | undefined>;
}

/** A device as enrolment sees it. */
export interface KnownDevice {
  readonly id: number;
  readonly handle: string;
  readonly admission: Admission;
  readonly quarantined: boolean;
  readonly tofu: boolean;
}

/** What a device says about itself in message 1. */
export interface DeviceClaims {
  /** 16 bytes. */
  readonly deviceId: Uint8Array;
  readonly hwClass: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly agentVersion: string;
  /** Used when the device has no name yet. */
  readonly name: string | null;
  readonly rxMax: number;
  readonly helloMismatch: boolean;
}

/** A device to make. */
export interface NewDevice extends DeviceClaims {
  readonly handle: string;
  readonly publicKey: Uint8Array;
  readonly admission: Admission;
  readonly tofu: boolean;
  readonly intervalS: number;
  readonly address: string;
  readonly nowMs: number;
}

/** What opening a session changed. */
export interface OpenedSession {
  /** An older kid was active and is revoked now. */
  readonly replaced: boolean;
  /** Sessions this key opened within 24 h, this one included, its very first apart. */
  readonly reenrolments: number;
}

/** Devices and sessions as enrolment changes them. */
export interface EnrolledDevices {
  /** By X25519 key; `tx` null reads what is committed. */
  find(tx: Tx | null, publicKey: Uint8Array): Awaitable<KnownDevice | undefined>;
  /** Whether another key holds this device id or this serial number. */
  heldByOther(
    tx: Tx | null,
    claims: {
      readonly publicKey: Uint8Array;
      readonly deviceId: Uint8Array;
      readonly serial: string | null;
    },
  ): Awaitable<{ readonly deviceIdHeld: boolean; readonly serialHeld: boolean }>;
  /** @returns the new row id */
  insert(tx: Tx, device: NewDevice): Awaitable<number>;
  /** Takes over what a known device says now; a device id held by another key is not taken over. */
  refresh(
    tx: Tx,
    deviceId: number,
    change: DeviceClaims & {
      readonly admission: Admission;
      readonly tofu: boolean;
      readonly keepDeviceId: boolean;
      readonly nowMs: number;
    },
  ): Awaitable<void>;
  /** Sets labels; existing keys are overwritten. */
  label(tx: Tx, deviceId: number, labels: Readonly<Record<string, string>>): Awaitable<void>;
  /** Removes the pending devices with the oldest contact until one more fits. @returns their handles */
  makeRoomForPending(
    tx: Tx,
    limits: { readonly address: string; readonly total: number; readonly perAddress: number },
  ): Awaitable<readonly string[]>;
  /** Makes `kid` the device's only active one. */
  openSession(
    tx: Tx,
    session: {
      readonly kid: Uint8Array;
      readonly deviceId: number;
      readonly keysWrapped: Uint8Array;
      readonly nowMs: number;
    },
  ): Awaitable<OpenedSession>;
}

/** A token as a device uses it. */
export interface UsableToken {
  readonly secretWrapped: Uint8Array;
  /** Only devices of this hardware class; null = any. */
  readonly hwClass: string | null;
  readonly used: number;
  readonly maxUses: number;
  readonly notAfterMs: number;
  readonly revokedAtMs: number | null;
}

/** Tokens as a device uses them; making and revoking them is the administrators' side. */
export interface UsableTokens {
  find(id: Uint8Array): Awaitable<UsableToken | undefined>;
  /**
   * Takes one use, in one statement, so that of many at once no more succeed than there are uses.
   * @returns the labels the token gives, or undefined when none is left
   */
  consume(
    tx: Tx,
    id: Uint8Array,
    nowMs: number,
  ): Awaitable<{ readonly labels: Readonly<Record<string, string>> } | undefined>;
}
