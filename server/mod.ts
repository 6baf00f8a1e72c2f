/**
 * @module
 * The FleetD server: `startServer` opens the database, listens and announces itself. `fleets server` is
 * its only program; the tests are its other caller.
 */
import {
  type Announcement,
  announceServer,
  browse,
  fingerprintPrefix,
} from "@fleetd/firmware-protocol";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { PasswordCost } from "./access/password.ts";
import type { CertificateSource } from "./certificate/certificate_files.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { compose, type Composition } from "./compose.ts";
import type { ServerConfig } from "./config.ts";
import { fileStemOf } from "./database_url.ts";
import type { NetworkAgentsOptions } from "./discovery/network_agents.ts";
import { createApp } from "./http/app.ts";
import { isLoopback } from "./http/address.ts";
import { deviceUrlOf } from "./http/device_url.ts";
import type { ServerFacts, TlsFacts } from "./http/features.ts";
import { hostAllowList, serverNames } from "./http/hosts.ts";
import { RateLimits } from "./http/limits.ts";
import type { ConnectionLimits } from "./http/listen.ts";
import { RequestFigures } from "./http/request_figures.ts";
import { ROUTES } from "./http/routes.ts";
import { serve, type Serving } from "./http/serve.ts";
import { proxyCheck } from "./http/transport.ts";
import { lineLog, type Log } from "./log.ts";

export { ConfigError, readConfig, type ServerConfig, type ServerOptions } from "./config.ts";
export type { ServerFacts, TlsFacts } from "./http/features.ts";
export { PASSWORD_COST, type PasswordCost } from "./access/password.ts";
export type { Role } from "./access/role.ts";
export { DomainError } from "./errors.ts";
export { lineLog, type Log, type LogLevel, SILENT_LOG } from "./log.ts";
export { CONNECTION_LIMITS, type ConnectionLimits } from "./http/listen.ts";
export { openApiDocument } from "./http/openapi.ts";
export { ROUTES } from "./http/routes.ts";
export { reachOf, type Route, routeName } from "./http/route_table.ts";
export { greeting } from "./greeting.ts";
export { VERSION } from "./version.ts";
export * from "./parts.ts";

