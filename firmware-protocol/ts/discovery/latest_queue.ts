/**
 * Hands events to a reader that may be slower than the network: for each key only the latest state
 * waits, so memory is bounded by the number of keys.
 *
 * @module
 */

/** A queue that one reader drains. */
export class LatestQueue<T> {
  readonly #merge: (waiting: T, next: T) => T | undefined;
  readonly #waiting = new Map<string, T>();
  #wake: (() => void) | undefined;
  #closed = false;

  /** `merge` joins a waiting event with the next of its key; undefined when they cancel out. */
  constructor(merge: (waiting: T, next: T) => T | undefined) {
    this.#merge = merge;
  }

  push(key: string, event: T): void {
    if (this.#closed) return;
    const waiting = this.#waiting.get(key);
    const merged = waiting === undefined ? event : this.#merge(waiting, event);
    if (merged === undefined) this.#waiting.delete(key);
    else this.#waiting.set(key, merged);
    this.#wake?.();
  }

  /** Ends the reader's loop at once; what waits is dropped. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<T, void, void> {
    while (!this.#closed) {
      const [first] = this.#waiting;
      if (first !== undefined) {
        this.#waiting.delete(first[0]);
        yield first[1];
        continue;
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }
}
