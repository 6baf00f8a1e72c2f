/**
 * @module
 * A device as administrators see it, and what may be said about one.
 */
import { Buffer } from "node:buffer";
import { DomainError } from "../errors.ts";
import type { Condition } from "../telemetry/conditions.ts";

/** Where a device may stand with the fleet. */
export const ADMISSIONS = ["pending", "accepted", "rejected", "decommissioned"] as const;

/** `pending`: waits for an administrator; `decommissioned`: was taken out of the fleet. */
export type Admission = (typeof ADMISSIONS)[number];

/** One device. */
export interface Device {
  /** The row's key, inside the server only; never in an answer. */
  readonly id: number;
  /** Public name: 4×4 letters made from the device's key. */
  readonly handle: string;
  /** The device's static key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The 128-bit device id: for administrators of role admin only. */
  readonly deviceId: Uint8Array;
  readonly name: string | null;
  readonly model: string | null;
  readonly hwClass: string;
  readonly serial: string | null;
  readonly agentVersion: string;
  readonly admission: Admission;
  /** A clone alarm holds it: it gets nothing until an administrator releases it. */
  readonly quarantined: boolean;
  /** It trusted the server on first use and was not told the server's fingerprint by a person yet. */
  readonly tofu: boolean;
  /** What it was shown as the server's hello was not this server's. */
  readonly helloMismatch: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Agreed time between syncs, s, 1 to 604,800. */
  readonly intervalS: number;
  /** Where its last sync came from. */
  readonly address: string | null;
  readonly createdAtMs: number;
  readonly acceptedAtMs: number | null;
  readonly lastSeenMs: number | null;
  /** What its figures say a person should see to, as of its last sync. */
  readonly conditions: readonly Condition[];
  /** Milliseconds since the device's cold start, as it said in its last sync. */
  readonly uptimeMs: number | null;
}

/** What a name may be: 1 to 63 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit. */
export const DEVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** What a label's key may be: 1 to 32 of `a-z A-Z 0-9 . _ / -`, beginning with a letter or digit. */
export const LABEL_KEY = /^[A-Za-z0-9][A-Za-z0-9._\/-]{0,31}$/;

/** Most labels of one device. */
export const MAX_LABELS = 16;

/** Most bytes of a label's value, UTF-8. */
export const MAX_LABEL_VALUE_BYTES = 64;

/** @throws DomainError `device.name_invalid` */
export function checkName(name: string): void {
  if (DEVICE_NAME.test(name)) return;
  throw new DomainError(
    "device.name_invalid",
    `Cannot name a device ${
      JSON.stringify(name.slice(0, 80))
    }: a name has 1 to 63 letters, digits, dots, dashes or underscores and begins with a letter or digit`,
  );
}

/** @throws DomainError `device.label_invalid` */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const refuse = (why: string) =>
    new DomainError("device.label_invalid", `Cannot set the labels: ${why}`);
  const pairs = Object.entries(labels);
  if (pairs.length > MAX_LABELS) {
    throw refuse(`a device has at most ${MAX_LABELS}, not ${pairs.length}`);
  }
  for (const [key, value] of pairs) {
    if (!LABEL_KEY.test(key)) {
      throw refuse(
        `the key ${
          JSON.stringify(key.slice(0, 80))
        } is not 1 to 32 letters, digits, dots, dashes, slashes or underscores`,
      );
    }
    if (!/^[^\p{Cc}]+$/u.test(value) || Buffer.byteLength(value) > MAX_LABEL_VALUE_BYTES) {
      throw refuse(
        `the value of ${key} must be 1 to ${MAX_LABEL_VALUE_BYTES} bytes of printable text`,
      );
    }
  }
}
