/**
 * @module
 * The one connection of a server that stays open: it hears what other servers notify, holds the lock of the
 * server that does the housekeeping, and tells how far this machine's clock is from the database's.
 *
 * A notification is a hint and may be lost. The watch sends itself a signal with every beat; when that does
 * not arrive, or the connection ends, it is made anew, and whoever listens is told that there was a gap. As
 * long as there is no connection, every beat is a gap.
 */
import type pg from "pg";
import type { Signals } from "../events/shared_live_events.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import { queriesOf } from "./database.ts";
import { openClient } from "./postgres_connection.ts";
import { arrayText } from "./postgres_statements.ts";

/** What the watch stands on. */
export interface WatchOptions {
  readonly url: string;
  /** For what is sent outside transactions. */
  readonly pool: pg.Pool;
  /** Notifications of this database and schema. */
  readonly channel: string;
  /** Expression that takes the housekeeping's lock if it is free. */
  readonly tryLead: string;
  readonly beatMs?: number;
}

/** As a group's works send it: `postgres_set_forms.ts`. */
export const NOTIFY = "SELECT pg_notify(?, ?)";

const BEAT_MS = 10_000;
const ANSWER_MS = 5_000;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [100, 5_000];
/** Two clocks that differ by less are the same clock, ms. */
const SAME_CLOCK_MS = 250;
const NOW = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now";

/** Watches one database. */
export class PostgresWatch implements Signals {
  readonly #with: WatchOptions;
  readonly #listeners = new Set<{ hear(text: string): void; gap(): void }>();
  /** Tells this watch's own signals from others'. */
  readonly #name = crypto.randomUUID();
  #client: pg.Client | undefined;
  #leads = false;
  #skewMs = 0;
  #beat: ReturnType<typeof setInterval> | undefined;
  #reconnecting: Promise<void> | undefined;
  #pause: { end(): void } | undefined;
  #isHeard = true;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#with = options;
  }

  /** How far the database's clock is ahead of this machine's, ms; 0 when they agree. */
  get skewMs(): number {
    return this.#skewMs;
  }

  /** Connects. @throws Error when it cannot */
  async open(): Promise<void> {
    await this.#connect();
    this.#beat = setInterval(() => void this.#look(), this.#with.beatMs ?? BEAT_MS);
  }

  /** Ends everything; the lock is free afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#beat);
    this.#pause?.end();
    await this.#reconnecting;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  /** Whether this server does the housekeeping now. */
  async leads(): Promise<boolean> {
    const client = this.#client;
    if (client === undefined) return false;
    if (this.#leads) return true;
    try {
      const { rows } = await client.query<{ leads: boolean }>(
        `SELECT ${this.#with.tryLead} AS leads`,
      );
      if (client !== this.#client) return false;
      return this.#leads = rows[0]!.leads;
    } catch {
      this.#lost(client);
      return false;
    }
  }

  sendIn(tx: Tx, text: string): Awaitable<unknown> {
    return queriesOf(tx).raw.run(NOTIFY, [this.#with.channel, text]);
  }

  send(texts: readonly string[]): void {
    this.#with.pool.query("SELECT pg_notify($1, t) FROM unnest($2::text[]) AS u (t)", [
      this.#with.channel,
      arrayText(texts),
    ]).catch(() => {});
  }

  subscribe(hear: (text: string) => void, gap: () => void): () => void {
    const listener = { hear, gap };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #connect(): Promise<void> {
    const { url, channel } = this.#with;
    const client = await openClient(url, { name: "watch", answerWithinMs: ANSWER_MS });
    try {
      client.on("notification", ({ payload = "" }) => this.#hear(payload));
      client.on("end", () => this.#lost(client));
      client.on("error", () => this.#lost(client));
      await client.query(`LISTEN ${channel}`);
      await this.#compareClocks(client);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#isHeard = true;
    this.#client = client;
  }

  #hear(text: string): void {
    if (text === this.#name) {
      this.#isHeard = true;
      return;
    }
    for (const { hear } of [...this.#listeners]) hear(text);
  }

  #gap(): void {
    for (const { gap } of [...this.#listeners]) gap();
  }

  async #look(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return this.#gap();
    if (!this.#isHeard) return this.#lost(client);
    this.#isHeard = false;
    this.send([this.#name]);
    await this.#compareClocks(client).catch(() => this.#lost(client));
  }

  async #compareClocks(client: pg.Client): Promise<void> {
    const before = Date.now();
    const { rows } = await client.query<{ now: number }>(NOW);
    const skewMs = rows[0]!.now - (before + Date.now()) / 2;
    if (Math.abs(skewMs - this.#skewMs) < SAME_CLOCK_MS) return;
    this.#skewMs = Math.abs(skewMs) < SAME_CLOCK_MS ? 0 : Math.round(skewMs);
  }

  #lost(client: pg.Client): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#leads = false;
    client.end().catch(() => {});
    if (!this.#closed) this.#reconnecting ??= this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    let pauseMs = SHORTEST_PAUSE_MS;
    while (!this.#closed && this.#client === undefined) {
      try {
        await this.#connect();
      } catch {
        await this.#sleep(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
    this.#reconnecting = undefined;
    // What was notified in between is lost.
    if (this.#client !== undefined) this.#gap();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pause = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#pause = { end };
    });
  }
}
