/**
 * Who asks, and under which name. Pure.
 *
 * @module
 */
import { isIP } from "node:net";

/** Whether an address is this machine's own loopback. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || /^127\.\d+\.\d+\.\d+$/.test(plain);
}

/**
 * Whether a Host header names this device: an address literal, localhost, or one of its names. A web page that resolves
 * its own name to this device cannot pass.
 */
export function hostAllowed(header: string | undefined, names: readonly string[]): boolean {
  if (header === undefined) return false;
  const host = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(header)?.[1]?.toLowerCase();
  if (host === undefined) return false;
  if (host.startsWith("[")) return isIP(host.slice(1, -1)) === 6;
  const plain = host.replace(/\.$/, "");
  return isIP(plain) === 4 || plain === "localhost" || names.includes(plain);
}
