/**
 * Bytes over the network and the WiFi signal, from /proc/net/dev and /proc/net/wireless (proc(5)).
 *
 * @module
 */
import type { Counters } from "./counters.ts";
import { parseCount, parseDecimal, words } from "./parse_number.ts";

/** Bytes since boot by interface. */
export interface NetworkCounters {
  readonly receivedBytes: Counters;
  readonly sentBytes: Counters;
}

const RECEIVED_COLUMN = 0;
const SENT_COLUMN = 8;

/** Reads /proc/net/dev for the interfaces that `counts` names; a malformed line is left out. */
export function parseNetworkCounters(
  dev: string,
  counts: (interfaceName: string) => boolean,
): NetworkCounters {
  const receivedBytes = new Map<string, number>();
  const sentBytes = new Map<string, number>();
  for (const line of dev.split("\n")) {
    // A name may hold a colon (an alias), the figures cannot.
    const colon = line.lastIndexOf(":");
    if (colon === -1) continue;
    const columns = words(line.slice(colon + 1));
    const received = parseCount(columns[RECEIVED_COLUMN]);
    const sent = parseCount(columns[SENT_COLUMN]);
    const name = line.slice(0, colon).trim();
    if (received === null || sent === null || !counts(name)) continue;
    receivedBytes.set(name, received);
    sentBytes.set(name, sent);
  }
  return { receivedBytes, sentBytes };
}

/** Names of interfaces that software made: their bytes pass a real one again, or never leave the host. */
const SOFTWARE_INTERFACE =
  /^(?:lo|dummy|ifb|veth|docker|br-|virbr|vmnet|tun|tap|wg|bond|team|tailscale|zt|cni|flannel|cali|podman|lxc|lxd|sit|gre|ip6|teql)/;

/** Whether the name is one that software gives to the interfaces it makes. */
export function isSoftwareInterface(interfaceName: string): boolean {
  return SOFTWARE_INTERFACE.test(interfaceName);
}

const LEVEL_COLUMN = 2;

/**
 * Strongest signal in /proc/net/wireless in dBm, −120 to −1; `null` without a connected WiFi link. Old drivers print the
 * level as an unsigned byte; a plain 0 is a link that is not connected.
 */
export function parseWifiSignal(wireless: string): number | null {
  let strongest: number | null = null;
  for (const line of wireless.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === -1) continue;
    const level = parseDecimal(words(line.slice(colon + 1))[LEVEL_COLUMN]);
    if (level === null) continue;
    const signal = level > 127 && level < 256 ? level - 256 : level;
    if (signal >= 0 || signal < -120) continue;
    if (strongest === null || signal > strongest) strongest = signal;
  }
  return strongest;
}
