/**
 * One UDP socket on port 5353 for one interface and family, beside other responders of the host.
 *
 * @module
 */
import { createSocket, type Socket } from "node:dgram";
import { platform } from "node:os";
import { MDNS_PORT } from "./link.ts";

/** The mDNS groups (RFC 6762 §3). */
export const GROUPS = { 4: "224.0.0.251", 6: "ff02::fb" } as const;

/** A packet as the socket gives it. */
export interface SocketPacket {
  readonly bytes: Uint8Array;
  readonly address: string;
  readonly port: number;
}

/** Where to open a socket. */
export interface LinkSocketOptions {
  readonly family: 4 | 6;
  /** IPv4 address of the interface, or the name or number of its IPv6 zone. */
  readonly at: string;
  readonly onPacket: (packet: SocketPacket) => void;
  /** The socket has failed and is closed. */
  readonly onError: (error: Error) => void;
}

/** A joined multicast socket. */
export class LinkSocket {
  readonly #socket: Socket;
  readonly #group: string;
  #sending = 0;
  #idle: (() => void) | undefined;
  #closed = false;

  /** Opens, joins and resolves; @throws Error when the interface cannot do multicast. */
  static async open(options: LinkSocketOptions): Promise<LinkSocket> {
    const { family, at } = options;
    const zone = family === 6 ? `%${at}` : "";
    const socket = createSocket({
      type: family === 4 ? "udp4" : "udp6",
      // Others on this host may hold the port too, and all get what is multicast (RFC 6762 §15).
      reuseAddr: true,
      ...(family === 6 && { ipv6Only: true }),
    });
    try {
      await bind(socket, bindAddress(family, zone));
      const local = family === 4 ? at : `::${zone}`;
      socket.addMembership(GROUPS[family], local);
      socket.setMulticastInterface(local);
      socket.setMulticastTTL(255);
      // Other programs of this host hear us this way, and we them.
      socket.setMulticastLoopback(true);
    } catch (error) {
      socket.close();
      throw error;
    }
    return new LinkSocket(socket, options);
  }

  private constructor(socket: Socket, options: LinkSocketOptions) {
    this.#socket = socket;
    this.#group = options.family === 6 ? `${GROUPS[6]}%${options.at}` : GROUPS[4];
    socket.on("message", (bytes, { address, port }) => {
      if (!this.#closed) options.onPacket({ bytes, address, port });
    });
    socket.on("error", (error) => {
      if (this.#closed) return;
      this.close().catch(() => {});
      options.onError(error);
    });
  }

  /** Sends to the group, or to one address. What cannot be sent is lost, as on any network. */
  send(bytes: Uint8Array, to?: { address: string; port: number }): void {
    if (this.#closed) return;
    this.#sending++;
    const sent = () => {
      if (--this.#sending === 0) this.#idle?.();
    };
    try {
      this.#socket.send(bytes, to?.port ?? MDNS_PORT, to?.address ?? this.#group, sent);
    } catch {
      sent();
    }
  }

  /** Waits for what is being sent, then closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#sending > 0) await new Promise<void>((resolve) => this.#idle = resolve);
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

/**
 * On Linux the socket is bound to the group: it hears no unicast, which so stays with the responder
 * of the host, and with IPv6 (the zone is part of the address) nothing of other interfaces. Other
 * systems would send from the group's address then, so there it is bound to all addresses.
 */
function bindAddress(family: 4 | 6, zone: string): string {
  if (platform() !== "linux") return family === 4 ? "0.0.0.0" : "::";
  return `${GROUPS[family]}${zone}`;
}

function bind(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: MDNS_PORT, address }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}
