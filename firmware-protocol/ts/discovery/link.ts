/**
 * The ports of discovery: links, time and chance. Real ones are in network_links.ts and
 * shared_engine.ts, simulated ones in simulated_network.ts.
 *
 * @module
 */

/** Port of mDNS; a query from another port comes from a plain DNS client (RFC 6762 §6.7). */
export const MDNS_PORT = 5353;

/** Where a packet comes from or goes to. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** The address lies in a subnet of the link; answers are sent to such peers alone (RFC 6762 §11). */
  readonly onLink: boolean;
}

/** One interface seen through one address family: what is multicast on it stays on it. */
export interface Link {
  /** `eth0/4`; unique among the open links. */
  readonly id: string;
  readonly interfaceName: string;
  readonly family: 4 | 6;
  readonly loopback: boolean;
  /** Addresses of the interface now, both families, without zones. */
  readonly addresses: readonly string[];
  /** Sends to the mDNS group, or to one peer. Never throws: a packet may be lost anyway. */
  send(bytes: Uint8Array, to?: Peer): void;
}

/** What happens on the links. */
export interface LinkEvents {
  opened(link: Link): void;
  closed(link: Link): void;
  /** The addresses of the interface are not those of before. */
  addressesChanged(link: Link): void;
  received(link: Link, packet: { bytes: Uint8Array; from: Peer }): void;
}

/** All links of the host, followed as they come and go. */
export interface Links {
  /** Opens the links there are; resolves when `opened` was called for each. */
  open(events: LinkEvents): Promise<void>;
  /** Sends what is still waiting, then closes all; no event follows. */
  close(): Promise<void>;
}

/** Time and timers. */
export interface Clock {
  /** Milliseconds that only grow. */
  nowMs(): number;
  /** Calls back once, later; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** What the parts of the engine share. */
export interface DiscoveryPorts {
  readonly links: Links;
  readonly clock: Clock;
  /** From 0 (included) to 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}
