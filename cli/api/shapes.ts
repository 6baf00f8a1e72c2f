/**
 * The answers of the admin API that the commands use.
 *
 * @module
 */

/** Where a device stands with this fleet. */
export type Admission = "pending" | "accepted" | "rejected" | "decommissioned";

/** A device in a list. */
export interface Device {
  readonly handle: string;
  readonly name: string | null;
  readonly model: string | null;
  readonly hwClass: string;
  readonly admission: Admission;
  readonly quarantined: boolean;
  readonly tofu: boolean;
  readonly online: boolean;
  readonly lastSeenMs: number | null;
  readonly agentVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly intervalS: number;
  readonly address: string | null;
  readonly acceptedAtMs: number | null;
  readonly createdAtMs: number;
  readonly latest: Readonly<Record<string, number>>;
  readonly latestAtMs: number | null;
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The server about itself. */
export interface ServerInfo {
  readonly name: string;
  readonly fleetId: string;
  readonly fingerprint: string;
  readonly version: string;
  readonly protocol: string;
  readonly serverEpoch: number;
  readonly caller: { readonly role: string };
}

/** A figure with its unit and time. */
export interface LatestValue {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly atMs: number;
}

/** Something about a device that needs a person. */
export interface Alarm {
  readonly code: string;
  readonly text: string;
}

/** Something that happened. */
export interface DeviceEvent {
  readonly atMs: number;
  readonly name: string;
  /** 0 emergency … 7 debug (RFC 5424 §6.2.1). */
  readonly severity: number;
  readonly text: string | null;
}

/** How far a stream of records is stored. */
export interface StreamState {
  readonly stream: string;
  readonly epoch: number;
  readonly through: number;
  readonly lost: number;
}

/** Slow facts of a device. */
export interface Inventory {
  readonly changedAtMs: number;
  readonly fields: Readonly<Record<string, string | number | readonly string[]>>;
}

/** A device with everything known about it. */
export interface DeviceDetail extends Device {
  /** Administrators only. */
  readonly deviceId?: string;
  readonly fingerprint: string;
  readonly serial: string | null;
  readonly uptimeMs: number | null;
  readonly latestValues: readonly LatestValue[];
  readonly inventory: Inventory | null;
  readonly alarms: readonly Alarm[];
  readonly streams: readonly StreamState[];
  readonly events: readonly DeviceEvent[];
}

/** What can be changed about a device. */
export interface DevicePatch {
  readonly name?: string;
  /** null removes a label. */
  readonly labels?: Readonly<Record<string, string | null>>;
}

/** A command to a device and what became of it. */
export interface Command {
  readonly id: number;
  readonly name: string;
  readonly state: "waiting" | "delivered" | "finished" | "expired";
  readonly status: string | null;
  readonly output: string | null;
}

/** A token that admits devices, without its text. */
export interface EnrolmentToken {
  readonly id: string;
  readonly name: string | null;
  readonly hwClass: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly uses: number;
  readonly used: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
  readonly state: "usable" | "spent" | "expired" | "revoked";
}

/** A wish for a token. */
export interface NewEnrolmentToken {
  readonly name?: string;
  readonly uses: number;
  readonly ttlS: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hwClass?: string;
}

/** The only answer that holds an API token. */
export interface ApiTokenAnswer {
  readonly token: string;
  readonly role: string;
}
