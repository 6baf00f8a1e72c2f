/**
 * A token bucket for each address, bounded in number. Pure but for the clock it is given.
 *
 * @module
 */

/** Addresses remembered; beyond, the ones unheard for longest are forgotten. */
const PEERS_MAX = 1_024;

/** The limit's measure. */
export interface RateLimitParts {
  readonly perSecond: number;
  readonly burst: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Allows each address so much. */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; atMs: number }>();

  constructor(private readonly parts: RateLimitParts) {}

  /** Whether this address may do one more thing now. */
  allow(address: string): boolean {
    const { perSecond, burst, nowMs } = this.parts;
    const now = nowMs();
    const bucket = this.buckets.get(address) ?? { left: burst, atMs: now };
    const left = Math.min(burst, bucket.left + (now - bucket.atMs) / 1_000 * perSecond);
    this.buckets.delete(address);
    if (this.buckets.size >= PEERS_MAX) this.buckets.delete(this.buckets.keys().next().value!);
    this.buckets.set(address, { left: left >= 1 ? left - 1 : left, atMs: now });
    return left >= 1;
  }
}
