/**
 * What can be wrong with the host itself, as far as it concerns the agent. A thing that this host does not have (sensors,
 * a Raspberry Pi's supply monitor) is not mentioned.
 *
 * @module
 */
import { join } from "node:path";
import { readClockSource } from "../inventory/boot.ts";
import type { Clock, Disk, Host, Ports, Process } from "../ports.ts";
import { DiskError } from "../ports.ts";
import { parseMemory } from "../telemetry/collect/memory.ts";
import {
  findSensors,
  readTemperatures,
  readThrottled,
  readUndervoltage,
} from "../telemetry/collect/sensors.ts";
import type { Check } from "./check.ts";
import { bad, good, warning } from "./check.ts";
import { checkMulticast } from "./multicast_check.ts";

const MIB = 1_048_576;
/** Below this not even the agent's state is sure to fit. */
const SPACE_NEEDED_BYTES = 16 * MIB;
/** Below this a day without a server may not fit. */
const SPACE_WANTED_BYTES = 256 * MIB;
const MEMORY_WANTED_BYTES = 64 * MIB;
const WARM_DEGREES = 80;
const HOT_DEGREES = 85;
/** No agent is older than this, nor runs later. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** Where the agent keeps its files. */
export interface HostCheckOptions {
  /** Absolute path of the storage directory. */
  readonly storageDir: string;
}

/** Looks at the host. Writes and removes one small file in the storage directory, and changes nothing else. */
export async function hostChecks(
  ports: Pick<Ports, "clock" | "disk" | "host" | "process" | "random">,
  { storageDir }: HostCheckOptions,
): Promise<Check[]> {
  const { clock, disk, host, process, random } = ports;
  const checks = [
    await checkWritable(disk, { storageDir, probe: random.bytes(32) }),
    await checkSpace(disk, storageDir),
    checkDurable(host, storageDir),
    checkTelemetry(host, process),
    checkClock(clock),
    checkTimeService(host),
    checkMemory(host),
    ...checkHardware(host),
    checkMulticast(host),
  ];
  return checks.filter((check) => check !== null);
}

async function checkWritable(
  disk: Disk,
  { storageDir, probe }: { storageDir: string; probe: Uint8Array },
): Promise<Check> {
  const name = "storage can be written";
  const path = join(storageDir, "doctor.probe");
  try {
    await disk.replace(path, probe);
    const read = await disk.read(path);
    await disk.remove(path);
    if (
      read !== null && read.length === probe.length && read.every((byte, at) => byte === probe[at])
    ) {
      return good(name, storageDir);
    }
    return bad(name, {
      found: `${storageDir} gives back other bytes than were written`,
      advice: "The medium is failing: replace the card or disk.",
    });
  } catch (error) {
    return bad(name, { found: describe(error), advice: storageAdvice(error, storageDir) });
  }
}

function storageAdvice(error: unknown, storageDir: string): string {
  if (!(error instanceof DiskError)) return "Choose another directory with --storage-dir.";
  switch (error.code) {
    case "disk.full":
      return `Free some space on the file system of ${storageDir}.`;
    case "disk.denied":
      return `Run as the user who owns ${storageDir}, or choose a directory of your own with --storage-dir. ` +
        "If it is yours, the file system is read-only: a failing card often is.";
    case "disk.failed":
      return "Look at the kernel's log (dmesg): the medium may be failing.";
    default:
      return error.code satisfies never;
  }
}

async function checkSpace(disk: Disk, storageDir: string): Promise<Check> {
  const name = "space for the agent's files";
  try {
    const freeBytes = await disk.freeBytes(storageDir);
    const found = `${mebibytes(freeBytes)} free at ${storageDir}`;
    const advice = `Free some space on the file system of ${storageDir}.`;
    if (freeBytes < SPACE_NEEDED_BYTES) return bad(name, { found, advice });
    return freeBytes < SPACE_WANTED_BYTES ? warning(name, { found, advice }) : good(name, found);
  } catch (error) {
    return warning(name, {
      found: describe(error),
      advice: "Check that the directory can be reached.",
    });
  }
}

/** Files on a memory file system are lost at the next start, keys included. */
function checkDurable(host: Host, storageDir: string): Check | null {
  const mounts = host.readText("/proc/self/mounts");
  if (mounts === null) return null;
  const name = "storage survives a restart";
  const { point, type } = mountOf(mounts, storageDir);
  const found = `${storageDir} lies on ${type || "an unknown file system"} (${point})`;
  if (type !== "tmpfs" && type !== "ramfs") return good(name, found);
  return warning(name, {
    found,
    advice:
      "The device enrols anew after each restart. Choose a directory on disk with --storage-dir.",
  });
}

