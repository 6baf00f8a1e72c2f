/**
 * @module
 * The server's settings: command line options over a configuration file over defaults, checked once,
 * before anything is opened. The file is JSON and its names are those of the options, without dashes in
 * front: `{"port": 8080, "db": "fleet.db", "allow-host": ["fleet.example"]}`.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { fileStemOf, isPostgresUrl, isUrl, isUsableUrl } from "./database_url.ts";
import type { EnrolmentMode } from "./enrolment/admission.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

const NETWORKS = "addresses and networks, such as 127.0.0.1 or 10.0.0.0/8";

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  return family !== 0 && rest.length === 0 &&
    (bits === undefined || /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Everything `startServer` needs to know. */
export interface ServerConfig {
  /** 0 picks a free one. */
  readonly port: number;
  /** Port for HTTPS, 0 picks a free one; null = none is served. */
  readonly tlsPort: number | null;
  /** A certificate and key to use instead of the server's own, absolute paths; null = its own. */
  readonly tlsFiles: { readonly certificatePath: string; readonly keyPath: string } | null;
  /** Addresses and networks of the proxies that are believed. */
  readonly behindProxy: readonly string[];
  /** Make a setup code although somebody can sign in: the way back after a lost password. */
  readonly newSetupCode: boolean;
  /** Address to listen on; null = every address, IPv6 and IPv4. */
  readonly listen: string | null;
  /** Absolute path of the database file, or the URL of a PostgreSQL, perhaps with a password in it. */
  readonly db: string;
  /** Absolute path of the folder for the key file and other files of the server. */
  readonly dataDir: string;
  /** Absolute path of the key-encryption key's file: the same key for all servers of one database. */
  readonly keyFile: string;
  readonly mdns: boolean;
  readonly enrolment: EnrolmentMode;
  /** Further host names the server answers to. */
  readonly allowHosts: readonly string[];
  /** Name of the fleet, used when the database is made; null = the machine's name. */
  readonly name: string | null;
  readonly logLevel: LogLevel;
}

/** The options as the command line and the file spell them. */
export type ServerOptions = v.InferOutput<typeof optionsSchema>;

/** A setting that cannot be used; the text says which, why, and what is possible. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const PORT = "a whole number from 0 to 65535";
const portNumber = v.pipe(
  v.number(PORT),
  v.integer(PORT),
  v.minValue(0, PORT),
  v.maxValue(65_535, PORT),
);
const fileName = v.pipe(v.string(), v.nonEmpty("a file name"));
const DATABASE = "a file name, or postgres://user@host/database";
const database = v.pipe(
  v.string(),
  v.nonEmpty(DATABASE),
  v.check((text) => isPostgresUrl(text) ? isUsableUrl(text) : !isUrl(text), DATABASE),
);

const optionsSchema = v.strictObject({
  port: v.optional(portNumber),
  tls: v.optional(v.boolean("true or false")),
  "tls-port": v.optional(portNumber),
  "tls-cert": v.optional(fileName),
  "tls-key": v.optional(fileName),
  "behind-proxy": v.optional(v.pipe(
    v.array(v.pipe(v.string(), v.check(isNetwork, NETWORKS))),
    v.maxLength(32, "at most 32 addresses and networks"),
  )),
  "new-setup-code": v.optional(v.boolean("true or false")),
  listen: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => isIP(text) !== 0, "an IP address, such as 127.0.0.1 or ::"),
    ),
  ),
  db: v.optional(database),
  "key-file": v.optional(fileName),
  "data-dir": v.optional(v.pipe(v.string(), v.nonEmpty("a folder"))),
  mdns: v.optional(v.boolean("true or false")),
  enrolment: v.optional(v.picklist(["manual", "open"], "manual or open")),
  "allow-host": v.optional(v.pipe(
    v.array(v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/,
        "host names without port, such as fleet.example",
      ),
    )),
    v.maxLength(32, "at most 32 host names"),
  )),
  name: v.optional(v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/,
      "1 to 63 letters, digits, spaces, dots, dashes or underscores",
    ),
  )),
  "log-level": v.optional(v.picklist(LOG_LEVELS, LOG_LEVELS.join(", "))),
});

/**
 * Puts the settings together. Relative paths on the command line are relative to the working folder, those
 * of the file to the file's folder.
 * @param file path of a configuration file (`--config`)
 * @throws ConfigError naming the option and what it takes
 */
