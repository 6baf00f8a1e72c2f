/**
 * @module
 * The way of a request through a route, the same for all: peer, browser, rate, caller, role, input,
 * handler. Deny by default: a handler is reached only when every step before it agreed.
 */
import type { ApiTokens } from "../access/api_tokens.ts";
import { DomainError } from "../errors.ts";
import type { Log } from "../log.ts";
import { isLoopback } from "./address.ts";
import { wireErrorReply } from "./agent/wire_reply.ts";
import { limitKey } from "./address.ts";
import { actorOf, callerOf, scopeOf } from "./auth.ts";
import { isCrossSite } from "./browser_guard.ts";
import type { Exchange } from "./exchange.ts";
import type { Features } from "./features.ts";
import { readInput } from "./input.ts";
import type { RateLimits } from "./limits.ts";
import { problemReply } from "./problem.ts";
import type { RequestFigures } from "./request_figures.ts";
import { type Caller, isLoopbackOnly, type Reply, type Route, routeName } from "./route_table.ts";

/** What answering stands on. */
export interface Answering {
  readonly features: Features;
  readonly apiTokens: Pick<ApiTokens, "authenticate">;
  readonly limits: RateLimits;
  readonly figures: RequestFigures;
  readonly log: Log;
  /** Aborted when the server stops: waiting answers end early. */
  readonly stopping: AbortSignal;
}

/** Wrong or missing credentials one address may send: guessing is hopeless, its cost should be the guesser's. */
const FAILED_SIGN_INS = { burst: 20, perMinute: 20 };

/** Headers a proxy adds: with them, a loopback peer speaks for somebody else. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

/** Answers one request of a route and counts, logs and sends the answer. Never throws. */
export async function answer(
  route: Route,
  exchange: Exchange,
  { params, with: on }: { params: Readonly<Record<string, string>>; with: Answering },
): Promise<void> {
  on.figures.inFlight += 1;
  let reply: Reply;
  try {
    reply = await replyOf(route, exchange, { params, with: on });
  } catch (error) {
    reply = route.access === "device"
      ? wireErrorReply(error)
      : problemReply(error, { requestId: exchange.id, path: exchange.path });
    if (reply.status === 500) logFailure(on.log, route, { exchange, error });
  }
  try {
    await exchange.send(reply, route.access === "device" ? "device" : "people");
  } catch (error) {
    logFailure(on.log, route, { exchange, error });
    exchange.outgoing.destroy();
  }
  on.figures.inFlight -= 1;
  record(routeName(route), { exchange, status: reply.status, figures: on.figures, log: on.log });
}

async function replyOf(
  route: Route,
  exchange: Exchange,
  { params, with: on }: { params: Readonly<Record<string, string>>; with: Answering },
): Promise<Reply> {
  if (isLoopbackOnly(route)) refuseOtherMachines(route, exchange);
  if (route.access !== "device" && isCrossSite(exchange.incoming.headers, route.method)) {
    throw new DomainError(
      "request.cross_site",
      "Cannot answer: a page of another site asked; use the `fleets` command line or open this server's own page",
    );
  }
  const address = limitKey(exchange.address);
  if (route.access === "public" || route.access === "device") {
    take(on.limits, `${routeName(route)} ${address}`, route.rate);
  }
  const caller = await signedIn(route, exchange, on);
  if (caller !== null) take(on.limits, `${routeName(route)} ${caller.tokenId}`, route.rate);
  const input = await readInput(route, exchange, params);
  return await route.handle({
    ...input,
    get id() {
      return exchange.id;
    },
    address: exchange.address,
    caller,
    actor: actorOf(caller, exchange.address),
    scope: scopeOf(caller),
    header: (name) => exchange.header(name),
    get signal() {
      return exchange.signal(on.stopping);
    },
  }, on.features);
}

function refuseOtherMachines(route: Route, exchange: Exchange): void {
  const proxied = PROXY_HEADERS.some((name) => exchange.header(name) !== undefined);
  if (isLoopback(exchange.address) && !proxied) return;
  const port = exchange.incoming.socket.localPort;
  throw new DomainError(
    "request.loopback_only",
    `Cannot answer ${
      routeName(route)
    }: over plain HTTP it is answered on the server's own machine only` +
      (proxied ? ", and a proxy sent this" : "") +
      `; run \`fleets\` there, or bring the port here with \`ssh -L ${port}:127.0.0.1:${port} <server>\``,
  );
}

/** Only failures cost: a caller who proves himself is never held up by somebody else's guesses behind the same address. */
async function signedIn(route: Route, exchange: Exchange, on: Answering): Promise<Caller | null> {
  try {
    return await callerOf(route, exchange.header("authorization"), on.apiTokens);
  } catch (error) {
    if (error instanceof DomainError && error.code === "request.unauthenticated") {
      take(on.limits, `sign-in ${limitKey(exchange.address)}`, FAILED_SIGN_INS);
    }
    throw error;
  }
}

function take(limits: RateLimits, key: string, rate: Route["rate"]): void {
  const retryAfterS = limits.take(key, rate);
  if (retryAfterS === 0) return;
  throw new DomainError(
    "request.rate_limited",
    `Cannot answer: too many requests; ask again in ${retryAfterS} s`,
    {
      retryAfterS,
    },
  );
}

/** Counts and logs an answer. Changes by people are news; reading, and devices' traffic, is not. */
export function record(
  route: string,
  { exchange, status, figures, log }: {
    exchange: Exchange;
    status: number;
    figures: RequestFigures;
    log: Log;
  },
): void {
  const durationMs = performance.now() - exchange.startedAtMs;
  figures.record(route, { status, durationMs });
  const { method } = exchange.incoming;
  const level = status >= 500
    ? "warn"
    : status >= 400 || (exchange.path.startsWith("/api/") && method !== "GET" && method !== "HEAD")
    ? "info"
    : "debug";
  log[level]("http.request", () => ({
    id: exchange.id,
    address: exchange.address,
    method,
    path: exchange.path,
    status,
    ms: Math.round(durationMs * 10) / 10,
  }));
}

function logFailure(
  log: Log,
  route: Route,
  { exchange, error }: { exchange: Exchange; error: unknown },
): void {
  log.error("http.failed", {
    id: exchange.id,
    route: routeName(route),
    error: error instanceof Error
      ? `${error.stack ?? error.message}${causeOf(error)}`
      : String(error),
  });
}

function causeOf(error: Error): string {
  return error.cause instanceof Error
    ? `\ncaused by ${error.cause.stack ?? error.cause.message}`
    : "";
}
