/**
 * IP addresses as bytes and as canonical text (RFC 5952), and the few questions discovery asks.
 *
 * @module
 */

/** Bytes of an address (4 or 16), without its zone; undefined when the text is no IP address. */
export function ipBytes(text: string): Uint8Array | undefined {
  const address = text.split("%", 1)[0] ?? "";
  return address.includes(":") ? ipv6Bytes(address) : ipv4Bytes(address);
}

/** Canonical text of 4 or 16 bytes. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > longest) [start, longest] = [i, run];
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (start < 0) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + longest))}`;
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  const bytes = ipBytes(address);
  if (bytes === undefined) return false;
  if (bytes.length === 4) return bytes[0] === 127;
  return bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0);
}

/** True for 169.254.0.0/16 and fe80::/10. */
export function isLinkLocal(address: string): boolean {
  const bytes = ipBytes(address);
  if (bytes === undefined) return false;
  if (bytes.length === 4) return bytes[0] === 169 && bytes[1] === 254;
  return bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;
}

/** True for an address that can be the other end of a connection: neither 0 nor multicast. */
export function isUnicast(address: string): boolean {
  const bytes = ipBytes(address);
  if (bytes === undefined || bytes.every((byte) => byte === 0)) return false;
  return bytes.length === 4 ? bytes[0] !== 0 && bytes[0]! < 224 : bytes[0] !== 0xff;
}

/** True when both addresses agree in the bits that the netmask sets. */
export function inSubnet(address: string, subnet: { address: string; netmask: string }): boolean {
  const [a, b, mask] = [ipBytes(address), ipBytes(subnet.address), ipBytes(subnet.netmask)];
  if (!a || !b || !mask || a.length !== b.length || a.length !== mask.length) return false;
  return a.every((byte, i) => ((byte ^ b[i]!) & mask[i]!) === 0);
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) {
    return undefined;
  }
  const numbers = parts.map(Number);
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : undefined;
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  if (dotted && dotted[2]!.includes(".")) {
    const tail = ipv4Bytes(dotted[2]!);
    if (!tail) return undefined;
    const [a, b, c, d] = tail as unknown as [number, number, number, number];
    text = `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head!, ...Array<string>(tail ? missing : 0).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(groups.flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  }));
}
