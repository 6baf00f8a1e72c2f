/**
 * @module
 * Keeps other sites' pages away. A browser tells where a request comes from (Fetch Metadata, Origin);
 * programs send neither. Nothing here trusts a cookie, because there is none, and there is no CORS.
 */
import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a browser sent this on behalf of another site. Reading navigations (a link to the status page)
 * are let through: they show the person a page and give the other site nothing.
 */
export function isCrossSite(headers: IncomingHttpHeaders, method: string): boolean {
  const site = headers["sec-fetch-site"];
  const navigates = (method === "GET" || method === "HEAD") &&
    headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document";
  if (site !== undefined && site !== "same-origin" && site !== "none") return !navigates;
  const origin = headers["origin"];
  if (origin === undefined) return false;
  return origin !== `http://${headers.host}` && origin !== `https://${headers.host}`;
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
