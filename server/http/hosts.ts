/**
 * @module
 * The Host allow-list, asked before any routing. A page of another site can make a browser talk to this
 * server under the attacker's own name (DNS rebinding); a server that answers to its own names only gives
 * such a page nothing. Ports are not compared: rebinding is about names, and forwarded ports are common.
 */
import { hostname, networkInterfaces } from "node:os";
import { isLoopback } from "./address.ts";

/** The host name of a Host header without port, lower case, IPv6 without brackets; undefined = malformed. */
export function hostOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 255) return undefined;
  const six = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(header);
  if (six) return six[1]!.toLowerCase();
  const name = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\.?(?::\d{1,5})?$/i.exec(header);
  return name ? name[1]!.toLowerCase() : undefined;
}

/** The machine's own addresses and names, replaceable in tests. */
export interface MachineNames {
  hostname(): string;
  addresses(): string[];
}

/** The machine this runs on. */
export const THIS_MACHINE: MachineNames = {
  hostname,
  addresses: () =>
    Object.values(networkInterfaces()).flatMap((links) => links ?? []).map((link) => link.address),
};

/**
 * Every name and address this server answers to now, for its own certificate: the host name first, link-local
 * addresses left out, which mean another machine on another link.
 */
export function serverNames(
  extra: readonly string[],
  machine: MachineNames = THIS_MACHINE,
): string[] {
  const addresses = machine.addresses().map((address) => address.split("%")[0]!.toLowerCase());
  const names = [
    ...ownNames(machine),
    ...extra.map((name) => name.toLowerCase()),
    "127.0.0.1",
    "::1",
    ...addresses.filter((address) => !/^fe[89ab]/.test(address)),
  ];
  return [...new Set(names)];
}

function ownNames(machine: MachineNames): string[] {
  const own = machine.hostname().toLowerCase();
  return [own, `${own.split(".")[0]}.local`, "localhost"];
}

/** How long the machine's addresses are trusted before they are read again, in ms. */
const ADDRESSES_FRESH_MS = 10_000;
/** Host headers remembered at once. */
const MOST_REMEMBERED = 256;

/**
 * Makes the check: true for localhost, loopback addresses, this machine's addresses, its host name, that
 * name with `.local`, and the names given with `--allow-host`.
 */
export function hostAllowList(
  extra: readonly string[],
  { machine = THIS_MACHINE, nowMs = Date.now }: { machine?: MachineNames; nowMs?: () => number } =
    {},
): (header: string | undefined) => boolean {
  const names = new Set([...ownNames(machine), ...extra.map((name) => name.toLowerCase())]);
  let addresses = new Set<string>();
  let readAtMs = -Infinity;
  // Devices send the same few headers all day: one that named us is not taken apart again while it is fresh.
  const allowed = new Set<string>();
  return (header) => {
    if (nowMs() - readAtMs >= ADDRESSES_FRESH_MS) {
      addresses = new Set(
        machine.addresses().map((address) => address.split("%")[0]!.toLowerCase()),
      );
      readAtMs = nowMs();
      allowed.clear();
    }
    if (header !== undefined && allowed.has(header)) return true;
    const host = hostOf(header);
    if (host === undefined) return false;
    if (!names.has(host) && !isLoopback(host) && !addresses.has(host)) return false;
    if (allowed.size < MOST_REMEMBERED) allowed.add(header!);
    return true;
  };
}
