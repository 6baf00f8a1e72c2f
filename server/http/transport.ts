/**
 * @module
 * How a request came: from which address, over TLS or not, under which name. What a proxy says of it counts
 * only when the proxy is named with `--behind-proxy`; from anybody else such headers make a request foreign.
 */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { isLoopback, plainAddress } from "./address.ts";

/** Where a request comes from. */
export interface Transport {
  /** Numeric address of whoever asks: the peer, or whom a named proxy speaks for. */
  readonly address: string;
  /** Nobody on the way could read it: TLS here, or at a named proxy. */
  readonly secure: boolean;
  /** The Host it was sent to, as the client wrote it. */
  readonly host: string | undefined;
  /** Who sent it on: nobody, a proxy named with `--behind-proxy`, or some other proxy that says so. */
  readonly via: "nobody" | "named" | "stranger";
}

/** From this machine itself, not sent on by a proxy. */
export function isLocal({ address, via }: Transport): boolean {
  return via === "nobody" && isLoopback(address);
}

/** Headers a proxy adds: with them, a peer speaks for somebody else. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

/** Whether an address is one of the named proxies. */
export type ProxyCheck = (address: string) => boolean;

/** For a server behind no proxy. */
export const NO_PROXY: ProxyCheck = () => false;

/**
 * The check for a list of addresses and networks.
 * @param networks `10.0.0.0/8`, `::1`, `192.0.2.7`
 * @throws RangeError for one that is neither address nor network; the configuration refuses it first
 */
export function proxyCheck(networks: readonly string[]): ProxyCheck {
  if (networks.length === 0) return NO_PROXY;
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits, ...rest] = network.split("/");
    const family = isIP(address);
    const longest = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (family === 0 || rest.length > 0 || !(prefix <= longest)) {
      throw new RangeError(`"${network}" is neither an address nor a network such as 10.0.0.0/8`);
    }
    list.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
  };
}

/** How a request came. */
export function transportOf(incoming: IncomingMessage, isProxy: ProxyCheck): Transport {
  const peer = plainAddress(incoming.socket.remoteAddress);
  const encrypted = (incoming.socket as { encrypted?: boolean }).encrypted === true;
  if (isProxy === NO_PROXY || !isProxy(peer) || !speaksForSomebody(incoming)) {
    return new Direct(incoming, peer, encrypted);
  }
  const { headers } = incoming;
  return {
    address: clientOf(one(headers["x-forwarded-for"]), { peer, isProxy }),
    secure: lastOf(one(headers["x-forwarded-proto"]))?.toLowerCase() === "https",
    host: lastOf(one(headers["x-forwarded-host"])) ?? headers.host,
    via: "named",
  };
}

class Direct implements Transport {
  constructor(
    readonly incoming: IncomingMessage,
    readonly address: string,
    readonly secure: boolean,
  ) {}

  get host(): string | undefined {
    return this.incoming.headers.host;
  }

  get via(): "nobody" | "stranger" {
    return speaksForSomebody(this.incoming) ? "stranger" : "nobody";
  }
}

function speaksForSomebody({ headers }: IncomingMessage): boolean {
  return PROXY_HEADERS.some((name) => headers[name] !== undefined);
}

/** The last address before the named proxies: everything left of it is hearsay. */
function clientOf(
  forwardedFor: string | undefined,
  { peer, isProxy }: { peer: string; isProxy: ProxyCheck },
): string {
  const hops = (forwardedFor ?? "").split(",").map((hop) => plainAddress(bare(hop.trim())));
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return peer;
    if (!isProxy(hop)) return hop;
  }
  return peer;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function bare(hop: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

function lastOf(list: string | undefined): string | undefined {
  const last = list?.split(",").at(-1)?.trim();
  return last === "" ? undefined : last;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
