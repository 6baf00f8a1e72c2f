/**
 * @module
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { type ServerSentEvent, serverSentEvents } from "./server_sent_events.ts";

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield bytes.slice(at, at + size);
    at += size;
    await Promise.resolve();
  }
}

function read(text: string, sizes: readonly number[] = [7]): Promise<ServerSentEvent[]> {
  return Array.fromAsync(serverSentEvents(inPieces(text, sizes)));
}

const STREAM =
  ': hello\nretry: 100\n\nevent: device.changed\nid: 7\ndata: {"a":\ndata:1}\n\ndata: ü\r\n\r\ndata: cut';

Deno.test("events have a type, an id and lines of data; comments and a cut end are skipped", async () => {
  deepEqual(await read(STREAM), [
    { event: "device.changed", id: "7", data: '{"a":\n1}' },
    { event: "message", data: "ü" },
  ]);
});

Deno.test("property: how the bytes are cut into pieces makes no difference", async () => {
  const whole = await read(STREAM, [10_000]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      async (sizes) => {
        deepEqual(await read(STREAM, sizes), whole);
      },
    ),
    { numRuns: 300 },
  );
});
