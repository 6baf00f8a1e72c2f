/**
 * Whether a server on the network could be found by mDNS from here.
 *
 * @module
 */
import type { Host } from "../ports.ts";
import type { Check } from "./check.ts";
import { good, warning } from "./check.ts";

const UP = 0x1;
const LOOPBACK = 0x8;
const MULTICAST = 0x1000;
const MDNS_PORT_HEX = "14E9";

/** Looks for an interface that is up, has an address and carries multicast. */
export function checkMulticast(host: Host): Check {
  const name = "servers can be found by mDNS";
  const links = multicastLinks(host);
  if (links.length === 0) {
    return warning(name, {
      found: "no network interface with an address carries multicast",
      advice: "Connect the network, or name the server: fleetd agent --server URL",
    });
  }
  const shared = mdnsListeners(host) > 0 ? "; port 5353 is shared with what uses it already" : "";
  return good(name, `multicast on ${links.join(", ")}${shared}`);
}

/** Interfaces with an address, sorted. Where flags cannot be read, every one that is not loopback is taken to be able. */
function multicastLinks(host: Host): string[] {
  const names = new Set(
    host.addresses().filter(({ loopback }) => !loopback).map(({ interfaceName }) => interfaceName),
  );
  return [...names].filter((name) => {
    const flags = /^0x([0-9a-f]{1,8})$/i.exec(
      host.readText(`/sys/class/net/${name}/flags`)?.trim() ?? "",
    )?.[1];
    if (flags === undefined) return true;
    const bits = Number.parseInt(flags, 16);
    return (bits & (UP | MULTICAST)) === (UP | MULTICAST) && (bits & LOOPBACK) === 0;
  }).sort();
}

/** How many sockets listen on the mDNS port. */
function mdnsListeners(host: Host): number {
  const sockets = (host.readText("/proc/net/udp") ?? "") + (host.readText("/proc/net/udp6") ?? "");
  return sockets.split("\n").filter((line) =>
    new RegExp(`^\\s*\\d+: [0-9A-F]+:${MDNS_PORT_HEX} `).test(line)
  ).length;
}