export function readConfig(options: ServerOptions, file?: string): ServerConfig {
  const given = resolvePaths(checked(options, "--"), ".");
  const stored = file === undefined ? {} : resolvePaths(readConfigFile(file), dirname(file));
  const all: ServerOptions = { ...stored, ...definedOnly(given) };
  const db = all.db ?? resolve("fleet.db");
  const dataDir = all["data-dir"] ?? (isPostgresUrl(db) ? resolve("fleet-data") : dirname(db));
  return {
    port: all.port ?? 8080,
    tlsPort: tlsPortOf(all),
    tlsFiles: tlsFilesOf(all),
    behindProxy: all["behind-proxy"] ?? [],
    newSetupCode: all["new-setup-code"] ?? false,
    listen: all.listen ?? null,
    db,
    dataDir,
    keyFile: all["key-file"] ?? join(dataDir, `${fileStemOf(db)}.key`),
    mdns: all.mdns ?? true,
    enrolment: all.enrolment ?? "manual",
    allowHosts: all["allow-host"] ?? [],
    name: all.name ?? null,
    logLevel: all["log-level"] ?? "info",
  };
}

/** A server that only its own machine reaches needs no HTTPS unless it is asked for. */
function tlsPortOf({ tls, port, listen, ...all }: ServerOptions): number | null {
  const asked = all["tls-port"] ?? (port === 0 ? 0 : undefined);
  if (tls === false) {
    if (all["tls-port"] === undefined && all["tls-cert"] === undefined) return null;
    throw new ConfigError("Cannot use --no-tls together with --tls-port or --tls-cert: choose one");
  }
  const loopback = listen !== undefined && isLoopbackAddress(listen);
  const wanted = tls === true || all["tls-port"] !== undefined || all["tls-cert"] !== undefined;
  return loopback && !wanted ? null : asked ?? 8443;
}

function isLoopbackAddress(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function tlsFilesOf(all: ServerOptions): ServerConfig["tlsFiles"] {
  const certificatePath = all["tls-cert"], keyPath = all["tls-key"];
  if (certificatePath === undefined && keyPath === undefined) return null;
  if (certificatePath !== undefined && keyPath !== undefined) return { certificatePath, keyPath };
  throw new ConfigError(
    `Cannot use ${
      certificatePath === undefined ? "--tls-key" : "--tls-cert"
    } alone: --tls-cert and --tls-key belong together`,
  );
}

function readConfigFile(file: string): ServerOptions {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError(
      `Cannot read the configuration file ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `Cannot use the configuration file ${file}: it is not JSON (${(cause as Error).message})`,
      {
        cause,
      },
    );
  }
  return checked(value, `${file}: `);
}

function checked(value: unknown, prefix: string): ServerOptions {
  // Valibot takes a list for an object.
  const result = v.safeParse(optionsSchema, Array.isArray(value) ? null : value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = String(issue.path?.[0]?.key ?? "");
  const known = Object.keys(optionsSchema.entries);
  if (key === "") {
    throw new ConfigError(
      `Cannot use ${prefix}it must be a JSON object with names of ${known.join(", ")}`,
    );
  }
  if (!known.includes(key)) {
    throw new ConfigError(
      `Cannot use ${prefix}${key}: there is no such setting; there are ${known.join(", ")}`,
    );
  }
  // A URL may hold a password.
  const received = key === "db" ? "as given" : issue.received;
  throw new ConfigError(`Cannot use ${prefix}${key} ${received}: it takes ${issue.message}`);
}

function resolvePaths(options: ServerOptions, folder: string): ServerOptions {
  const result = { ...options };
  for (const name of ["db", "data-dir", "key-file", "tls-cert", "tls-key"] as const) {
    const path = result[name];
    if (path !== undefined && !isPostgresUrl(path)) result[name] = resolve(folder, path);
  }
  return result;
}

function definedOnly(options: ServerOptions): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
