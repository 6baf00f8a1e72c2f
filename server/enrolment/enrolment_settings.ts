/**
 * @module
 * What enrolment is set to: the mode, the bounds, and how often devices of each state are to sync.
 */
import type { Admission } from "../devices/device.ts";
import type { EnrolmentMode } from "./admission.ts";
import type { HandshakeLimits } from "./records.ts";

/** The settings of enrolment. */
export interface EnrolmentSettings {
  readonly mode: EnrolmentMode;
  /** Interval agreed with a new device, s, 1..604,800. */
  readonly intervalS: number;
  /** Largest request the server takes, bytes, told in message 2. */
  readonly txMaxBytes: number;
  /** Longest wait, s, ≤ 50. */
  readonly waitMaxS: number;
  readonly handshakes: HandshakeLimits;
  /** Devices that may wait for an administrator. */
  readonly pending: { readonly total: number; readonly perAddress: number };
}

/** Manual, 60 s, and the bounds of PROTOCOL §3. */
export const ENROLMENT_SETTINGS: EnrolmentSettings = {
  mode: "manual",
  intervalS: 60,
  txMaxBytes: 16_384,
  waitMaxS: 50,
  handshakes: { total: 1_000, perAddress: 64, lifetimeMs: 120_000 },
  pending: { total: 100, perAddress: 8 },
};

const PENDING_MIN_S = 30;
const REFUSED_S = 86_400;

/** How often a device of this state is to sync: its own interval, ≥ 30 s while pending, a day once refused. */
export function intervalFor(admission: Admission, intervalS: number): number {
  if (admission === "accepted") return intervalS;
  return admission === "pending" ? Math.max(PENDING_MIN_S, intervalS) : REFUSED_S;
}
