/**
 * The local RPC: JSON over HTTP for people, `fleetd status` and `fleets devices register`.
 *
 * It faces the network, so every limit is set: header and body sizes, one deadline for a whole connection, their number, a
 * Host allow-list against DNS rebinding, a rate per address. No route changes the device's state, and none executes
 * anything; an invitation is a candidate address for a device that has no server, and nothing more.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Log } from "../log.ts";
import { hostAllowed, isLoopback } from "./peers.ts";
import { RateLimit } from "./rate_limit.ts";
import { answerFor, BODY_MAX_BYTES, type RpcAnswer, type RpcSource } from "./routes.ts";

/** What the server needs. */
export interface LocalRpcParts {
  readonly source: RpcSource;
  readonly log: Log;
  /** Address to listen on, or `null` for every one. */
  readonly listen: string | null;
  /** Port asked for; 0 picks a free one; `null` takes `defaultPort` or the next free one. */
  readonly port: number | null;
  readonly defaultPort: number;
  /** Host names under which this device may be asked, besides addresses and localhost. */
  readonly hostNames: readonly string[];
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** How long a connection lives at most, whatever it does; default 10 s. */
  readonly connectionLimitMs?: number;
}

/** A running local RPC. */
export interface LocalRpc {
  /** Where it listens. */
  readonly port: number;
  /** Ends it, and every connection. */
  close(): Promise<void>;
}

/** The port cannot be had. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

/** Ports tried after the default one. */
const PORTS_TRIED = 100;
const CONNECTIONS_MAX = 64;
const CONNECTION_LIMIT_MS = 10_000;
/** The longest there is: node:http looks at its connections by a timer that also wakes a server that has none. */
const NEVER_MS = 0x7fffffff;

/** Starts listening. @throws {PortTakenError} when an explicit port is taken, or every one of the tried. */
export async function startLocalRpc(parts: LocalRpcParts): Promise<LocalRpc> {
  const { port, defaultPort, log, listen } = parts;
  const limit = new RateLimit({ perSecond: 10, burst: 40, nowMs: parts.nowMs });
  const server = createServer({
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: NEVER_MS,
    maxHeaderSize: 8_192,
  }, (request, response) => {
    handle(request, { ...parts, limit }).then((answer) => send(response, answer), (error) => {
      if (request.socket.destroyed) return;
      log.error("The local RPC failed", { why: String(error) });
      send(response, { status: 500, body: { error: "internal" } });
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on("connection", (socket) => endAfter(socket, parts.connectionLimitMs));
  const taken = await listenSomewhere(server, { port, defaultPort, listen });
  if (port === null && taken !== defaultPort) {
    log.warn(`Port ${defaultPort} is taken, so the local RPC listens on the next free one`, {
      port: taken,
    });
  } else log.info("The local RPC listens", { port: taken, address: listen ?? "every address" });
  return { port: taken, close: () => close(server) };
}

function endAfter(socket: Socket, limitMs = CONNECTION_LIMIT_MS): void {
  const limit = setTimeout(() => socket.destroy(), limitMs);
  socket.once("close", () => clearTimeout(limit));
}

async function listenSomewhere(
  server: Server,
  { port, defaultPort, listen }: Pick<LocalRpcParts, "port" | "defaultPort" | "listen">,
): Promise<number> {
  const candidates = port !== null
    ? [port]
    : Array.from({ length: PORTS_TRIED }, (_, at) => defaultPort + at);
  for (const candidate of candidates) {
    const taken = await tryListen(server, { port: candidate, listen });
    if (taken !== null) return taken;
  }
  throw new PortTakenError(
    port === null
      ? `Cannot start the local RPC: ports ${defaultPort} to ${
        defaultPort + PORTS_TRIED - 1
      } are taken. ` +
        "Pass --rpc-port 0 for any free one."
      : `Cannot start the local RPC: port ${port} is taken. Pass another --rpc-port, or 0 for any free one.`,
  );
}

/** Both families where the host has both; the port got, or `null` when it is taken. */
async function tryListen(
  server: Server,
  { port, listen }: { port: number; listen: string | null },
): Promise<number | null> {
  const hosts = listen === null ? ["::", "0.0.0.0"] : [listen];
  for (const host of hosts) {
    const code = await new Promise<string | null>((resolve) => {
      const failed = (error: Error & { code?: string }) => resolve(error.code ?? error.message);
      server.once("error", failed);
      server.listen(port, host, () => {
        server.off("error", failed);
        resolve(null);
      });
    });
    if (code === null) return (server.address() as AddressInfo).port;
    if (code === "EADDRINUSE") return null;
    if (host === hosts.at(-1)) {
      throw new PortTakenError(
        `Cannot start the local RPC: listening on ${host} port ${port} failed (${code}). ` +
          "Pass another --rpc-listen or --rpc-port.",
      );
    }
  }
  return null;
}

async function handle(
  request: IncomingMessage,
  { source, hostNames, limit }: LocalRpcParts & { limit: RateLimit },
): Promise<RpcAnswer> {
  const peer = request.socket.remoteAddress ?? "";
  const loopback = isLoopback(peer);
  if (!limit.allow(peer)) return { status: 429, body: { error: "too many requests" } };
  if (!hostAllowed(request.headers.host, hostNames)) {
    return { status: 421, body: { error: "this host name is not served here" } };
  }
  const body = request.method === "POST" ? await readBody(request) : "";
  if (body === null) return { status: 413, body: { error: "the body is too large" } };
  const path = (request.url ?? "").split("?", 1)[0]!;
  const contentType = request.headers["content-type"] ?? "";
  return answerFor({ method: request.method ?? "", path, contentType, body, loopback }, source);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(bytes);
}

function send(response: ServerResponse, { status, body, allow }: RpcAnswer): void {
  if (response.headersSent) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": new TextEncoder().encode(text).length,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...(allow === undefined ? {} : { Allow: allow }),
    ...(status === 413 || status === 429 ? { Connection: "close" } : {}),
  });
  response.end(text);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
