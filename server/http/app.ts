/**
 * @module
 * The table of routes as a listener for node:http. Hono finds the route; everything else is `answer.ts`.
 */
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { pageProblemReply } from "../dashboard/page_problem.tsx";
import { DomainError } from "../errors.ts";
import { answerDevice, deviceRoutes } from "./agent/answer_device.ts";
import { answer, type Answering, record } from "./answer.ts";
import { wayToHttps } from "./door.ts";
import { Exchange } from "./exchange.ts";
import { problemReply } from "./problem.ts";
import { type Route, routeName } from "./route_table.ts";
import { type ProxyCheck, type Transport, transportOf } from "./transport.ts";

/** What the listener stands on. */
export interface AppOptions extends Answering {
  readonly routes: readonly Route[];
  /** The Host allow-list, asked before routing. */
  readonly hostAllowed: (header: string | undefined) => boolean;
  /** The proxies that are believed. */
  readonly isProxy: ProxyCheck;
}

type Env = { Bindings: { incoming: IncomingMessage; outgoing: ServerResponse } };

/**
 * Makes the listener.
 * @throws TypeError when two rows of the table say the same method and path, or one is malformed
 */
export function createApp(options: AppOptions): RequestListener {
  checkRoutes(options.routes);
  const exchangeOf = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    new Exchange(incoming, outgoing, transportOf(incoming, options.isProxy));
  const hono = new Hono<Env>({ strict: true });
  const methods = new Map<string, string[]>();
  for (const route of options.routes) {
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method]);
    hono.on(route.method, route.path, async ({ req, env }) => {
      const exchange = exchangeOf(env.incoming, env.outgoing);
      await answer(route, exchange, {
        params: req.param() as Record<string, string>,
        with: options,
      });
      return RESPONSE_ALREADY_SENT;
    });
  }
  const refuse = async (
    exchange: Exchange,
    error: DomainError,
    { headers = {}, page = false }: { headers?: Record<string, string>; page?: boolean } = {},
  ) => {
    const place = { requestId: exchange.id, path: exchange.path };
    const reply = page ? pageProblemReply(error, place) : problemReply(error, place);
    await exchange.send({ ...reply, headers: { ...reply.headers, ...headers } });
    record("other", { exchange, status: reply.status, figures: options.figures, log: options.log });
  };
  for (const [path, known] of methods) {
    hono.all(path, async ({ req, env }) => {
      const allow = known.includes("GET") ? [...known, "HEAD"] : known;
      await refuse(
        exchangeOf(env.incoming, env.outgoing),
        new DomainError(
          "route.method_unknown",
          `Cannot ${req.method} here: this route answers ${allow.join(", ")}`,
        ),
        { headers: { allow: allow.join(", ") } },
      );
      return RESPONSE_ALREADY_SENT;
    });
  }
  hono.notFound(async ({ env }) => {
    const exchange = exchangeOf(env.incoming, env.outgoing);
    const page = isForPerson(exchange);
    const way = page ? wayToHttps(exchange, options) : undefined;
    if (way !== undefined) {
      await exchange.send(way);
      return RESPONSE_ALREADY_SENT;
    }
    const error = new DomainError(
      "route.not_found",
      page
        ? "Cannot show a page here: there is none at this address"
        : "Cannot answer: there is no such route; /api/v1/openapi.json lists those there are",
    );
    await refuse(exchange, error, { page });
    return RESPONSE_ALREADY_SENT;
  });
  const routed = getRequestListener((request, env) => hono.fetch(request, env as Env["Bindings"]), {
    overrideGlobalObjects: false,
    autoCleanupIncoming: false,
    errorHandler: () => {
      // Only a target that is no URL comes here; the listener below answers for it.
      throw new DomainError("request.invalid", "Cannot answer: the request's target is malformed");
    },
  });
  const direct = deviceRoutes(options.routes);
  return (incoming, outgoing) => {
    const exchange = exchangeOf(incoming, outgoing);
    const refusal = refusalBeforeRouting(incoming, exchange.transport, options.hostAllowed);
    if (refusal !== undefined) return void refuse(exchange, refusal);
    const route = direct.get(`${incoming.method} ${incoming.url}`);
    if (route !== undefined) {
      void answerDevice(route, exchange, options);
    } else {
      routed(incoming, outgoing).catch((error) => {
        const known = error instanceof DomainError
          ? error
          : new DomainError("server.internal", String(error), { cause: error });
        return refuse(exchange, known);
      });
    }
  };
}

/** Whether a browser asks for a page, rather than a program for an answer. */
function isForPerson({ incoming, path }: Exchange): boolean {
  const { method, headers } = incoming;
  return (method === "GET" || method === "HEAD") && !/^\/(api|d|assets)\//.test(path) &&
    /\btext\/html\b/.test(headers.accept ?? "");
}

function refusalBeforeRouting(
  incoming: IncomingMessage,
  transport: Transport,
  hostAllowed: AppOptions["hostAllowed"],
): DomainError | undefined {
  if (!incoming.url?.startsWith("/") || incoming.url.includes("#")) {
    return new DomainError(
      "request.invalid",
      "Cannot answer: the request's target is not a path of this server",
    );
  }
  const { httpVersion } = incoming;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") {
    return new DomainError(
      "request.invalid",
      "Cannot answer: this is neither HTTP/1.1 nor HTTP/1.0",
    );
  }
  // What other programs on the way may read differently: an empty coding, a list with one.
  const coding = incoming.headers["transfer-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "chunked") {
    return new DomainError(
      "request.invalid",
      "Cannot answer: the body has a transfer coding other than chunked",
    );
  }
  if (incoming.headers.expect !== undefined) {
    return new DomainError(
      "request.expectation",
      "Cannot answer: the Expect header is not supported; send the request without it",
    );
  }
  if (hostHeaders(incoming.rawHeaders) !== 1) {
    return new DomainError(
      "request.invalid",
      "Cannot answer: the request needs exactly one Host header",
    );
  }
  if (hostAllowed(transport.host)) return undefined;
  return new DomainError(
    "request.unknown_host",
    `Cannot answer for host "${transport.host}": this server is not known by that name; start it with --allow-host NAME if it should be`,
  );
}

function hostHeaders(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === "host") count++;
  }
  return count;
}

function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>();
  const operations = new Set<string>();
  for (const route of routes) {
    const name = routeName(route);
    if (seen.has(name)) throw new TypeError(`two routes are ${name}`);
    if (operations.has(route.operation)) {
      throw new TypeError(`two routes are called ${route.operation}`);
    }
    seen.add(name);
    operations.add(route.operation);
    if (!/^(\/|(\/(:[a-z][A-Za-z]*|[a-z0-9._-]+))+)$/.test(route.path)) {
      throw new TypeError(`${name}: malformed path`);
    }
    if (route.body !== undefined && route.bodyLimitBytes <= 0) {
      throw new TypeError(`${name}: a body needs a limit`);
    }
    if (route.page && route.method !== "GET") throw new TypeError(`${name}: a page is read`);
    if (route.body === undefined && route.bodyLimitBytes !== 0) {
      throw new TypeError(`${name}: a limit needs a body`);
    }
  }
}
