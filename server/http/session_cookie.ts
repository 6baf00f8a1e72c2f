/**
 * @module
 * The cookie of a session. Over TLS its name begins with `__Host-`, so that no other host and no plain page
 * can set it (RFC 6265bis §4.1.3); on the server's own machine over plain HTTP it has another name, and
 * neither is taken for the other. Its name carries the fleet: two servers on one host keep apart.
 */
import { SESSION_LIFE_MS } from "../access/sessions.ts";

/** Names the cookie. */
export interface CookiePlace {
  /** 16 hex digits. */
  readonly fleetId: string;
  /** It came over TLS. */
  readonly secure: boolean;
}

/** The cookie's name. */
export function cookieName({ fleetId, secure }: CookiePlace): string {
  return `${secure ? "__Host-fleetd" : "fleetd-local"}-${fleetId}`;
}

/** The session's text from a Cookie header; undefined = none. Two of the same name are none. */
export function readCookie(header: string | undefined, place: CookiePlace): string | undefined {
  const start = `${cookieName(place)}=`;
  const found = (header ?? "").split(/; */).filter((pair) => pair.startsWith(start));
  return found.length === 1 ? found[0]!.slice(start.length) : undefined;
}

/** A Set-Cookie header that signs in. */
export function setCookie(text: string, place: CookiePlace): string {
  return cookie(text, { place, maxAgeS: Math.floor(SESSION_LIFE_MS / 1000) });
}

/** A Set-Cookie header that signs out. */
export function clearCookie(place: CookiePlace): string {
  return cookie("", { place, maxAgeS: 0 });
}

function cookie(
  text: string,
  { place, maxAgeS }: { place: CookiePlace; maxAgeS: number },
): string {
  return `${cookieName(place)}=${text}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict` +
    (place.secure ? "; Secure" : "");
}
