/**
 * What @noble remembers of the curve's base point.
 *
 * @module
 */
import { ed25519 } from "@noble/curves/ed25519.js";

/**
 * Does without the table of multiples of the base point, which the first key pair or signature of a process makes: a
 * megabyte that stays and 20 ms, worth it from the tenth key pair on. A device makes three in its life; a server calls
 * this never. Results are the same, and as constant in time as before. Counts for the whole process.
 */
export function forgoBasePointTable(): void {
  ed25519.Point.BASE.precompute(1);
}
