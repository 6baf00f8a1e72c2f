/**
 * @module
 * Group commit on PostgreSQL. Every work begins in a group of works side by side, which shares the
 * database's write lock with the groups of other servers. A work that is not made for that is run again
 * among works one after the other, which hold the lock alone: to them the database has one writer, as
 * SQLite has, so that no feature needs to know how many servers there are.
 *
 * A transaction that meets a conflict, a deadlock or the end of its connection is run again.
 */
import type pg from "pg";
import { DomainError } from "../errors.ts";
import type { Awaitable } from "../transaction.ts";
import { type CommitCounts, type GroupLimits, GroupTx } from "./group_commit.ts";
import { PostgresQueries } from "./postgres_connection.ts";
import { SideBySide } from "./postgres_side_by_side.ts";
import {
  deliver,
  type Entry,
  mayRunAgain,
  OpenTransaction,
  type Outcome,
  PATIENCE_MS,
  type WriteLocks,
} from "./postgres_works.ts";

/** Most works in one transaction that holds the lock alone: others wait no longer than that. */
const MOST_APART = 64;
/** Longest pause before a work is run again, ms. */
const LONGEST_PAUSE_MS = 500;

/** 5 ms, 256 works: a commit takes so long that works find company by themselves. */
export const POSTGRES_LIMITS: Pick<GroupLimits, "windowMs" | "works"> = { windowMs: 5, works: 256 };

/** The queue in front of the writing connections. */
export class PostgresCommits {
  readonly #pool: pg.Pool;
  readonly #locks: WriteLocks;
  readonly #limits: typeof POSTGRES_LIMITS;
  #arrived: Entry[] = [];
  #apart: Entry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: { group?: Promise<void>; apart?: Promise<void> } = {};
  #lastCrowdedAtMs = -Infinity;
  #closed = false;
  #commits = 0;
  #works = 0;

  constructor(pool: pg.Pool, locks: WriteLocks, limits: typeof POSTGRES_LIMITS = POSTGRES_LIMITS) {
    this.#pool = pool;
    this.#locks = locks;
    this.#limits = limits;
  }

  /** Counted since the start. */
  get counts(): CommitCounts {
    return { commits: this.#commits, works: this.#works };
  }

  /**
   * Queues a work; resolves after its commit.
   * @throws DomainError store.closed, store.unavailable
   */
  add<T>(work: (tx: GroupTx) => Awaitable<T>): Promise<T> {
    if (this.#closed) {
      return Promise.reject(
        new DomainError("store.closed", "Cannot write: the database is closed"),
      );
    }
    return new Promise<T>((resolve, reject) => {
      this.#arrived.push({
        work,
        resolve: resolve as (value: unknown) => void,
        reject,
        runs: 0,
        giveUpAtMs: performance.now() + PATIENCE_MS,
      });
      this.#schedule();
    });
  }

  /** Finishes what was queued, then refuses more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (;;) {
      this.#start();
      const { group, apart } = this.#running;
      if (group === undefined && apart === undefined) break;
      await Promise.race([group, apart].filter((one) => one !== undefined));
    }
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#running.group !== undefined) return;
    if (this.#arrived.length >= this.#limits.works) return this.#start();
    if (this.#timer !== undefined) return;
    // Company is likely only while works have lately come in crowds.
    const crowded = performance.now() - this.#lastCrowdedAtMs < 10 * this.#limits.windowMs;
    this.#timer = setTimeout(() => this.#start(), crowded ? this.#limits.windowMs : 0);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const running = this.#running;
    if (running.group === undefined && this.#arrived.length > 0) {
      const group = this.#arrived.splice(0, this.#limits.works);
      if (group.length > 1) this.#lastCrowdedAtMs = performance.now();
      running.group = this.#runGroup(group).finally(() => {
        delete running.group;
        if (this.#arrived.length > 0) this.#schedule();
      });
    }
    if (running.apart === undefined && this.#apart.length > 0) {
      running.apart = this.#runApart(this.#apart.splice(0, MOST_APART)).finally(() => {
        delete running.apart;
        if (this.#apart.length > 0) this.#start();
      });
    }
  }

  async #runGroup(group: readonly Entry[]): Promise<void> {
    const begin = () => OpenTransaction.begin(this.#pool, this.#locks.shared);
    const { done, again, apart } = await new SideBySide(begin).run(group);
    this.#arrived.unshift(...again);
    this.#apart.push(...apart);
    if (apart.length > 0) this.#start();
    if (done.some(({ outcome }) => "value" in outcome)) this.#commits += 1;
    this.#works += done.length;
    for (const { entry, outcome } of done) deliver(entry, outcome);
  }

  /** All in one transaction; when one fails, each in its own. */
  async #runApart(group: readonly Entry[]): Promise<void> {
    const together = await this.#oneAfterTheOther(group);
    if (!together.some((outcome) => "error" in outcome)) return this.#deliver(group, together);
    if (group.length === 1) return await this.#settle(group[0]!, together[0]!);
    for (const entry of group) await this.#settle(entry, await this.#alone(entry));
  }

  async #settle(entry: Entry, first: Outcome): Promise<void> {
    let outcome = first;
    while ("error" in outcome && mayRunAgain(entry, outcome.error)) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, 2 ** entry.runs * 10);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
      outcome = await this.#alone(entry);
    }
    this.#deliver([entry], [outcome]);
  }

  async #alone(entry: Entry): Promise<Outcome> {
    return (await this.#oneAfterTheOther([entry]))[0]!;
  }

  #deliver(entries: readonly Entry[], outcomes: readonly Outcome[]): void {
    if (outcomes.some((outcome) => "value" in outcome)) this.#commits += 1;
    this.#works += entries.length;
    entries.forEach((entry, at) => deliver(entry, outcomes[at]!));
  }

  /** Commits all, or gives every one of them the error that undid them. */
  async #oneAfterTheOther(entries: readonly Entry[]): Promise<readonly Outcome[]> {
    let transaction: OpenTransaction | undefined;
    try {
      transaction = await OpenTransaction.begin(this.#pool, this.#locks.alone);
      const queries = new PostgresQueries(transaction);
      const outcomes: Outcome[] = [];
      for (const { work } of entries) {
        const tx = new GroupTx(queries);
        try {
          outcomes.push({ value: await work(tx), tx });
        } finally {
          tx.end();
        }
      }
      await transaction.commit();
      return outcomes;
    } catch (error) {
      await transaction?.rollback();
      return entries.map(() => ({ error }));
    }
  }
}
