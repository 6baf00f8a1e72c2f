/**
 * @module
 * Group commit: works that arrive together share one transaction and one fsync, which is what lets a
 * server acknowledge only what is durable and still take thousands of messages a second.
 *
 * The group runs optimistically. When a work throws, everything is rolled back and the works run again
 * inside savepoints, so that only the culprit fails.
 */
import { DomainError } from "../errors.ts";
import { type Awaitable, Conflict, type Tx } from "../transaction.ts";
import { isBusy, type Queries, type SqliteConnection } from "./sqlite_connection.ts";

/** When a group is closed. */
export interface GroupLimits {
  /** Longest wait for company in ms; a lone work on a quiet server does not wait at all. */
  readonly windowMs: number;
  /** Most works in one transaction. */
  readonly works: number;
  /** Longest wait for another process's lock in ms. */
  readonly busyMs: number;
}

/** 10 ms, 256 works, 10 s. */
export const GROUP_LIMITS: GroupLimits = { windowMs: 10, works: 256, busyMs: 10_000 };

/** A work that meets conflicts is run this often at most. */
const MOST_RUNS = 3;

interface Entry {
  readonly work: (tx: GroupTx) => Awaitable<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Never in one transaction with others. */
  readonly alone: boolean;
}

/** The transaction as one work sees it. */
export class GroupTx implements Tx {
  #queries: Queries | undefined;
  #effects: (() => void)[] | undefined;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** @throws TypeError after the work ended: a transaction must not leak out of its work */
  get queries(): Queries {
    if (this.#queries === undefined) throw new TypeError("transaction used after its work ended");
    return this.#queries;
  }

  afterCommit(effect: () => void): void {
    (this.#effects ??= []).push(effect);
  }

  /** Ends the work's use of the transaction. */
  end(): void {
    this.#queries = undefined;
  }

  /** What is to run once the commit is durable. */
  get effects(): readonly (() => void)[] {
    return this.#effects ?? [];
  }
}

type Outcome = { readonly value: unknown; readonly tx: GroupTx } | { readonly error: unknown };

function isConflict(outcome: Outcome): outcome is { readonly error: Conflict } {
  return "error" in outcome && outcome.error instanceof Conflict;
}

function unsettled({ error }: { readonly error: Conflict }): DomainError {
  return new DomainError("store.unavailable", "Cannot write: the data changes all the time", {
    cause: error,
    retryAfterS: 1,
  });
}

/** What was written since the database was opened. */
export interface CommitCounts {
  /** Transactions committed. */
  readonly commits: number;
  /** Works in them, those that threw included. */
  readonly works: number;
}

/** The queue in front of the one writing connection. */
export class GroupCommit {
  readonly #connection: SqliteConnection;
  readonly #limits: GroupLimits;
  #queue: Entry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  #lastCrowdedAtMs = -Infinity;
  #commits = 0;
  #works = 0;

  constructor(connection: SqliteConnection, limits: GroupLimits = GROUP_LIMITS) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /** Counted since the start. */
  get counts(): CommitCounts {
    return { commits: this.#commits, works: this.#works };
  }

  /**
   * Queues a work; resolves after its commit.
   * @param options `alone`: in a transaction of its own, so that it sees committed data only
   * @throws DomainError store.closed, store.unavailable
   */
  add<T>(
    work: (tx: GroupTx) => Awaitable<T>,
    { alone = false }: { readonly alone?: boolean } = {},
  ): Promise<T> {
    if (this.#closed) {
      return Promise.reject(
        new DomainError("store.closed", "Cannot write: the database is closed"),
      );
    }
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject, alone });
      this.#schedule();
    });
  }

  /** Finishes what was queued, then refuses more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running !== undefined || this.#queue.length > 0) {
      this.#start();
      await this.#running;
    }
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#running !== undefined) return;
    if (this.#queue.length >= this.#limits.works) return this.#start();
    if (this.#timer !== undefined) return;
    // Company is likely only while works have lately come in crowds.
    const crowded = performance.now() - this.#lastCrowdedAtMs < 5 * this.#limits.windowMs;
    this.#timer = setTimeout(() => this.#start(), crowded ? this.#limits.windowMs : 0);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running !== undefined || this.#queue.length === 0) return;
    const group = this.#queue.splice(0, this.#groupSize());
    if (group.length > 1) this.#lastCrowdedAtMs = performance.now();
    this.#running = this.#commit(group).finally(() => {
      this.#running = undefined;
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #groupSize(): number {
    const alone = this.#queue.findIndex((entry) => entry.alone);
    if (alone === -1) return this.#limits.works;
    return Math.min(Math.max(alone, 1), this.#limits.works);
  }

  async #commit(group: readonly Entry[]): Promise<void> {
    let outcomes: readonly Outcome[];
    try {
      await this.#begin();
      outcomes = await this.#runAll(group) ?? await this.#runEach(group);
      this.#connection.run("COMMIT", []);
    } catch (cause) {
      this.#rollback();
      const error = new DomainError("store.unavailable", "Cannot write: the database refused", {
        cause,
        retryAfterS: 5,
      });
      for (const entry of group) entry.reject(error);
      return;
    }
    this.#commits += 1;
    this.#works += group.length;
    group.forEach((entry, index) => {
      const outcome = outcomes[index]!;
      if ("error" in outcome) return entry.reject(outcome.error);
      entry.resolve(outcome.value);
      for (const effect of outcome.tx.effects) effect();
    });
  }

  /** Runs the group in one go; undefined when a work threw and others must not suffer for it. */
  async #runAll(group: readonly Entry[]): Promise<readonly Outcome[] | undefined> {
    const outcomes: Outcome[] = [];
    for (const entry of group) {
      const tx = new GroupTx(this.#connection);
      try {
        const value = entry.work(tx);
        outcomes.push({ value: value instanceof Promise ? await value : value, tx });
      } catch (error) {
        this.#rollback();
        await this.#begin();
        return group.length === 1 && !(error instanceof Conflict) ? [{ error }] : undefined;
      } finally {
        tx.end();
      }
    }
    return outcomes;
  }

  async #runEach(group: readonly Entry[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const entry of group) {
      let outcome = await this.#runOne(entry);
      for (let again = 1; again < MOST_RUNS && isConflict(outcome); again++) {
        outcome = await this.#runOne(entry);
      }
      outcomes.push(isConflict(outcome) ? { error: unsettled(outcome) } : outcome);
    }
    return outcomes;
  }

  async #runOne(entry: Entry): Promise<Outcome> {
    const tx = new GroupTx(this.#connection);
    this.#connection.run("SAVEPOINT work", []);
    let outcome: Outcome;
    try {
      outcome = { value: await entry.work(tx), tx };
    } catch (error) {
      // A full disk ends the whole transaction: then nothing of the group may be acknowledged.
      if (!this.#connection.database.isTransaction) throw error;
      this.#connection.run("ROLLBACK TO work", []);
      outcome = { error };
    } finally {
      tx.end();
    }
    this.#connection.run("RELEASE work", []);
    return outcome;
  }

  async #begin(): Promise<void> {
    const giveUpAtMs = performance.now() + this.#limits.busyMs;
    for (let waitMs = 1;; waitMs = Math.min(waitMs * 2, 50)) {
      try {
        this.#connection.run("BEGIN IMMEDIATE", []);
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > giveUpAtMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  #rollback(): void {
    if (this.#connection.database.isTransaction) this.#connection.run("ROLLBACK", []);
  }
}
