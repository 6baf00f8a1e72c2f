/**
 * The machine under the agent, read through /proc, /sys and the runtime, without spawning anything.
 *
 * Deno lets a program read /proc and /sys only under `--allow-all`; with less, every reading is absent, as on a system that
 * has neither.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import { cpus, hostname, loadavg, networkInterfaces, release, uptime } from "node:os";
import type { Host, HostMemory, HostSummary, InterfaceAddress, Space } from "../ports.ts";

/** Length of the reading buffer, hence the most that one reading returns. */
const READ_LIMIT_BYTES = 65_536;

/** {@linkcode Host} on Deno. One reading buffer is kept, so that sampling makes no garbage but the text itself. */
export class DenoHost implements Host {
  readonly #buffer = new Uint8Array(READ_LIMIT_BYTES);
  readonly #decoder = new TextDecoder();

  readText(path: string): string | null {
    let file: Deno.FsFile | undefined;
    try {
      file = Deno.openSync(path);
      let length = 0;
      while (length < READ_LIMIT_BYTES) {
        const count = file.readSync(this.#buffer.subarray(length));
        if (count === null) break;
        length += count;
      }
      return this.#decoder.decode(this.#buffer.subarray(0, length));
    } catch {
      return null;
    } finally {
      file?.close();
    }
  }

  list(directory: string): string[] {
    try {
      return Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
    } catch {
      return [];
    }
  }

  space(path: string): Space | null {
    try {
      const { bsize, blocks, bfree, bavail } = statfsSync(path);
      return {
        totalBytes: blocks * bsize,
        usedBytes: (blocks - bfree) * bsize,
        availableBytes: bavail * bsize,
      };
    } catch {
      return null;
    }
  }

  addresses(): InterfaceAddress[] {
    const found: InterfaceAddress[] = [];
    try {
      for (const [interfaceName, addresses] of Object.entries(networkInterfaces())) {
        for (const { family, address, mac, internal } of addresses ?? []) {
          found.push({
            interfaceName,
            family: family === "IPv4" ? 4 : 6,
            address: address.split("%", 1)[0]!,
            mac: mac.toLowerCase(),
            loopback: internal,
          });
        }
      }
    } catch {
      // Not permitted to see the interfaces: none is known.
    }
    return found;
  }

  summary(): HostSummary {
    const processors = orElse(cpus, []);
    return {
      hostname: orElse(hostname, ""),
      kernel: orElse(release, ""),
      uptimeS: orElse(uptime, null),
      memory: orElse(readMemory, null),
      loads: orElse(readLoads, null),
      cpuCount: processors.length === 0 ? null : processors.length,
      cpuModel: processors[0]?.model ?? "",
    };
  }
}

function readMemory(): HostMemory | null {
  const { total, available, swapTotal, swapFree } = Deno.systemMemoryInfo();
  if (!(total > 0)) return null;
  return {
    totalBytes: total,
    availableBytes: available,
    swapTotalBytes: swapTotal,
    swapFreeBytes: swapFree,
  };
}

function readLoads(): [number, number, number] | null {
  const [one, five, fifteen] = loadavg();
  return one === undefined || five === undefined || fifteen === undefined
    ? null
    : [one, five, fifteen];
}

/** A runtime that lacks a permission throws; the host then does not tell. */
function orElse<T, U>(read: () => T, otherwise: U): T | U {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
