/**
 * @module
 * Session keys ready for use, by kid. A kid's keys never change, so an entry cannot be wrong; whether the
 * kid still counts is read from the database with every message.
 */
import type { ReadyKeys } from "../identity/session_keys.ts";

/** Sessions kept ready: about 1 KB each. */
export const READY_SESSIONS = 20_000;

/** The least recently used entry goes first. */
export class KeyCache {
  readonly #entries = new Map<string, ReadyKeys>();
  readonly #limit: number;

  constructor(limit: number = READY_SESSIONS) {
    this.#limit = limit;
  }

  /** @param kid 8 bytes */
  get(kid: Uint8Array): ReadyKeys | undefined {
    const name = nameOf(kid);
    const keys = this.#entries.get(name);
    if (keys === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, keys);
    return keys;
  }

  set(kid: Uint8Array, keys: ReadyKeys): void {
    if (this.#entries.size >= this.#limit) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(nameOf(kid), keys);
  }

  delete(kid: Uint8Array): void {
    this.#entries.delete(nameOf(kid));
  }

  /** Entries now. */
  get size(): number {
    return this.#entries.size;
  }
}

/** One character for each byte: the cheapest text that tells kids apart. */
export function nameOf(kid: Uint8Array): string {
  return String.fromCharCode(...kid);
}
