/**
 * What a browser finds on the network.
 *
 * All texts come from strangers: they are decoded strictly, made printable and bounded, and they are
 * hints only; nothing here authenticates anyone. RFC 6763 §4-§6.
 *
 * @module
 */

/** A service seen on the network, resolved to host, port and addresses. */
export interface FoundService {
  /** `_name._tcp` or `_name._udp`. */
  type: string;
  /** Instance name, printable, at most 63 bytes. */
  instance: string;
  /** Host name with its `.local`. */
  host: string;
  /** 1-65535. */
  port: number;
  /** Best first: loopback, then IPv4, then global IPv6, then link-local IPv6 as `fe80::1%eth0`. */
  addresses: string[];
  /** Keys in lower case; values printable, at most 255 bytes. */
  txt: Record<string, string>;
  /** Interface of the best address. */
  interfaceName: string;
}

/** A service came, changed (address, port or TXT) or went. */
export interface BrowseEvent {
  /** What happened; another host or port is another service. */
  kind: "up" | "changed" | "down";
  /** The service as it is now; with "down", as it was. */
  service: FoundService;
}

/** Options of {@link browse}. */
export interface BrowseOptions {
  /** Service types such as `_fleetd._tcp`. */
  types: string[];
  /** Ends the iteration. */
  signal: AbortSignal;
  /** `false` leaves out the loopback interface; default `true`. */
  loopback?: boolean;
}
