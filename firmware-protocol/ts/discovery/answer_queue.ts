/**
 * Sends our records on one link no sooner and no oftener than RFC 6762 §6 allows, several in one
 * packet, and leaves out what another host has just said (§7.4).
 *
 * @module
 */
import { additionalTo } from "./answer_selection.ts";
import { type DnsRecord, recordKey } from "./dns_message.ts";
import { nameKey } from "./domain_name.ts";
import { encodeResponses } from "./encode_message.ts";
import type { Clock, Link } from "./link.ts";
import { negativeRecord, type OwnedRecord, sendKey } from "./service_records.ts";

/** Shortest time between two multicasts of one record. */
export const RECORD_GAP_MS = 1000;
/** The same when a name is defended against a probe. */
export const DEFENCE_GAP_MS = 250;
/** From so many remembered sends on, old ones are forgotten: names and texts change over the years. */
const MAX_REMEMBERED = 4096;

/** What an {@link AnswerQueue} needs. */
export interface AnswerQueueOptions {
  readonly link: Link;
  readonly clock: Clock;
  /** All records we hold on this link now. */
  readonly owned: () => readonly OwnedRecord[];
}

/** The multicast answers of one link. */
export class AnswerQueue {
  readonly #options: AnswerQueueOptions;
  /** When a record or set is to go out, by its send key. */
  readonly #due = new Map<string, { atMs: number; record: OwnedRecord }>();
  readonly #sentAtMs = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(options: AnswerQueueOptions) {
    this.#options = options;
  }

  /** Sends the records after the delay, later when they went out a moment ago. */
  add(records: readonly OwnedRecord[], timing: { delayMs: number; gapMs?: number }): void {
    const nowMs = this.#options.clock.nowMs();
    for (const record of records) {
      const key = sendKey(record);
      const sentAtMs = this.#sentAtMs.get(key) ?? -Infinity;
      const allowedMs = sentAtMs + (timing.gapMs ?? RECORD_GAP_MS);
      const atMs = Math.max(nowMs + timing.delayMs, allowedMs);
      const waiting = this.#due.get(key);
      if (!waiting || waiting.atMs > atMs) this.#due.set(key, { atMs, record });
    }
    this.#schedule();
  }

  /** Another host answered: what it said need not be said again. */
  heard(record: DnsRecord): void {
    const key = recordKey(record);
    const waiting = this.#due.get(key);
    // A unique record can only be heard from ourselves, so only shared ones are looked up.
    if (waiting && !waiting.record.unique && record.ttlS >= waiting.record.ttlS) {
      this.#due.delete(key);
    }
  }

  /** True when the record was multicast within the last quarter of its life (RFC 6762 §5.4). */
  sentRecently(record: OwnedRecord): boolean {
    const sentAtMs = this.#sentAtMs.get(sendKey(record)) ?? -Infinity;
    return this.#options.clock.nowMs() - sentAtMs < record.ttlS * 250;
  }

  /** Forgets all that waits. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due.clear();
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#due.size === 0) return;
    const atMs = Math.min(...Array.from(this.#due.values(), (waiting) => waiting.atMs));
    const delayMs = Math.max(0, atMs - this.#options.clock.nowMs());
    this.#cancel = this.#options.clock.after(delayMs, () => this.#flush());
  }

  #flush(): void {
    const { clock, link } = this.#options;
    const nowMs = clock.nowMs();
    const keys = new Set<string>();
    const negatives: string[] = [];
    for (const [key, waiting] of this.#due) {
      if (waiting.atMs > nowMs) continue;
      this.#due.delete(key);
      keys.add(key);
      if (waiting.record.data.type === "NSEC") negatives.push(waiting.record.name);
    }
    // Looked up now: what was asked for may have changed or gone since.
    const owned = this.#options.owned();
    const answers = owned.filter((record) => keys.has(sendKey(record)));
    for (const name of negatives) {
      const key = nameKey(name);
      if (owned.some((record) => record.unique && nameKey(record.name) === key)) {
        answers.push(negativeRecord(name, owned));
      }
    }
    const additionals = additionalTo(answers, owned)
      .filter((record) =>
        nowMs - (this.#sentAtMs.get(sendKey(record)) ?? -Infinity) >= RECORD_GAP_MS
      );
    for (const packet of encodeResponses(answers, additionals)) link.send(packet);
    for (const record of [...answers, ...additionals]) this.#sentAtMs.set(sendKey(record), nowMs);
    this.#forgetOld(nowMs);
    this.#schedule();
  }

  #forgetOld(nowMs: number): void {
    if (this.#sentAtMs.size < MAX_REMEMBERED) return;
    for (const [key, atMs] of this.#sentAtMs) {
      if (nowMs - atMs >= RECORD_GAP_MS) this.#sentAtMs.delete(key);
    }
  }
}
