/**
 * Randomness from the system's generator.
 *
 * @module
 */
import type { Random } from "../ports.ts";

/** {@linkcode Random} on Web Crypto. */
export class DenoRandom implements Random {
  bytes(length: number): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(length));
  }

  ratio(): number {
    return Math.random();
  }
}
