/**
 * @module
 * Which addresses belong to a private network: RFC 1918, RFC 4193, link-local and loopback.
 */
import { BlockList, isIPv6 } from "node:net";

const PRIVATE = new BlockList();
for (
  const [network, prefix] of [
    ["10.0.0.0", 8],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
    ["169.254.0.0", 16],
    ["127.0.0.0", 8],
  ] as const
) PRIVATE.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [["fc00::", 7], ["fe80::", 10], ["::1", 128]] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv6");
}

/** @param address numeric; an IPv6 zone (`%eth0`) and an IPv4-mapped prefix are taken off */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return PRIVATE.check(bare, isIPv6(bare) ? "ipv6" : "ipv4");
}
