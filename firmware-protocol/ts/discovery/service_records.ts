/**
 * The records that stand for one announced service on one link (RFC 6763 §4-§6).
 *
 * Addresses are those of the link the records go out on, and only those the service listens on: a
 * host with two networks never names an address of one on the other.
 *
 * @module
 */
import type { AnnouncedService } from "./announced_service.ts";
import { type DnsRecord, type RecordData, recordKey, setKey, typeCode } from "./dns_message.ts";
import { nameKey } from "./domain_name.ts";
import { ipBytes, ipText, isLinkLocal, isLoopback } from "./ip_address.ts";
import type { Link } from "./link.ts";
import { writeTxt } from "./printable_text.ts";
import {
  type ClaimedNames,
  hostName,
  instanceName,
  SERVICE_TYPES_NAME,
  typeName,
} from "./service_names.ts";

/** Seconds that records live unless told otherwise: a crashed program is forgotten this late. */
export const DEFAULT_TTL_S = 120;
/** The list of types changes seldom and belongs to all hosts together (RFC 6762 §10). */
const TYPE_LIST_TTL_S = 4500;
/** Most addresses of one host on one link: more do not fit one packet with the rest. */
const MAX_ADDRESSES = 12;

/** A record that we answer for. */
export interface OwnedRecord extends DnsRecord {
  /** No other host may hold a record of this name and type: `flush` is set when it is sent. */
  readonly unique: boolean;
}

/** What {@link serviceRecords} needs to know. */
export interface RecordSource {
  readonly service: AnnouncedService;
  readonly names: ClaimedNames;
  readonly ttlS: number;
}

/** Addresses of a link that the service can be reached at; none means: not announced there. */
export function serviceAddresses(service: AnnouncedService, link: Link): string[] {
  const bound = service.bindAddress ?? "::";
  const boundBytes = ipBytes(bound);
  const everywhere = boundBytes?.every((byte) => byte === 0) ?? false;
  const boundText = boundBytes === undefined ? bound : ipText(boundBytes);
  return link.addresses
    .filter((address) => isLoopback(address) === link.loopback)
    .filter((address) =>
      everywhere ? bound !== "0.0.0.0" || !address.includes(":") : address === boundText
    )
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_ADDRESSES);
}

/** All records of the service on the link; empty when it cannot be reached there. */
export function serviceRecords(source: RecordSource, link: Link): OwnedRecord[] {
  const { service, names, ttlS } = source;
  const addresses = serviceAddresses(service, link);
  if (addresses.length === 0) return [];
  const type = typeName(service.type);
  const instance = instanceName(names.instance, service.type);
  const host = hostName(names.host);
  const shared = (name: string, target: string, ttl: number): OwnedRecord => (
    { name, ttlS: ttl, flush: false, unique: false, data: { type: "PTR", target } }
  );
  const unique = (name: string, data: RecordData): OwnedRecord => (
    { name, ttlS, flush: true, unique: true, data }
  );
  return [
    shared(type, instance, ttlS),
    shared(SERVICE_TYPES_NAME, type, TYPE_LIST_TTL_S),
    unique(instance, { type: "SRV", priority: 0, weight: 0, port: service.port, target: host }),
    unique(instance, { type: "TXT", strings: writeTxt(service.txt) }),
    ...addresses.map((address) =>
      unique(host, { type: address.includes(":") ? "AAAA" : "A", address })
    ),
  ];
}

/** Says which types exist for a name that is ours alone (RFC 6762 §6.1). */
export function negativeRecord(name: string, owned: readonly OwnedRecord[]): OwnedRecord {
  const key = nameKey(name);
  const mine = owned.filter((record) => record.unique && nameKey(record.name) === key);
  const types = [...new Set(mine.map((record) => typeCode(record.data)))];
  return {
    name,
    ttlS: mine[0]?.ttlS ?? DEFAULT_TTL_S,
    flush: true,
    unique: true,
    data: { type: "NSEC", next: name, types: types.sort((a, b) => a - b) },
  };
}

/**
 * Equal for records that are sent together: unique ones go out as whole sets, or the flush bit would
 * make caches drop the rest of the set (RFC 6762 §10.2).
 */
export function sendKey(record: OwnedRecord): string {
  return record.unique ? setKey(record) : recordKey(record);
}

function rank(address: string): number {
  return (address.includes(":") ? 2 : 0) + (isLinkLocal(address) ? 1 : 0);
}