/** The mount that holds a path: the longest mount point it begins with, the last of equal ones. */
export function mountOf(mounts: string, path: string): { point: string; type: string } {
  let best = { point: "/", type: "" };
  for (const line of mounts.split("\n")) {
    const [, escaped, type] = line.split(" ");
    if (escaped === undefined || type === undefined) continue;
    const point = escaped.replace(
      /\\([0-7]{3})/g,
      (_, octal) => String.fromCharCode(parseInt(octal, 8)),
    );
    const holds = point === "/" || path === point || path.startsWith(`${point}/`);
    if (holds && point.length >= best.point.length) best = { point, type };
  }
  return best;
}

function checkTelemetry(host: Host, process: Process): Check | null {
  if (process.platform !== "linux") return null;
  const name = "the host can be measured";
  if (host.readText("/proc/stat") !== null && host.readText("/proc/meminfo") !== null) {
    return good(name, "/proc and /sys are readable");
  }
  return bad(name, {
    found: "/proc cannot be read",
    advice:
      "Start the agent with --allow-all: Deno opens /proc and /sys to no smaller permission. " +
      "In a container, mount /proc.",
  });
}

function checkClock(clock: Clock): Check {
  const name = "clock is plausible";
  const nowMs = clock.nowMs();
  const plausible = nowMs >= EARLIEST_MS && nowMs < LATEST_MS;
  const found = new Date(nowMs).toISOString();
  if (plausible) return good(name, found);
  return warning(name, {
    found,
    advice:
      "The agent takes the time from its server once enrolled; HTTPS needs a right clock before that.",
  });
}

function checkTimeService(host: Host): Check | null {
  const name = "clock is set by a time service";
  if (readClockSource(host) !== null) return good(name, "systemd-timesyncd has set it");
  // Chrony and ntpd tell only whoever asks them; that one runs is what can be seen.
  if (host.list("/run/chrony").length > 0) return good(name, "chronyd runs");
  if (host.list("/run/systemd").length === 0) return null;
  return warning(name, {
    found: "no time service is known to have set it since the start",
    advice: "Run: sudo timedatectl set-ntp true",
  });
}

function checkMemory(host: Host): Check | null {
  const meminfo = host.readText("/proc/meminfo");
  const availableBytes = meminfo === null ? null : parseMemory(meminfo).availableBytes;
  if (availableBytes === null) return null;
  const name = "memory is left";
  const found = `${mebibytes(availableBytes)} available`;
  if (availableBytes >= MEMORY_WANTED_BYTES) return good(name, found);
  return warning(name, {
    found,
    advice: "Stop what is not needed, or add swap: the kernel may end the agent.",
  });
}

function checkHardware(host: Host): (Check | null)[] {
  const { temperatures, throttledPath, undervoltagePath } = findSensors(host);
  const throttled = throttledPath === null ? null : readThrottled(host, throttledPath);
  const low = readUndervoltage(host, { alarmPath: undervoltagePath, throttled });
  return [
    checkTemperature(readTemperatures(host, temperatures).cpu),
    checkSupply(low, throttled),
    checkThrottling(throttled),
  ];
}

function checkTemperature(degrees: number | null): Check | null {
  if (degrees === null) return null;
  const name = "processor is cool enough";
  const found = `${degrees.toFixed(1)} °C`;
  const advice = "Give it air or a heat sink: it slows down when hot.";
  if (degrees >= HOT_DEGREES) return bad(name, { found, advice });
  return degrees >= WARM_DEGREES ? warning(name, { found, advice }) : good(name, found);
}

const THROTTLED_NOW = 0b1110;
const UNDERVOLTAGE_HAPPENED = 1 << 16;

function checkSupply(low: boolean | null, throttled: number | null): Check | null {
  if (low === null) return null;
  const name = "supply voltage is sufficient";
  const advice =
    "Use the maker's power supply and a short, thick cable; take power-hungry USB devices off.";
  if (low) return bad(name, { found: "too low now", advice });
  if (throttled !== null && (throttled & UNDERVOLTAGE_HAPPENED) !== 0) {
    return warning(name, { found: "was too low since the start", advice });
  }
  return good(name, "sufficient");
}

function checkThrottling(throttled: number | null): Check | null {
  if (throttled === null) return null;
  const name = "processor runs at full speed";
  const found = `throttled is 0x${throttled.toString(16)}`;
  if ((throttled & THROTTLED_NOW) === 0) return good(name, found);
  return warning(name, {
    found,
    advice: "It slows itself down: look at temperature and power supply.",
  });
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
