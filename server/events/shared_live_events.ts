/**
 * @module
 * Live events of several servers on one database: each delivers its own at once and hears the others'
 * through signals. A signal may be lost; whoever listens then learns that there was a gap, and looks.
 */
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { inProcessLiveEvents, type LiveEvent, type LiveEvents } from "./live_events.ts";

/** Texts from server to server, at most 7,900 bytes each. The senders hear their own as well. */
export interface Signals {
  /** Sends when the transaction commits, and not otherwise. */
  sendIn(tx: Tx, text: string): Awaitable<unknown>;
  /** Sends now, if it can. */
  send(texts: readonly string[]): void;
  /** @param gap called when texts may have been lost @returns a function that ends it */
  subscribe(hear: (text: string) => void, gap: () => void): () => void;
}

/** Telemetry is told to other servers this often, each device once: ms. */
const TELEMETRY_EVERY_MS = 100;
const MOST_IN_A_TEXT = 50;

/** @param name of this server, unlike any other's */
export function sharedLiveEvents(signals: Signals, name: string): LiveEvents {
  const own = inProcessLiveEvents(), others = inProcessLiveEvents();
  const gaps = new Set<() => void>();
  const unsubscribe = signals.subscribe(
    (text) => {
      for (const event of eventsIn(text, name)) void others.publish(AT_ONCE, event);
    },
    () => {
      for (const gap of [...gaps]) gap();
    },
  );
  const telemetry = new Map<number, LiveEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const events = [...telemetry.values()];
    telemetry.clear();
    signals.send(textsOf(events, name));
  };
  return {
    publish(tx, event) {
      if (event.kind === "device.telemetry") {
        tx.afterCommit(() => {
          telemetry.set(event.deviceId, event);
          timer ??= setTimeout(flush, TELEMETRY_EVERY_MS);
        });
        return own.publish(tx, event);
      }
      return whenDone(
        signals.sendIn(tx, textsOf([event], name)[0]!),
        () => own.publish(tx, event),
      );
    },
    subscribe(listener, gap) {
      const ends = [
        own.subscribe(listener),
        others.subscribe((event) => listener({ ...event, elsewhere: true })),
      ];
      if (gap !== undefined) gaps.add(gap);
      return () => {
        for (const end of ends) end();
        if (gap !== undefined) gaps.delete(gap);
      };
    },
    close() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

/** What another server says has been committed. */
const AT_ONCE: Tx = { afterCommit: (effect) => effect() };

/** The name, then the events: arrays are shorter than objects. */
function textsOf(events: readonly LiveEvent[], name: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < events.length; at += MOST_IN_A_TEXT) {
    const rows = events.slice(at, at + MOST_IN_A_TEXT)
      .map(({ kind, deviceId, handle, atMs }) => [kind, deviceId, handle, atMs]);
    texts.push(JSON.stringify([name, ...rows]));
  }
  return texts;
}

/** Nothing for what this server sent itself, nor for what it does not understand: a newer one may have sent it. */
function eventsIn(text: string, name: string): LiveEvent[] {
  try {
    const [from, ...rows] = JSON.parse(text) as [string, ...unknown[][]];
    if (from === name) return [];
    return rows.map(([kind, deviceId, handle, atMs]) => {
      if (typeof deviceId !== "number" || typeof handle !== "string" || typeof atMs !== "number") {
        throw new TypeError("not an event");
      }
      return { kind: kind as LiveEvent["kind"], deviceId, handle, atMs };
    });
  } catch {
    return [];
  }
}
