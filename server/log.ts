/**
 * @module
 * Structured logs: one event a line, `time level event key=value …`, readable by people and by programs
 * (logfmt). Values that look like secrets by their name never reach the line.
 */

/** Levels, least severe first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** Severity of a line. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line may carry; undefined and null fields are left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Where features and routes write what happened. `event` is `area.what`, like an error's code; fields that
 * are costly to gather are given as a function, which runs only when the line is written.
 */
export interface Log {
  /** For whoever looks for a defect. */
  debug(event: string, fields?: LogFields | (() => LogFields)): void;
  /** News. */
  info(event: string, fields?: LogFields | (() => LogFields)): void;
  /** Something is not as it should be, and the server goes on. */
  warn(event: string, fields?: LogFields | (() => LogFields)): void;
  /** Something failed. */
  error(event: string, fields?: LogFields | (() => LogFields)): void;
}

const SECRET_NAME = /secret|token$|password|authorization|psk|setupcode|privatekey/i;
const MAX_VALUE_LENGTH = 512;

/**
 * A log that writes lines at `level` and above.
 * @param write takes one line without its line end
 */
export function lineLog(
  write: (line: string) => void,
  { level = "info", nowMs = Date.now }: { level?: LogLevel; nowMs?: () => number } = {},
): Log {
  const least = LOG_LEVELS.indexOf(level);
  const at = (of: LogLevel) => (event: string, fields: LogFields | (() => LogFields) = {}) => {
    if (LOG_LEVELS.indexOf(of) < least) return;
    const known = typeof fields === "function" ? fields() : fields;
    write(formatLine({ atMs: nowMs(), level: of, event, fields: known }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A log that keeps nothing. */
export const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };

interface Line {
  readonly atMs: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

function formatLine({ atMs, level, event, fields }: Line): string {
  const parts = [new Date(atMs).toISOString(), level.padEnd(5), event];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    parts.push(`${name}=${SECRET_NAME.test(name) ? "[secret]" : formatValue(value)}`);
  }
  return parts.join(" ");
}

/** Bare words stay bare; everything else is a JSON string, so no value can forge a second line or field. */
function formatValue(value: string | number | boolean): string {
  const text = String(value);
  if (/^[A-Za-z0-9_.:/@+-]{1,128}$/.test(text)) return text;
  return JSON.stringify(
    text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text,
  )
    .replace(
      /[\u007f-\u009f\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
