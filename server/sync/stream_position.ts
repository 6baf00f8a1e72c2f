/**
 * @module
 * Which records of a batch are new: a pure function of what is stored (PROTOCOL §6). No record has an
 * index of its own; the position of its stream is enough.
 */
import type { StreamPosition } from "./sync_records.ts";

/** The records of a batch. */
export interface BatchRange {
  readonly epoch: number;
  /** Counter of the first record; counters of an epoch begin at 1. */
  readonly first: number;
  /** ≥ 1. */
  readonly count: number;
}

/** What a batch brings. */
export type StreamStep =
  /** An epoch that has ended: acknowledged as it came, ignored. */
  | { readonly kind: "ended" }
  /** Stored already. */
  | { readonly kind: "known" }
  /** Records from index `skip` on are new; `position` is how far the stream is then stored. */
  | { readonly kind: "new"; readonly skip: number; readonly position: StreamPosition };

/** Holds a batch against the stored position; null = nothing of the stream is stored yet. */
export function stepStream(position: StreamPosition | null, batch: BatchRange): StreamStep {
  const last = batch.first + batch.count - 1;
  if (position !== null && batch.epoch < position.epoch) return { kind: "ended" };
  const lost = position?.lost ?? 0;
  if (position === null || batch.epoch > position.epoch) {
    // What a new buffer dropped before it could send anything is lost as well.
    const missing = Math.max(0, batch.first - 1);
    return {
      kind: "new",
      skip: 0,
      position: { epoch: batch.epoch, through: last, lost: lost + missing },
    };
  }
  if (last <= position.through) return { kind: "known" };
  const missing = Math.max(0, batch.first - position.through - 1);
  return {
    kind: "new",
    skip: Math.max(0, position.through + 1 - batch.first),
    position: { epoch: batch.epoch, through: last, lost: lost + missing },
  };
}
