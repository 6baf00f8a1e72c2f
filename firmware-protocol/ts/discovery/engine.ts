/**
 * One mDNS engine: hears every link, lets the responder answer and the browsers learn.
 *
 * @module
 */
import type { AnnouncedService, Announcement, AnnounceOptions } from "./announced_service.ts";
import { decodeMessage } from "./decode_message.ts";
import type { DnsMessage } from "./dns_message.ts";
import { escapeLabel, labelBytes } from "./domain_name.ts";
import { type DiscoveryPorts, type Link, type LinkEvents, MDNS_PORT, type Peer } from "./link.ts";
import { writeTxt } from "./printable_text.ts";
import { Registration } from "./registration.ts";
import { Responder } from "./responder.ts";
import { SentPackets } from "./sent_packets.ts";
import type { BrowserOptions, LinkWatcher } from "./service_browser.ts";
import { hostLabel, nextInstance, typeName } from "./service_names.ts";

/** A hostile neighbour that answers every probe must not keep a program from starting. */
const SETTLE_MS = 10_000;
/** A goodbye is said twice: on a wireless network one multicast is easily lost. */
const GOODBYE_GAP_MS = 100;
/** Most bytes of a TXT record, so that all records of a service fit one packet (RFC 6763 §6.2). */
const MAX_TXT_BYTES = 1000;

/** What the engine has heard since it was opened. */
export interface DiscoveryCounters {
  /** Packets that came in, ours included. */
  packets: number;
  /** Packets that were not well formed. */
  malformed: number;
  /** Responses that did not come from port 5353 (RFC 6762 §11). */
  refused: number;
}

/** Announces and browses on the links of its ports. */
export class MulticastEngine {
  readonly counters: DiscoveryCounters = { packets: 0, malformed: 0, refused: 0 };
  readonly #ports: DiscoveryPorts;
  readonly #responder: Responder;
  readonly #sent: SentPackets;
  readonly #links = new Map<string, Link>();
  readonly #watchers = new Set<LinkWatcher>();

