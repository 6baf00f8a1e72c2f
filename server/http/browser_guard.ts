/**
 * @module
 * Keeps other sites' pages away. A browser tells where a request comes from (Fetch Metadata, Origin);
 * programs send neither. A session's cookie alone changes nothing: a change needs this server's own exact
 * Origin with it. There is no CORS.
 */
import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a browser sent this on behalf of another site. Reading navigations (a link to a page) are let
 * through: they show the person a page and give the other site nothing.
 * @param origin this server as the caller names it, scheme and port included
 */
export function isCrossSite(
  headers: IncomingHttpHeaders,
  { method, origin }: { readonly method: string; readonly origin: string },
): boolean {
  const site = headers["sec-fetch-site"];
  const navigates = isSafe(method) && headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && site !== "none") return !navigates;
  return headers["origin"] !== undefined && headers["origin"] !== origin;
}

/**
 * Whether a session may do this: it reads, or its browser says that one of this server's own pages asks.
 * `Sec-Fetch-Site: none` (typed into the address bar) changes nothing either.
 */
export function provesOwnPage(
  headers: IncomingHttpHeaders,
  { method, origin }: { readonly method: string; readonly origin: string },
): boolean {
  if (isSafe(method)) return true;
  const site = headers["sec-fetch-site"];
  return headers["origin"] === origin && (site === undefined || site === "same-origin");
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Sent with every answer to people and their programs. The status page adds its own style's digest to the policy. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
});

/** Sent with every answer to a device, where each byte costs battery. */
export const DEVICE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
});
