/**
 * One sample of the host's telemetry, under the names of the protocol's standard metrics. A value that cannot be read is
 * not in the sample; nothing is estimated, remembered or made up. Rates and shares of time need two looks, so the first
 * sample after a start has none.
 *
 * @module
 */
import type { Clock, Host, Process } from "../../ports.ts";
import { ratePerSecond } from "./counters.ts";
import type { CpuTicks } from "./cpu.ts";
import { cpuUse, parseCpuTicks, parseLoads } from "./cpu.ts";
import type { DiskCounters } from "./disk_io.ts";
import { parseDiskCounters } from "./disk_io.ts";
import type { Memory } from "./memory.ts";
import { parseMemory } from "./memory.ts";
import type { NetworkCounters } from "./network.ts";
import { isSoftwareInterface, parseNetworkCounters, parseWifiSignal } from "./network.ts";
import { parseDecimal, words } from "./parse_number.ts";
import type { Sensors } from "./sensors.ts";
import {
  findSensors,
  readBatteryLevel,
  readTemperatures,
  readThrottled,
  readUndervoltage,
} from "./sensors.ts";

/** Values by the name of a standard metric, each finite, in the metric's unit. */
export type Readings = ReadonlyMap<string, number>;

/** What a collector looks at. */
export interface CollectorSources {
  /** Whose figures are read. */
  readonly host: Host;
  /** The agent itself. */
  readonly process: Process;
  /** Its monotonic clock measures the time between two looks. */
  readonly clock: Clock;
  /** Any path on the file system whose space is measured; absolute. */
  readonly storagePath: string;
}

/** Sensors come and go (USB, modules); looking for them again this often is cheap. */
const SENSORS_VALID_MS = 10 * 60_000;

/** What one look left for the next. */
interface Look {
  readonly atMs: number;
  readonly cpu: CpuTicks | null;
  readonly disks: DiskCounters | null;
  readonly network: NetworkCounters | null;
  readonly agentCpuMs: number | null;
}

/** Takes samples. Holds the last look's counters, and nothing that needs closing. */
export class TelemetryCollector {
  readonly #sources: CollectorSources;
  #before: Look | null = null;
  #sensors: Sensors | null = null;
  #sensorsFoundAtMs = 0;
  /** Whether an interface is a real one, for the interfaces seen last. */
  #realInterfaces: ReadonlyMap<string, boolean> = new Map();

  /** Reads nothing yet. */
  constructor(sources: CollectorSources) {
    this.#sources = sources;
  }

  /** Takes one sample. */
  collect(): Readings {
    const { host, clock } = this.#sources;
    const readings = new Sheet();
    const atMs = clock.monotonicMs();
    const now: Look = {
      atMs,
      cpu: parsed(host.readText("/proc/stat"), parseCpuTicks),
      disks: parsed(host.readText("/proc/diskstats"), parseDiskCounters),
      network: parsed(host.readText("/proc/net/dev"), (text) => this.#networkCounters(text)),
      agentCpuMs: this.#collectAgent(readings),
    };
    if (this.#before !== null) compare(readings, this.#before, now);
    this.#before = now;
    this.#collectSystem(readings);
    this.#collectSpace(readings);
    this.#collectSensors(readings, atMs);
    return readings.values;
  }

  #collectSystem(readings: Sheet): void {
    const { host } = this.#sources;
    const uptime = host.readText("/proc/uptime");
    if (uptime === null) return collectPortable(readings, host);
    readings.put("uptime", parseDecimal(words(uptime)[0]));
    putLoads(readings, parsed(host.readText("/proc/loadavg"), parseLoads));
    const memory = parsed(host.readText("/proc/meminfo"), parseMemory);
    if (memory !== null) putMemory(readings, memory);
    const processes = host.list("/proc").filter((name) => /^\d+$/.test(name)).length;
    if (processes > 0) readings.put("processes", processes);
    readings.put("wifi.signal", parsed(host.readText("/proc/net/wireless"), parseWifiSignal));
  }

  #collectSpace(readings: Sheet): void {
    const space = this.#sources.host.space(this.#sources.storagePath);
    if (space === null || space.totalBytes <= 0) return;
    readings.put("disk.total", space.totalBytes);
    readings.put("disk.used", space.usedBytes);
  }

