import assert from "node:assert/strict";
import type { Tx } from "../transaction.ts";
import { EventFeed, type FeedItem } from "./event_feed.ts";
import { inProcessLiveEvents } from "./live_events.ts";

const TX: Tx = { afterCommit: (effect) => effect() };

function setup() {
  const live = inProcessLiveEvents();
  const feed = new EventFeed(live, "f1");
  const say = (handle: string) =>
    void live.publish(TX, { kind: "device.changed", deviceId: 1, handle, atMs: 5 });
  return { feed, say };
}

async function take(items: AsyncGenerator<FeedItem>, count: number): Promise<FeedItem[]> {
  const taken: FeedItem[] = [];
  while (taken.length < count) taken.push((await items.next()).value as FeedItem);
  return taken;
}

const handles = (items: readonly FeedItem[]) =>
  items.map((item) => item.kind === "event" ? item.fed.event.handle : item.kind);

Deno.test("a watcher gets what happens from now on, in order", async () => {
  const { feed, say } = setup();
  const stop = new AbortController();
  say("before");
  const items = feed.watch({ lastId: null, signal: stop.signal, idleMs: 60_000 });
  const first = items.next();
  say("a");
  say("b");
  assert.deepEqual(handles([(await first).value as FeedItem, ...await take(items, 1)]), ["a", "b"]);
  stop.abort();
  assert.equal((await items.next()).done, true);
  assert.equal(feed.watchers, 0);
  feed.close();
});

Deno.test("a watcher that comes back goes on after the last id it saw", async () => {
  const { feed, say } = setup();
  const stop = new AbortController();
  for (const handle of ["a", "b", "c"]) say(handle);
  const items = feed.watch({ lastId: "f1.1", signal: stop.signal, idleMs: 60_000 });
  assert.deepEqual(handles(await take(items, 2)), ["b", "c"]);
  stop.abort();
  await items.return(undefined);
  feed.close();
});

Deno.test("a watcher that cannot go on is told to look again: another feed, nonsense, the future, too long away", async () => {
  const { feed, say } = setup();
  const stop = new AbortController();
  for (let i = 0; i < 5_000; i++) say(`e${i}`);
  for (const lastId of ["f0.4999", "nonsense", "f1.6000", "f1.1", ""]) {
    const items = feed.watch({ lastId, signal: stop.signal, idleMs: 60_000 });
    const [item] = await take(items, 1);
    assert.deepEqual(item, { kind: "reset", id: "f1.5000" }, lastId);
    await items.return(undefined);
  }
  stop.abort();
  feed.close();
});

Deno.test("a quiet feed says that it lives", async () => {
  const { feed } = setup();
  const stop = new AbortController();
  const items = feed.watch({ lastId: null, signal: stop.signal, idleMs: 1 });
  assert.deepEqual(handles(await take(items, 2)), ["idle", "idle"]);
  stop.abort();
  await items.return(undefined);
  feed.close();
});

Deno.test("watchers are told to look again when events of other servers may have been missed", async () => {
  let gap = () => {};
  const feed = new EventFeed({
    subscribe: (_listener, missed) => {
      gap = missed!;
      return () => {};
    },
  }, "f1");
  const stop = new AbortController();
  const items = feed.watch({ lastId: null, signal: stop.signal, idleMs: 60_000 });
  const next = take(items, 1);
  gap();
  assert.deepEqual(await next, [{ kind: "reset", id: "f1.1" }]);
  stop.abort();
  await items.return(undefined);
  feed.close();
});
