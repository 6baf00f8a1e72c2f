/**
 * Names of the buffer's segment files: `<epoch>-<first counter>.seg`, zero-padded so that names sort by age.
 *
 * @module
 */
import type { DiskEntry } from "../ports.ts";

/** One segment file. */
export interface Segment {
  /** Epoch of its records. */
  readonly epoch: number;
  /** Counter of its first record. */
  readonly first: number;
  sizeBytes: number;
  /** Its records up to this counter are no longer needed; 0 for none. */
  releasedThrough: number;
  /** Reads that failed in a row. */
  readFailures: number;
}

/** The file's name. */
export function segmentName({ epoch, first }: Pick<Segment, "epoch" | "first">): string {
  return `${String(epoch).padStart(10, "0")}-${String(first).padStart(15, "0")}.seg`;
}

/** The segment that a file name tells of, or `null` for a file that is none. */
export function parseSegmentName({ name, sizeBytes }: DiskEntry): Segment | null {
  const [, epoch, first] = /^(\d{10})-(\d{15})\.seg$/.exec(name) ?? [];
  if (epoch === undefined) return null;
  return {
    epoch: Number(epoch),
    first: Number(first),
    sizeBytes,
    releasedThrough: 0,
    readFailures: 0,
  };
}
