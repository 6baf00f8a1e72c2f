/**
 * @module
 * What a route is. The server answers exactly the routes of one table and each states its access, its
 * limits and the shape of what it takes and gives: a route without them cannot be written down, and a
 * route missing from the table does not exist. The OpenAPI document and the access test are made from it.
 */
import type * as v from "valibot";
import type { Role } from "../access/role.ts";
import type { DeviceScope } from "../access/device_scope.ts";
import type { Actor } from "../audit/actor.ts";
import type { Features } from "./features.ts";

/** Methods the server knows. HEAD is answered where GET is. */
export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/**
 * Who may call: nobody has to say who he is (`public`), a device that proves itself inside the body
 * (`device`, PROTOCOL §4), or an API token of at least that role.
 */
export type Access = "public" | "device" | Role;

/** A token bucket, one per address (`public`, `device`) or per API token. */
export interface Rate {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests a minute in the long run. */
  readonly perMinute: number;
}

/** From where a route may be asked: see {@link reachOf}. */
export type Reach = "anyone" | "secure" | "here";

/** The authenticated caller of an administrator's route. */
export interface Caller {
  /** A program with an API token, or a user's browser with a session. */
  readonly kind: "token" | "session";
  /** Of the token or the session. */
  readonly id: string;
  /** The token's name, or the user's. */
  readonly name: string;
  readonly role: Role;
  readonly scope: DeviceScope;
  /** The user signed in, by session or by `fleets login`; null = an API token that stands for itself. */
  readonly user: { readonly id: string; readonly name: string } | null;
}

/** One request as its handler sees it: everything checked, nothing raw. */
export interface RouteRequest<Params = unknown, Query = unknown, Body = unknown> {
  /** 96 random bits, base64url; also in the log, the `x-request-id` header and every problem. */
  readonly id: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Numeric address of whoever asks, IPv4-mapped addresses as plain IPv4. */
  readonly address: string;
  /** It came over TLS, here or at a named proxy. */
  readonly secure: boolean;
  /** It came from the server's own machine. */
  readonly local: boolean;
  /** A proxy named with `--behind-proxy` sent it on. */
  readonly proxied: boolean;
  /** `https://fleet.example:8443`: this server as the caller names it. */
  readonly origin: string;
  /** Who signed in; null on `public` and `device` routes, never on others. */
  readonly caller: Caller | null;
  /** Whether the caller may still ask this, for answers that go on: sessions end, roles change. */
  stillIn(): Promise<boolean>;
  /** What a mutation's audit row names. */
  readonly actor: Actor;
  /** Devices the caller may see: the whole fleet where `caller` is null. */
  readonly scope: DeviceScope;
  /** One request header by lower-case name; undefined when absent. */
  header(name: string): string | undefined;
  /** Aborts when the peer goes away or the server stops; made on first use. */
  readonly signal: AbortSignal;
}

/** An answer, before headers every answer has. */
export interface Reply {
  readonly status: number;
  /** Content-Type, where there is a body. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes or text go out with Content-Length; an iterable is streamed and flushed piece by piece. */
  readonly body?: Uint8Array | string | AsyncIterable<string>;
}

/** One documented answer of a route. */
export interface ReplyShape {
  readonly description: string;
  /** JSON bodies state their schema; others only their type. */
  readonly schema?: v.GenericSchema;
  readonly type?: string;
}

/** What a route declares, with the types of its parts. */
export interface RouteDefinition<Params, Query, Body> {
  readonly method: Method;
  /** Absolute, `:name` for a part: `/api/v1/devices/:handle`. */
  readonly path: string;
  readonly access: Access;
  /** Unique, camelCase: `listDevices`. */
  readonly operation: string;
  readonly summary: string;
  /** Heading in the document. */
  readonly tag: string;
  /** Largest body taken; 0 = a body is refused. */
  readonly bodyLimitBytes: number;
  readonly rate: Rate;
  readonly params?: v.GenericSchema<unknown, Params>;
  readonly query?: v.GenericSchema<unknown, Query>;
  /** A schema: the body is JSON. `bytes`: it is handed over as Uint8Array. Absent: there is none. */
  readonly body?: v.GenericSchema<unknown, Body> | "bytes";
  /** Content-Type wanted of a `bytes` body. */
  readonly bodyType?: string;
  readonly replies: Readonly<Record<number, ReplyShape>>;
  /** From where it may be asked. Default: `anyone` for public and device routes, `secure` for all others. */
  readonly reach?: Reach;
  /**
   * A page for a person: whoever is not signed in is sent to `/sign-in?next=…`, and a plain request from
   * the network to HTTPS, instead of a problem.
   */
  readonly page?: boolean;
  /** Not in the OpenAPI document: devices' routes (their document is the protocol) and pages. */
  readonly undocumented?: boolean;
  handle(
    request: RouteRequest<Params, Query, Body>,
    features: Features,
  ): Promise<Reply> | Reply;
}

/** A route of the table, its types erased. */
export type Route = RouteDefinition<unknown, unknown, unknown>;

/** Writes one row of the table; the types of its parts come from its schemas. */
export function route<
  Params = Record<never, never>,
  Query = Record<never, never>,
  Body = undefined,
>(
  definition: RouteDefinition<Params, Query, Body>,
): Route {
  return definition as unknown as Route;
}

/** `bytes` routes: the same, the body typed as bytes. */
export function bytesRoute(
  definition: RouteDefinition<Record<never, never>, Record<never, never>, Uint8Array> & {
    readonly body: "bytes";
  },
): Route {
  return definition as unknown as Route;
}

/** The name a route has in logs, metrics and messages: `GET /api/v1/devices/:handle`. */
export function routeName(of: Pick<Route, "method" | "path">): string {
  return `${of.method} ${of.path}`;
}

/**
 * From where a route may be asked: by `anyone`; where nobody can listen in (`secure`: over TLS, or over plain
 * HTTP from the server's own machine); or from the server's own machine alone (`here`).
 */
export function reachOf(of: Pick<Route, "access" | "reach">): Reach {
  return of.reach ?? (of.access === "public" || of.access === "device" ? "anyone" : "secure");
}

/** A JSON answer. */
export function json(value: unknown, status = 200): Reply {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

/** An answer without a body. */
export function noContent(): Reply {
  return { status: 204 };
}

/** A body of bytes with its type; devices' answers. */
export function bytes(
  body: Uint8Array,
  { type, status = 200 }: { type: string; status?: number },
): Reply {
  return { status, type, body };
}
