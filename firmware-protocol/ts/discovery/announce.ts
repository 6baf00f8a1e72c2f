/**
 * Announces a service on every link where it can be reached.
 *
 * @module
 */
import type { AnnouncedService, Announcement, AnnounceOptions } from "./announced_service.ts";
import { useEngine } from "./shared_engine.ts";

/**
 * Announces a service; resolves when its names are proven to be free and the links were told, about
 * a second later and after 10 s at the latest. New links are told as they come.
 *
 * @throws {RangeError} when a name, the port or the TXT record is out of bounds.
 */
export async function announce(
  service: AnnouncedService,
  options: AnnounceOptions = {},
): Promise<Announcement> {
  const { engine, release } = await useEngine(options.log);
  try {
    const announcement = await engine.announce(service, options);
    return {
      get instance() {
        return announcement.instance;
      },
      updateTxt: (txt) => announcement.updateTxt(txt),
      async close() {
        await announcement.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
