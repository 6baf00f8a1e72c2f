/**
 * The interfaces of this host that mDNS can use, as plain data.
 *
 * @module
 */
import { networkInterfaces, platform } from "node:os";
import { inSubnet, ipBytes, isLinkLocal, isUnicast } from "./ip_address.ts";

/** One interface with its addresses. */
export interface NetworkInterface {
  readonly name: string;
  readonly loopback: boolean;
  /** Text without zone, with its netmask. */
  readonly addresses: readonly { readonly address: string; readonly netmask: string }[];
  /** Index of the interface, known when it has a link-local IPv6 address; else 0. */
  readonly index: number;
}

/** More interfaces than this are not looked at: a host of containers may have hundreds. */
const MAX_INTERFACES = 64;
/** Interfaces of macOS that carry no network of the user. */
const APPLE_INTERNAL = /^(awdl|llw|utun|gif|stf|anpi|ap)\d/;

/** All usable interfaces now, loopback included. */
export function listInterfaces(): NetworkInterface[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => platform() !== "darwin" || !APPLE_INTERNAL.test(name))
    .slice(0, MAX_INTERFACES)
    .map(([name, infos = []]) => ({
      name,
      loopback: infos.some((info) => info.internal),
      addresses: infos
        .filter((info) => isUnicast(info.address))
        .map((info) => ({ address: info.address.split("%", 1)[0]!, netmask: info.netmask })),
      index: infos.find((info) => info.family === "IPv6" && isLinkLocal(info.address))?.scopeid ??
        0,
    }));
}

/** The interfaces an IPv4 packet from this address can have come in by; empty when none matches. */
export function interfacesOf(
  source: string,
  interfaces: readonly NetworkInterface[],
): NetworkInterface[] {
  const own = interfaces.filter(({ addresses }) => addresses.some((own) => own.address === source));
  if (own.length > 0) return own;
  const matches = interfaces.flatMap((item) =>
    item.addresses
      .filter((subnet) => inSubnet(source, subnet))
      .map((subnet) => ({ item, bits: setBits(subnet.netmask) }))
  );
  const longest = Math.max(...matches.map((match) => match.bits));
  return [...new Set(matches.filter((match) => match.bits === longest).map(({ item }) => item))];
}

function setBits(netmask: string): number {
  let bits = 0;
  for (const byte of ipBytes(netmask) ?? []) bits += byte.toString(2).replaceAll("0", "").length;
  return bits;
}
