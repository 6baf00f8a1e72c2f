import assert from "node:assert/strict";
import type { Tx } from "../transaction.ts";
import type { LiveEvent, LiveEventKind } from "./live_events.ts";
import { sharedLiveEvents, type Signals } from "./shared_live_events.ts";

/** What PostgreSQL does with signals: everybody hears everything, in order, at the commit. */
class Air implements Signals {
  readonly sent: string[] = [];
  readonly listeners = new Set<{ hear(text: string): void; gap(): void }>();

  sendIn(tx: Tx, text: string): void {
    tx.afterCommit(() => this.send([text]));
  }
  send(texts: readonly string[]): void {
    for (const text of texts) {
      this.sent.push(text);
      for (const { hear } of [...this.listeners]) hear(text);
    }
  }
  subscribe(hear: (text: string) => void, gap: () => void): () => void {
    const listener = { hear, gap };
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const TX: Tx = { afterCommit: (effect) => effect() };

const event = (kind: LiveEventKind, deviceId = 1): LiveEvent => ({
  kind,
  deviceId,
  handle: `handle-${deviceId}`,
  atMs: 5,
});

function twoServers() {
  const air = new Air();
  const servers = ["a", "b"].map((name) => {
    const live = sharedLiveEvents(air, name), heard: LiveEvent[] = [];
    const gaps = { count: 0 };
    const end = live.subscribe((one) => heard.push(one), () => gaps.count += 1);
    return { live, heard, gaps, end };
  });
  return { air, a: servers[0]!, b: servers[1]! };
}

Deno.test("an event is delivered once at its own server and once, marked, at the others", async () => {
  const { a, b } = twoServers();
  await a.live.publish(TX, event("device.changed"));
  assert.deepEqual(a.heard, [event("device.changed")]);
  assert.deepEqual(b.heard, [{ ...event("device.changed"), elsewhere: true }]);
  for (const { live, end } of [a, b]) {
    end();
    live.close!();
  }
});

Deno.test("telemetry is told to others now and then, each device once, many in one signal", async () => {
  const { air, a, b } = twoServers();
  for (let round = 0; round < 3; round++) {
    for (let id = 0; id < 120; id++) await a.live.publish(TX, event("device.telemetry", id));
  }
  assert.equal(a.heard.length, 360, "at home at once");
  assert.equal(air.sent.length, 0);
  await new Promise<void>((resolve) => {
    const end = b.live.subscribe(({ deviceId }) => {
      if (deviceId !== 119) return;
      end();
      resolve();
    });
  });
  assert.equal(air.sent.length, 3);
  assert.ok(air.sent.every((text) => new TextEncoder().encode(text).length < 7_900));
  assert.deepEqual(
    b.heard.map(({ deviceId }) => deviceId),
    Array.from({ length: 120 }, (_, i) => i),
  );
  a.live.close!();
  b.live.close!();
});

Deno.test("what is not understood is nothing, and a gap is passed on", () => {
  const { air, a, b } = twoServers();
  air.send(["", "{}", "[]", '["c"]', '["c",["x"]]', '["c",["device.changed","1","h",5]]', "\0"]);
  assert.deepEqual([...a.heard, ...b.heard], []);
  for (const { gap } of air.listeners) gap();
  assert.deepEqual([a.gaps.count, b.gaps.count], [1, 1]);
  a.live.close!();
  b.live.close!();
  assert.equal(air.listeners.size, 0);
});
