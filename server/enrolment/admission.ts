/**
 * @module
 * Whether a device that proved its key is admitted: one pure function, so that every case can be read and
 * tested in one place (PROTOCOL §3).
 */
import type { Admission } from "../devices/device.ts";

/** How devices without a token are admitted. */
export type EnrolmentMode = "manual" | "open";

/** Everything the decision depends on. */
export interface AdmissionFacts {
  /** What this static key is already; null = never seen. */
  readonly known: Admission | null;
  /** A token was proven and can still be consumed. */
  readonly hasToken: boolean;
  /** The 128-bit device id belongs to another key. */
  readonly deviceIdHeld: boolean;
  /** The serial number belongs to another key. */
  readonly serialHeld: boolean;
  readonly mode: EnrolmentMode;
  /** The request came from a private, link-local or loopback address. */
  readonly privateAddress: boolean;
}

/** What to do. */
export interface AdmissionDecision {
  readonly admission: Admission;
  readonly consumeToken: boolean;
  /** Admitted by address alone: neither token nor administrator vouched for it. */
  readonly tofu: boolean;
}

/** The law of admission. An administrator's word (rejected, decommissioned) outlives any token. */
export function decideAdmission(facts: AdmissionFacts): AdmissionDecision {
  const { known } = facts;
  if (known !== null && known !== "pending") {
    return { admission: known, consumeToken: false, tofu: false };
  }
  // A key that claims another's identity is never admitted without an administrator, token or not.
  if (facts.deviceIdHeld || facts.serialHeld) return PENDING;
  if (facts.hasToken) return { admission: "accepted", consumeToken: true, tofu: false };
  if (facts.mode === "open" && facts.privateAddress) {
    return { admission: "accepted", consumeToken: false, tofu: true };
  }
  return PENDING;
}

const PENDING: AdmissionDecision = { admission: "pending", consumeToken: false, tofu: false };
