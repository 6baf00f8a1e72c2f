/**
 * Announces a service on every suitable link.
 *
 * @module
 */
import type { AnnouncedService, Announcement, AnnounceOptions } from "./announced_service.ts";

/** Announces a service; resolves when its names are proven to be free and the links were told. */
export function announce(
  _service: AnnouncedService,
  _options: AnnounceOptions = {},
): Promise<Announcement> {
  return Promise.reject(new Error("Cannot announce: the responder is not built yet"));
}
