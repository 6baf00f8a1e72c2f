/**
 * @module
 * The two doors of a server: plain HTTP, which devices use and this machine's administrators, and HTTPS for
 * everybody. HTTPS follows its certificate: files that change, and its own that nears its end, are taken up
 * while it runs.
 */
import type { RequestListener } from "node:http";
import process from "node:process";
import {
  type Certificate,
  type CertificateSource,
  certificateStamp,
  loadCertificate,
} from "../certificate/certificate_files.ts";
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config.ts";
import type { Log } from "../log.ts";
import type { TlsFacts } from "./features.ts";
import { type ConnectionLimits, type Listening, listenWithLoopback } from "./listen.ts";

/** What serving stands on. */
export interface ServeOptions {
  readonly config: Pick<ServerConfig, "listen" | "port" | "tlsPort">;
  readonly source: CertificateSource;
  readonly listener: RequestListener;
  readonly limits?: ConnectionLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Both doors, open. */
export interface Serving {
  readonly plain: Listening;
  /** HTTPS as it is served now; null = it is not. */
  tls(): TlsFacts | null;
  connections(): number;
  close(graceMs: number): Promise<void>;
}

/** How often the certificate's files are looked at, in ms. */
const LOOK_EVERY_MS = 60_000;

/**
 * Opens both doors.
 * @throws ConfigError when a port or a file cannot be had
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { config, log } = options;
  const onError = (error: Error) => log.error("http.connection_failed", { error: error.message });
  const common = { address: config.listen, listener: options.listener, limits: options.limits };
  const plain = await listenWithLoopback({ ...common, port: config.port, onError });
  if (config.tlsPort === null) {
    return { ...sharedBy([plain]), plain, tls: () => null };
  }
  try {
    const certificate = await loadCertificate(options.source, options.clock);
    const secure = await listenWithLoopback({
      ...common,
      port: config.tlsPort,
      certificate,
      onError,
    });
    const followed = follow(secure, certificate, options);
    const shared = sharedBy([plain, secure]);
    return {
      plain,
      connections: shared.connections,
      tls: () => followed.facts(),
      close: async (graceMs) => {
        followed.stop();
        await shared.close(graceMs);
      },
    };
  } catch (error) {
    await plain.close(0);
    throw error;
  }
}

function sharedBy(doors: readonly Listening[]): Pick<Serving, "connections" | "close"> {
  return {
    connections: () => doors.reduce((sum, door) => sum + door.connections(), 0),
    close: async (graceMs) => {
      await Promise.all(doors.map((door) => door.close(graceMs)));
    },
  };
}

/** Keeps the certificate in use the one that its files hold; SIGHUP looks at once. */
function follow(
  door: Listening,
  first: Certificate,
  { source, clock, log }: ServeOptions,
): { facts(): TlsFacts; stop(): void } {
  let current = first;
  let stamp = certificateStamp(source);
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const now = certificateStamp(source);
    if (source.kind === "given" && now === stamp) return;
    try {
      const loaded = await loadCertificate(source, clock);
      stamp = certificateStamp(source);
      if (loaded.fingerprint === current.fingerprint) return;
      door.setCertificate(loaded);
      current = loaded;
      log.info("tls.certificate_changed", { fingerprint: loaded.fingerprint });
    } catch (error) {
      // Half-written files, most likely: the certificate in use goes on until they are whole.
      log.warn("tls.certificate_unusable", { error: (error as Error).message });
    }
  };
  const lookAgain = () => void (looking = looking.then(look));
  const timer = setInterval(lookAgain, LOOK_EVERY_MS);
  const withSignal = process.platform !== "win32";
  if (withSignal) process.on("SIGHUP", lookAgain);
  return {
    facts: () => ({
      port: door.port,
      fingerprint: current.fingerprint,
      own: current.own,
      expiresAtMs: current.expiresAtMs,
    }),
    stop: () => {
      clearInterval(timer);
      if (withSignal) process.off("SIGHUP", lookAgain);
    },
  };
}
