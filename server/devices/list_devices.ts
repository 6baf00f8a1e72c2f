/**
 * @module
 * Listing devices: what can be asked, and the cursor that goes on where a page ended. Pages follow the
 * order in which devices became known, so a device that comes or goes moves no other.
 */
import type { DeviceScope } from "../access/device_scope.ts";
import { DomainError } from "../errors.ts";
import type { Admission, Device } from "./device.ts";

/** Which devices, and from where on. */
export interface DeviceQuery {
  readonly scope: DeviceScope;
  /** Part of a handle, name, model, label key or label value; case does not matter. */
  readonly filter?: string;
  readonly admission?: Admission;
  readonly online?: boolean;
  /** Labels that must all be there, with these values. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Devices after this row key; 0 = from the first. */
  readonly afterId: number;
  /** 1 to 501. */
  readonly limit: number;
  /** The moment `online` is judged by, Unix ms. */
  readonly nowMs: number;
}

/** A page and the cursor of the next; null = there is none. */
export interface DevicePage {
  readonly items: readonly Device[];
  readonly next: string | null;
}

/** How many devices there are, for pages and figures. */
export interface DeviceCounts {
  readonly byAdmission: Readonly<Record<Admission, number>>;
  /** Accepted devices seen lately. */
  readonly online: number;
  readonly quarantined: number;
  /** Accepted devices by agent version. */
  readonly byAgentVersion: Readonly<Record<string, number>>;
  /** Records counted lost, by stream. */
  readonly lostRecords: Readonly<Record<DeviceStream["stream"], number>>;
}

/** How far a stream of a device's records is stored (PROTOCOL §6). */
export interface DeviceStream {
  readonly stream: "metrics" | "logs" | "reports";
  readonly epoch: number;
  /** Everything up to this record is stored or counted lost. */
  readonly through: number;
  readonly lost: number;
}

/** Where devices are read from. */
export interface DevicesReader {
  /** In order of the row key. */
  list(query: DeviceQuery): Promise<readonly Device[]>;
  /** The one device of that handle inside the scope. */
  find(scope: DeviceScope, handle: string): Promise<Device | undefined>;
  counts(scope: DeviceScope, nowMs: number): Promise<DeviceCounts>;
  /** Streams of a device that the caller found within its scope. */
  streams(id: number): Promise<readonly DeviceStream[]>;
}

/** The text that continues a list after a device. Opaque to callers. */
export function cursorAfter(id: number): string {
  return Buffer.from(`d1:${id}`).toString("base64url");
}

/** @throws DomainError `request.invalid` for a text that is no cursor */
export function idOfCursor(cursor: string): number {
  const id = /^d1:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"))?.[1];
  if (id !== undefined) return Number(id);
  throw new DomainError(
    "request.invalid",
    "Cannot go on with the list: the cursor is not one this server gave; start without it",
  );
}

/** One page. */
export async function listDevices(
  reader: DevicesReader,
  { cursor, limit, ...rest }: Omit<DeviceQuery, "afterId"> & { readonly cursor?: string },
): Promise<DevicePage> {
  const afterId = cursor === undefined ? 0 : idOfCursor(cursor);
  const found = await reader.list({ ...rest, afterId, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? cursorAfter(items.at(-1)!.id) : null };
}
