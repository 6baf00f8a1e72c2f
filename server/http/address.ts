/**
 * @module
 * Addresses of peers: one spelling for each, and which of them are this machine.
 */
import { BlockList, isIP } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** IPv4-mapped IPv6 as plain IPv4, zones removed; `unknown` when the peer is already gone. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined || address === "") return "unknown";
  if (!address.includes(":") && !address.includes("%")) return address;
  const bare = address.split("%")[0]!;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  return mapped ? mapped[1]! : bare;
}

/** Whether the address is this machine's loopback (127.0.0.0/8, ::1). Anything unreadable is not. */
export function isLoopback(address: string): boolean {
  return inList(LOOPBACK, address);
}

/** What limits count by: the IPv4 address, or the /64 of an IPv6 one (one subscriber has at least that much). */
export function limitKey(address: string): string {
  if (!address.includes(":") || isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined
    ? []
    : new Array(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":") + "::/64";
}

function inList(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
}
