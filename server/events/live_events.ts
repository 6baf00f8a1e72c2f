/**
 * @module
 * The one port of live events: what just became true, for whoever watches now (waiting polls, the event
 * stream of the admin API). Nothing is kept: a watcher that missed an event looks at the database.
 */
import type { Awaitable, Tx } from "../transaction.ts";

/** What happened. */
export type LiveEventKind =
  /** A device is new, or its admission, quarantine, name, labels, interval or conditions changed. */
  | "device.changed"
  | "device.removed"
  | "device.online"
  | "device.offline"
  /** New telemetry of a device is stored. */
  | "device.telemetry"
  | "command.queued"
  | "command.finished"
  /** A row of the events table was written. */
  | "event.recorded";

/** One live event about one device. */
export interface LiveEvent {
  readonly kind: LiveEventKind;
  /** Row id of the device. */
  readonly deviceId: number;
  readonly handle: string;
  readonly atMs: number;
  /** Another server on the same database said so. */
  readonly elsewhere?: true;
}

/** Publishes within a transaction, delivers after its commit. */
export interface LiveEvents {
  /** Delivered once the transaction is durable, never when it is rolled back. */
  publish(tx: Tx, event: LiveEvent): Awaitable<void>;
  /**
   * @param gap called when events of other servers may have been missed
   * @returns a function that ends the subscription
   */
  subscribe(listener: (event: LiveEvent) => void, gap?: () => void): () => void;
  /** Ends what it has running to hear of other servers, where there are any. */
  close?(): void;
}

/** Live events within this process. */
export function inProcessLiveEvents(): LiveEvents {
  const listeners = new Set<(event: LiveEvent) => void>();
  return {
    publish(tx, event) {
      if (listeners.size === 0) return;
      tx.afterCommit(() => {
        for (const listener of listeners) listener(event);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