/** A server that answers. */
export interface RunningServer {
  /** Where this machine reaches it: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The port it is bound to, also when any was asked for. */
  readonly port: number;
  /** The address devices reach; `::` or `0.0.0.0` = every address. */
  readonly address: string;
  /** HTTPS as it is served; null = it is not. */
  readonly tls: TlsFacts | null;
  /** Where a browser elsewhere reaches it: `https://host.local:8443`; this machine's {@link url} without HTTPS. */
  readonly publicUrl: string;
  /** What it was started with. */
  readonly config: ServerConfig;
  /** What is known of it. */
  readonly facts: ServerFacts;
  /** For the first administrator; null when somebody can sign in. Shown here and nowhere else. */
  readonly setupCode: string | null;
  /** Resolves when the network was told of the server, false when it could not be or was not asked for. */
  readonly announced: Promise<boolean>;
  /**
   * Takes no more requests, finishes and commits those it took, says goodbye to the network, closes the
   * database. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/** What tests and demos put in the place of the machine's own. */
export interface ServerSurroundings {
  /** Time; default: the machine's. */
  readonly clock?: Clock;
  /** Secure random bytes; default: the system's. */
  readonly random?: (length: number) => Uint8Array;
  /** Default: lines on standard error, of the configured level. */
  readonly log?: Log;
  /** Monotonic ms that rates are counted by. */
  readonly rateClock?: () => number;
  /** Default: {@link CONNECTION_LIMITS}. */
  readonly connectionLimits?: ConnectionLimits;
  /** Default: {@link PASSWORD_COST}. */
  readonly passwordCost?: PasswordCost;
  /** How agents on the network are looked for; default: by mDNS, unless the configuration says not to. */
  readonly browse?: NetworkAgentsOptions["browse"];
}

/** Requests that run at the stop have this long to end, in ms; what they acknowledge is committed. */
const GRACE_MS = 10_000;

/**
 * Starts a server.
 * @throws ConfigError when it cannot listen or open its files; DomainError `store.*` or `identity.key_missing` when it cannot open its database
 */
export async function startServer(
  config: ServerConfig,
  surroundings: ServerSurroundings = {},
): Promise<RunningServer> {
  const { clock = SYSTEM_CLOCK, random = (length) => new Uint8Array(randomBytes(length)) } =
    surroundings;
  const log = surroundings.log ??
    lineLog((line) => process.stderr.write(`${line}\n`), { level: config.logLevel });
  const requests = new RequestFigures();
  const stopping = new AbortController();
  let serving: Serving | undefined;
  const composition = await compose({
    config,
    clock,
    random,
    log,
    isRunning: () => !stopping.signal.aborted,
    tls: () => serving?.tls() ?? null,
    publicUrl: () => serving === undefined ? "" : publicUrlOf(serving, config),
    deviceUrl: () =>
      serving === undefined ? "" : deviceUrlOf({ ...config, port: serving.plain.port }),
    passwordCost: surroundings.passwordCost,
    browse: surroundings.browse ?? (config.mdns ? browse : null),
    figures: {
      requests,
      startedAtMs: clock.nowMs(),
      connections: () => serving?.connections() ?? 0,
    },
  });
  try {
    serving = await serve({
      config,
      source: certificateSource(config),
      limits: surroundings.connectionLimits,
      clock,
      log,
      listener: createApp({
        routes: ROUTES,
        features: composition.features,
        apiTokens: composition.features.apiTokens,
        sessions: composition.features.sessions,
        fleetId: composition.features.server.fleetId,
        tlsPort: () => serving?.tls()?.port ?? null,
        limits: new RateLimits(surroundings.rateClock),
        hostAllowed: hostAllowList(config.allowHosts),
        isProxy: proxyCheck(config.behindProxy),
        figures: requests,
        log,
        stopping: stopping.signal,
      }),
    });
    log.info("server.started", {
      address: serving.plain.address,
      port: serving.plain.port,
      tlsPort: serving.tls()?.port,
      fingerprint: composition.identity.fingerprint,
      certificate: serving.tls()?.fingerprint,
    });
    // Only a server that can be reached makes a code: one whose port is taken must not end another's.
    const setupCode = await composition.features.setupCode.open(config.newSetupCode);
    return running({ config, composition, serving, stopping, log, setupCode });
  } catch (error) {
    await serving?.close(0);
    await composition.close();
    throw error;
  }
}

interface Parts {
  readonly config: ServerConfig;
  readonly composition: Composition;
  readonly serving: Serving;
  readonly stopping: AbortController;
  readonly log: Log;
  readonly setupCode: string | null;
}

function running(
  { config, composition, serving, stopping, log, setupCode }: Parts,
): RunningServer {
  const announcing = config.mdns
    ? announceIt(composition, { serving, log })
    : Promise.resolve(undefined);
  let closing: Promise<void> | undefined;
  const close = async () => {
    stopping.abort();
    const goodbye = announcing.then((announcement) => announcement?.close());
    await Promise.all([goodbye, serving.close(GRACE_MS)]);
    await composition.close();
    log.info("server.stopped");
  };
  const { address, port } = serving.plain;
  return {
    url: localUrlOf(serving),
    port,
    address,
    get tls() {
      return serving.tls();
    },
    publicUrl: publicUrlOf(serving, config),
    config,
    facts: composition.features.server,
    setupCode,
    announced: announcing.then((announcement) => announcement !== undefined),
    close: () => closing ??= close(),
  };
}

/** A network that cannot be told of the server is no reason not to serve it. */
async function announceIt(
  { identity, features }: Composition,
  { serving, log }: { serving: Serving; log: Log },
): Promise<Announcement | undefined> {
  const { plain } = serving;
  const tls = serving.tls();
  try {
    const announcement = await announceServer({
      port: plain.port,
      name: identity.name,
      bindAddress: plain.address,
      txt: {
        v: features.server.protocol,
        fp: fingerprintPrefix(identity.keyPair.publicKey),
        ...(tls === null ? {} : { tls: String(tls.port) }),
      },
    }, {
      log: (line) => log.info("discovery.note", { text: line }),
      onRename: (instance) => log.warn("discovery.renamed", { instance }),
    });
    log.info("discovery.announced", {
      instance: announcement.instance,
      loopbackOnly: isLoopback(plain.address),
    });
    return announcement;
  } catch (error) {
    log.warn("discovery.failed", { error: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

/** Where this machine reaches a server bound to an address; `listenWithLoopback` sees to it that it does. */
function loopbackFor(address: string): string {
  if (!isLoopback(address)) return "127.0.0.1";
  return bracketed(address);
}

/** Given files, or one file of the server's own beside its key. */
function certificateSource({ tlsFiles, dataDir, db, allowHosts }: ServerConfig): CertificateSource {
  if (tlsFiles !== null) return { kind: "given", ...tlsFiles };
  return {
    kind: "own",
    path: join(dataDir, `${fileStemOf(db)}.tls.pem`),
    names: () => serverNames(allowHosts),
  };
}

/** Where this machine reaches the server. */
function localUrlOf({ plain }: Serving): string {
  return `http://${loopbackFor(plain.address)}:${plain.port}`;
}

/** The address to tell a person on another machine; without HTTPS there is this machine's only. */
function publicUrlOf(serving: Serving, { allowHosts, listen }: ServerConfig): string {
  const tls = serving.tls();
  if (tls === null) return localUrlOf(serving);
  const address = listen === null || ["::", "0.0.0.0"].includes(listen) ? undefined : listen;
  const host = allowHosts[0] ??
    (address === undefined
      ? `${hostname().split(".")[0]!.toLowerCase()}.local`
      : bracketed(address));
  return `https://${host}${tls.port === 443 ? "" : `:${tls.port}`}`;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
