/**
 * @module
 * Keeps some of the files that this process may have open free of connections. Each connection is one, and at
 * the system's limit Deno's listener neither takes a connection nor says so, and never listens again: a server
 * must not get there. The limit itself cannot be read with the permissions of `fleets`, so it is felt for.
 */
import { closeSync, openSync } from "node:fs";

/** So many are felt for: for those connections that come until it is looked again, and half of them to stay free. */
const SPARE_FILES = 128;
/** Below so many connections it is not looked. */
const FROM_CONNECTIONS = 64;
/** So long a look counts, in ms: the rest of the process opens files too. */
const COUNTS_MS = 10_000;
/** When there was no room it is not looked again before this time is over, in ms. */
const REST_MS = 100;

/** Whether this many more files can be opened. */
export function canOpen(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync("/dev/null", "r"));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Where there is no such file there is no such limit either.
    return code !== "EMFILE" && code !== "ENFILE";
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/** Says of each new connection whether there is room for it. */
export class SpareFiles {
  /** There was room up to so many connections … */
  #roomUpTo = 0;
  /** … until then; */
  #countsUntilMs = -Infinity;
  /** there was none until then. */
  #fullUntilMs = -Infinity;

  constructor(
    readonly nowMs: () => number = () => performance.now(),
    readonly canOpenMore: (count: number) => boolean = canOpen,
  ) {}

  /** @param connections open now, the new one included */
  haveRoomFor(connections: number): boolean {
    if (connections < FROM_CONNECTIONS) return true;
    const nowMs = this.nowMs();
    if (nowMs < this.#fullUntilMs) return false;
    if (connections <= this.#roomUpTo && nowMs < this.#countsUntilMs) return true;
    if (!this.canOpenMore(SPARE_FILES)) {
      this.#roomUpTo = 0;
      this.#fullUntilMs = nowMs + REST_MS;
      return false;
    }
    this.#roomUpTo = connections + SPARE_FILES / 2;
    this.#countsUntilMs = nowMs + COUNTS_MS;
    return true;
  }
}
