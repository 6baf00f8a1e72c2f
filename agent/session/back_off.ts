/**
 * How long to wait before trying again. Pure.
 *
 * Exponential with jitter, for ever: the wait doubles from a second up to a cap, and a random part of up to half of it
 * keeps thousands of devices from coming back in step after an outage.
 *
 * @module
 */

/** First wait. */
const BASE_MS = 1_000;
/** Retry-After counts up to here (PROTOCOL §4). */
export const RETRY_AFTER_MAX_S = 900;

/** What {@linkcode backOffMs} needs to know. */
export interface BackOff {
  /** Consecutive failures, from 1. */
  readonly failures: number;
  /** Random ratio in [0, 1). */
  readonly jitter: number;
  /** Longest wait. */
  readonly capMs: number;
  /** What the other side asked for, in seconds; 0 for nothing. */
  readonly retryAfterS?: number;
}

/** Milliseconds to wait, integer: between half of the step and the whole, but never less than the honoured Retry-After. */
export function backOffMs({ failures, jitter, capMs, retryAfterS = 0 }: BackOff): number {
  const step = Math.min(capMs, BASE_MS * 2 ** Math.min(30, Math.max(0, failures - 1)));
  const own = step / 2 + jitter * step / 2;
  const asked = Math.min(RETRY_AFTER_MAX_S, retryAfterS) * 1_000;
  return Math.round(asked > own ? asked * (1 + jitter / 10) : own);
}

/** A period with up to a tenth added, so that devices that started together drift apart. */
export function spreadMs(periodMs: number, jitter: number): number {
  return Math.round(periodMs * (1 + jitter / 10));
}
