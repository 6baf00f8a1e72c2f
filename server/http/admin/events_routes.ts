/**
 * @module
 * The stream of live events (server-sent events, WHATWG HTML §9.2): what changes is said at once, and a
 * watcher that comes back goes on after the last id it saw.
 */
import * as v from "valibot";
import { type DeviceScope, isWholeFleet } from "../../access/device_scope.ts";
import type { DevicesReader } from "../../devices/list_devices.ts";
import { DomainError } from "../../errors.ts";
import { type FeedItem, MAX_WATCHERS } from "../../events/event_feed.ts";
import type { LiveEvent } from "../../events/live_events.ts";
import { route } from "../route_table.ts";
import { handle, truth } from "../schema_parts.ts";

/** A comment line keeps proxies and browsers from giving the connection up, in ms. */
const IDLE_MS = 15_000;
/** How often it is asked whether a watcher may still watch, in ms; less than the idle time, so that each idle asks. */
const LOOK_MS = 10_000;

export const eventsRoutes = [
  route({
    method: "GET",
    path: "/api/v1/events/stream",
    access: "viewer",
    operation: "watchEvents",
    summary: "Live events of devices, as server-sent events; `Last-Event-ID` goes on after a break",
    tag: "events",
    bodyLimitBytes: 0,
    rate: { burst: 20, perMinute: 60 },
    query: v.strictObject({
      telemetry: v.optional(truth("Also say when new telemetry of a device is stored"), "false"),
      handle: v.optional(v.pipe(handle, v.description("Only events of this device"))),
    }),
    replies: {
      200: {
        description:
          "`event:` is the kind (device.changed, device.removed, device.online, device.offline, device.telemetry, command.queued, command.finished, event.recorded), `data:` {kind, handle, atMs}. `reset`: events were missed, read the lists again",
        type: "text/event-stream",
      },
    },
    handle: ({ query, scope, header, signal, stillIn }, { eventFeed, devicesReader, clock }) => {
      if (eventFeed.watchers >= MAX_WATCHERS) {
        throw new DomainError(
          "request.rate_limited",
          `Cannot watch: ${MAX_WATCHERS} watchers are connected already`,
          {
            retryAfterS: 30,
          },
        );
      }
      const items = eventFeed.watch({
        lastId: header("last-event-id") ?? null,
        signal,
        idleMs: IDLE_MS,
      });
      return {
        status: 200,
        type: "text/event-stream",
        headers: { "x-accel-buffering": "no" },
        body: eventStream(whileIn(items, { stillIn, nowMs: () => clock.monotonicMs() }), {
          telemetry: query.telemetry,
          handle: query.handle,
          scope,
          devicesReader,
        }),
      };
    },
  }),
];

/** Ends the feed when its watcher may not watch any more: the session is over, the role another. */
async function* whileIn(
  items: AsyncIterable<FeedItem>,
  { stillIn, nowMs }: { stillIn: () => Promise<boolean>; nowMs: () => number },
): AsyncGenerator<FeedItem> {
  let lookedAtMs = nowMs();
  for await (const item of items) {
    if (nowMs() - lookedAtMs >= LOOK_MS) {
      if (!await stillIn()) return;
      lookedAtMs = nowMs();
    }
    yield item;
  }
}

interface StreamOptions {
  readonly telemetry: boolean;
  /** Undefined = events of every device. */
  readonly handle: string | undefined;
  readonly scope: DeviceScope;
  readonly devicesReader: Pick<DevicesReader, "find">;
}

/** The feed as text. The first line says where the feed stands, so that even a watcher who saw nothing can go on. */
async function* eventStream(
  items: AsyncIterable<FeedItem>,
  options: StreamOptions,
): AsyncGenerator<string> {
  yield "retry: 2000\n\n";
  for await (const item of items) {
    if (item.kind === "idle") yield ": still here\n\n";
    else if (item.kind === "reset") yield `id: ${item.id}\nevent: reset\ndata: {}\n\n`;
    else if (await isSeen(item.fed.event, options)) {
      const { kind, handle, atMs } = item.fed.event;
      yield `id: ${item.fed.id}\nevent: ${kind}\ndata: ${
        JSON.stringify({ kind, handle, atMs })
      }\n\n`;
    }
  }
}

async function isSeen(
  event: LiveEvent,
  { telemetry, handle, scope, devicesReader }: StreamOptions,
): Promise<boolean> {
  if (handle !== undefined && event.handle !== handle) return false;
  if (event.kind === "device.telemetry" && !telemetry) return false;
  return isWholeFleet(scope) || await devicesReader.find(scope, event.handle) !== undefined;
}
