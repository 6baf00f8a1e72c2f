/**
 * Remembers the packets this process has just sent: multicast brings them back, on the same link and,
 * over a bridge, on others. Our own words must not be taken for a conflict.
 *
 * @module
 */
import type { Clock } from "./link.ts";

const REMEMBERED = 256;
const REMEMBERED_MS = 10_000;

/** The latest packets, as digests. */
export class SentPackets {
  readonly #clock: Clock;
  readonly #sentAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(bytes: Uint8Array): void {
    const key = digest(bytes);
    this.#sentAtMs.delete(key);
    this.#sentAtMs.set(key, this.#clock.nowMs());
    const oldest = this.#sentAtMs.keys().next().value;
    if (this.#sentAtMs.size > REMEMBERED && oldest !== undefined) this.#sentAtMs.delete(oldest);
  }

  has(bytes: Uint8Array): boolean {
    const sentAtMs = this.#sentAtMs.get(digest(bytes));
    return sentAtMs !== undefined && this.#clock.nowMs() - sentAtMs < REMEMBERED_MS;
  }
}

/** FNV-1a, twice with different starts: against chance, not against an enemy. */
function digest(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x01234567];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193);
  }
  return `${bytes.length} ${a} ${b}`;
}
