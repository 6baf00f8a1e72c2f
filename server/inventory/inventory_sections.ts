/**
 * @module
 * Keys 17 and 18 of a sync: the digest a device names its inventory by, and the inventory itself, which
 * travels only when the server asks because the digest is new to it.
 */
import {
  digest8,
  equalBytes,
  type Inventory,
  NeedCode,
  syncRequestFields,
} from "@fleetd/firmware-protocol";
import type { LiveEvents } from "../events/live_events.ts";
import { section, type SyncSection } from "../sync/section.ts";
import { diffInventory, type InventoryRecords } from "./inventory.ts";

/** Key 17: asks for the inventory when its digest is not the stored one. */
export const inventoryDigestSection: SyncSection = section<Uint8Array>({
  name: "inventory digest",
  requestKey: syncRequestFields.inventoryDigest.key,
  decode: (bytes) => syncRequestFields.inventoryDigest.decode(bytes),
  apply(_tx, { row, need }, digest) {
    if (row.inventoryDigest === null || !equalBytes(row.inventoryDigest, digest)) {
      need.push(NeedCode.inventory);
    }
  },
});

/** Key 18: stores the inventory with what changed. */
export function inventorySection(
  { records, live }: { readonly records: InventoryRecords; readonly live: LiveEvents },
): SyncSection {
  return section<Inventory>({
    name: "inventory",
    requestKey: syncRequestFields.inventory.key,
    revises: true,
    decode: (bytes) => syncRequestFields.inventory.decode(bytes),
    async apply(tx, { row, need, receivedAtMs }, inventory, bytes) {
      const asked = need.indexOf(NeedCode.inventory);
      if (asked !== -1) need.splice(asked, 1);
      const digest = digest8(bytes);
      if (row.inventoryDigest !== null && equalBytes(row.inventoryDigest, digest)) return;
      const { deviceId } = row;
      const known = await records.get(tx, deviceId);
      const facts = Object.fromEntries(inventory);
      const changes = known === undefined ? [] : diffInventory(known.facts, facts);
      await records.put(tx, { deviceId, digest, facts, changes, changedAtMs: receivedAtMs });
      await live.publish(tx, {
        kind: "device.changed",
        deviceId,
        handle: row.handle,
        atMs: receivedAtMs,
      });
    },
  });
}
