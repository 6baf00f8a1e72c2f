/**
 * Puts the records of links together to services, as people and programs want them.
 *
 * @module
 */
import { firstLabelText, nameKey, parentName } from "./domain_name.ts";
import type { FoundService } from "./found_service.ts";
import { isLinkLocal, isLoopback, isUnicast } from "./ip_address.ts";
import type { Link } from "./link.ts";
import type { LinkQuerier } from "./link_querier.ts";
import { printable, readTxt } from "./printable_text.ts";
import { DOMAIN } from "./service_names.ts";

/** A service as one link shows it. */
interface ServiceOnLink extends FoundService {
  readonly link: Link;
}

/**
 * All services that are fully known: pointer, SRV, TXT and an address. The same service on several
 * links is one, with the addresses of all, best first.
 *
 * @returns services by a key that stays the same while name, host and port do.
 */
export function resolveServices(
  queriers: Iterable<LinkQuerier>,
  types: readonly string[],
): Map<string, FoundService> {
  const found = new Map<string, ServiceOnLink[]>();
  for (const querier of queriers) {
    for (const name of new Set(types.flatMap((type) => querier.targets(type)))) {
      const service = resolveOnLink(querier, name);
      if (!service) continue;
      const key = `${nameKey(name)} ${nameKey(service.host)} ${service.port}`;
      found.set(key, [...found.get(key) ?? [], service]);
    }
  }
  return new Map([...found].map(([key, seen]) => [key, mergeLinks(seen)]));
}

/** Equal when nothing changed that a reader of the service can see. */
export function sameService(a: FoundService, b: FoundService): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function resolveOnLink(querier: LinkQuerier, name: string): ServiceOnLink | undefined {
  const { cache, link } = querier;
  // The newest words of a host count while its older ones fade.
  const srv = cache.get(name, "SRV").at(-1)?.record.data;
  const txt = cache.get(name, "TXT").at(-1)?.record.data;
  if (srv?.type !== "SRV" || srv.port === 0) return undefined;
  if (txt?.type !== "TXT" && !querier.lacksTxt(name)) return undefined;
  const addresses = [...cache.get(srv.target, "A"), ...cache.get(srv.target, "AAAA")]
    .flatMap(({ record: { data } }) => "address" in data ? [data.address] : [])
    .filter((address) => isUnicast(address) && (link.loopback || !isLoopback(address)))
    .map((address) => needsZone(address) ? `${address}%${link.interfaceName}` : address);
  if (addresses.length === 0) return undefined;
  const type = parentName(name);
  return {
    type: printable(nameKey(type).slice(0, -(DOMAIN.length + 1))),
    instance: printable(firstLabelText(name)),
    host: printable(srv.target),
    port: srv.port,
    addresses: addresses.sort(byWorth),
    txt: txt?.type === "TXT" ? readTxt(txt.strings) : {},
    interfaceName: link.interfaceName,
    link,
  };
}

/** Loopback first (this very host), then the link with the best address. */
function mergeLinks(seen: readonly ServiceOnLink[]): FoundService {
  const ordered = [...seen].sort((a, b) => byWorth(a.addresses[0]!, b.addresses[0]!));
  const { link: _, ...best } = ordered[0]!;
  const addresses = [...new Set(ordered.flatMap((service) => service.addresses))].sort(byWorth);
  return { ...best, addresses };
}

function byWorth(a: string, b: string): number {
  return worth(a) - worth(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Lower is better. */
function worth(address: string): number {
  if (isLoopback(address)) return address.includes(":") ? 1 : 0;
  return (isLinkLocal(address) ? 2 : 0) + (address.includes(":") ? 3 : 2);
}

function needsZone(address: string): boolean {
  return address.includes(":") && isLinkLocal(address);
}
