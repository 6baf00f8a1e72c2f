/**
 * The agent's log: one line per event on stderr, `time level message key=value …`, the same for people and for journald.
 * No secret is ever a field: tokens, keys and the device id stay out.
 *
 * @module
 */
import type { LogLevel } from "./agent_state.ts";
import type { Clock } from "./ports.ts";

/** What goes with a message. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where messages go. */
export interface Log {
  /** The agent cannot do what it should. */
  error(message: string, fields?: LogFields): void;
  /** Somebody should look. */
  warn(message: string, fields?: LogFields): void;
  /** What happened, worth keeping. */
  info(message: string, fields?: LogFields): void;
  /** For whoever hunts a fault. */
  debug(message: string, fields?: LogFields): void;
}

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** What {@linkcode lineLog} needs. */
export interface LineLogParts {
  readonly clock: Clock;
  /** Least severe level that is written. */
  readonly level: LogLevel;
  /** Takes one line, with its line end. */
  readonly write: (line: string) => void;
}

/** A log that writes lines. */
export function lineLog({ clock, level, write }: LineLogParts): Log {
  const most = LEVELS.indexOf(level);
  const at = (own: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(own) > most) return;
    write(`${new Date(clock.nowMs()).toISOString()} ${own.padEnd(5)} ${line(message, fields)}\n`);
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

function line(message: string, fields: LogFields): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => `${key}=${quoted(String(value))}`);
  return [printable(message), ...pairs].join(" ");
}

/** Quotes what would not read back as one word. */
function quoted(text: string): string {
  return /^[\w.:/@+,-]+$/.test(text) ? text : JSON.stringify(printable(text));
}

/** Texts from the network must not move the cursor or forge lines. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?");
}
