/**
 * Finds services on every link.
 *
 * @module
 */
import type { MulticastEngine } from "./engine.ts";
import type { BrowseEvent, BrowseOptions } from "./found_service.ts";
import { LatestQueue } from "./latest_queue.ts";
import { type LinkWatcher, mergeEvents, ServiceBrowser, TypeBrowser } from "./service_browser.ts";
import { typeName } from "./service_names.ts";
import { useEngine } from "./shared_engine.ts";

/**
 * Yields services of the given types as they come, change and go, until the signal aborts. Looking
 * starts with the first step of the iteration.
 *
 * @throws {RangeError} when a type is no service type.
 */
export function browse(options: BrowseOptions): AsyncIterable<BrowseEvent> {
  const { signal, loopback = true } = options;
  const types = options.types.map(typeName);
  return watch(signal, (engine, queue: LatestQueue<BrowseEvent>) =>
    new ServiceBrowser(
      { ...engine.browserPorts, wants: (link) => loopback || !link.loopback },
      { types, emit: (key, event) => queue.push(key, event) },
    ), mergeEvents);
}

/** Yields each service type present on the network once (`_services._dns-sd._udp`, RFC 6763 §9). */
export function browseServiceTypes(
  options: { signal: AbortSignal; loopback?: boolean },
): AsyncIterable<string> {
  const { signal, loopback = true } = options;
  return watch(signal, (engine, queue: LatestQueue<string>) =>
    new TypeBrowser(
      { ...engine.browserPorts, wants: (link) => loopback || !link.loopback },
      (type) => queue.push(type, type),
    ), (_, next) => next);
}

async function* watch<T>(
  signal: AbortSignal,
  create: (engine: MulticastEngine, queue: LatestQueue<T>) => LinkWatcher,
  merge: (waiting: T, next: T) => T | undefined,
): AsyncGenerator<T, void, void> {
  if (signal.aborted) return;
  const { engine, release } = await useEngine();
  const queue = new LatestQueue<T>(merge);
  const watcher = create(engine, queue);
  const close = () => queue.close();
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  try {
    engine.addWatcher(watcher);
    yield* queue.read();
  } finally {
    signal.removeEventListener("abort", close);
    engine.removeWatcher(watcher);
    await release();
  }
}