  /** Opens the links; resolves when they can send and hear. */
  static async open(ports: DiscoveryPorts): Promise<MulticastEngine> {
    const engine = new MulticastEngine(ports);
    await ports.links.open(engine.#events());
    return engine;
  }

  private constructor(ports: DiscoveryPorts) {
    this.#ports = ports;
    this.#responder = new Responder(ports);
    this.#sent = new SentPackets(ports.clock);
  }

  /** What a browser of this engine needs besides its wishes. */
  get browserPorts(): Omit<BrowserOptions, "wants"> {
    return { clock: this.#ports.clock, random: this.#ports.random };
  }

  /**
   * Announces a service; resolves when its names are free on every link, after 10 s at the latest.
   *
   * @throws {RangeError} when a name, the port or the TXT record is out of bounds.
   */
  async announce(
    service: AnnouncedService,
    options: AnnounceOptions = {},
  ): Promise<Announcement> {
    const responder = this.#responder;
    checkService(service);
    const isTaken = (instance: string) => responder.holds(service.type, instance);
    let instance = service.instance;
    while (isTaken(instance)) instance = nextInstance(instance);
    if (instance !== service.instance) options.onRename?.(instance);
    const registration = new Registration({
      service,
      names: { instance, host: service.host ?? hostLabel(service.instance) },
      options: { log: this.#ports.log, ...options },
      clock: this.#ports.clock,
      random: this.#ports.random,
      queueOf: (link) => responder.queueOf(link),
      isTaken,
    });
    responder.add(registration);
    await this.#atMost(SETTLE_MS, registration.settled());
    return this.#announcement(registration);
  }

  /** Lets a browser watch until it is removed. */
  addWatcher(watcher: LinkWatcher): void {
    this.#watchers.add(watcher);
    for (const link of this.#links.values()) watcher.linkOpened(link);
  }

  removeWatcher(watcher: LinkWatcher): void {
    watcher.stop();
    this.#watchers.delete(watcher);
  }

  /** Closes the links; announcements are closed before. */
  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher.stop();
    this.#watchers.clear();
    this.#responder.close();
    await this.#ports.links.close();
  }

  #announcement(registration: Registration): Announcement {
    let closing: Promise<void> | undefined;
    return {
      get instance() {
        return registration.names.instance;
      },
      updateTxt: (txt) => {
        checkTxt(txt);
        registration.updateTxt(txt);
      },
      close: () => closing ??= this.#retire(registration),
    };
  }

  async #retire(registration: Registration): Promise<void> {
    const again = this.#responder.remove(registration);
    await this.#atMost(GOODBYE_GAP_MS, new Promise(() => {}));
    again();
  }

  #events(): LinkEvents {
    return {
      opened: (link) => {
        const remembering = this.#remembering(link);
        this.#links.set(link.id, remembering);
        this.#responder.linkOpened(remembering);
        for (const watcher of this.#watchers) watcher.linkOpened(remembering);
      },
      closed: (link) => {
        this.#links.delete(link.id);
        this.#responder.linkClosed(link);
        for (const watcher of this.#watchers) watcher.linkClosed(link);
      },
      addressesChanged: (link) => {
        const remembering = this.#links.get(link.id);
        if (remembering) this.#responder.addressesChanged(remembering);
      },
      received: (link, packet) => this.#received(link, packet),
    };
  }

  #received(closest: Link, { bytes, from }: { bytes: Uint8Array; from: Peer }): void {
    const link = this.#links.get(closest.id);
    if (!link) return;
    this.counters.packets++;
    let message: DnsMessage;
    try {
      message = decodeMessage(bytes);
    } catch {
      this.counters.malformed++;
      return;
    }
    const isOwn = this.#isOwnAddress(from.address) && this.#sent.has(bytes);
    if (!message.response) {
      // Our own probe settles nothing; our own question may be for a service of ours.
      if (isOwn && message.authorities.length > 0) return;
      if (!isOwn) { for (const watcher of this.#watchers) watcher.heardQuery(link, message); }
      this.#responder.heardQuery({ link, message, from });
      return;
    }
    if (from.port !== MDNS_PORT) {
      this.counters.refused++;
      return;
    }
    if (!isOwn) this.#responder.heardResponse(link, message);
    for (const watcher of this.#watchers) watcher.heardResponse(link, message);
  }

  #isOwnAddress(address: string): boolean {
    const plain = address.split("%", 1)[0]!;
    return [...this.#links.values()].some((link) => link.addresses.includes(plain));
  }

  /** The link, noting what is sent on it. */
  #remembering(link: Link): Link {
    const sent = this.#sent;
    return {
      id: link.id,
      interfaceName: link.interfaceName,
      family: link.family,
      loopback: link.loopback,
      get addresses() {
        return link.addresses;
      },
      send(bytes, to) {
        if (!to) sent.note(bytes);
        link.send(bytes, to);
      },
    };
  }

  #atMost(delayMs: number, promise: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(delayMs, resolve);
      promise.then(() => {
        cancel();
        resolve();
      });
    });
  }
}

function checkService(service: AnnouncedService): void {
  if (!Number.isInteger(service.port) || service.port < 1 || service.port > 65535) {
    throw new RangeError(`Cannot announce port ${service.port}: it is 1 to 65535`);
  }
  // Throws when the instance is no label or the type is none.
  labelBytes(escapeLabel(service.instance));
  typeName(service.type);
  if (service.host !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(service.host)) {
    throw new RangeError(
      `Cannot announce host ${JSON.stringify(service.host)}: letters, digits, hyphens`,
    );
  }
  checkTxt(service.txt);
}

function checkTxt(txt: Record<string, string>): void {
  const sizeBytes = writeTxt(txt).reduce((sum, text) => sum + text.length + 1, 0);
  if (sizeBytes > MAX_TXT_BYTES) {
    throw new RangeError(
      `Cannot announce a TXT record of ${sizeBytes} bytes: at most ${MAX_TXT_BYTES}`,
    );
  }
}
