/**
 * Addresses with ports, as people write them.
 *
 * @module
 */
import { usageError } from "@fleetd/cli/kit";

/** "192.168.1.5:7400" or "[fe80::1%eth0]:7400". */
export function formatHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads "host", "host:port", "[v6]:port" or a bare IPv6 address. @throws {CliError} for anything else. */
export function parseHostPort(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text) ??
    (text.split(":").length > 2
      ? [text, text, undefined]
      : /^([^:/\s]+)(?::(\d{1,5}))?$/.exec(text));
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (!match?.[1] || /[/\s]/.test(match[1]) || port < 1 || port > 65_535) {
    throw usageError(
      `"${text}" is no address.`,
      "Write it as host:port, such as 192.168.1.20:7400.",
    );
  }
  return { host: match[1], port };
}
