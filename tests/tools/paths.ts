/**
 * Paths of the repository, without a library: the lint plugin runs in a bare worker.
 *
 * @module
 */

/** The file path of a `file:` URL. */
export function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}

/** A relative path with `.` and `..` resolved: `agent/x.ts/../y.ts` is `agent/y.ts`. */
export function normalise(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") out.pop();
    else if (part !== "." && part !== "") out.push(part);
  }
  return out.join("/");
}

/** Root folder of the repository, with a closing slash. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));
