/**
 * Numbers for people, and people's numbers read back: times, durations, sizes, shares.
 *
 * @module
 */
import { usageError } from "./cli_error.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]] as const;

/** "42 B", "1.5 KiB", "3.8 GiB": powers of 1,024. */
export function formatBytes(sizeBytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = sizeBytes;
  let at = 0;
  while (Math.abs(value) >= 1_023.95 && at < units.length - 1) {
    value /= 1_024;
    at++;
  }
  return `${at === 0 ? Math.round(value) : roundShort(value)} ${units[at]}`;
}

/** A ratio 0-1 as "12%" or, below ten, "3.4%". */
export function formatPercent(ratio: number): string {
  return `${roundShort(ratio * 100)}%`;
}

/** "12 s", "3 min 20 s", "2 h 5 min", "5 d 3 h": two units at most. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  const first = UNITS.findIndex(([size]) => ms >= size);
  const [size, name] = UNITS[first]!;
  const next = UNITS[first + 1];
  const whole = Math.floor(ms / size);
  const rest = next ? Math.floor((ms - whole * size) / next[0]) : 0;
  return rest > 0 && next ? `${whole} ${name} ${rest} ${next[1]}` : `${whole} ${name}`;
}

/** "now", "12 s ago", "3 min ago", "never"; one unit, for columns. Times ahead of `nowMs` read "in 7 d". */
export function formatAgo(atMs: number | null | undefined, nowMs: number): string {
  if (atMs === null || atMs === undefined) return "never";
  const distance = Math.abs(nowMs - atMs);
  if (distance < SECOND) return "now";
  const past = atMs <= nowMs;
  // "in 7 d" is still right a moment later; "7 d ago" only once they are full.
  const [size, name] = UNITS.find(([unit]) => (past ? distance : distance * 1.02) >= unit)!;
  const count = past ? Math.floor(distance / size) : Math.round(distance / size);
  return past ? `${count} ${name} ago` : `in ${count} ${name}`;
}

/** "2025-03-09 14:05:07 UTC": the same on every machine. */
export function formatTime(atMs: number): string {
  if (!Number.isFinite(atMs) || Math.abs(atMs) > 8.64e15) return "-";
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A value with its unit as the metric dictionary names it ("bytes", "bytes/s", "ratio", "s", "degC", "dBm"). */
export function formatQuantity(value: number, unit: string): string {
  switch (unit) {
    case "bytes":
    case "B":
      return formatBytes(value);
    case "bytes/s":
    case "B/s":
      return `${formatBytes(value)}/s`;
    case "ratio":
      return formatPercent(value);
    case "s":
      return formatDuration(value * SECOND);
    case "ms":
      return formatDuration(value);
    case "degC":
    case "°C":
    case "Cel":
      return `${roundShort(value)} °C`;
    case "":
    case "1":
    case "count":
      return plainNumber(value);
    case "bits":
      return `0x${Math.trunc(value).toString(16)}`;
    default:
      return `${plainNumber(value)} ${unit}`;
  }
}

/** "90s", "15m", "12h", "7d", "2w" in milliseconds. @throws {CliError} for anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,7})\s*(ms|s|m|min|h|d|w)$/.exec(text.trim());
  const size = { ms: 1, s: SECOND, m: MINUTE, min: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
  if (!match) {
    throw usageError(
      `"${text}" is no duration.`,
      "Write a number and a unit: 90s, 15m, 12h, 7d, 2w.",
    );
  }
  return Number(match[1]) * size[match[2] as keyof typeof size];
}

/** A whole number between two bounds, from the command line. @throws {CliError} otherwise. */
export function parseWhole(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw usageError(`"${text}" is no whole number from ${min} to ${max}.`);
  }
  return value;
}

function roundShort(value: number): string {
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  return value.toFixed(digits).replace(/\.0$/, "").replace(/^-0$/, "0");
}

function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
