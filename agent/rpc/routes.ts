/**
 * The routes of the local RPC, without HTTP: a request as plain data, an answer as plain data.
 *
 * @module
 */
import { ConfigError, parseServerUrl } from "../config.ts";

/** Largest body of a request. */
export const BODY_MAX_BYTES = 4_096;

/** What the routes ask the agent. */
export interface RpcSource {
  /** Public: what mDNS shows too. */
  info(): Readonly<Record<string, unknown>>;
  /** Public. */
  health(): { readonly ok: boolean } & Readonly<Record<string, unknown>>;
  /** For this machine only. */
  status(): Readonly<Record<string, unknown>>;
  /** Takes an address hint; `false` when the device has a server already. */
  invite(invitation: { readonly url: string; readonly fingerprint: string }): boolean;
}

/** A request, read. */
export interface RpcRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** Whether it comes from this machine. */
  readonly loopback: boolean;
}

/** An answer, to be sent as JSON. */
export interface RpcAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Methods that the path knows, with status 405. */
  readonly allow?: string;
}

type Route = (request: RpcRequest, source: RpcSource) => RpcAnswer;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  "/v1/info": { GET: (_, source) => ({ status: 200, body: source.info() }) },
  "/v1/health": {
    GET: (_, source) => {
      const health = source.health();
      return { status: health.ok ? 200 : 503, body: health };
    },
  },
  "/v1/status": {
    GET: ({ loopback }, source) =>
      loopback
        ? { status: 200, body: source.status() }
        : problem(403, "the status is shown on the device itself only"),
  },
  "/v1/invitation": { POST: invite },
};

/** Answers a request. */
export function answerFor(request: RpcRequest, source: RpcSource): RpcAnswer {
  const methods = Object.hasOwn(ROUTES, request.path) ? ROUTES[request.path] : undefined;
  if (methods === undefined) return problem(404, "there is no such route");
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (route !== undefined) return route(request, source);
  return {
    ...problem(405, "this route has other methods"),
    allow: Object.keys(methods).join(", "),
  };
}

function invite({ contentType, body }: RpcRequest, source: RpcSource): RpcAnswer {
  // A browser cannot send this type to another origin without asking first.
  if (contentType.split(";")[0]!.trim().toLowerCase() !== "application/json") {
    return problem(415, "the body must be application/json");
  }
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    return problem(400, "the body is no JSON");
  }
  const { url, fingerprint = "" } = (read ?? {}) as Record<string, unknown>;
  if (typeof url !== "string" || url.length > 160 || typeof fingerprint !== "string") {
    return problem(400, "an invitation is {url, fingerprint?}");
  }
  if (fingerprint !== "" && !/^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/.test(fingerprint)) {
    return problem(400, "a fingerprint is six groups of four letters");
  }
  try {
    const taken = source.invite({ url: parseServerUrl(url), fingerprint });
    return taken
      ? { status: 202, body: { accepted: true } }
      : problem(409, "this device is enrolled already");
  } catch (error) {
    if (error instanceof ConfigError) return problem(400, error.message);
    throw error;
  }
}

function problem(status: number, error: string): RpcAnswer {
  return { status, body: { error } };
}
