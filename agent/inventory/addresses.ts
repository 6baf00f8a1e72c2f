/**
 * Under which addresses the host can be found. Left out is what changes by itself or leads nowhere from outside: loopback,
 * link-local and temporary IPv6 addresses, and the bridges of container software.
 *
 * @module
 */
import type { Host, InterfaceAddress } from "../ports.ts";

/** Interfaces between the host and its own containers and virtual machines. */
const INNER_INTERFACE =
  /^(?:docker|br-[0-9a-f]{12}|veth|virbr|vnet|cni|flannel|cali|podman|lxc|lxd)/;
/** Flags of /proc/net/if_inet6: temporary, tried and taken, deprecated, tentative. */
const PASSING_FLAGS = 0x01 | 0x08 | 0x20 | 0x40;
const NO_MAC = /^(?:00:){5}00$/;

/** "eth0 192.0.2.7", IPv4 first, then by interface and address. */
export function readAddresses(host: Host): string[] {
  const passing = readPassingAddresses(host);
  return host.addresses()
    .filter((entry) => isWorthTelling(entry) && !passing.has(expandIpv6(entry.address)))
    .map(({ family, interfaceName, address }) => ({ family, text: `${interfaceName} ${address}` }))
    .sort((a, b) => a.family - b.family || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}

/** "eth0 dc:a6:32:01:02:03" for every interface with a device of its own, or else for those that have addresses. */
export function readMacs(host: Host): string[] {
  const macs = new Map<string, string>();
  for (const name of host.list("/sys/class/net")) {
    if (host.list(`/sys/class/net/${name}/device`).length === 0) continue;
    macs.set(name, host.readText(`/sys/class/net/${name}/address`)?.trim().toLowerCase() ?? "");
  }
  if (macs.size === 0) {
    for (const entry of host.addresses()) {
      if (!entry.loopback && !INNER_INTERFACE.test(entry.interfaceName)) {
        macs.set(entry.interfaceName, entry.mac);
      }
    }
  }
  return [...macs].filter(([, mac]) =>
    /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && !NO_MAC.test(mac)
  )
    .map(([name, mac]) => `${name} ${mac}`).sort();
}

function isWorthTelling({ loopback, interfaceName, address, family }: InterfaceAddress): boolean {
  if (loopback || INNER_INTERFACE.test(interfaceName)) return false;
  return family === 4 || !/^fe[89ab]/i.test(address);
}

/** IPv6 addresses that will be gone soon, as 32 hexadecimal digits. */
function readPassingAddresses(host: Host): Set<string> {
  const passing = new Set<string>();
  for (const line of (host.readText("/proc/net/if_inet6") ?? "").split("\n")) {
    const columns = /^([0-9a-f]{32}) [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ ([0-9a-f]{2,8}) /.exec(line);
    if (columns !== null && (Number.parseInt(columns[2]!, 16) & PASSING_FLAGS) !== 0) {
      passing.add(columns[1]!);
    }
  }
  return passing;
}

/** An IPv6 address as 32 hexadecimal digits (RFC 4291 §2.2); anything else gives what no such address is. */
export function expandIpv6(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<string>(missing).fill("0"), ...back]
    .map((group) => group.padStart(4, "0")).join("");
}
