/**
 * The stored sign-in: which server, and the API token for it. One file holds all profiles of a user, readable by its
 * owner alone; FLEETS_PROFILE chooses one of them by name, FLEETS_CONFIG names another file.
 *
 * Where nothing is stored (a build machine), FLEETS_URL and FLEETS_TOKEN together are a sign-in of their own, with
 * FLEETS_TLS_FINGERPRINT for a server with a certificate of its own making.
 *
 * @module
 */
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { CliError, usageError } from "./cli_error.ts";
import { safeText } from "./safe_text.ts";
import { parseTlsFingerprint } from "./tls_pin.ts";

/** A sign-in to one server. */
export interface Profile {
  /** Base address of the server, without a slash at the end. */
  readonly url: string;
  /** API token, a secret. */
  readonly token: string;
  /** The server's own name, for people. */
  readonly serverName?: string;
  /** Fingerprint of the server's key, as the devices know it. */
  readonly fingerprint?: string;
  /** SHA-256 of the server's own certificate, pinned at the sign-in; without it the machine's authorities decide. */
  readonly tlsFingerprint?: string;
}

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

interface ProfileFile {
  readonly version: 1;
  readonly profiles: Readonly<Record<string, Profile>>;
}

const PROFILE_NAME = /^[A-Za-z0-9._-]{1,63}$/;

/** FLEETS_PROFILE, or "default". @throws {CliError} for a name that no profile can have. */
export function profileName(env: Env): string {
  const name = env["FLEETS_PROFILE"] || "default";
  if (PROFILE_NAME.test(name) && name !== "__proto__") return name;
  throw usageError(
    `FLEETS_PROFILE is "${safeText(name)}", which is no profile name.`,
    "Use 1 to 63 letters, digits, dots, dashes or underscores.",
  );
}

/** The file with the profiles: FLEETS_CONFIG, else `fleets/profiles.json` in the user's configuration directory. */
export function profilePath(env: Env): string {
  if (env["FLEETS_CONFIG"]) return env["FLEETS_CONFIG"];
  const base = env["XDG_CONFIG_HOME"]?.startsWith("/")
    ? env["XDG_CONFIG_HOME"]
    : join(env["HOME"] || homedir(), ".config");
  return join(base, "fleets", "profiles.json");
}

/** The sign-in in force; undefined when there is none. @throws {CliError} when the file cannot be read. */
export function readProfile(env: Env): Profile | undefined {
  const name = profileName(env);
  const profiles = readFile(profilePath(env))?.profiles ?? {};
  const stored = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  const token = env["FLEETS_TOKEN"]?.trim();
  if (!token) return stored;
  const url = env["FLEETS_URL"]?.trim() || stored?.url;
  if (url === undefined) return undefined;
  const pin = env["FLEETS_TLS_FINGERPRINT"]?.trim();
  return {
    ...(stored?.url === url ? stored : {}),
    url,
    token,
    ...(pin ? { tlsFingerprint: parseTlsFingerprint(pin) } : {}),
  };
}

/** Stores the sign-in under the name in force, and returns the file's path. */
export function writeProfile(env: Env, profile: Profile): string {
  const path = profilePath(env);
  const profiles = { ...readFile(path)?.profiles, [profileName(env)]: profile };
  replaceFile(path, { version: 1, profiles });
  return path;
}

/** Forgets the sign-in under the name in force; false when there was none. */
export function removeProfile(env: Env): boolean {
  const path = profilePath(env);
  const profiles = { ...readFile(path)?.profiles };
  const name = profileName(env);
  if (!Object.hasOwn(profiles, name)) return false;
  delete profiles[name];
  if (Object.keys(profiles).length === 0) rmSync(path, { force: true });
  else replaceFile(path, { version: 1, profiles });
  return true;
}

/** Whether other users of the machine could read the tokens; then the owner should know. */
export function profileIsExposed(env: Env): boolean {
  const mode = statSync(profilePath(env), { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== "win32" && (mode & 0o077) !== 0;
}

/** Writes a secret to a new or existing file that only its owner can read. */
export function writeSecretFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: "wx", flush: true });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new CliError(`Cannot write ${path}: ${reason(error)}.`, { cause: error });
  }
}

function replaceFile(path: string, content: ProfileFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CliError(`Cannot create ${dirname(path)}: ${reason(error)}.`, { cause: error });
  }
  writeSecretFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

function readFile(path: string): ProfileFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw new CliError(`Cannot read the sign-in file ${path}: ${reason(error)}.`, { cause: error });
  }
  try {
    const value = JSON.parse(text) as ProfileFile;
    if (value?.version === 1 && Object.values(value.profiles).every(isProfile)) return value;
  } catch { /* said below */ }
  throw new CliError(`The sign-in file ${path} is damaged.`, {
    hints: [`Remove it, then sign in again: fleets login`],
  });
}

function isProfile(value: unknown): boolean {
  const profile = value as Partial<Profile> | null;
  return typeof profile?.url === "string" && typeof profile.token === "string";
}

function reason(error: unknown): string {
  const code = (error as { code?: string }).code;
  const known: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    ENOENT: "no such file or directory",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is no directory",
    ENOSPC: "the disk is full",
    EROFS: "the file system is read-only",
  };
  return (code && known[code]) || (error instanceof Error ? error.message : String(error));
}
