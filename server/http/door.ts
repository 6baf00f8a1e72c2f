/**
 * @module
 * The door in front of every route: may it be asked from there, does another site's page ask, who asks.
 * A problem for programs; for a person's page, the way to where it can be seen.
 */
import { DomainError } from "../errors.ts";
import { limitKey } from "./address.ts";
import { callerOf, type Credentials, type Doorkeepers } from "./auth.ts";
import { isCrossSite, provesOwnPage } from "./browser_guard.ts";
import type { Exchange } from "./exchange.ts";
import type { RateLimits } from "./limits.ts";
import {
  type Caller,
  type Rate,
  reachOf,
  type Reply,
  type Route,
  routeName,
} from "./route_table.ts";
import { readCookie } from "./session_cookie.ts";
import { isLocal } from "./transport.ts";

/** What the door stands on. */
export interface Door extends Doorkeepers {
  readonly limits: RateLimits;
  /** 16 hex digits: cookies carry it in their name. */
  readonly fleetId: string;
  /** Port of HTTPS; null = it is not served. */
  tlsPort(): number | null;
}

/** Wrong or missing credentials one address may send: guessing is hopeless, its cost should be the guesser's. */
const FAILED_SIGN_INS = { burst: 20, perMinute: 20 };

/** A request that was let through. */
export interface Entered {
  readonly caller: Caller | null;
  /** Whether the caller would be let through now as then: with the same role and scope. */
  stillIn(): Promise<boolean>;
}

/**
 * Lets a request through with its caller, or answers it with a way elsewhere.
 * @throws DomainError `request.loopback_only`, `request.cross_site`, `request.rate_limited`,
 * `request.unauthenticated`, `request.forbidden`
 */
export async function enter(
  route: Route,
  exchange: Exchange,
  door: Door,
): Promise<Entered | { readonly elsewhere: Reply }> {
  const reach = reachOf(route);
  if (reach !== "anyone" && !mayReach(reach, exchange)) {
    const https = route.page && reach === "secure" ? httpsOf(exchange, door) : undefined;
    if (https !== undefined) return { elsewhere: redirect(307, https) };
    throw unreachable(route, exchange, { reach, tlsPort: door.tlsPort() });
  }
  const from = { method: route.method, origin: exchange.origin };
  if (route.access !== "device" && isCrossSite(exchange.incoming.headers, from)) throw crossSite();
  if (route.access === "public" || route.access === "device") {
    take(door.limits, `${routeName(route)} ${limitKey(exchange.address)}`, route.rate);
  }
  const credentials = credentialsOf(exchange, door);
  let caller: Caller | null;
  try {
    caller = await signedIn(route, exchange, { credentials, door });
  } catch (error) {
    const mustSignIn = error instanceof DomainError && error.code === "request.unauthenticated";
    if (route.page && mustSignIn) return { elsewhere: redirect(303, signInPath(exchange)) };
    throw error;
  }
  const stillIn = () => sameCaller(caller, callerOf(route, credentials, door));
  if (caller === null) return { caller, stillIn };
  take(door.limits, `${routeName(route)} ${caller.id}`, route.rate);
  if (caller.kind === "session" && !provesOwnPage(exchange.incoming.headers, from)) {
    throw crossSite();
  }
  return { caller, stillIn };
}

async function sameCaller(then: Caller | null, now: Promise<Caller | null>): Promise<boolean> {
  try {
    return JSON.stringify(await now) === JSON.stringify(then);
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function mayReach(reach: "secure" | "here", { transport }: Exchange): boolean {
  return reach === "secure" && transport.secure || !transport.secure && isLocal(transport);
}

/** The way to the same address over HTTPS, for whoever asks for a page where somebody could listen in. */
export function wayToHttps(exchange: Exchange, door: Door): Reply | undefined {
  const https = mayReach("secure", exchange) ? undefined : httpsOf(exchange, door);
  return https === undefined ? undefined : redirect(307, https);
}

/** The same page over HTTPS. A proxy's other port is not ours to know: it is the usual one. */
function httpsOf({ transport, incoming }: Exchange, { tlsPort }: Door): string | undefined {
  const name = /^(\[[^\]]+\]|[^:]+)/.exec(transport.host ?? "")?.[1];
  if (name === undefined) return undefined;
  if (transport.via === "named") return `https://${name}${incoming.url}`;
  const port = tlsPort();
  return port === null
    ? undefined
    : `https://${name}${port === 443 ? "" : `:${port}`}${incoming.url}`;
}

function signInPath({ incoming }: Exchange): string {
  const wanted = incoming.url ?? "/";
  return wanted === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(wanted)}`;
}

function redirect(status: 303 | 307, location: string): Reply {
  return { status, headers: { location } };
}

function unreachable(
  route: Route,
  exchange: Exchange,
  { reach, tlsPort }: { reach: "secure" | "here"; tlsPort: number | null },
): DomainError {
  const port = exchange.incoming.socket.localPort;
  const where = reach === "here"
    ? "it is answered on the server's own machine only"
    : "over plain HTTP it is answered on the server's own machine only";
  const what = exchange.transport.via !== "nobody"
    ? ", and a proxy sent this; let the proxy speak HTTPS and name it with --behind-proxy"
    : reach === "here" || tlsPort === null
    ? `; run \`fleets\` there, or bring the port here with \`ssh -L ${port}:127.0.0.1:${port} <server>\``
    : `; use HTTPS on port ${tlsPort}, for example \`fleets login https://<server>:${tlsPort}\``;
  return new DomainError(
    "request.loopback_only",
    `Cannot answer ${routeName(route)}: ${where}${what}`,
  );
}

function crossSite(): DomainError {
  return new DomainError(
    "request.cross_site",
    "Cannot answer: a page of another site asked, or a browser that does not say which page; use this server's own pages or the `fleets` command line",
  );
}

function credentialsOf(exchange: Exchange, { fleetId }: Door): Credentials {
  const place = { fleetId, secure: exchange.transport.secure };
  return {
    authorization: exchange.header("authorization"),
    session: readCookie(exchange.header("cookie"), place),
  };
}

/** Only failures cost: a caller who proves himself is never held up by somebody else's guesses behind the same address. */
async function signedIn(
  route: Route,
  exchange: Exchange,
  { credentials, door }: { credentials: Credentials; door: Door },
): Promise<Caller | null> {
  try {
    return await callerOf(route, credentials, door);
  } catch (error) {
    const guessed = credentials.authorization !== undefined || credentials.session !== undefined;
    if (
      error instanceof DomainError && error.code === "request.unauthenticated" &&
      (guessed || !route.page)
    ) {
      take(door.limits, `sign-in ${limitKey(exchange.address)}`, FAILED_SIGN_INS);
    }
    throw error;
  }
}

function take(limits: RateLimits, key: string, rate: Rate): void {
  const retryAfterS = limits.take(key, rate);
  if (retryAfterS === 0) return;
  throw new DomainError(
    "request.rate_limited",
    `Cannot answer: too many requests; ask again in ${retryAfterS} s`,
    { retryAfterS },
  );
}
