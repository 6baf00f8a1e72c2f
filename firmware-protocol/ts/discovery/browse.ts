/**
 * Finds services on every link.
 *
 * @module
 */
import type { BrowseEvent, BrowseOptions } from "./found_service.ts";

/** Yields services of the given types as they come, change and go, until the signal aborts. */
export function browse(_options: BrowseOptions): AsyncIterable<BrowseEvent> {
  throw new Error("Cannot browse: the browser is not built yet");
}

/** Yields each service type present on the network once (`_services._dns-sd._udp`, RFC 6763 §9). */
export function browseServiceTypes(_options: { signal: AbortSignal }): AsyncIterable<string> {
  throw new Error("Cannot browse: the browser is not built yet");
}
