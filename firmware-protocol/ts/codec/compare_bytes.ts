/**
 * Bytewise lexicographic order, the order of deterministic CBOR (RFC 8949 §4.2.1).
 *
 * @module
 */

/** Negative where `a` comes first, 0 where both are equal, positive where `b` comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
