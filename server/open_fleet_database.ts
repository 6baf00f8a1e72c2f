/**
 * @module
 * Opens the fleet's database as the settings name it, and says in words what to do when it cannot.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "./clock.ts";
import { ConfigError, type ServerConfig } from "./config.ts";
import { isPostgresUrl, shownDatabase } from "./database_url.ts";
import { DomainError } from "./errors.ts";
import type { Database } from "./store/database.ts";
import { openDatabase } from "./store/open_database.ts";

/** SQLSTATE of a wrong password; the driver says in words alone that there is none. */
const NO_PASSWORD = "28P01";

/** What to do about errors of PostgreSQL (SQLSTATE) and of the way to it. */
const ADVICE: Readonly<Record<string, string>> = {
  [NO_PASSWORD]: "give the password in PGPASSWORD, in a file named by PGPASSFILE, or in ~/.pgpass",
  "28000": "let this user in (pg_hba.conf), or name another one in --db",
  "3D000": "make it first: createdb",
  "42501": "let this user make tables there: ALTER DATABASE … OWNER TO …",
  ECONNREFUSED: "start PostgreSQL, or name its host and port in --db",
  ENOENT: "start PostgreSQL, or name the folder of its socket in --db",
  ENOTFOUND: "name its host in --db",
};

/** How long a database that answers may take for it, ms. */
const ANSWER_MS = 2_000;

/**
 * Opens and migrates; makes the folders of its files.
 * @throws ConfigError when the system or PostgreSQL does not let the server in; DomainError `store.*`
 */
export async function openFleetDatabase(
  { db, dataDir }: ServerConfig,
): Promise<Database> {
  const isUrl = isPostgresUrl(db);
  try {
    if (!isUrl) mkdirSync(dirname(db), { recursive: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return await openDatabase({ path: db });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof DomainError || code === undefined && !isUrl) throw cause;
    const advice = isUrl
      ? ADVICE[code ?? (/password must be/.test(message) ? NO_PASSWORD : "")] ??
        "look at what PostgreSQL logs"
      : "choose another file with --db, or let this user write there";
    throw new ConfigError(
      `Cannot open the database ${shownDatabase(db)}: ${message || code}; ${advice}`,
      { cause },
    );
  }
}

/** Whether it answers now, and would take a change. */
export async function answers(database: Database): Promise<boolean> {
  const ask = database.shared === undefined
    ? "SELECT 1 AS ready"
    : "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE 1 END AS ready";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_MS);
  });
  try {
    const asked = database.read(({ raw }) => raw.get<{ ready: number }>(ask, []));
    asked.catch(() => {});
    return (await Promise.race([asked, late]))?.ready === 1;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The time that all servers of a database agree on: the database's, where it may have several. */
export function clockOf(database: Database, clock: Clock): Clock {
  const { shared } = database;
  if (shared === undefined) return clock;
  return {
    nowMs: () => clock.nowMs() + shared.skewMs,
    monotonicMs: () => clock.monotonicMs(),
  };
}
