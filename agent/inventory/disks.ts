/**
 * The disks of the host, from /sys/block.
 *
 * @module
 */
import type { Host } from "../ports.ts";
import { isWholeDisk } from "../telemetry/collect/disk_io.ts";
import { parseCount } from "../telemetry/collect/parse_number.ts";

const BLOCK = "/sys/block";
/** The kernel states sizes in units of 512 bytes, whatever the disk's sectors are. */
const SECTOR_BYTES = 512;

/** Disks with size and model, for example "mmcblk0 31.9 GB SU32G"; an empty card reader is left out. */
export function readDisks(host: Host): string[] {
  return host.list(BLOCK).filter(isWholeDisk).flatMap((name) => {
    const sectors = parseCount(host.readText(`${BLOCK}/${name}/size`)?.trim());
    if (sectors === null || sectors === 0) return [];
    const model = host.readText(`${BLOCK}/${name}/device/model`) ??
      host.readText(`${BLOCK}/${name}/device/name`) ?? "";
    return [`${name} ${formatSize(sectors * SECTOR_BYTES)} ${model.trim()}`.trim()];
  });
}

/** Decimal units, as printed on a disk. */
function formatSize(sizeBytes: number): string {
  for (const [unit, bytes] of [["TB", 1e12], ["GB", 1e9], ["MB", 1e6]] as const) {
    if (sizeBytes >= bytes) return `${(sizeBytes / bytes).toFixed(1)} ${unit}`;
  }
  return `${sizeBytes} B`;
}
