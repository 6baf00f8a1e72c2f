/**
 * Memory and swap from /proc/meminfo (proc(5)).
 *
 * @module
 */
import { parseCount } from "./parse_number.ts";

/** Memory of the host in bytes; a figure that /proc/meminfo lacks is `null`. */
export interface Memory {
  readonly totalBytes: number | null;
  /** What a program could get without swapping. */
  readonly availableBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly swapFreeBytes: number | null;
}

/** Reads /proc/meminfo. */
export function parseMemory(meminfo: string): Memory {
  return {
    totalBytes: entryBytes(meminfo, "MemTotal"),
    availableBytes: entryBytes(meminfo, "MemAvailable"),
    swapTotalBytes: entryBytes(meminfo, "SwapTotal"),
    swapFreeBytes: entryBytes(meminfo, "SwapFree"),
  };
}

function entryBytes(meminfo: string, name: string): number | null {
  const label = `${name}:`;
  const start = meminfo.startsWith(label) ? 0 : meminfo.indexOf(`\n${label}`) + 1;
  if (start === 0 && !meminfo.startsWith(label)) return null;
  const end = meminfo.indexOf("\n", start);
  const value = meminfo.slice(start + label.length, end === -1 ? undefined : end).trim();
  if (!value.endsWith(" kB")) return null;
  const kibibytes = parseCount(value.slice(0, -3));
  return kibibytes === null ? null : kibibytes * 1024;
}
