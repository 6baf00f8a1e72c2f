/**
 * @module
 * The way of a device's request: rate, body, handler, answer. Devices sign in inside the body and no
 * browser speaks for them, so what guards people's routes (credentials, cross-site checks, schemas of path
 * and query) has nothing to look at here; these requests are nearly all of a server's traffic, and the
 * steps that remain are all they pay for. Errors are the devices' own (`wire_reply.ts`).
 */
import type { Actor } from "../../audit/actor.ts";
import { WHOLE_FLEET } from "../../access/device_scope.ts";
import { DomainError } from "../../errors.ts";
import { limitKey } from "../address.ts";
import { type Answering, logFailure, record } from "../answer.ts";
import type { Exchange } from "../exchange.ts";
import { readBody } from "../limits.ts";
import { type Reply, type Route, routeName, type RouteRequest } from "../route_table.ts";
import { isLocal } from "../transport.ts";
import { wireErrorReply } from "./wire_reply.ts";

/** A device's route, with what is said of it with every request. */
export interface DeviceRoute {
  readonly route: Route;
  readonly name: string;
}

/**
 * The devices' routes by method and target: without parameters, without query.
 * @throws TypeError for a device's route with parameters: its requests would miss this way
 */
export function deviceRoutes(routes: readonly Route[]): ReadonlyMap<string, DeviceRoute> {
  const own = routes.filter(({ access }) => access === "device");
  const odd = own.find(({ path, params, query }) => path.includes(":") || params || query);
  if (odd !== undefined) {
    throw new TypeError(`${routeName(odd)}: a device's route takes a body only`);
  }
  return new Map(own.map((route) => [routeName(route), { route, name: routeName(route) }]));
}

/** Answers one request of a device and counts it. Never throws. */
export async function answerDevice(
  { route, name }: DeviceRoute,
  exchange: Exchange,
  on: Answering,
): Promise<void> {
  on.figures.inFlight += 1;
  let reply: Reply;
  try {
    limit(name, exchange, { route, on });
    const { incoming } = exchange;
    refuseForeignBody(route, exchange);
    const body = route.body === "bytes"
      ? await readBody(incoming, route.bodyLimitBytes)
      : undefined;
    reply = await route.handle(new DeviceRequest(exchange, body, on), on.features);
  } catch (error) {
    reply = wireErrorReply(error);
    if (reply.status === 500) logFailure(on.log, route, { exchange, error });
  }
  try {
    const sent = exchange.send(reply, "device");
    if (sent instanceof Promise) await sent;
  } catch (error) {
    logFailure(on.log, route, { exchange, error });
    exchange.outgoing.destroy();
  }
  on.figures.inFlight -= 1;
  record(name, { exchange, status: reply.status, figures: on.figures, log: on.log });
}

function limit(
  name: string,
  { address }: Exchange,
  { route, on }: { readonly route: Route; readonly on: Answering },
): void {
  const retryAfterS = on.limits.take(`${name} ${limitKey(address)}`, route.rate);
  if (retryAfterS === 0) return;
  throw new DomainError("request.rate_limited", "Cannot answer a device: it asks too often", {
    retryAfterS,
  });
}

/** @throws DomainError `request.unsupported_type`, `request.too_large` */
function refuseForeignBody({ body, bodyType }: Route, { incoming: { headers } }: Exchange): void {
  if (headers["content-encoding"] !== undefined) {
    throw new DomainError("request.unsupported_type", "Cannot take a body with an encoding");
  }
  if (body === undefined) {
    if (
      headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0
    ) {
      return;
    }
    throw new DomainError("request.too_large", "Cannot take a body: this route takes none");
  }
  const given = headers["content-type"];
  if (given !== bodyType && given?.split(";", 1)[0]?.trim().toLowerCase() !== bodyType) {
    throw new DomainError("request.unsupported_type", `Cannot take a body that is no ${bodyType}`);
  }
}

/** A device's request as its handler sees it: what is seldom asked for is made when it is. */
class DeviceRequest implements RouteRequest<unknown, unknown, Uint8Array | undefined> {
  readonly params = undefined;
  readonly query = undefined;
  readonly caller = null;
  readonly scope = WHOLE_FLEET;

  constructor(
    readonly exchange: Exchange,
    readonly body: Uint8Array | undefined,
    readonly on: Answering,
  ) {}

  get id(): string {
    return this.exchange.id;
  }
  get address(): string {
    return this.exchange.address;
  }
  get secure(): boolean {
    return this.exchange.transport.secure;
  }
  get proxied(): boolean {
    return this.exchange.transport.via === "named";
  }
  get local(): boolean {
    return isLocal(this.exchange.transport);
  }
  get origin(): string {
    return this.exchange.origin;
  }
  get actor(): Actor {
    return { name: "device:unproven", address: this.address };
  }
  get signal(): AbortSignal {
    return this.exchange.signal(this.on.stopping);
  }
  header(name: string): string | undefined {
    return this.exchange.header(name);
  }
  stillIn(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
