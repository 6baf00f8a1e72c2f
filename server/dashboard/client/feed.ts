/**
 * @module
 * The live feed: reads the server's event stream, goes on after the last event it saw when the connection
 * breaks, and rests while the page is hidden. A stream of one's own instead of EventSource, because that one
 * neither tells a status nor rests.
 */
import { saySignedOut } from "./api.ts";

/** One event of the feed. */
export interface FeedEvent {
  readonly kind: string;
  readonly handle: string;
  readonly atMs: number;
}

/** Where the feed stands; `sinceMs`: when it was lost, by performance.now(). */
export type FeedState =
  | { readonly kind: "connecting" | "live" | "resting" | "over" }
  | { readonly kind: "lost"; readonly sinceMs: number };

/** What a feed tells. */
export interface FeedListener {
  /** Something happened. */
  event(event: FeedEvent): void;
  /** Events were missed: look at everything again. */
  missed(): void;
  state(state: FeedState): void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** The server says something at least every 15 s; silence for this long is a dead connection. */
const SILENCE_MS = 40_000;

/** Follows the feed until the session is over. */
export async function followFeed(path: string, listener: FeedListener): Promise<void> {
  let lastId: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  let lostAtMs: number | undefined;
  while (true) {
    if (document.hidden) {
      listener.state({ kind: "resting" });
      await shown();
    }
    if (lostAtMs === undefined) listener.state({ kind: "connecting" });
    const stop = new AbortController();
    const rest = () => document.hidden && stop.abort();
    document.addEventListener("visibilitychange", rest);
    try {
      const response = await fetch(path, {
        signal: stop.signal,
        headers: lastId === undefined ? {} : { "last-event-id": lastId },
      });
      if (response.status === 401) {
        listener.state({ kind: "over" });
        return saySignedOut();
      }
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      // Without an id nobody knows what happened while nobody looked.
      if (lastId === undefined && lostAtMs !== undefined) listener.missed();
      lostAtMs = undefined;
      retryMs = FIRST_RETRY_MS;
      listener.state({ kind: "live" });
      await read(response.body, stop, (item) => {
        lastId = item.id ?? lastId;
        if (item.event === "reset") listener.missed();
        else if (item.data !== undefined) listener.event(JSON.parse(item.data));
      });
    } catch {
      // Whatever ended it, the loop goes on.
    }
    document.removeEventListener("visibilitychange", rest);
    if (document.hidden) continue;
    lostAtMs ??= performance.now();
    listener.state({ kind: "lost", sinceMs: lostAtMs });
    await pause(retryMs * (0.75 + Math.random() / 2));
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }
}

interface Item {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** Reads server-sent events (WHATWG HTML §9.2) until the stream ends or falls silent. */
async function read(
  body: ReadableStream<Uint8Array>,
  stop: AbortController,
  take: (item: Item) => void,
): Promise<void> {
  const reader = body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )
    .getReader();
  let silence: ReturnType<typeof setTimeout> | undefined;
  let rest = "";
  try {
    while (true) {
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), SILENCE_MS);
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop()!;
      for (const part of parts) take(itemOf(part));
    }
  } finally {
    clearTimeout(silence);
  }
}

function itemOf(text: string): Item {
  const item: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, field, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (field !== undefined) item[field] = value!;
  }
  return item;
}

/** Resolves when the page is looked at, or the network came back, at the latest after `ms`. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}

function shown(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}
