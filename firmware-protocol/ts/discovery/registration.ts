/**
 * One announced service on all links: its names, conflicts and renames, changes and goodbye
 * (RFC 6762 §8-§10).
 *
 * @module
 */
import type { AnnouncedService, AnnounceOptions } from "./announced_service.ts";
import type { AnswerQueue } from "./answer_queue.ts";
import { type DnsMessage, recordKey } from "./dns_message.ts";
import { nameKey } from "./domain_name.ts";
import type { Clock, Link } from "./link.ts";
import { LinkClaim } from "./link_claim.ts";
import {
  type ClaimedNames,
  hostName,
  instanceName,
  nextHost,
  nextInstance,
} from "./service_names.ts";
import { DEFAULT_TTL_S, type OwnedRecord, serviceRecords } from "./service_records.ts";
import { compareProposals, takesOurName } from "./tie_break.ts";

/** The loser of a simultaneous probe waits this long (RFC 6762 §8.2). */
const DEFER_MS = 1000;
/** So many conflicts in so much time make us wait longer (RFC 6762 §8.1). */
const MANY_CONFLICTS = { count: 15, withinMs: 10_000, waitMs: 5000 };

/** What a {@link Registration} needs. */
export interface RegistrationOptions {
  readonly service: AnnouncedService;
  readonly names: ClaimedNames;
  readonly options: AnnounceOptions;
  readonly clock: Clock;
  readonly random: () => number;
  readonly queueOf: (link: Link) => AnswerQueue;
  /** True when another service of this process holds the instance name. */
  readonly isTaken: (instance: string) => boolean;
}

/** A service that is announced, or about to be. */
export class Registration {
  #service: AnnouncedService;
  #names: ClaimedNames;
  readonly #options: RegistrationOptions;
  readonly #claims = new Map<string, LinkClaim>();
  #conflictsAtMs: number[] = [];
  /** Others take our names one after the other; true until one is ours. */
  #isCrowded = false;
  #waiting: (() => void)[] = [];

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#service = options.service;
    this.#names = options.names;
  }

  get names(): ClaimedNames {
    return this.#names;
  }

  get type(): string {
    return this.#service.type;
  }

  /** Resolves as soon as no link is being probed. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#checkSettled();
    });
  }

  /** Records we answer for on the link: those whose names are proven ours. */
  owned(link: Link): readonly OwnedRecord[] {
    const claim = this.#claims.get(link.id);
    return claim?.phase === "established" ? claim.records : [];
  }

  linkOpened(link: Link): void {
    const { clock, random, queueOf } = this.#options;
    const claim = new LinkClaim({
      link,
      clock,
      random,
      multicast: (records) => queueOf(link).add(records, { delayMs: 0 }),
      onEstablished: () => {
        this.#isCrowded = false;
        this.#checkSettled();
      },
    });
    this.#claims.set(link.id, claim);
    claim.probe(this.#recordsOn(link));
  }

  linkClosed(link: Link): void {
    this.#claims.get(link.id)?.stop();
    this.#claims.delete(link.id);
    this.#checkSettled();
  }

  addressesChanged(link: Link): void {
    const claim = this.#claims.get(link.id);
    if (!claim) return;
    const records = this.#recordsOn(link);
    if (records.length === 0) claim.goodbye();
    else if (claim.phase === "silent") claim.probe(records);
    else claim.update(records);
    this.#checkSettled();
  }

  /** Looks for records of others under our names. */
  heardResponse(link: Link, message: DnsMessage): void {
    const claim = this.#claims.get(link.id);
    if (!claim || claim.phase === "silent") return;
    // Our records of other links are ours too: a bridge or reflector may have carried them here.
    const ours = [...this.#claims.values()]
      .flatMap((other) => other.records)
      .filter((record) => record.unique);
    const probing = claim.phase === "probing";
    const taken = [...message.answers, ...message.additionals]
      .filter((record) => takesOurName(record, { ours, probing }))
      .map((record) => nameKey(record.name));
    if (taken.length === 0) return;
    if (probing) this.#rename(new Set(taken));
    else claim.probe(claim.records, this.#conflictDelayMs());
  }

  /** Settles a probe of another host against ours. */
  heardProbe(link: Link, message: DnsMessage): void {
    const claim = this.#claims.get(link.id);
    if (claim?.phase !== "probing") return;
    for (const name of new Set(claim.records.filter((r) => r.unique).map((r) => nameKey(r.name)))) {
      const [ours, theirs] = [claim.records, message.authorities]
        .map((list) => list.filter((record) => nameKey(record.name) === name));
      if (theirs!.length === 0 || compareProposals(ours!, theirs!) >= 0) continue;
      claim.probe(claim.records, DEFER_MS);
      return;
    }
  }

  updateTxt(txt: Record<string, string>): void {
    this.#service = { ...this.#service, txt };
    for (const claim of this.#claims.values()) {
      if (claim.phase !== "silent") claim.update(this.#recordsOn(claim.link));
    }
  }

  /**
   * Takes back on each link what no other service of this process says; the last act.
   *
   * @returns what says it once more.
   */
  goodbye(stillSaid: (link: Link) => readonly OwnedRecord[]): () => void {
    const again = [...this.#claims.values()].map((claim) => {
      const others = new Set(stillSaid(claim.link).map(recordKey));
      return claim.goodbye(
        ownWords(claim.records).filter((record) => !others.has(recordKey(record))),
      );
    });
    this.#checkSettled();
    return () => again.forEach((say) => say());
  }

  #recordsOn(link: Link): OwnedRecord[] {
    const ttlS = this.#options.options.ttlS ?? DEFAULT_TTL_S;
    return serviceRecords({ service: this.#service, names: this.#names, ttlS }, link);
  }

  #rename(taken: ReadonlySet<string>): void {
    const { options, isTaken } = this.#options;
    let { instance, host } = this.#names;
    const before = this.#names;
    if (taken.has(nameKey(instanceName(instance, this.#service.type)))) {
      do instance = nextInstance(instance); while (isTaken(instance));
    }
    if (taken.has(nameKey(hostName(host)))) host = nextHost(host);
    this.#names = { instance, host };
    const delayMs = this.#conflictDelayMs();
    for (const claim of this.#claims.values()) {
      const records = this.#recordsOn(claim.link);
      const kept = new Set(records.map(recordKey));
      claim.goodbye(ownWords(claim.records).filter((record) => !kept.has(recordKey(record))));
      claim.probe(records, delayMs);
    }
    options.log?.(
      `another host on the network holds the name: "${before.instance}" on ${before.host}.local ` +
        `is now "${instance}" on ${host}.local`,
    );
    if (instance !== before.instance) options.onRename?.(instance);
  }

  /** Undefined (the usual short delay) until conflicts come in a row; then they stay slow. */
  #conflictDelayMs(): number | undefined {
    const nowMs = this.#options.clock.nowMs();
    const { count, withinMs, waitMs } = MANY_CONFLICTS;
    this.#conflictsAtMs = [...this.#conflictsAtMs, nowMs].slice(-count);
    this.#isCrowded ||= this.#conflictsAtMs.length === count &&
      nowMs - this.#conflictsAtMs[0]! < withinMs;
    return this.#isCrowded ? waitMs : undefined;
  }

  #checkSettled(): void {
    if ([...this.#claims.values()].some((claim) => claim.phase === "probing")) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The list of types is shared with all hosts: nobody takes it back. */
function ownWords(records: readonly OwnedRecord[]): OwnedRecord[] {
  return records.filter((record) => !record.name.startsWith("_services."));
}