  #collectSensors(readings: Sheet, atMs: number): void {
    const { host } = this.#sources;
    if (this.#sensors === null || atMs - this.#sensorsFoundAtMs >= SENSORS_VALID_MS) {
      this.#sensors = findSensors(host);
      this.#sensorsFoundAtMs = atMs;
    }
    const { temperatures, throttledPath, undervoltagePath, batteryPaths } = this.#sensors;
    const { cpu, max } = readTemperatures(host, temperatures);
    readings.put("temperature.cpu", cpu);
    readings.put("temperature.max", max);
    const throttled = throttledPath === null ? null : readThrottled(host, throttledPath);
    readings.put("throttled", throttled);
    const low = readUndervoltage(host, { alarmPath: undervoltagePath, throttled });
    readings.put("undervoltage", low === null ? null : Number(low));
    readings.put("battery.level", readBatteryLevel(host, batteryPaths));
  }

  /** @returns processor time of the agent so far */
  #collectAgent(readings: Sheet): number | null {
    const usage = this.#sources.process.usage();
    readings.put("agent.memory", usage?.residentBytes ?? null);
    return usage?.cpuMs ?? null;
  }

  /**
   * Counts interfaces that a device of the host stands behind. In a container none has one; there, those count whose name
   * is not one that software gives.
   */
  #networkCounters(dev: string): NetworkCounters {
    const real = new Map<string, boolean>();
    const isReal = (name: string) => {
      const known = this.#realInterfaces.get(name) ??
        this.#sources.host.list(`/sys/class/net/${name}/device`).length > 0;
      real.set(name, known);
      return known;
    };
    const counters = parseNetworkCounters(dev, isReal);
    this.#realInterfaces = real;
    if (counters.receivedBytes.size > 0) return counters;
    return parseNetworkCounters(dev, (name) => !isSoftwareInterface(name));
  }
}

/** A sample being filled: only what is known and finite is entered. */
class Sheet {
  readonly values = new Map<string, number>();

  put(name: string, value: number | null): void {
    if (value !== null && Number.isFinite(value)) this.values.set(name, value);
  }
}

function compare(readings: Sheet, before: Look, now: Look): void {
  const elapsedMs = now.atMs - before.atMs;
  if (before.cpu !== null && now.cpu !== null) readings.put("cpu.use", cpuUse(before.cpu, now.cpu));
  if (before.disks !== null && now.disks !== null) {
    const { readBytes, writtenBytes } = now.disks;
    readings.put("disk.read", ratePerSecond(before.disks.readBytes, { now: readBytes, elapsedMs }));
    const written = ratePerSecond(before.disks.writtenBytes, { now: writtenBytes, elapsedMs });
    readings.put("disk.written", written);
  }
  if (before.network !== null && now.network !== null) {
    const { receivedBytes, sentBytes } = now.network;
    const received = ratePerSecond(before.network.receivedBytes, { now: receivedBytes, elapsedMs });
    readings.put("network.received", received);
    const sent = ratePerSecond(before.network.sentBytes, { now: sentBytes, elapsedMs });
    readings.put("network.sent", sent);
  }
  const agentCpuMs = difference(now.agentCpuMs, before.agentCpuMs);
  if (agentCpuMs !== null && elapsedMs > 0) readings.put("agent.cpu", agentCpuMs / elapsedMs);
}

/** What a system without /proc tells. */
function collectPortable(readings: Sheet, host: Host): void {
  const { uptimeS, loads, memory } = host.summary();
  readings.put("uptime", uptimeS);
  putLoads(readings, loads);
  if (memory !== null) putMemory(readings, memory);
}

function putMemory(readings: Sheet, memory: Memory): void {
  readings.put("memory.total", memory.totalBytes);
  readings.put("memory.available", memory.availableBytes);
  readings.put("memory.used", difference(memory.totalBytes, memory.availableBytes));
  readings.put("swap.total", memory.swapTotalBytes);
  readings.put("swap.used", difference(memory.swapTotalBytes, memory.swapFreeBytes));
}

function putLoads(readings: Sheet, loads: readonly [number, number, number] | null): void {
  if (loads === null) return;
  readings.put("load.1m", loads[0]);
  readings.put("load.5m", loads[1]);
  readings.put("load.15m", loads[2]);
}

function parsed<T>(text: string | null, parse: (text: string) => T): T | null {
  return text === null ? null : parse(text);
}

/** `null` when either is unknown, or when what cannot be below zero would be. */
function difference(whole: number | null, part: number | null): number | null {
  return whole === null || part === null || part > whole ? null : whole - part;
}
