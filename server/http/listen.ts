/**
 * @module
 * node:http and node:https with the limits that face a network: time-outs for handshakes, headers and whole
 * requests, a bound on headers, on connections in all and per address. What is not even HTTP gets a problem
 * and a closed door.
 */
import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { CertificatePair } from "../certificate/make_certificate.ts";
import { ConfigError } from "../config.ts";
import { isLoopback, limitKey, plainAddress } from "./address.ts";
import { SpareFiles } from "./spare_files.ts";
import { Turns } from "./turns.ts";

/** Limits of the connection side; times in ms. */
export interface ConnectionLimits {
  /** For the handshake of TLS. */
  readonly handshakeTimeoutMs: number;
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

/**
 * Connections that wait to be taken, as far as the system allows. A fleet that comes back after an outage comes at
 * once, and whoever finds no place tries again a whole second later.
 */
const BACKLOG = 4_096;
/** How often it is said that there is no room, in ms. */
const FULL_EVERY_MS = 60_000;
/** How often slow readers are looked for, in ms. */
const SLOW_READERS_EVERY_MS = 5_000;

/** What a server on a LAN with 10,000 devices needs, and no more. */
export const CONNECTION_LIMITS: ConnectionLimits = Object.freeze({
  handshakeTimeoutMs: 10_000,
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
  /** New connections get this certificate; only with TLS. */
  setCertificate(pair: CertificatePair): void;
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
  /** Speak TLS with this certificate. */
  readonly certificate?: CertificatePair;
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
    setCertificate: (pair) => {
      network.setCertificate(pair);
      loopback.setCertificate(pair);
    },
    close: async (graceMs) => {
      await Promise.all([network.close(graceMs), loopback.close(graceMs)]);
    },
  };
}

/**
 * Starts listening.
 * @throws ConfigError when the port is taken, not allowed or the address is not this machine's
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { address, port, limits = CONNECTION_LIMITS, onError = () => {} } = options;
  const turns = new Turns();
  const listener = turns.take(options.listener);
  const server = serverFor({ ...options, listener }, limits);
  server.maxConnections = limits.maxConnections;
  const connections = guardConnections(server, {
    maxPerAddress: limits.maxConnectionsPerAddress,
    onFull: atMostEvery(
      FULL_EVERY_MS,
      () => onError(new Error("too many open files: new connections are turned away")),
    ),
  });
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
    (error: NodeJS.ErrnoException, socket) => {
      // Before the handshake there is nobody to whom a problem could be written.
      const open = options.certificate === undefined || connections.established.has(socket);
      if (!open) return void socket.destroy();
      turns.afterAnswers(socket, {
        then: () => refuseRaw(socket, problemOfClientError(error)),
        cut: () => socket.destroy(),
      });
    },
  );
  const bound = await bind(server, { address, port, tls: options.certificate !== undefined });
  // Unheard, an error of accepting would end the process.
  server.on("error", onError);
  const sweep = setInterval(() => {
    const nowMs = performance.now();
    for (const socket of connections.sockets.values()) turns.endSlowReader(socket, nowMs);
  }, SLOW_READERS_EVERY_MS);
  server.once("close", () => clearInterval(sweep));
  return {
    port: bound.port,
    address: bound.address,
    connections: () => connections.sockets.size,
    setCertificate: ({ certificate, key }) => {
      (server as TlsServer).setSecureContext({ cert: certificate, key, minVersion: "TLSv1.2" });
    },
    close: (graceMs) => closeServer(server, { sockets: connections.sockets, turns, graceMs }),
  };
}

function serverFor({ listener, certificate }: ListenOptions, limits: ConnectionLimits): Server {
  const http = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // The listener refuses a missing Host itself, with a problem.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(2_000, limits.headersTimeoutMs),
  };
  if (certificate === undefined) return createServer(http, listener);
  return createTlsServer({
    ...http,
    cert: certificate.certificate,
    key: certificate.key,
    minVersion: "TLSv1.2",
    handshakeTimeout: limits.handshakeTimeoutMs,
  }, listener);
}

async function bind(
  server: Server,
  { address, port, tls }: { address: string | null; port: number; tls: boolean },
): Promise<AddressInfo> {
  for (const host of address === null ? ["::", "0.0.0.0"] : [address]) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ port, host, backlog: BACKLOG }, () => {
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
      throw explained(error as NodeJS.ErrnoException, { host, port, tls });
    }
  }
  throw new ConfigError("Cannot listen: this machine has neither IPv6 nor IPv4");
}

function explained(
  cause: NodeJS.ErrnoException,
  { host, port, tls }: { host: string; port: number; tls: boolean },
): ConfigError {
  const option = tls ? "--tls-port" : "--port";
  const usual = tls ? 8443 : 8080;
  const next = port < 65_535 ? port + 1 : usual;
  const elsewhere = `this machine does not have the address ${host}; choose another with --listen`;
  const reasons: Record<string, string> = {
    EADDRINUSE:
      `the port is taken by another program; choose another with ${option}, for example ${option} ${next}`,
    EACCES:
      `the system does not allow it; choose a port from 1024 up with ${option}, for example ${option} ${usual}`,
    EADDRNOTAVAIL: elsewhere,
    EINVAL: elsewhere,
  };
  return new ConfigError(
    `Cannot listen on port ${port}: ${reasons[cause.code ?? ""] ?? cause.message}`,
    { cause },
  );
}

/** Open connections by the peer's address and port, which stay the same through the handshake of TLS. */
interface Connections {
  readonly sockets: ReadonlyMap<string, Socket>;
  /** TLS sockets whose handshake is over. */
  readonly established: WeakSet<Duplex>;
}

/** Keeps track of connections and turns away those of an address that has too many. */
function guardConnections(
  server: Server,
  { maxPerAddress, onFull }: { readonly maxPerAddress: number; readonly onFull: () => void },
): Connections {
  const spareFiles = new SpareFiles();
  const sockets = new Map<string, Socket>();
  const established = new WeakSet<Duplex>();
  const perAddress = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    const key = limitKey(address), name = nameOf(socket);
    const count = (perAddress.get(key) ?? 0) + 1;
    if (count > maxPerAddress && !isLoopback(address)) return socket.destroy();
    if (!spareFiles.haveRoomFor(sockets.size + 1)) {
      onFull();
      return socket.destroy();
    }
    perAddress.set(key, count);
    sockets.set(name, socket);
    socket.once("close", () => {
      sockets.delete(name);
      const left = perAddress.get(key)! - 1;
      if (left === 0) perAddress.delete(key);
      else perAddress.set(key, left);
    });
  });
  server.on("secureConnection", (socket: Socket) => {
    established.add(socket);
    // From now on it is the TLS socket that can be ended.
    if (sockets.has(nameOf(socket))) sockets.set(nameOf(socket), socket);
  });
  server.on("tlsClientError", (_error, socket: Socket) => {
    sockets.get(nameOf(socket))?.destroy();
    socket.destroy();
  });
  return { sockets, established };
}

function atMostEvery(periodMs: number, act: () => void): () => void {
  let nextMs = -Infinity;
  return () => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + periodMs;
    act();
  };
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
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

/** How often connections that fell idle are looked for during a stop, in ms. */
const SWEEP_MS = 20;

async function closeServer(
  server: Server,
  { sockets, turns, graceMs }: {
    readonly sockets: ReadonlyMap<string, Socket>;
    readonly turns: Turns;
    readonly graceMs: number;
  },
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const closeIdle = () => {
    for (const socket of sockets.values()) {
      if (!turns.isBusy(socket)) socket.destroy();
    }
  };
  closeIdle();
  const sweep = setInterval(closeIdle, SWEEP_MS);
  const grace = setTimeout(() => {
    for (const socket of sockets.values()) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(grace);
}
