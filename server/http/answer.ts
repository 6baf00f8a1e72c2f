/**
 * @module
 * The way of a request through a route, the same for all: the door (place, browser, rate, caller, role),
 * input, handler. Deny by default: a handler is reached only when every step before it agreed.
 */
import { pageProblemReply } from "../dashboard/page_problem.tsx";
import type { Log } from "../log.ts";
import { wireErrorReply } from "./agent/wire_reply.ts";
import { actorOf, scopeOf } from "./auth.ts";
import { type Door, enter } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import type { Features } from "./features.ts";
import { readInput } from "./input.ts";
import { problemReply } from "./problem.ts";
import type { RequestFigures } from "./request_figures.ts";
import { type Reply, type Route, routeName } from "./route_table.ts";
import { isLocal } from "./transport.ts";

/** What answering stands on. */
export interface Answering extends Door {
  readonly features: Features;
  readonly figures: RequestFigures;
  readonly log: Log;
  /** Aborted when the server stops: waiting answers end early. */
  readonly stopping: AbortSignal;
}

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
      : (route.page ? pageProblemReply : problemReply)(error, {
        requestId: exchange.id,
        path: exchange.path,
      });
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
  const entered = await enter(route, exchange, on);
  if ("elsewhere" in entered) return entered.elsewhere;
  const { caller, stillIn } = entered;
  const input = await readInput(route, exchange, params);
  return await route.handle({
    ...input,
    get id() {
      return exchange.id;
    },
    address: exchange.address,
    secure: exchange.transport.secure,
    proxied: exchange.transport.via === "named",
    get local() {
      return isLocal(exchange.transport);
    },
    get origin() {
      return exchange.origin;
    },
    caller,
    stillIn,
    actor: actorOf(caller, exchange.address),
    scope: scopeOf(caller),
    header: (name) => exchange.header(name),
    get signal() {
      return exchange.signal(on.stopping);
    },
  }, on.features);
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

/** Writes down an error that was nobody's fault but ours. */
export function logFailure(
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
