/**
 * @module
 * Figures and times as people read them. The server writes them into pages and the pages' own modules go on
 * with the same functions, so a value never changes its look when it is refreshed.
 */

const NO_VALUE = "–";

/** `now`, `42 s ago`, `5 min ago`, `3 h ago`, `12 d ago`; `never` for null. A moment in the future counts as now. */
export function agoText(atMs: number | null, nowMs: number): string {
  if (atMs === null) return "never";
  const ms = nowMs - atMs;
  return ms < 4_500 ? "now" : `${spanText(ms)} ago`;
}

/** `in 42 s`, `in 3 h`, `in 12 d`; a moment that is over reads as {@link agoText}. */
export function untilText(atMs: number, nowMs: number): string {
  return atMs > nowMs ? `in ${spanText(atMs - nowMs)}` : agoText(atMs, nowMs);
}

const SPANS = [["d", 86_400], ["h", 3_600], ["min", 60]] as const;

/**
 * A span of time in its largest fitting unit: `45 s`, `5 min`, `3 h`, `12 d`.
 * @param least a unit fits when there are this many of it; 1.5 keeps `90 min` from being rounded to `2 h`
 */
export function spanText(ms: number, least = 1.5): string {
  const seconds = Math.round(ms / 1000);
  const fitting = SPANS.find(([, size]) => seconds >= size * least);
  return fitting === undefined
    ? `${seconds} s`
    : `${Math.round(seconds / fitting[1])} ${fitting[0]}`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes in powers of two, as the command line says them: `1.2 GiB`. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (Math.abs(value) >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${significant(value)} ${BYTE_UNITS[unit]}`;
}

/** A share of 0 to 1: `7 %`, `0.4 %`. */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  return `${percent !== 0 && Math.abs(percent) < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** A value with its metric's unit, as the protocol names units. */
export function valueText(value: number, unit: string): string {
  switch (unit) {
    case "ratio":
      return percentText(value);
    case "bytes":
      return bytesText(value);
    case "bytes/s":
      return `${bytesText(value)}/s`;
    case "degC":
      return `${value.toFixed(1)} °C`;
    case "s":
      return spanText(value * 1000);
    case "count":
    case "":
      return significant(value);
    case "bits":
      return `0x${Math.round(value).toString(16)}`;
    default:
      return `${significant(value)} ${unit}`;
  }
}

/** A part of a whole as a share; undefined where there is none. */
export function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;
}

/** As it is, or a dash. */
export function orDash(text: string | null | undefined): string {
  return text === null || text === undefined || text === "" ? NO_VALUE : text;
}

/** `1 device`, `2 devices`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function significant(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  const text = value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
