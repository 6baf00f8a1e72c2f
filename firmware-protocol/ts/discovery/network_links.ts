/**
 * The links of this host: one socket for each interface and family, followed as interfaces come, go
 * and change their addresses.
 *
 * Linux hands an IPv4 multicast packet to every socket of the port whatever interface it came in by,
 * so its link is told from the sender's address. IPv6 sockets are bound to their interface. The
 * loopback interface does IPv4 only: the kernel routes no IPv6 multicast there.
 *
 * @module
 */
import { platform } from "node:os";
import { inSubnet, isLinkLocal } from "./ip_address.ts";
import type { Link, LinkEvents, Links, Peer } from "./link.ts";
import { LinkSocket, type SocketPacket } from "./link_socket.ts";
import { interfacesOf, listInterfaces, type NetworkInterface } from "./network_interfaces.ts";

/** What {@link NetworkLinks} can be told. */
export interface NetworkLinksOptions {
  /** Time between two looks at the interfaces; default 3 s, and 10 s once nothing has changed for a minute. */
  readonly rescanMs?: number;
  readonly log?: (line: string) => void;
}

const RESCAN_MS = 3_000;
/** A program that runs for years should not wake for this more often than it must. */
const CALM_RESCAN_MS = 10_000;
const CALM_AFTER_MS = 60_000;

class NetworkLink implements Link {
  readonly id: string;
  readonly interfaceName: string;
  readonly family: 4 | 6;
  readonly loopback: boolean;
  /** What the socket depends on: another place needs another socket. */
  place = "";
  addresses: readonly string[] = [];
  socket: LinkSocket | undefined;

  constructor(wanted: WantedLink) {
    this.id = wanted.id;
    this.interfaceName = wanted.item.name;
    this.family = wanted.family;
    this.loopback = wanted.item.loopback;
  }

  send(bytes: Uint8Array, to?: Peer): void {
    this.socket?.send(bytes, to);
  }
}

interface WantedLink {
  readonly id: string;
  readonly family: 4 | 6;
  readonly item: NetworkInterface;
  readonly at: string;
}

/** Real links. */
export class NetworkLinks implements Links {
  readonly #options: NetworkLinksOptions;
  readonly #links = new Map<string, NetworkLink>();
  /** Why a link could not be opened, so that it is said once. */
  readonly #failures = new Map<string, string>();
  #interfaces: readonly NetworkInterface[] = [];
  #events: LinkEvents | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #changedAtMs = 0;
  #scanning: Promise<unknown> = Promise.resolve();

  constructor(options: NetworkLinksOptions = {}) {
    this.#options = options;
  }

  async open(events: LinkEvents): Promise<void> {
    this.#events = events;
    await this.#scan();
    if (this.#events) this.#rescanLater();
  }

  async close(): Promise<void> {
    this.#events = undefined;
    clearTimeout(this.#timer);
    await this.#scanning;
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map((link) => link.socket?.close()));
  }

  #rescanLater(): void {
    const calm = performance.now() - this.#changedAtMs > CALM_AFTER_MS;
    this.#timer = setTimeout(() => {
      this.#scanning = this.#scan()
        .catch((error) => this.#sayOnce("the interfaces", String(error)))
        .then(() => this.#events && this.#rescanLater());
    }, this.#options.rescanMs ?? (calm ? CALM_RESCAN_MS : RESCAN_MS));
  }

  async #scan(): Promise<void> {
    this.#interfaces = listInterfaces();
    const wanted = this.#interfaces.flatMap(linksOf);
    const ids = new Set(wanted.map((link) => link.id));
    for (const link of this.#links.values()) {
      if (!ids.has(link.id)) this.#drop(link);
    }
    await Promise.all(wanted.map((link) => this.#follow(link)));
  }

  /** Brings one link to what its interface is now. */
  async #follow(wanted: WantedLink): Promise<void> {
    const known = this.#links.get(wanted.id);
    const place = `${wanted.at} ${wanted.item.index}`;
    const addresses = wanted.item.addresses.map(({ address }) => address);
    if (known?.place === place && String(known.addresses) === String(addresses)) return;
    if (known && known.place === place) {
      this.#changedAtMs = performance.now();
      known.addresses = addresses;
      this.#events?.addressesChanged(known);
      return;
    }
    if (known) this.#drop(known);
    const link = new NetworkLink(wanted);
    link.place = place;
    link.addresses = addresses;
    try {
      link.socket = await LinkSocket.open({
        family: wanted.family,
        at: wanted.at,
        onPacket: (packet) => this.#received(link, packet),
        onError: () => this.#drop(link),
      });
    } catch (error) {
      return this.#sayOnce(link.id, error instanceof Error ? error.message : String(error));
    }
    this.#failures.delete(link.id);
    this.#links.set(link.id, link);
    this.#changedAtMs = performance.now();
    if (this.#events) this.#events.opened(link);
  }

  #drop(link: NetworkLink): void {
    if (this.#links.get(link.id) !== link) return;
    this.#changedAtMs = performance.now();
    this.#links.delete(link.id);
    link.socket?.close().catch(() => {});
    this.#events?.closed(link);
  }

  #sayOnce(id: string, reason: string): void {
    if (this.#failures.get(id) === reason) return;
    this.#failures.set(id, reason);
    this.#options.log?.(`cannot use ${id} for discovery: ${reason}`);
  }

  #received(link: NetworkLink, packet: SocketPacket): void {
    const { bytes, port } = packet;
    const onLink = link.family === 4
      ? this.#onIpv4Link(link, packet.address)
      : this.#onIpv6Link(link, packet.address);
    if (onLink === undefined) return;
    const zone = link.family === 6 && isLinkLocal(packet.address) && !packet.address.includes("%");
    const address = zone ? `${packet.address}%${link.interfaceName}` : packet.address;
    this.#events?.received(link, { bytes, from: { address, port, onLink } });
  }

  /** Undefined when the packet belongs to another link. */
  #onIpv4Link(link: NetworkLink, source: string): boolean | undefined {
    const matches = interfacesOf(source, this.#interfaces);
    if (matches.length > 0) {
      return matches.some(({ name }) => name === link.interfaceName) ? true : undefined;
    }
    // A neighbour with an address of another subnet is heard (RFC 6762 §11). Where sockets hear
    // unicast too, it might be from anywhere.
    return link.loopback || platform() !== "linux" ? undefined : false;
  }

  #onIpv6Link(link: NetworkLink, source: string): boolean {
    const item = this.#interfaces.find(({ name }) => name === link.interfaceName);
    return isLinkLocal(source) ||
      (item?.addresses.some((subnet) => inSubnet(source, subnet)) ?? false);
  }
}

function linksOf(item: NetworkInterface): WantedLink[] {
  const links: WantedLink[] = [];
  const ipv4 = item.addresses.find(({ address }) => !address.includes(":"));
  if (ipv4) links.push({ id: `${item.name}/4`, family: 4, item, at: ipv4.address });
  // Windows names zones by number, others by name too.
  const zone = platform() === "win32" ? String(item.index) : item.name;
  const hasIpv6 = item.addresses.some(({ address }) => address.includes(":"));
  if (hasIpv6 && !item.loopback) links.push({ id: `${item.name}/6`, family: 6, item, at: zone });
  return links;
}
