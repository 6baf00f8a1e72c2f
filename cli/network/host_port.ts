/**
 * Addresses with ports, as people write them.
 *
 * @module
 */
import { isIPv6 } from "node:net";
import { usageError } from "@fleetd/cli/kit";

/** "192.168.1.5:7400" or "[fe80::1%eth0]:7400". */
export function formatHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads "host", "host:port", "[v6]:port" or a bare IPv6 address. @throws {CliError} for anything else. */
export function parseHostPort(text: string, defaultPort: number): { host: string; port: number } {
  const bare = isIPv6(text) ? [text, text] : undefined;
  const match = bare ?? /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text) ??
    /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1];
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (!host || (text.startsWith("[") && !isIPv6(host)) || port < 1 || port > 65_535) {
    throw usageError(
      `"${text}" is no address.`,
      "Write it as host:port, such as 192.168.1.20:7400.",
    );
  }
  return { host, port };
}
