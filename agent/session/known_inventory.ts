/**
 * The inventory as last read. It is read again now and then, because addresses and disks come and go.
 *
 * @module
 */
import type { Inventory } from "@fleetd/firmware-protocol";
import { inventoryDigest, type InventorySources, readInventory } from "../inventory/inventory.ts";
import type { Clock } from "../ports.ts";

/** An inventory older than this is read again. */
const VALID_MS = 5 * 60_000;

/** The slow facts of this host. */
export class KnownInventory {
  private known: { inventory: Inventory; digest: Uint8Array; readAtMs: number } | null = null;

  constructor(private readonly parts: InventorySources & { readonly clock: Clock }) {}

  /** The facts. */
  inventory(): Inventory {
    return this.fresh().inventory;
  }

  /** Their 8-byte digest. */
  digest(): Uint8Array {
    return this.fresh().digest;
  }

  private fresh() {
    const nowMs = this.parts.clock.monotonicMs();
    if (this.known === null || nowMs - this.known.readAtMs > VALID_MS) {
      const inventory = readInventory(this.parts);
      this.known = { inventory, digest: inventoryDigest(inventory), readAtMs: nowMs };
    }
    return this.known;
  }
}
