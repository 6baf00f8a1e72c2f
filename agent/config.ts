/**
 * Everything about this agent that its owner may choose, checked, with the defaults.
 *
 * @module
 */
import { resolve } from "node:path";
import type { LogLevel, Token } from "./agent_state.ts";
import type { Process } from "./ports.ts";

/** The local RPC's first port; the next free one when it is taken. */
export const DEFAULT_RPC_PORT = 7400;
/** Seconds between two samples. */
export const DEFAULT_SAMPLE_INTERVAL_S = 10;
/** Telemetry on disk takes at most this much, and at most a twentieth of the free space. */
export const BUFFER_CAP_BYTES = 64 << 20;

/** One agent's configuration. */
export interface AgentConfig {
  /** Absolute path. */
  readonly storageDir: string;
  /** Base URL, or `null` to find the server by bundle or mDNS. */
  readonly server: string | null;
  /** Enrolment token, or `null`. */
  readonly token: Token | null;
  /** Name the device wishes for, or `null` for the machine's own. */
  readonly name: string | null;
  /** Labels the device wishes for, at most 8. */
  readonly labels: readonly Label[];
  /** Milliseconds between two samples, 1,000 to 3,600,000. */
  readonly sampleIntervalMs: number;
  /** 0 picks a free port; `null` means {@linkcode DEFAULT_RPC_PORT} or the next free one. */
  readonly rpcPort: number | null;
  /** Address the local RPC listens on, or `null` for every one. */
  readonly rpcListen: string | null;
  /** Whether to announce and to look with mDNS. */
  readonly mdns: boolean;
  /** Whether to end after one sample and one sync. */
  readonly once: boolean;
  /** Least severe level that is logged. */
  readonly logLevel: LogLevel;
}

/** One label. */
export interface Label {
  /** 1 to 32 characters. */
  readonly key: string;
  /** At most 64 characters. */
  readonly value: string;
}

/** A setting that cannot be used: says which, why, and what would do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Where the agent of this user keeps its state. @throws {ConfigError} when the user has no home directory */
export function defaultStorageDir(process: Process): string {
  const given = process.environment("FLEETD_STORAGE_DIR");
  if (given) return given;
  if (process.isRoot) return "/var/lib/fleetd";
  const home = process.environment("HOME");
  const state = process.environment("XDG_STATE_HOME");
  if (process.platform !== "darwin" && state?.startsWith("/")) return `${state}/fleetd`;
  if (!home) {
    throw new ConfigError(
      "Cannot choose a storage directory: HOME is not set. Pass --storage-dir.",
    );
  }
  return process.platform === "darwin" ? `${home}/.fleetd` : `${home}/.local/state/fleetd`;
}

/** A server address as people write it (`host`, `host:port`, URL) as base URL. @throws {ConfigError} */
export function parseServerUrl(text: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    throw new ConfigError(`Cannot use the server address "${text}": it is no URL.`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ConfigError(`Cannot use the server address "${text}": only http and https work.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigError(
      `Cannot use the server address "${text}": give scheme, host, port and path only.`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** `key=value`. @throws {ConfigError} */
export function parseLabel(text: string): Label {
  const [, key, value] = /^([A-Za-z0-9._/-]{1,32})=(.{0,64})$/.exec(text) ?? [];
  if (key === undefined || new TextEncoder().encode(value).length > 64) {
    throw new ConfigError(
      `Cannot use the label "${text}": it is key=value, the key of 1 to 32 letters, digits or . _ / -, ` +
        "the value of at most 64 bytes.",
    );
  }
  return { key, value: value! };
}

/** A device name. @throws {ConfigError} */
export function parseName(text: string): string {
  if (/^[A-Za-z0-9._-]{1,63}$/.test(text)) return text;
  throw new ConfigError(
    `Cannot use the name "${text}": it has 1 to 63 letters, digits, dots, dashes and underscores.`,
  );
}

/** The name a device wishes for when its owner gives none: the machine's, unless devices cannot be called so. */
export function nameOfHost(hostname: string): string | null {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(hostname) ? hostname : null;
}

/** A port, 0 to 65,535. @throws {ConfigError} */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`Cannot use the port "${text}": it is a number from 0 to 65535.`);
}

/** Seconds between samples, 1 to 3,600. @throws {ConfigError} */
export function parseInterval(text: string): number {
  const seconds = Number(text.replace(/s$/, ""));
  if (seconds >= 1 && seconds <= 3_600) return seconds;
  throw new ConfigError(`Cannot use the interval "${text}": it is 1 to 3600 seconds.`);
}

/** A storage directory as given: relative ones count from the working directory. @throws {ConfigError} */
export function parseStorageDir(text: string): string {
  if (text.trim() === "") throw new ConfigError("Cannot use an empty storage directory.");
  return resolve(text);
}
