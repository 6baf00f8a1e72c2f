/**
 * @module
 * Where devices reach this server: what a person types on a device that does not find it by itself.
 */
import { isIPv4, isIPv6 } from "node:net";
import { isLoopback } from "./address.ts";
import type { Features } from "./features.ts";
import { type MachineNames, THIS_MACHINE } from "./hosts.ts";
import type { RouteRequest } from "./route_table.ts";

/** What the address is told from. */
export interface DeviceDoor {
  /** Of plain HTTP. */
  readonly port: number;
  /** Address listened on; null = every address. */
  readonly listen: string | null;
  /** Further names of the server, from `--allow-host`. */
  readonly allowHosts: readonly string[];
}

/**
 * The server as devices elsewhere name it: a name it was given, the address it listens on, or an address of this
 * machine; not its `.local` name, which is found by mDNS, and so by devices that need no address.
 */
export function deviceUrlOf(
  { port, listen, allowHosts }: DeviceDoor,
  machine: MachineNames = THIS_MACHINE,
): string {
  const everywhere = listen === null || listen === "::" || listen === "0.0.0.0";
  const host = !everywhere && isLoopback(listen)
    ? listen
    : allowHosts[0] ?? (everywhere ? networkAddress(machine) : listen);
  return plainUrl(isIPv6(host) ? `[${host}]` : host, port);
}

/**
 * The same as whoever asks knows it: the name by which they reach this server over the network reaches it from other
 * machines too, and a proxy takes what devices send as well.
 */
export function deviceUrlFor(
  { secure, proxied, origin, address }: Pick<
    RouteRequest,
    "secure" | "proxied" | "origin" | "address"
  >,
  { deviceUrl }: Pick<Features, "deviceUrl">,
): string {
  if (proxied) return origin;
  const own = deviceUrl();
  if (!secure || isLoopback(address)) return own;
  return plainUrl(new URL(origin).hostname, Number(new URL(own).port || 80));
}

function plainUrl(host: string, port: number): string {
  return `http://${host}${port === 80 ? "" : `:${port}`}`;
}

function networkAddress(machine: MachineNames): string {
  const addresses = machine.addresses().filter((address) =>
    !isLoopback(address) && !/^(fe[89ab]|169\.254\.)/i.test(address)
  );
  return addresses.find(isIPv4) ?? addresses[0] ?? "127.0.0.1";
}
