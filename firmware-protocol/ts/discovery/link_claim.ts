/**
 * One service on one link: probes for its names, then announces them (RFC 6762 §8).
 *
 * `silent` (cannot be reached on this link) → `probing` → `established`; a conflict leads back to
 * `probing`. What to do about a conflict is decided in registration.ts.
 *
 * @module
 */
import { recordKey, RecordType } from "./dns_message.ts";
import { encodeMessage, encodeResponses } from "./encode_message.ts";
import type { Clock, Link } from "./link.ts";
import { type OwnedRecord, sendKey } from "./service_records.ts";

const PROBES = 3;
const PROBE_GAP_MS = 250;
/** A second announcement, for those who missed the first (RFC 6762 §8.3). */
const ANNOUNCEMENT_GAP_MS = 1000;

/** What a {@link LinkClaim} needs. */
export interface LinkClaimOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly random: () => number;
  /** Multicasts records of ours as soon as their last time allows. */
  readonly multicast: (records: readonly OwnedRecord[]) => void;
  readonly onEstablished: () => void;
}

/** The state of one service on one link. */
export class LinkClaim {
  readonly link: Link;
  readonly #options: LinkClaimOptions;
  #records: readonly OwnedRecord[] = [];
  #phase: "silent" | "probing" | "established" = "silent";
  #cancel: () => void = () => {};
  /** Keys of what has been announced once. */
  readonly #again = new Set<string>();

  constructor(options: LinkClaimOptions) {
    this.#options = options;
    this.link = options.link;
  }

  get phase(): "silent" | "probing" | "established" {
    return this.#phase;
  }

  /** What we say, or are about to say, on this link. */
  get records(): readonly OwnedRecord[] {
    return this.#records;
  }

  /** Starts from the beginning; the first probe leaves after the delay (default 0-250 ms). */
  probe(records: readonly OwnedRecord[], delayMs?: number): void {
    this.#cancel();
    this.#records = records;
    this.#phase = records.length === 0 ? "silent" : "probing";
    if (records.length === 0) return;
    this.#after(delayMs ?? this.#options.random() * PROBE_GAP_MS, () => this.#sendProbe(1));
  }

  /** Replaces records that need no new probe: other data under the same names. */
  update(records: readonly OwnedRecord[]): void {
    const before = this.#records;
    this.#records = records;
    if (this.#phase !== "established") return;
    const [old, now] = [before, records].map((list) => new Set(list.map(recordKey)));
    const changed = new Set([
      ...records.filter((record) => !old!.has(recordKey(record))).map(sendKey),
      ...before.filter((record) => !now!.has(recordKey(record))).map(sendKey),
    ]);
    const left = new Set(records.map(sendKey));
    this.#takeBack(before.filter((record) => !left.has(sendKey(record))));
    this.#announce(changed);
  }

  /** Takes back records others may hold of us, then falls silent; returns what says it once more. */
  goodbye(records: readonly OwnedRecord[] = this.#records): () => void {
    const wasHeard = this.#phase === "established";
    const say = () => {
      if (wasHeard && this.#phase === "silent") this.#takeBack(records);
    };
    this.stop();
    say();
    return say;
  }

  /** Falls silent without a word: the link is gone. */
  stop(): void {
    this.#cancel();
    this.#phase = "silent";
    this.#records = [];
    this.#again.clear();
  }

  #after(delayMs: number, run: () => void): void {
    this.#cancel = this.#options.clock.after(delayMs, run);
  }

  #sendProbe(count: number): void {
    if (count > PROBES) return this.#establish();
    const unique = this.#records.filter((record) => record.unique);
    const names = [...new Set(unique.map((record) => record.name))];
    // Answers are asked for by multicast: a port shared with another responder does not reliably
    // get what is sent to this host alone (RFC 6762 §15.1).
    const questions = names.map((name) => ({ name, type: RecordType.ANY, unicast: false }));
    const authorities = unique.map((record) => ({ ...record, flush: false }));
    this.link.send(encodeMessage({ questions, authorities }));
    this.#after(PROBE_GAP_MS, () => this.#sendProbe(count + 1));
  }

  #establish(): void {
    this.#phase = "established";
    this.#announce();
    this.#options.onEstablished();
  }

  /** Announces the sets with the given keys (default: all), and once more a little later. */
  #announce(keys: ReadonlySet<string> = new Set(this.#records.map(sendKey))): void {
    this.#cancel();
    const chosen = (from: ReadonlySet<string>) =>
      this.#records.filter((record) => from.has(sendKey(record)));
    this.#options.multicast(chosen(keys));
    for (const key of keys) this.#again.add(key);
    this.#after(ANNOUNCEMENT_GAP_MS, () => {
      this.#options.multicast(chosen(this.#again));
      this.#again.clear();
    });
  }

  #takeBack(records: readonly OwnedRecord[]): void {
    const last = records.map((record) => ({ ...record, ttlS: 0 }));
    for (const packet of encodeResponses(last)) this.link.send(packet);
  }
}
