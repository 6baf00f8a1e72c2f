/**
 * Answers queries for all services of this process, on every link (RFC 6762 §6-§7).
 *
 * @module
 */
import { AnswerQueue, DEFENCE_GAP_MS } from "./answer_queue.ts";
import { additionalTo, answersTo, withoutKnown } from "./answer_selection.ts";
import { type DnsMessage, type DnsRecord, recordKey } from "./dns_message.ts";
import { encodeMessage } from "./encode_message.ts";
import { HeldQueries, type ReceivedQuery } from "./held_queries.ts";
import { type Clock, type Link, MDNS_PORT } from "./link.ts";
import type { Registration } from "./registration.ts";
import type { OwnedRecord } from "./service_records.ts";

/** Plain DNS clients must not keep an answer longer, in seconds. */
const LEGACY_TTL_S = 10;
/** Most answers to single hosts that wait to be sent. */
const MAX_WAITING = 64;

/** What a {@link Responder} needs. */
export interface ResponderOptions {
  readonly clock: Clock;
  readonly random: () => number;
}

/** The answering half of mDNS. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #links = new Map<string, Link>();
  readonly #queues = new Map<string, AnswerQueue>();
  readonly #registrations = new Set<Registration>();
  readonly #held: HeldQueries;
  readonly #later = new Set<() => void>();

  constructor(options: ResponderOptions) {
    this.#options = options;
    this.#held = new HeldQueries(options, (query) => this.#answer(query));
  }

  add(registration: Registration): void {
    this.#registrations.add(registration);
    for (const link of this.#links.values()) registration.linkOpened(link);
  }

  /** Says goodbye for a service and forgets it; returns what says goodbye once more. */
  remove(registration: Registration): () => void {
    this.#registrations.delete(registration);
    return registration.goodbye((link) => this.owned(link));
  }

  /** True when a service of this type here holds the instance name. */
  holds(type: string, instance: string): boolean {
    return [...this.#registrations].some((registration) =>
      registration.type === type &&
      registration.names.instance.toLowerCase() === instance.toLowerCase()
    );
  }

  queueOf(link: Link): AnswerQueue {
    let queue = this.#queues.get(link.id);
    if (!queue) {
      queue = new AnswerQueue({
        link,
        clock: this.#options.clock,
        owned: () => this.owned(link),
      });
      this.#queues.set(link.id, queue);
    }
    return queue;
  }

  linkOpened(link: Link): void {
    this.#links.set(link.id, link);
    for (const registration of this.#registrations) registration.linkOpened(link);
  }

  linkClosed(link: Link): void {
    this.#links.delete(link.id);
    for (const registration of this.#registrations) registration.linkClosed(link);
    this.#queues.get(link.id)?.close();
    this.#queues.delete(link.id);
    this.#held.forget(link);
  }

  addressesChanged(link: Link): void {
    for (const registration of this.#registrations) registration.addressesChanged(link);
  }

  /** All records of all services that we answer for on the link, each once. */
  owned(link: Link): readonly OwnedRecord[] {
    const lists = [...this.#registrations].map((registration) => registration.owned(link));
    if (lists.length === 1) return lists[0]!;
    const records = lists.flat();
    return [...new Map(records.map((record) => [recordKey(record), record])).values()];
  }

  /** Looks at a response of another program. */
  heardResponse(link: Link, message: DnsMessage): void {
    if (this.#registrations.size === 0) return;
    const queue = this.queueOf(link);
    for (const record of message.answers) queue.heard(record);
    this.#rescue(link, message.answers);
    for (const registration of this.#registrations) registration.heardResponse(link, message);
  }

  /** Answers a query, settles a probe. */
  heardQuery(query: ReceivedQuery): void {
    if (this.#registrations.size === 0) return;
    const { message, link } = query;
    if (message.authorities.length > 0) {
      for (const registration of this.#registrations) registration.heardProbe(link, message);
    }
    this.#held.received(query);
  }

  /** Drops all that waits; the registrations are gone already. */
  close(): void {
    this.#held.forget();
    for (const cancel of this.#later) cancel();
    for (const queue of this.#queues.values()) queue.close();
    this.#later.clear();
    this.#queues.clear();
    this.#links.clear();
  }

  #answer(query: ReceivedQuery): void {
    const { link, message, from } = query;
    const owned = this.owned(link);
    if (owned.length === 0) return;
    if (from.port !== MDNS_PORT) return this.#answerLegacy(query);
    const queue = this.queueOf(link);
    const toAll: OwnedRecord[] = [];
    const toOne: OwnedRecord[] = [];
    const seen = new Set<string>();
    for (const question of message.questions) {
      const answers = withoutKnown(answersTo(question, owned), message.answers);
      for (const record of answers) {
        if (seen.has(recordKey(record))) continue;
        seen.add(recordKey(record));
        // What was not multicast lately is multicast even if asked for alone, to refresh others.
        const alone = question.unicast && from.onLink && queue.sentRecently(record);
        (alone ? toOne : toAll).push(record);
      }
    }
    const isProbe = message.authorities.length > 0;
    const delayMs = isProbe || [...toAll, ...toOne].every((record) => record.unique)
      ? 0
      : 20 + this.#options.random() * 100;
    if (toAll.length > 0) queue.add(toAll, { delayMs, ...(isProbe && { gapMs: DEFENCE_GAP_MS }) });
    if (toOne.length === 0) return;
    this.#sendLater(delayMs, () => {
      const additionals = additionalTo(toOne, owned);
      link.send(encodeMessage({ response: true, answers: toOne, additionals }), from);
    });
  }

  /** A plain DNS client gets a plain DNS answer: its own id and question, no flush bits, a short TTL. */
  #answerLegacy({ link, message, from }: ReceivedQuery): void {
    const owned = this.owned(link);
    const answers = message.questions.flatMap((question) => answersTo(question, owned));
    if (answers.length === 0 || !from.onLink) return;
    const plain = (records: readonly OwnedRecord[]): DnsRecord[] =>
      records
        .filter((record) => record.data.type !== "NSEC")
        .map((record) => ({ ...record, flush: false, ttlS: Math.min(record.ttlS, LEGACY_TTL_S) }));
    const reply = encodeMessage({
      id: message.id,
      response: true,
      legacy: true,
      questions: message.questions.map((question) => ({ ...question, unicast: false })),
      answers: plain(answers),
      additionals: plain(additionalTo(answers, owned)),
    });
    const shared = answers.some((record) => !record.unique);
    this.#sendLater(shared ? 20 + this.#options.random() * 100 : 0, () => link.send(reply, from));
  }

  #sendLater(delayMs: number, send: () => void): void {
    if (this.#later.size >= MAX_WAITING) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#later.delete(cancel);
      send();
    });
    this.#later.add(cancel);
  }

  /** A record of ours was taken back by another program on the network: it is said again. */
  #rescue(link: Link, heard: readonly DnsRecord[]): void {
    const gone = new Set(heard.filter((record) => record.ttlS === 0).map(recordKey));
    if (gone.size === 0) return;
    const ours = this.owned(link).filter((record) => gone.has(recordKey(record)));
    if (ours.length > 0) this.queueOf(link).add(ours, { delayMs: 0 });
  }
}
