/**
 * @module
 * Whether a device is online: it synced within three of its intervals and half a minute. A pure function
 * of what is stored, so that every server and every moment agree.
 */

/** What the answer depends on. */
export interface Contact {
  /** Unix ms of the last verified sync; null = never. */
  readonly lastSeenMs: number | null;
  /** The agreed interval in seconds. */
  readonly intervalS: number;
}

/** Grace in ms on top of three intervals. */
const GRACE_MS = 30_000;

/** Milliseconds without a sync after which a device counts as offline: 3 × interval + 30 s. */
export function offlineAfterMs(intervalS: number): number {
  return 3_000 * intervalS + GRACE_MS;
}

/** True while less than {@link offlineAfterMs} passed since the last sync. */
export function isOnline({ lastSeenMs, intervalS }: Contact, nowMs: number): boolean {
  return lastSeenMs !== null && nowMs - lastSeenMs < offlineAfterMs(intervalS);
}
