/**
 * A mebibyte that the agent keeps for bad days: when the disk is full, the telemetry buffer goes to memory and this file
 * is given up, so that state, keys and sequence numbers can still be saved.
 *
 * @module
 */
import { type Disk, DiskError } from "../ports.ts";

/** Size of the reserve. */
export const RESERVE_BYTES = 1 << 20;
/** It is laid down only where this much stays free besides. */
const KEEP_FREE_BYTES = 8 << 20;

/** The reserve of one storage directory. */
export class ReservedSpace {
  constructor(private readonly parts: { readonly disk: Disk; readonly path: string }) {}

  /** Lays the reserve down, unless it is there or the disk is nearly full. Never throws: it is a precaution. */
  async lay(): Promise<void> {
    const { disk, path } = this.parts;
    try {
      const directory = path.slice(0, path.lastIndexOf("/"));
      const name = path.slice(directory.length + 1);
      const there = (await disk.list(directory)).find((entry) => entry.name === name);
      if (there !== undefined && there.sizeBytes >= RESERVE_BYTES) return;
      if (await disk.freeBytes(directory) < RESERVE_BYTES + KEEP_FREE_BYTES) return;
      await disk.replace(path, new Uint8Array(RESERVE_BYTES));
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Gives it up; whether there is room to hope for. */
  async spend(): Promise<boolean> {
    try {
      await this.parts.disk.remove(this.parts.path);
      return true;
    } catch (error) {
      if (error instanceof DiskError) return false;
      throw error;
    }
  }
}
