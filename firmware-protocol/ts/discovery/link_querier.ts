/**
 * Asks one link for pointer records and, if wanted, for what resolves them (RFC 6762 §5.2, §7.1,
 * §7.3). Keeps only what it asked for.
 *
 * @module
 */
import { type DnsMessage, type DnsQuestion, type DnsRecord, RecordType } from "./dns_message.ts";
import { nameKey, parentName } from "./domain_name.ts";
import { encodeQueries } from "./encode_message.ts";
import type { Clock, Link } from "./link.ts";
import { RecordCache } from "./record_cache.ts";
import { SERVICE_TYPES_NAME } from "./service_names.ts";

const FIRST_GAP_MS = 1000;
const LONGEST_GAP_MS = 3_600_000;
/** A TXT record that does not come after so many questions is taken to be empty. */
const TXT_TRIES = 3;
/** Shortest time between two queries of ours, whatever others send. */
const QUERY_GAP_MS = 100;
/** Packets that come together are thought about together: the work is bounded, whatever others send. */
const THINK_MS = 10;
/** Most instances of one type on one link. */
const MAX_INSTANCES = 1024;
/** Most records of other sets: addresses of one host, texts of one instance. */
const MAX_PER_SET = 16;

/** What a {@link LinkQuerier} needs. */
export interface LinkQuerierOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly random: () => number;
  /** Names whose pointer records are wanted, such as `_fleetd._tcp.local`. */
  readonly names: readonly string[];
  /** Also ask for SRV, TXT and addresses of what the pointers lead to. */
  readonly resolve: boolean;
  readonly onChange: () => void;
}

interface Asking {
  readonly question: DnsQuestion;
  nextMs: number;
  gapMs: number;
  tries: number;
}

/** The asking half of mDNS on one link. */
export class LinkQuerier {
  readonly link: Link;
  readonly cache: RecordCache;
  readonly #options: LinkQuerierOptions;
  readonly #names: ReadonlySet<string>;
  readonly #asking = new Map<string, Asking>();
  /** What is worth keeping now; undefined when it must be worked out again. */
  #wanted: { instances: Map<string, string>; hosts: Map<string, string> } | undefined;
  #lastQueryMs = -Infinity;
  #cancel: (() => void) | undefined;
  #wakeAtMs = Infinity;
  #stopped = false;

  constructor(options: LinkQuerierOptions) {
    this.#options = options;
    this.link = options.link;
    this.#names = new Set(options.names.map(nameKey));
    this.cache = new RecordCache({
      random: options.random,
      maxRecords: 4096,
      maxPerSet: (record) => record.data.type === "PTR" ? MAX_INSTANCES : MAX_PER_SET,
    });
    const startMs = options.clock.nowMs() + 20 + options.random() * 100;
    for (const name of options.names) this.#ask(name, RecordType.PTR, startMs);
    this.#schedule();
  }

  /** Names that the pointers lead to. */
  targets(name: string): string[] {
    return this.cache.get(name, "PTR").flatMap(({ record: { data } }) =>
      data.type === "PTR" ? [data.target] : []
    );
  }

