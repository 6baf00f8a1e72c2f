/**
 * @module
 * node:http with the limits that face a network: time-outs for headers and whole requests, a bound on
 * headers, on connections in all and per address. What is not even HTTP gets a problem and a closed door.
 */
import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ConfigError } from "../config.ts";
import { isLoopback, limitKey, plainAddress } from "./address.ts";

/** Limits of the connection side; times in ms. */
export interface ConnectionLimits {
  /** For a request's headers. */
  readonly headersTimeoutMs: number;
  /** For a whole request with its body. */
  readonly requestTimeoutMs: number;
  /** An idle connection stays this long. */
  readonly keepAliveTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** Loopback is exempt. */
  readonly maxConnectionsPerAddress: number;
}

/** What a server on a LAN with 10,000 devices needs, and no more. */
export const CONNECTION_LIMITS: ConnectionLimits = Object.freeze({
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 15_000,
  maxHeaderBytes: 8_192,
  maxConnections: 16_384,
  maxConnectionsPerAddress: 1_024,
});

/** A listening server. */
export interface Listening {
  readonly port: number;
  /** The address bound, as node names it: `::` = every address. */
  readonly address: string;
  /** Open connections. */
  connections(): number;
  /** Takes no more connections, lets running requests end for at most `graceMs`, then closes the rest. */
  close(graceMs: number): Promise<void>;
}

/** Where to listen and with what. */
export interface ListenOptions {
  /** null = every address, IPv6 and IPv4. */
  readonly address: string | null;
  readonly port: number;
  readonly listener: RequestListener;
  readonly limits?: ConnectionLimits;
  /** Hears of what goes wrong while it listens, such as too many open files. */
  readonly onError?: (error: Error) => void;
}

/**
 * Starts listening; with one address of a network also on 127.0.0.1 under the same port, because only
 * there the administrators' side is answered.
 * @throws ConfigError
 */
export async function listenWithLoopback(options: ListenOptions): Promise<Listening> {
  const network = await listen(options);
  if (["::", "0.0.0.0"].includes(network.address) || isLoopback(network.address)) return network;
  let loopback: Listening;
  try {
    loopback = await listen({ ...options, address: "127.0.0.1", port: network.port });
  } catch (error) {
    await network.close(0);
    throw error;
  }
  return {
    port: network.port,
    address: network.address,
    connections: () => network.connections() + loopback.connections(),
    close: async (graceMs) => {
      await Promise.all([network.close(graceMs), loopback.close(graceMs)]);
    },
  };
}

/**
 * Starts listening.
 * @throws ConfigError when the port is taken, not allowed or the address is not this machine's
 */
export async function listen(
  { address, port, listener, limits = CONNECTION_LIMITS, onError = () => {} }: ListenOptions,
): Promise<Listening> {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // The listener refuses a missing Host itself, with a problem.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(2_000, limits.headersTimeoutMs),
  }, listener);
  server.maxConnections = limits.maxConnections;
  const sockets = guardConnections(server, limits.maxConnectionsPerAddress);
  const busy = trackBusy(server);
  // Without these, node answers 100-continue by itself and hands upgrades a raw socket.
  server.on("checkContinue", listener);
  server.on("checkExpectation", listener);
  server.on(
    "upgrade",
    (_request, socket) => refuseRaw(socket, { status: 400, detail: "upgrades are not supported" }),
  );
  server.on(
    "connect",
    (_request, socket) => refuseRaw(socket, { status: 400, detail: "this is no proxy" }),
  );
  server.on(
    "clientError",
    (error: NodeJS.ErrnoException, socket) => refuseRaw(socket, problemOfClientError(error)),
  );
  const bound = await bind(server, { address, port });
  // Unheard, an error of accepting would end the process.
  server.on("error", onError);
  return {
    port: bound.port,
    address: bound.address,
    connections: () => sockets.size,
    close: (graceMs) => closeServer(server, { sockets, busy, graceMs }),
  };
}

async function bind(
  server: Server,
  { address, port }: { address: string | null; port: number },
): Promise<AddressInfo> {
  for (const host of address === null ? ["::", "0.0.0.0"] : [address]) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ port, host }, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return server.address() as AddressInfo;
    } catch (error) {
      server.removeAllListeners("error");
      const { code } = error as NodeJS.ErrnoException;
      // A machine without IPv6 still has IPv4.
      if (
        host === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL" || code === "EINVAL")
      ) continue;
      throw explained(error as NodeJS.ErrnoException, { host, port });
    }
  }
  throw new ConfigError("Cannot listen: this machine has neither IPv6 nor IPv4");
}

function explained(
  cause: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): ConfigError {
  const next = port < 65_535 ? port + 1 : 8080;
  const elsewhere = `this machine does not have the address ${host}; choose another with --listen`;
  const reasons: Record<string, string> = {
    EADDRINUSE:
      `the port is taken by another program; choose another with --port, for example --port ${next}`,
    EACCES:
      "the system does not allow it; choose a port from 1024 up with --port, for example --port 8080",
    EADDRNOTAVAIL: elsewhere,
    EINVAL: elsewhere,
  };
  return new ConfigError(
    `Cannot listen on port ${port}: ${reasons[cause.code ?? ""] ?? cause.message}`,
    { cause },
  );
}

/** Keeps track of connections and turns away those of an address that has too many. */
function guardConnections(server: Server, maxPerAddress: number): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const perAddress = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    const key = limitKey(address);
    const count = (perAddress.get(key) ?? 0) + 1;
    if (count > maxPerAddress && !isLoopback(address)) return socket.destroy();
    perAddress.set(key, count);
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      const left = perAddress.get(key)! - 1;
      if (left === 0) perAddress.delete(key);
      else perAddress.set(key, left);
    });
  });
  return sockets;
}

function problemOfClientError(error: NodeJS.ErrnoException): { status: number; detail: string } {
  if (error.code === "HPE_HEADER_OVERFLOW") {
    return { status: 431, detail: "its headers are too large" };
  }
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return { status: 408, detail: "it did not arrive in time" };
  }
  return { status: 400, detail: "it is not well-formed HTTP/1.1" };
}

function refuseRaw(socket: Duplex, { status, detail }: { status: number; detail: string }): void {
  if (!socket.writable || socket.destroyed) return void socket.destroy();
  const title = STATUS_CODES[status]!;
  const body = JSON.stringify({
    type: "urn:fleetd:problem:request.invalid",
    title,
    status,
    detail: `Cannot read the request: ${detail}`,
    code: "request.invalid",
  });
  socket.on("error", () => {});
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\n` +
      `x-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** Connections with a request that is not answered yet. */
function trackBusy(server: Server): ReadonlySet<Socket> {
  const busy = new Set<Socket>();
  server.on("request", (incoming, outgoing) => {
    const { socket } = incoming;
    busy.add(socket);
    outgoing.once("close", () => busy.delete(socket));
  });
  return busy;
}

/** How often connections that fell idle are looked for during a stop, in ms. */
const SWEEP_MS = 20;

async function closeServer(
  server: Server,
  { sockets, busy, graceMs }: {
    readonly sockets: ReadonlySet<Socket>;
    readonly busy: ReadonlySet<Socket>;
    readonly graceMs: number;
  },
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const closeIdle = () => {
    for (const socket of sockets) {
      if (!busy.has(socket)) socket.destroy();
    }
  };
  closeIdle();
  const sweep = setInterval(closeIdle, SWEEP_MS);
  const grace = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(grace);
}
