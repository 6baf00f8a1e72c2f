/**
 * @module
 * Inventory: the slow facts of a device, and how they changed.
 */
import type { InventoryValue } from "@fleetd/firmware-protocol";
import type { DeviceScope } from "../access/device_scope.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** Facts by name. */
export type InventoryFacts = Readonly<Record<string, InventoryValue>>;

/** The inventory of a device. */
export interface DeviceInventory {
  readonly facts: InventoryFacts;
  /** When a fact last changed, Unix ms. */
  readonly changedAtMs: number;
}

/** One fact that came, changed or went. */
export interface InventoryChange {
  readonly field: string;
  /** null = it was not there. */
  readonly before: InventoryValue | null;
  /** null = it is not there any more. */
  readonly after: InventoryValue | null;
}

/** A change as it is kept. */
export interface RecordedInventoryChange extends InventoryChange {
  readonly id: number;
  readonly atMs: number;
}

/** Where inventories are kept. */
export interface InventoryRecords {
  /** `tx` null reads what is committed. */
  get(tx: Tx | null, deviceId: number): Awaitable<DeviceInventory | undefined>;
  /** Replaces the facts and keeps what changed; old changes beyond 1,000 for a device go. */
  put(
    tx: Tx,
    inventory: DeviceInventory & {
      readonly deviceId: number;
      /** 8 bytes, as the device names this state. */
      readonly digest: Uint8Array;
      readonly changes: readonly InventoryChange[];
    },
  ): Awaitable<void>;
  /** Newest first, `before` an id; at most `limit` (1..500). A device outside the scope has none. */
  changes(
    scope: DeviceScope,
    query: { readonly deviceId: number; readonly limit: number; readonly before?: number },
  ): Awaitable<readonly RecordedInventoryChange[]>;
}

/** What differs between two inventories, by name. */
export function diffInventory(before: InventoryFacts, after: InventoryFacts): InventoryChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const at = (facts: InventoryFacts, name: string) =>
    Object.hasOwn(facts, name) ? facts[name]! : null;
  return [...names].sort().flatMap((field) => {
    const [was, is] = [at(before, field), at(after, field)];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }];
  });
}
