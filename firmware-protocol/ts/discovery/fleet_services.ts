/**
 * How FleetD's own programs describe themselves in DNS-SD.
 *
 * A TXT record is public and unauthenticated: it holds no name, no serial number and no device id,
 * and a reader treats it as an address hint (the server proves its key in the enrolment handshake).
 *
 * @module
 */
import { announce } from "./announce.ts";
import {
  AGENT_SERVICE,
  type Announcement,
  type AnnounceOptions,
  SERVER_SERVICE,
} from "./announced_service.ts";
import { browse } from "./browse.ts";
import { MAX_LABEL_BYTES } from "./domain_name.ts";
import type { BrowseEvent, FoundService } from "./found_service.ts";
import { printable } from "./printable_text.ts";
import { hostLabel, shorten } from "./service_names.ts";

/** TXT record of an agent. */
export interface AgentTxt {
  /** Protocol `major.minor`. */
  v: string;
  /** Model as people know it. */
  model: string;
  /** Agent version. */
  ver: string;
  /** `unenrolled`, `waiting`, `pending`, `accepted`, `rejected`, `quarantined` or `decommissioned`. */
  state: string;
  /** Public handle. */
  h: string;
  /** First 16 letters of the server's fingerprint, when enrolled. */
  fp?: string;
}

/** TXT record of a server. */
export interface ServerTxt {
  /** Protocol `major.minor`. */
  v: string;
  /** First 16 letters of the server key's fingerprint. */
  fp: string;
  /** HTTPS port, only when HTTPS is served. */
  tls?: string;
  /** Path prefix, when not `/`. */
  path?: string;
}

/** A FleetD server seen on the network. */
export interface FoundServer {
  /** First 16 letters of the fingerprint it claims; unproven. */
  fingerprintPrefix: string;
  /** Base addresses to try, best first, such as `http://192.168.1.5:8080`. */
  urls: string[];
  /** Its TXT record, all of it unproven. */
  txt: ServerTxt;
  /** The service with all its addresses. */
  service: FoundService;
}

/** A server came, changed or went. */
export interface ServerEvent {
  /** What happened. */
  kind: BrowseEvent["kind"];
  /** The server as it is now; with "down", as it was. */
  server: FoundServer;
}

/** Announces an agent: instance and host are its handle. */
export function announceAgent(
  agent: { port: number; txt: AgentTxt; bindAddress?: string },
  options: AnnounceOptions = {},
): Promise<Announcement> {
  return announce({
    type: AGENT_SERVICE,
    instance: agent.txt.h,
    host: agent.txt.h,
    port: agent.port,
    txt: buildAgentTxt(agent.txt),
    bindAddress: agent.bindAddress,
  }, options);
}

/** Announces a server: the instance is the name of its fleet. */
export function announceServer(
  server: { port: number; name: string; txt: ServerTxt; bindAddress?: string },
  options: AnnounceOptions = {},
): Promise<Announcement> {
  return announce({
    type: SERVER_SERVICE,
    instance: shorten(printable(server.name), MAX_LABEL_BYTES) || "FleetD",
    host: hostLabel(`fleets-${server.txt.fp}`),
    port: server.port,
    txt: buildServerTxt(server.txt),
    bindAddress: server.bindAddress,
  }, options);
}

/**
 * Yields servers as they come, change and go, until the signal aborts. A service whose TXT record is
 * not that of a server is none.
 */
export async function* findServers(
  options: { signal: AbortSignal; loopback?: boolean },
): AsyncIterable<ServerEvent> {
  const known = new Map<string, FoundServer>();
  for await (const { kind, service } of browse({ types: [SERVER_SERVICE], ...options })) {
    const key = JSON.stringify([service.instance, service.host, service.port]);
    const before = known.get(key);
    const txt = kind === "down" ? undefined : parseServerTxt(service.txt);
    if (txt !== undefined) {
      const server = serverOf(service, txt);
      known.set(key, server);
      yield { kind: before ? "changed" : "up", server };
    } else if (before) {
      known.delete(key);
      yield { kind: "down", server: before };
    }
  }
}

/** The key/value pairs of an agent's TXT record, absent ones left out. */
export function buildAgentTxt(txt: AgentTxt): Record<string, string> {
  const { v, model, ver, state, h, fp } = txt;
  // The model comes from the hardware, in whatever length.
  const shown = shorten(printable(model), 100);
  return { v, h, state, model: shown, ver, ...(fp === undefined ? {} : { fp }) };
}

/** The key/value pairs of a server's TXT record, absent ones left out. */
export function buildServerTxt(txt: ServerTxt): Record<string, string> {
  const { v, fp, tls, path } = txt;
  return { v, fp, ...(tls === undefined ? {} : { tls }), ...(path === undefined ? {} : { path }) };
}

/** Reads an agent's TXT record; undefined when a needed key is missing. */
export function parseAgentTxt(txt: Record<string, string>): AgentTxt | undefined {
  const { v, model, ver, state, h, fp } = txt;
  if (v === undefined || state === undefined || h === undefined) return undefined;
  return { v, model: model ?? "", ver: ver ?? "", state, h, ...(fp === undefined ? {} : { fp }) };
}

/** Reads a server's TXT record; undefined when a needed key is missing. */
export function parseServerTxt(txt: Record<string, string>): ServerTxt | undefined {
  const { v, fp, tls, path } = txt;
  if (v === undefined || fp === undefined) return undefined;
  return {
    v,
    fp,
    ...(tls === undefined ? {} : { tls }),
    ...(path === undefined ? {} : { path }),
  };
}

/** Where a server can be reached, in the order of the addresses. */
export function serverOf(service: FoundService, txt: ServerTxt): FoundServer {
  // A stranger's text goes into a URL only when it cannot be more than a path.
  const isPath = /^(\/[A-Za-z0-9_~-]{1,32}){1,4}$/.test(txt.path ?? "");
  const path = isPath ? txt.path : "";
  const urls = service.addresses
    // A URL cannot name the interface that a link-local IPv6 address needs.
    .filter((address) => !address.includes("%"))
    .map((address) => address.includes(":") ? `[${address}]` : address)
    .map((address) => `http://${address}:${service.port}${path}`);
  return { fingerprintPrefix: txt.fp, urls, txt, service };
}
