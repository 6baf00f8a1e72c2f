/**
 * A machine made of texts: what /proc, /sys and /etc of some host hold.
 *
 * @module
 */
import type { Host, HostSummary, InterfaceAddress, Space } from "@fleetd/agent";

/** {@linkcode Host} from a table of path and content; a directory exists when a file lies below it. */
export class FakeHost implements Host {
  /** Content by absolute path; a test may change it between two looks. */
  readonly files: Map<string, string>;
  /** How often each path was read. */
  readonly reads = new Map<string, number>();
  spaces: Space | null = {
    totalBytes: 31_000_000_000,
    usedBytes: 4_000_000_000,
    availableBytes: 25_700_000_000,
  };
  interfaces: InterfaceAddress[] = [];
  about: HostSummary = {
    hostname: "device",
    kernel: "6.12.34",
    uptimeS: 60,
    memory: null,
    loads: null,
    cpuCount: null,
    cpuModel: "",
  };

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.files = new Map(Object.entries(files));
  }

  readText(path: string): string | null {
    this.reads.set(path, (this.reads.get(path) ?? 0) + 1);
    return this.files.get(path)?.slice(0, 65_536) ?? null;
  }

  list(directory: string): string[] {
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const names = new Set<string>();
    for (const path of this.files.keys()) {
      if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split("/", 1)[0]!);
    }
    return [...names].sort();
  }

  space(_path: string): Space | null {
    return this.spaces;
  }

  addresses(): InterfaceAddress[] {
    return this.interfaces;
  }

  summary(): HostSummary {
    return this.about;
  }
}
