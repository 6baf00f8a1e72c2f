/**
 * @module
 * The name of a database: a file, or the URL of a PostgreSQL. What is shown or logged of a URL never holds
 * its password.
 */
import { basename } from "node:path";

/** Whether this names a PostgreSQL. */
export function isPostgresUrl(db: string): boolean {
  return /^postgres(ql)?:\/\//i.test(db);
}

/** Whether this is a URL of any kind: then it is no file. */
export function isUrl(db: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(db);
}

/** Whether a PostgreSQL's URL can be understood. */
export function isUsableUrl(db: string): boolean {
  return parsed(db) !== undefined;
}

/** The name as it may be shown: a URL without its password. */
export function shownDatabase(db: string): string {
  if (!isPostgresUrl(db)) return db;
  const url = parsed(db);
  if (url === undefined) return "postgres://…";
  url.password = "";
  for (const name of ["password", "sslpassword"]) {
    // Deleting writes the others anew as well.
    if (url.searchParams.has(name)) url.searchParams.delete(name);
  }
  return url.href.replace(`@${NO_HOST}/`, "@/");
}

/** What the files beside a database are called by: the file's name, or the database's in a URL. */
export function fileStemOf(db: string): string {
  if (!isPostgresUrl(db)) return basename(db);
  const url = parsed(db);
  const name = decodeURIComponent(url?.pathname.slice(1) ?? "") || url?.username || "fleet";
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

/** Stands where a URL names no host, as one with a socket's folder does: `postgres://user@/name?host=/run`. */
const NO_HOST = "no-host";

function parsed(db: string): URL | undefined {
  return URL.parse(db) ?? URL.parse(db.replace("@/", `@${NO_HOST}/`)) ?? undefined;
}
