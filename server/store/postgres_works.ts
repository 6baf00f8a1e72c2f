/**
 * @module
 * Units of work on their way through PostgreSQL, and one connection while a transaction is open on it.
 */
import type pg from "pg";
import { DomainError } from "../errors.ts";
import { type Awaitable, Conflict } from "../transaction.ts";
import type { GroupTx } from "./group_commit.ts";
import { isConnectionLoss, isRetryable, mappedError, unavailable } from "./postgres_errors.ts";

/** A unit of work that somebody waits for. */
export interface Entry {
  readonly work: (tx: GroupTx) => Awaitable<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** How often it was run in vain. */
  runs: number;
  /** Monotonic ms after which it is not run again. */
  readonly giveUpAtMs: number;
}

/** How a work ended. */
export type Outcome =
  | { readonly value: unknown; readonly tx: GroupTx }
  | { readonly error: unknown };

/** A work is run this often at most. */
export const MOST_RUNS = 6;

/** How long a work that waits for the database is tried, ms. */
export const PATIENCE_MS = 10_000;

/** The connection broke while the commit was on its way: whether it was made, nobody knows. */
export class UnknownOutcome extends Error {
  override readonly name = "UnknownOutcome";
}

/** Whether a work that failed with this should be run again, counting the run. */
export function mayRunAgain(entry: Entry, error: unknown): boolean {
  entry.runs += 1;
  return entry.runs < MOST_RUNS && performance.now() < entry.giveUpAtMs &&
    (error instanceof Conflict || isRetryable(error));
}

/** Tells whoever waits, and runs the effects of what is durable. */
export function deliver(entry: Entry, outcome: Outcome): void {
  if ("error" in outcome) return entry.reject(shownError(outcome.error));
  entry.resolve(outcome.value);
  for (const effect of outcome.tx.effects) effect();
}

function shownError(error: unknown): unknown {
  if (error instanceof UnknownOutcome) return unavailable(error);
  if (!(error instanceof Conflict)) return mappedError(error);
  return new DomainError("store.unavailable", "Cannot write: the data changes all the time", {
    cause: error,
    retryAfterS: 1,
  });
}

/** The two locks of one database: shared by works side by side, or held alone. Released with the transaction. */
export interface WriteLocks {
  readonly shared: string;
  readonly alone: string;
}

/** A connection with a transaction on it. */
export class OpenTransaction {
  #client: pg.PoolClient | undefined;
  /** What went wrong first: the errors that follow say less. */
  #failure: unknown;
  readonly #fail = (error: unknown) => void (this.#failure ??= error);

  private constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on("error", this.#fail);
  }

  /**
   * Takes a connection and sends, without waiting, what begins the transaction under a lock.
   * @param lock statement that takes it
   */
  static async begin(pool: pg.Pool, lock: string): Promise<OpenTransaction> {
    const transaction = new OpenTransaction(await pool.connect());
    // A failure shows in the statements that follow.
    transaction.query({ text: `BEGIN; ${lock}` }).catch(() => {});
    return transaction;
  }

  /** Runs a statement in it. */
  async query(config: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.#client === undefined) throw new TypeError("the transaction is over");
    try {
      return await this.#client.query(config);
    } catch (error) {
      this.#fail(error);
      throw this.#failure;
    }
  }

  /**
   * Commits and gives the connection back.
   * @throws UnknownOutcome when the connection broke meanwhile; otherwise nothing was committed
   */
  async commit(): Promise<void> {
    let isSent = false;
    try {
      if (this.#isLost) throw this.#failure;
      isSent = true;
      const { command } = await this.query({ text: "COMMIT" });
      // PostgreSQL answers the COMMIT of a transaction that failed before with ROLLBACK and calls it a success.
      if (command !== "COMMIT") throw this.#failure ?? new Error("the transaction was rolled back");
    } catch (error) {
      throw isSent && isConnectionLoss(error)
        ? new UnknownOutcome("the connection broke during the commit", { cause: error })
        : error;
    } finally {
      this.#release(this.#isLost);
    }
  }

  /** Undoes everything and gives the connection back, or ends it. */
  async rollback(): Promise<void> {
    if (this.#client === undefined) return;
    try {
      await this.query({ text: "ROLLBACK" });
      this.#release(false);
    } catch {
      // What is open on it must not meet the next one.
      this.#release(true);
    }
  }

  get #isLost(): boolean {
    return this.#failure !== undefined && isConnectionLoss(this.#failure);
  }

  #release(isSpoilt: boolean): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    client.off("error", this.#fail);
    client.release(isSpoilt);
  }
}
