/**
 * @module
 * What a feature holds while its changes are being made: an opaque transaction. Only `store/` knows what
 * is behind it, so a feature works the same on every database.
 *
 * The law of a unit of work: it may run more than once (a group of works that fails is rolled back and
 * run again one by one; PostgreSQL retries on conflict), so it changes nothing but the database, builds
 * its result afresh, waits for nothing but the database and never opens another write.
 */

/** A value that is there already or will be. SQLite answers at once, PostgreSQL later. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with a result, at once where it is there at once: a promise costs more than some statements. */
export function whenDone<T, R>(
  result: Awaitable<T>,
  next: (value: T) => Awaitable<R>,
): Awaitable<R> {
  return result instanceof Promise ? result.then(next) : next(result);
}

/**
 * Thrown by a work that finds what it stood on changed under it: it is undone and run again, at most a few
 * times.
 */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

/** An open write transaction. */
export interface Tx {
  /** Runs `effect` once, after the commit is durable, and never when the transaction is rolled back. */
  afterCommit(effect: () => void): void;
}

/** Runs units of work. Implemented by `store/database.ts`. */
export interface Transactions {
  /**
   * Runs `work` in a write transaction; the promise resolves after the commit is durable.
   * Works that arrive together share one commit.
   * @throws whatever `work` throws, after its changes were undone
   */
  write<T>(work: (tx: Tx) => Awaitable<T>): Promise<T>;
}
