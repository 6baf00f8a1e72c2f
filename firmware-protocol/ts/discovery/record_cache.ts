/**
 * What one link told us, for as long as it may be believed (RFC 6762 §5.2, §10).
 *
 * Bounded: a set holds few records, the whole cache a fixed number, and no record stays longer than
 * 75 minutes, whatever it claims.
 *
 * @module
 */
import { type DnsQuestion, type DnsRecord, recordKey, setKey, typeCode } from "./dns_message.ts";

/** Longest believed life in seconds. */
const MAX_TTL_S = 4500;
/** A record taken back or replaced lives on this long, so that a mistake can be mended. */
const GRACE_MS = 1000;
/** At these parts of its life a record is asked for again. */
const REFRESH_AT = [0.80, 0.85, 0.90, 0.95];
/** Answers to the pointer's question bring the rest along, so the rest is asked for a little later. */
const LATER_THAN_POINTER = 0.03;

/** A record with its times; milliseconds of the engine's clock. */
export interface CachedRecord {
  readonly record: DnsRecord;
  readonly receivedAtMs: number;
  expiresAtMs: number;
  refreshAtMs: number;
  refreshes: number;
}

/** Records of one link. */
export class RecordCache {
  readonly #options: {
    random: () => number;
    maxRecords: number;
    maxPerSet: (r: DnsRecord) => number;
  };
  readonly #sets = new Map<string, Map<string, CachedRecord>>();
  #size = 0;

  constructor(options: {
    random: () => number;
    maxRecords: number;
    maxPerSet: (record: DnsRecord) => number;
  }) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Live records of a name and type, oldest first. */
  get(name: string, type: DnsRecord["data"]["type"]): CachedRecord[] {
    const empty = { type, address: "", target: "", strings: [] } as unknown as DnsRecord["data"];
    return [...this.#sets.get(setKey({ name, data: empty }))?.values() ?? []];
  }

  /** Takes a received record; true when a reader may now see something else. */
  put(record: DnsRecord, nowMs: number): boolean {
    const set = this.#sets.get(setKey(record)) ?? new Map<string, CachedRecord>();
    if (record.flush) this.#flush(set, nowMs);
    const key = recordKey(record);
    const known = set.get(key);
    if (record.ttlS === 0) {
      if (known) endSoon(known, nowMs);
      return false;
    }
    if (!known && !this.#makeRoom(set, record)) return false;
    set.delete(key);
    set.set(key, this.#entry(record, nowMs));
    this.#sets.set(setKey(record), set);
    if (!known) this.#size++;
    return !known;
  }

  /** Drops what is past its life; true when something went. */
  expire(nowMs: number): boolean {
    const before = this.#size;
    for (const [name, set] of this.#sets) {
      for (const [key, cached] of set) {
        if (cached.expiresAtMs <= nowMs && set.delete(key)) this.#size--;
      }
      if (set.size === 0) this.#sets.delete(name);
    }
    return this.#size !== before;
  }

  /** Questions for records whose life ends soon; each is returned four times at most. */
  refreshDue(nowMs: number): DnsQuestion[] {
    const questions = new Map<string, DnsQuestion>();
    for (const [key, set] of this.#sets) {
      for (const cached of set.values()) {
        if (cached.refreshAtMs > nowMs) continue;
        const { name, data } = cached.record;
        questions.set(key, { name, type: typeCode(data), unicast: false });
        this.#planRefresh(cached);
      }
    }
    return [...questions.values()];
  }

  /** When {@link expire} or {@link refreshDue} has something to do; Infinity when never. */
  nextMs(): number {
    let nextMs = Infinity;
    for (const set of this.#sets.values()) {
      for (const cached of set.values()) {
        nextMs = Math.min(nextMs, cached.expiresAtMs, cached.refreshAtMs);
      }
    }
    return nextMs;
  }

  #entry(record: DnsRecord, nowMs: number): CachedRecord {
    const cached = {
      record,
      receivedAtMs: nowMs,
      expiresAtMs: nowMs + Math.min(record.ttlS, MAX_TTL_S) * 1000,
      refreshAtMs: 0,
      refreshes: 0,
    };
    this.#planRefresh(cached);
    return cached;
  }

  #planRefresh(cached: CachedRecord): void {
    const part = REFRESH_AT[cached.refreshes++];
    const lifeMs = cached.expiresAtMs - cached.receivedAtMs;
    const later = cached.record.data.type === "PTR" ? 0 : LATER_THAN_POINTER;
    cached.refreshAtMs = part === undefined
      ? Infinity
      : cached.receivedAtMs + lifeMs * (part + later + this.#options.random() * 0.01);
  }

  /** What was said more than a second ago is replaced by what is said now. */
  #flush(set: Map<string, CachedRecord>, nowMs: number): void {
    for (const cached of set.values()) {
      if (nowMs - cached.receivedAtMs > GRACE_MS) endSoon(cached, nowMs);
    }
  }

  #makeRoom(set: Map<string, CachedRecord>, record: DnsRecord): boolean {
    if (set.size < this.#options.maxPerSet(record)) return this.#size < this.#options.maxRecords;
    // A pointer set holds strangers' services: the newcomer is refused. Other sets belong to one
    // host, whose newest words count.
    const oldest = set.keys().next().value;
    if (record.data.type === "PTR" || oldest === undefined) return false;
    set.delete(oldest);
    this.#size--;
    return true;
  }
}

function endSoon(cached: CachedRecord, nowMs: number): void {
  cached.expiresAtMs = Math.min(cached.expiresAtMs, nowMs + GRACE_MS);
  cached.refreshAtMs = Infinity;
}
