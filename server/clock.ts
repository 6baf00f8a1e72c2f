/**
 * @module
 * Time, injected: a feature never asks the machine for it, so that tests own it.
 */

/** The two clocks of a computer. */
export interface Clock {
  /** Unix time in ms, an integer; may step. For records. */
  nowMs(): number;
  /** Milliseconds that only grow, from an arbitrary start. For durations. */
  monotonicMs(): number;
}

/** The clocks of this machine. */
export const SYSTEM_CLOCK: Clock = Object.freeze({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
});