  /** True when a TXT record was asked for often enough to believe that there is none. */
  lacksTxt(name: string): boolean {
    return (this.#asking.get(`${RecordType.TXT} ${nameKey(name)}`)?.tries ?? 0) >= TXT_TRIES;
  }

  /** Takes the wanted records of a response. */
  heardResponse(message: DnsMessage): void {
    const nowMs = this.#options.clock.nowMs();
    const records = [...message.answers, ...message.additionals];
    let changed = false;
    let taken = false;
    // Pointers first, then what they lead to: the order within a packet is free.
    const take = (wanted: (record: DnsRecord) => boolean) => {
      for (const record of records) {
        if (!wanted(record)) continue;
        taken = true;
        if (!this.cache.put(record, nowMs)) continue;
        changed = true;
        this.#wanted = undefined;
      }
    };
    take((record) => this.#isWantedPointer(record));
    if (this.#options.resolve) {
      take(({ name, data }) =>
        (data.type === "SRV" || data.type === "TXT") && this.#want().instances.has(nameKey(name))
      );
      take(({ name, data }) =>
        (data.type === "A" || data.type === "AAAA") && this.#want().hosts.has(nameKey(name))
      );
    }
    if (changed) this.#options.onChange();
    if (taken) this.#wake(nowMs + THINK_MS);
  }

  /** Another host asked the same and knows nothing that we do not know: its question is ours too. */
  heardQuery(message: DnsMessage): void {
    if (message.truncated) return;
    const nowMs = this.#options.clock.nowMs();
    for (const { name, type, unicast } of message.questions) {
      const asking = this.#asking.get(`${type} ${nameKey(name)}`);
      if (!asking || unicast || type !== RecordType.PTR || asking.tries === 0) continue;
      const ours = new Set(this.targets(name).map(nameKey));
      const unknown = message.answers.some((record) =>
        nameKey(record.name) === nameKey(name) && record.data.type === "PTR" &&
        !ours.has(nameKey(record.data.target))
      );
      if (!unknown && asking.nextMs - nowMs < asking.gapMs / 2) postpone(asking, nowMs);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #isWantedPointer({ name, data }: DnsRecord): boolean {
    const key = nameKey(name);
    if (data.type !== "PTR" || !this.#names.has(key)) return false;
    return key === SERVICE_TYPES_NAME || nameKey(parentName(data.target)) === key;
  }

  /** Instances that the pointers lead to and hosts that their SRV records lead to, by key. */
  #want(): { instances: Map<string, string>; hosts: Map<string, string> } {
    if (this.#wanted) return this.#wanted;
    const targets = this.#options.names.flatMap((name) => this.targets(name));
    const instances = new Map(targets.map((name) => [nameKey(name), name]));
    const hosts = new Map<string, string>();
    for (const instance of instances.values()) {
      for (const { record: { data } } of this.cache.get(instance, "SRV")) {
        if (data.type === "SRV" && data.target !== "") hosts.set(nameKey(data.target), data.target);
      }
    }
    return this.#wanted = { instances, hosts };
  }

  /** Asks for what is missing, stops asking for what has come or is no longer wanted. */
  #plan(nowMs: number): void {
    if (!this.#options.resolve) return;
    const missing = new Map<string, { name: string; type: number }>();
    const want = (name: string, type: number) =>
      missing.set(`${type} ${nameKey(name)}`, { name, type });
    const { instances, hosts } = this.#want();
    for (const name of instances.values()) {
      if (this.cache.get(name, "SRV").length === 0) want(name, RecordType.SRV);
      if (this.cache.get(name, "TXT").length === 0) want(name, RecordType.TXT);
    }
    for (const name of hosts.values()) {
      if (this.cache.get(name, "A").length + this.cache.get(name, "AAAA").length > 0) continue;
      want(name, RecordType.A);
      want(name, RecordType.AAAA);
    }
    for (const key of this.#asking.keys()) {
      if (!missing.has(key) && !this.#isStanding(key)) this.#asking.delete(key);
    }
    for (const { name, type } of missing.values()) this.#ask(name, type, nowMs);
  }

  #isStanding(key: string): boolean {
    return key.startsWith(`${RecordType.PTR} `);
  }

  #ask(name: string, type: number, nextMs: number): void {
    const key = `${type} ${nameKey(name)}`;
    if (this.#asking.has(key)) return;
    const question = { name, type, unicast: false };
    this.#asking.set(key, { question, nextMs, gapMs: FIRST_GAP_MS, tries: 0 });
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#wakeAtMs = Infinity;
    if (this.cache.expire(nowMs)) {
      this.#wanted = undefined;
      this.#options.onChange();
    }
    this.#plan(nowMs);
    const due = new Map<string, DnsQuestion>();
    for (const [key, asking] of this.#asking) {
      if (asking.nextMs > nowMs) continue;
      due.set(key, asking.question);
      postpone(asking, nowMs);
      if (asking.question.type === RecordType.TXT && asking.tries === TXT_TRIES) {
        this.#options.onChange();
      }
    }
    for (const question of this.cache.refreshDue(nowMs)) {
      due.set(`${question.type} ${nameKey(question.name)}`, question);
    }
    if (due.size > 0) this.#query([...due.values()], nowMs);
    this.#schedule();
  }

  #query(questions: readonly DnsQuestion[], nowMs: number): void {
    this.#lastQueryMs = nowMs;
    const known = questions
      .filter((question) => question.type === RecordType.PTR)
      .flatMap((question) => this.cache.get(question.name, "PTR"))
      .map(({ record, expiresAtMs, receivedAtMs }) => {
        const leftMs = expiresAtMs - nowMs;
        return { record, leftMs, isFresh: leftMs > (expiresAtMs - receivedAtMs) / 2 };
      })
      .filter(({ isFresh }) => isFresh)
      .map(({ record, leftMs }) => (
        { ...record, flush: false, ttlS: Math.floor(leftMs / 1000) }
      ));
    for (const packet of encodeQueries(questions, known)) this.link.send(packet);
  }

  #schedule(): void {
    let atMs = this.cache.nextMs();
    for (const asking of this.#asking.values()) atMs = Math.min(atMs, asking.nextMs);
    if (atMs < Infinity) this.#wake(atMs);
  }

  /** Sees to it that {@link LinkQuerier.#tick} runs at that time at the latest. */
  #wake(atMs: number): void {
    const nowMs = this.#options.clock.nowMs();
    const wakeAtMs = Math.max(atMs, this.#lastQueryMs + QUERY_GAP_MS, nowMs);
    if (this.#stopped || wakeAtMs >= this.#wakeAtMs) return;
    this.#cancel?.();
    this.#wakeAtMs = wakeAtMs;
    this.#cancel = this.#options.clock.after(wakeAtMs - nowMs, () => this.#tick());
  }
}

/** Counts a question as asked: the next one comes after a gap twice as long (RFC 6762 §5.2). */
function postpone(asking: Asking, nowMs: number): void {
  asking.tries++;
  asking.nextMs = nowMs + asking.gapMs;
  asking.gapMs = Math.min(asking.gapMs * 2, LONGEST_GAP_MS);
}
