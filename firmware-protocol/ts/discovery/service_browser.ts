/**
 * Watches for services of some types on all links and tells what came, changed and went.
 *
 * @module
 */
import type { DnsMessage } from "./dns_message.ts";
import { splitName } from "./domain_name.ts";
import type { BrowseEvent, FoundService } from "./found_service.ts";
import type { Clock, Link } from "./link.ts";
import { LinkQuerier } from "./link_querier.ts";
import { resolveServices, sameService } from "./resolve_services.ts";
import { SERVICE_TYPES_NAME } from "./service_names.ts";

/** Records of one answer may come in several packets: the reader is told of them together. */
const SETTLE_MS = 20;

/** What both kinds of browser need. */
export interface BrowserOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Links to look at. */
  readonly wants: (link: Link) => boolean;
}

/** What the engine tells a browser. */
export abstract class LinkWatcher {
  readonly #options: BrowserOptions;
  readonly #names: readonly string[];
  readonly #resolve: boolean;
  readonly #queriers = new Map<string, LinkQuerier>();
  #cancelSettle: (() => void) | undefined;

  constructor(options: BrowserOptions, asks: { names: readonly string[]; resolve: boolean }) {
    this.#options = options;
    this.#names = asks.names;
    this.#resolve = asks.resolve;
  }

  linkOpened(link: Link): void {
    const { clock, random, wants } = this.#options;
    if (!wants(link)) return;
    const onChange = () => this.#settleSoon();
    const querier = new LinkQuerier({
      link,
      clock,
      random,
      names: this.#names,
      resolve: this.#resolve,
      onChange,
    });
    this.#queriers.set(link.id, querier);
  }

  linkClosed(link: Link): void {
    this.#queriers.get(link.id)?.stop();
    if (this.#queriers.delete(link.id)) this.#settleSoon();
  }

  heardResponse(link: Link, message: DnsMessage): void {
    this.#queriers.get(link.id)?.heardResponse(message);
  }

  heardQuery(link: Link, message: DnsMessage): void {
    this.#queriers.get(link.id)?.heardQuery(message);
  }

  stop(): void {
    for (const querier of this.#queriers.values()) querier.stop();
    this.#queriers.clear();
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
  }

  /** Called a moment after something changed. */
  protected abstract settle(queriers: Iterable<LinkQuerier>): void;

  #settleSoon(): void {
    this.#cancelSettle ??= this.#options.clock.after(SETTLE_MS, () => {
      this.#cancelSettle = undefined;
      this.settle(this.#queriers.values());
    });
  }
}

/** Browses for services. */
export class ServiceBrowser extends LinkWatcher {
  readonly #types: readonly string[];
  readonly #emit: (key: string, event: BrowseEvent) => void;
  #known = new Map<string, FoundService>();

  /** `types` are full names, see `typeName`. */
  constructor(
    options: BrowserOptions,
    asks: { types: readonly string[]; emit: (key: string, event: BrowseEvent) => void },
  ) {
    super(options, { names: asks.types, resolve: true });
    this.#types = asks.types;
    this.#emit = asks.emit;
  }

  protected override settle(queriers: Iterable<LinkQuerier>): void {
    const found = resolveServices(queriers, this.#types);
    const before = this.#known;
    this.#known = found;
    for (const [key, service] of before) {
      if (!found.has(key)) this.#emit(key, { kind: "down", service });
    }
    for (const [key, service] of found) {
      const old = before.get(key);
      if (!old) this.#emit(key, { kind: "up", service });
      else if (!sameService(old, service)) this.#emit(key, { kind: "changed", service });
    }
  }
}

/** Lists the service types present on the network, each once. */
export class TypeBrowser extends LinkWatcher {
  readonly #emit: (type: string) => void;
  readonly #known = new Set<string>();

  constructor(options: BrowserOptions, emit: (type: string) => void) {
    super(options, { names: [SERVICE_TYPES_NAME], resolve: false });
    this.#emit = emit;
  }

  protected override settle(queriers: Iterable<LinkQuerier>): void {
    for (const querier of queriers) {
      for (const name of querier.targets(SERVICE_TYPES_NAME)) {
        const labels = splitName(name.toLowerCase());
        const type = labels.slice(0, 2).join(".");
        const isType = labels.length === 3 && labels[2] === "local" &&
          /^_[a-z0-9-]{1,15}\._(tcp|udp)$/.test(type);
        if (!isType || this.#known.has(type)) continue;
        this.#known.add(type);
        this.#emit(type);
      }
    }
  }
}

/** Joins an event that still waits to be read with the next one of the same service. */
export function mergeEvents(waiting: BrowseEvent, next: BrowseEvent): BrowseEvent | undefined {
  if (next.kind === "down") return waiting.kind === "up" ? undefined : next;
  if (waiting.kind === "down") return { ...next, kind: "changed" };
  return { ...next, kind: waiting.kind };
}
