/**
 * @module
 * The fleet as people look at it: what needs attention, how many devices are in which state, and lists in any
 * order with page numbers. For programs that read every device there is `list_devices.ts`.
 */
import type { DeviceScope } from "../access/device_scope.ts";
import type { Admission, Device } from "./device.ts";

/** Upper ends of the last-seen histogram's bars, ms; a last bar holds what was seen longer ago. */
export const LAST_SEEN_BOUNDS_MS = [60_000, 300_000, 3_600_000, 86_400_000, 604_800_000] as const;

/** What a device needs a person for, the most urgent first. */
export const CONCERNS = [
  /** Two programs seem to use its key. */
  "quarantined",
  /** It was shown another server's hello. */
  "mismatch",
  /** It is accepted, online, and too hot. */
  "hot",
  /** It is accepted, online, and its disk is full. */
  "full",
  /** It waits to be let in. */
  "pending",
  /** It came in on trust and nobody compared its fingerprint. */
  "unconfirmed",
  /** It is accepted and does not sync. */
  "offline",
] as const;

/** See {@link CONCERNS}. */
export type Concern = (typeof CONCERNS)[number];

/** Numbers of the whole fleet, decommissioned devices apart. */
export interface FleetNumbers {
  /** Devices in any state. */
  readonly total: number;
  readonly byAdmission: Readonly<Record<Exclude<Admission, "decommissioned">, number>>;
  /** Accepted devices that are online. */
  readonly online: number;
  /** Devices by their most urgent concern; absent = none. */
  readonly concerns: Readonly<Partial<Record<Concern, number>>>;
  /** Accepted devices by agent version, the most common first. */
  readonly versions: readonly { readonly version: string; readonly count: number }[];
  /** Accepted devices by {@link LAST_SEEN_BOUNDS_MS}, then those seen longer ago or never. */
  readonly lastSeen: readonly number[];
}

/** A device with its most urgent concern. */
export interface ConcernedDevice {
  readonly handle: string;
  readonly name: string | null;
  readonly model: string | null;
  readonly concern: Concern;
  /** Unix ms; null = never. */
  readonly lastSeenMs: number | null;
  readonly createdAtMs: number;
}

/** What a list can be narrowed to. `attention`: devices with a concern; absent = all but the decommissioned. */
export const SHOWN_STATES = [
  "attention",
  "online",
  "offline",
  "pending",
  "quarantined",
  "rejected",
  "decommissioned",
] as const;

/** See {@link SHOWN_STATES}. */
export type ShownState = (typeof SHOWN_STATES)[number];

/** What a list can be ordered by. */
export const SORTS = ["name", "state", "seen", "version", "model", "added"] as const;

/** See {@link SORTS}. */
export type Sort = (typeof SORTS)[number];

/** One numbered page of devices. */
export interface SurveyQuery {
  readonly scope: DeviceScope;
  readonly state?: ShownState;
  /** Part of a handle, name, model, label key or label value; case does not matter. */
  readonly filter?: string;
  /** Labels that must all be there, with these values. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly offset: number;
  /** 1 to 500. */
  readonly limit: number;
  /** The moment `online` is judged by, Unix ms. */
  readonly nowMs: number;
}

/** A page and how many devices there are in all. */
export interface SurveyPage {
  readonly items: readonly Device[];
  readonly total: number;
}

/** A label that devices carry. */
export interface LabelCount {
  readonly key: string;
  readonly value: string;
  readonly count: number;
}

/** Where the fleet is looked at. */
export interface DevicesSurvey {
  /** One query. */
  numbers(scope: DeviceScope, nowMs: number): Promise<FleetNumbers>;
  /** The most urgent first, one query. */
  concerned(
    scope: DeviceScope,
    query: { readonly nowMs: number; readonly limit: number },
  ): Promise<readonly ConcernedDevice[]>;
  page(query: SurveyQuery): Promise<SurveyPage>;
  /** How many wait to be let in. */
  waiting(scope: DeviceScope): Promise<number>;
  /** The most common first. */
  labels(scope: DeviceScope, limit: number): Promise<readonly LabelCount[]>;
}
