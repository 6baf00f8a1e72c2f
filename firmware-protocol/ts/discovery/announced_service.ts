/**
 * What a program announces with DNS-SD, and the handle it gets back.
 *
 * The shapes only: {@link announce} lives in announce.ts. RFC 6763 §4-§7.
 *
 * @module
 */

/** Service type of a FleetD agent. */
export const AGENT_SERVICE = "_fleetd._tcp";
/** Service type of a FleetD server. */
export const SERVER_SERVICE = "_fleets._tcp";

/** One DNS-SD service of this process. */
export interface AnnouncedService {
  /** `_name._tcp` or `_name._udp`; the name is 1-15 letters, digits and hyphens (RFC 6335 §5.1). */
  type: string;
  /** Name shown to people, 1-63 bytes of UTF-8; dots and spaces are allowed. */
  instance: string;
  /** 1-65535. */
  port: number;
  /** Keys: 1-9 printable ASCII letters by custom, no `=`; `key=value` at most 255 bytes of UTF-8. */
  txt: Record<string, string>;
  /** Host label without `.local`, 1-63 letters, digits and hyphens. Default: made from the instance. */
  host?: string;
  /**
   * Where the service listens. A loopback address announces on loopback only, the address of one
   * interface on that interface only; `0.0.0.0` (IPv4 only), `::` or undefined on every link.
   */
  bindAddress?: string;
}

/** An announcement that stands until it is closed. */
export interface Announcement {
  /** The name in use: differs from the one asked for when another host already had it. */
  readonly instance: string;
  /** Replaces the TXT record and tells the network. */
  updateTxt(txt: Record<string, string>): void;
  /** Says goodbye (TTL 0) on every link, then lets go of the sockets. */
  close(): Promise<void>;
}

/** Options of {@link announce}. */
export interface AnnounceOptions {
  /** Called with the new instance name after a conflict. */
  onRename?: (instance: string) => void;
  /** Gets one line per notable event (rename, a link that cannot be used). */
  log?: (line: string) => void;
  /**
   * Time to live of the records in seconds, 1-86400; default 120. After a crash the service leaves
   * the caches of others this much later.
   */
  ttlS?: number;
}
