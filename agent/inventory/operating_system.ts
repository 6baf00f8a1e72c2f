/**
 * Operating system, kernel and processors of the host.
 *
 * @module
 */
import type { Host } from "../ports.ts";
import { cpuinfoEntry } from "./board.ts";

/** Name of the operating system, for example "Debian GNU/Linux 12 (bookworm)". */
export function readOperatingSystem(host: Host): string | null {
  const release = host.readText("/etc/os-release") ?? host.readText("/usr/lib/os-release");
  if (release !== null) {
    const name = osReleaseEntry(release, "PRETTY_NAME");
    if (name !== null) return name;
  }
  const plist = host.readText("/System/Library/CoreServices/SystemVersion.plist") ?? "";
  const version = /<key>ProductVersion<\/key>\s*<string>([\d.]+)<\/string>/.exec(plist)?.[1];
  return version === undefined ? null : `macOS ${version}`;
}

/** One value of an os-release file (os-release(5)), unquoted; `null` when it is missing or empty. */
export function osReleaseEntry(release: string, name: string): string | null {
  const raw = new RegExp(`^${name}=(.*)$`, "m").exec(release)?.[1]?.trim() ?? "";
  const quoted = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(raw);
  const value = quoted === null ? raw : quoted[1]?.replace(/\\(.)/g, "$1") ?? quoted[2] ?? "";
  return value === "" ? null : value;
}

/** Kernel release. */
export function readKernel(host: Host): string | null {
  const kernel = host.readText("/proc/sys/kernel/osrelease")?.trim() ?? host.summary().kernel;
  return kernel === "" ? null : kernel;
}

/** Processors of the host. */
export interface Cpu {
  /** Logical processors that are on line. */
  readonly count: number | null;
  /** For example "AMD Ryzen 7 7840U" or "arm,cortex-a72". */
  readonly model: string | null;
}

/** Reads number and kind of the processors. */
export function readCpu(host: Host): Cpu {
  const summary = host.summary();
  const online = host.readText("/sys/devices/system/cpu/online") ?? "";
  const cpuinfo = host.readText("/proc/cpuinfo") ?? "";
  // On ARM, cpuinfo names only numbers; the device tree names the core.
  const core = host.readText("/proc/device-tree/cpus/cpu@0/compatible")?.split("\0")[0] ?? "";
  const model = cpuinfoEntry(cpuinfo, "model name") || core.trim() || summary.cpuModel.trim();
  return {
    count: countCpuList(online.trim()) ?? summary.cpuCount,
    model: model === "" || model === "unknown" ? null : model,
  };
}

/** How many numbers a list such as "0-3,8" holds; `null` when it is not one. */
export function countCpuList(list: string): number | null {
  let count = 0;
  for (const range of list.split(",")) {
    const bounds = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range);
    if (bounds === null) return null;
    const first = Number(bounds[1]);
    const last = Number(bounds[2] ?? bounds[1]);
    if (last < first) return null;
    count += last - first + 1;
  }
  return count;
}

/** "docker" or "podman" when the agent runs in such a container. */
export function readContainer(host: Host): string | null {
  if (host.readText("/.dockerenv") !== null) return "docker";
  return host.readText("/run/.containerenv") !== null ? "podman" : null;
}
