/**
 * Queries whose list of known answers goes on in further packets: they wait for the rest, or 400 to
 * 500 ms (RFC 6762 §7.2).
 *
 * @module
 */
import type { DnsMessage } from "./dns_message.ts";
import type { Clock, Link, Peer } from "./link.ts";

/** Most queries held at a time; further ones are answered as they stand. */
const MAX_HELD = 64;
/** Most known answers kept for one query. */
const MAX_KNOWN = 2048;

/** A query and who asked it where. */
export interface ReceivedQuery {
  readonly link: Link;
  readonly message: DnsMessage;
  readonly from: Peer;
}

/** Joins the packets of long queries. */
export class HeldQueries {
  readonly #ports: { clock: Clock; random: () => number };
  readonly #complete: (query: ReceivedQuery) => void;
  readonly #held = new Map<string, { query: ReceivedQuery; cancel: () => void }>();

  /** `complete` gets each query once it is whole. */
  constructor(
    ports: { clock: Clock; random: () => number },
    complete: (query: ReceivedQuery) => void,
  ) {
    this.#ports = ports;
    this.#complete = complete;
  }

  /** Takes one packet of a query. */
  received(query: ReceivedQuery): void {
    const { message, from, link } = query;
    const key = `${link.id} ${from.address} ${from.port}`;
    const held = this.#held.get(key);
    if (held && message.questions.length === 0) {
      const answers = [...held.query.message.answers, ...message.answers].slice(0, MAX_KNOWN);
      held.query = { ...held.query, message: { ...held.query.message, answers } };
      if (!message.truncated) this.#release(key);
      return;
    }
    if (held) this.#release(key);
    if (!message.truncated || this.#held.size >= MAX_HELD) return this.#complete(query);
    const delayMs = 400 + this.#ports.random() * 100;
    const cancel = this.#ports.clock.after(delayMs, () => this.#release(key));
    this.#held.set(key, { query, cancel });
  }

  /** Forgets the queries of one link, or all. */
  forget(link?: Link): void {
    for (const [key, held] of this.#held) {
      if (link !== undefined && held.query.link.id !== link.id) continue;
      held.cancel();
      this.#held.delete(key);
    }
  }

  #release(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    held.cancel();
    this.#held.delete(key);
    this.#complete(held.query);
  }
}
