/**
 * Bytes read from and written to disks, from /proc/diskstats (Documentation/admin-guide/iostats.rst).
 *
 * Only whole disks count: a partition, a device-mapper or RAID volume would count the same bytes again, and loop, RAM and
 * zram devices move none.
 *
 * @module
 */
import type { Counters } from "./counters.ts";
import { parseCount, words } from "./parse_number.ts";

/** SCSI/SATA/USB, IDE, virtio, Xen, NVMe, SD and eMMC. */
const WHOLE_DISK = /^(?:[sh]d[a-z]{1,3}|x?vd[a-z]{1,3}|nvme\d{1,3}n\d{1,3}|mmcblk\d{1,3})$/;
/** The kernel counts in units of 512 bytes, whatever the disk's sectors are. */
const SECTOR_BYTES = 512;
const NAME_COLUMN = 2;
const SECTORS_READ_COLUMN = 5;
const SECTORS_WRITTEN_COLUMN = 9;

/** Whether the kernel gives that name to a real, whole disk. */
export function isWholeDisk(name: string): boolean {
  return WHOLE_DISK.test(name);
}

/** Bytes since boot by disk. */
export interface DiskCounters {
  readonly readBytes: Counters;
  readonly writtenBytes: Counters;
}

/** Reads /proc/diskstats; a malformed line is left out. */
export function parseDiskCounters(diskstats: string): DiskCounters {
  const readBytes = new Map<string, number>();
  const writtenBytes = new Map<string, number>();
  for (const line of diskstats.split("\n")) {
    const columns = words(line);
    const name = columns[NAME_COLUMN];
    if (name === undefined || !isWholeDisk(name)) continue;
    const read = parseCount(columns[SECTORS_READ_COLUMN]);
    const written = parseCount(columns[SECTORS_WRITTEN_COLUMN]);
    if (read === null || written === null) continue;
    readBytes.set(name, read * SECTOR_BYTES);
    writtenBytes.set(name, written * SECTOR_BYTES);
  }
  return { readBytes, writtenBytes };
}
