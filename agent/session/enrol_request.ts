/**
 * What the device says about itself when it enrols, within the limits of message 1 (PROTOCOL §8).
 *
 * @module
 */
import { EnrolReason, type EnrolRequest, PROTOCOL } from "@fleetd/firmware-protocol";
import type { Handshaking } from "../agent_state.ts";

/** The device in its own words. */
export interface SelfDescription {
  /** 1 to 32 of [a-z0-9-]. */
  readonly hwClass: string;
  /** At most 48 bytes, or `null`. */
  readonly serial: string | null;
  /** At most 64 bytes. */
  readonly model: string;
  /** At most 32 bytes. */
  readonly agentVersion: string;
  /** Name it wishes for, at most 63 characters, or `null`. */
  readonly name: string | null;
  /** Labels it wishes for, at most 8. */
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  /** Whether its own key outlived what it had agreed with its server. */
  readonly storageLost: boolean;
}

/** The payload of message 1. */
export function enrolRequest(
  { reason, token, helloDigest }: Handshaking,
  { self, deviceId }: { readonly self: SelfDescription; readonly deviceId: Uint8Array },
): EnrolRequest {
  const first = self.storageLost ? EnrolReason.storageLost : EnrolReason.first;
  return {
    v: PROTOCOL.minor,
    hwClass: self.hwClass,
    model: self.model,
    agentVersion: self.agentVersion,
    rxMax: PROTOCOL.rxDefaultBytes,
    reason: reason === "first" ? first : EnrolReason[reason],
    deviceId,
    ...(token === null ? {} : { tokenId: token.id }),
    ...(self.serial === null ? {} : { serial: self.serial }),
    ...(self.name === null ? {} : { name: self.name }),
    ...(helloDigest === null ? {} : { helloDigest }),
    ...(self.labels.length === 0 ? {} : { labels: self.labels.slice(0, 8) }),
  };
}
