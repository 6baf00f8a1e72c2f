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
import type { BrowseEvent, FoundService } from "./found_service.ts";

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
  txt: ServerTxt;
  service: FoundService;
}

/** A server came, changed or went. */
export interface ServerEvent {
  kind: BrowseEvent["kind"];
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
    instance: server.name,
    host: `fleets-${server.txt.fp}`,
    port: server.port,
    txt: buildServerTxt(server.txt),
    bindAddress: server.bindAddress,
  }, options);
}

/** Yields servers as they come, change and go, until the signal aborts. */
export async function* findServers(
  options: { signal: AbortSignal; loopback?: boolean },
): AsyncIterable<ServerEvent> {
  for await (const event of browse({ types: [SERVER_SERVICE], ...options })) {
    const txt = parseServerTxt(event.service.txt);
    if (txt !== undefined) yield { kind: event.kind, server: foundServer(event.service, txt) };
  }
}

/** The key/value pairs of an agent's TXT record, absent ones left out. */
export function buildAgentTxt(txt: AgentTxt): Record<string, string> {
  const { v, model, ver, state, h, fp } = txt;
  return { v, h, state, model, ver, ...(fp === undefined ? {} : { fp }) };
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

function foundServer(service: FoundService, txt: ServerTxt): FoundServer {
  const urls = service.addresses
    // A URL cannot name the interface that a link-local IPv6 address needs.
    .filter((address) => !address.includes("%"))
    .map((address) => `http://${address.includes(":") ? `[${address}]` : address}:${service.port}`);
  return { fingerprintPrefix: txt.fp, urls, txt, service };
}
