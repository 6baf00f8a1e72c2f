/**
 * A network and a clock for tests: time stands still until told to go on, packets take 1 ms.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import type { AnnouncedService, Announcement, AnnounceOptions } from "./announced_service.ts";
import { decodeMessage } from "./decode_message.ts";
import type { DnsMessage, DnsRecord } from "./dns_message.ts";
import { encodeMessage, type MessageParts } from "./encode_message.ts";
import { MulticastEngine } from "./engine.ts";
import type { BrowseEvent } from "./found_service.ts";
import type { Clock, Link, LinkEvents, Links, Peer } from "./link.ts";
import { ServiceBrowser } from "./service_browser.ts";
import { typeName } from "./service_names.ts";

export class SimulatedClock implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((other) => other !== timer);
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Runs all that falls due in the next milliseconds, promises included. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    while (true) {
      await settlePromises();
      const next = this.#timers.reduce(
        (first, timer) => timer.atMs < first.atMs ? timer : first,
        { atMs: Infinity, run: () => {} },
      );
      if (next.atMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = endMs;
  }
}

async function settlePromises(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** The same numbers in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

/** A packet as it went over a segment. */
export interface SeenPacket {
  readonly atMs: number;
  readonly from: string;
  /** The one receiver, for unicast. */
  readonly to?: string;
  readonly message: DnsMessage;
  readonly bytes: Uint8Array;
}

/** What connects links. */
export class SimulatedSegment {
  readonly seen: SeenPacket[] = [];
  readonly ports = new Set<SimulatedLink>();
  readonly clock: SimulatedClock;

  constructor(clock: SimulatedClock) {
    this.clock = clock;
  }

  carry(bytes: Uint8Array, options: { from: Peer; to?: Peer }): void {
    const { from, to } = options;
    const message = decodeMessage(bytes);
    this.seen.push({
      atMs: this.clock.nowMs(),
      from: from.address,
      ...(to && { to: `${to.address} ${to.port}` }),
      message,
      bytes,
    });
    this.clock.after(1, () => {
      for (const port of this.ports) {
        if (!to || port.addresses.includes(to.address)) port.deliver(bytes, from);
      }
    });
  }

  /** Puts a packet of a stranger on the segment. */
  inject(packet: MessageParts | Uint8Array, from: Partial<Peer> = {}): void {
    const bytes = packet instanceof Uint8Array ? packet : encodeMessage(packet);
    const peer = { address: "10.0.0.99", port: 5353, onLink: true, ...from };
    this.clock.after(1, () => this.ports.forEach((port) => port.deliver(bytes, peer)));
  }

  /** Records of all responses since a time, goodbyes too. */
  said(type: DnsRecord["data"]["type"], sinceMs = 0): (DnsRecord & { atMs: number })[] {
    return this.seen
      .filter((packet) => packet.message.response && packet.atMs >= sinceMs)
      .flatMap(({ atMs, message }) =>
        [...message.answers, ...message.additionals].map((record) => ({ ...record, atMs }))
      )
      .filter((record) => record.data.type === type);
  }
}

export class SimulatedLink implements Link {
  readonly id: string;
  readonly interfaceName: string;
  readonly family: 4 | 6 = 4;
  readonly loopback: boolean;
  addresses: string[];
  segment: SimulatedSegment | undefined;
  readonly #host: SimulatedHost;

  constructor(host: SimulatedHost, options: { name: string; addresses: string[] }) {
    this.#host = host;
    this.id = `${options.name}/4`;
    this.interfaceName = options.name;
    this.loopback = options.name === "lo";
    this.addresses = options.addresses;
  }

  send(bytes: Uint8Array, to?: Peer): void {
    const from = { address: this.addresses[0] ?? "0.0.0.0", port: 5353, onLink: true };
    this.segment?.carry(bytes, to ? { from, to } : { from });
  }

  deliver(bytes: Uint8Array, from: Peer): void {
    this.#host.events?.received(this, { bytes, from });
  }
}

/** A host with one engine. */
export class SimulatedHost implements Links {
  events: LinkEvents | undefined;
  readonly links = new Map<string, SimulatedLink>();
  readonly log: string[] = [];
  readonly browsed: BrowseEvent[] = [];
  engine!: MulticastEngine;

  static async start(
    network: { clock: SimulatedClock; seed?: number },
    links: Record<string, { on: SimulatedSegment; addresses: string[] }>,
  ): Promise<SimulatedHost> {
    const host = new SimulatedHost();
    for (const [name, link] of Object.entries(links)) host.plug(name, link);
    host.engine = await MulticastEngine.open({
      links: host,
      clock: network.clock,
      random: seededRandom(network.seed ?? 1),
      log: (line) => host.log.push(line),
    });
    return host;
  }

  plug(name: string, options: { on: SimulatedSegment; addresses: string[] }): SimulatedLink {
    const link = new SimulatedLink(this, { name, addresses: options.addresses });
    link.segment = options.on;
    options.on.ports.add(link);
    this.links.set(name, link);
    this.events?.opened(link);
    return link;
  }

  unplug(name: string): void {
    const link = this.links.get(name)!;
    link.segment?.ports.delete(link);
    link.segment = undefined;
    this.links.delete(name);
    this.events?.closed(link);
  }

  /** The host is gone without a word, as after a power cut. */
  die(): void {
    for (const link of this.links.values()) {
      link.segment?.ports.delete(link);
      link.segment = undefined;
    }
  }

  readdress(name: string, addresses: string[]): void {
    const link = this.links.get(name)!;
    link.addresses = addresses;
    this.events?.addressesChanged(link);
  }

  open(events: LinkEvents): Promise<void> {
    this.events = events;
    for (const link of this.links.values()) events.opened(link);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.events = undefined;
    this.die();
    return Promise.resolve();
  }

  announce(
    service: Partial<AnnouncedService> & { instance: string },
    options: AnnounceOptions = {},
  ): Promise<Announcement> {
    return this.engine.announce({ type: "_fleetd._tcp", port: 7400, txt: {}, ...service }, options);
  }

  browse(...types: string[]): ServiceBrowser {
    const browser = new ServiceBrowser(
      { ...this.engine.browserPorts, wants: () => true },
      { types: types.map(typeName), emit: (_key, event) => this.browsed.push(event) },
    );
    this.engine.addWatcher(browser);
    return browser;
  }

  /** `up x`, `down x`, … */
  get told(): string[] {
    return this.browsed.map(({ kind, service }) => `${kind} ${service.instance}`);
  }
}

Deno.test("the simulated clock runs timers in the order of their times", async () => {
  const clock = new SimulatedClock();
  const ran: number[] = [];
  clock.after(20, () => ran.push(clock.nowMs()));
  clock.after(10, () => clock.after(5, () => ran.push(clock.nowMs())));
  clock.after(30, () => ran.push(clock.nowMs()))();
  await clock.advance(100);
  deepEqual(ran, [15, 20]);
  equal(clock.nowMs(), 100);
  equal(clock.pending, 0);
});
