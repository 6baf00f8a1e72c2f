// Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
// Do not edit: change the schema and run `deno task gen`.

/**
 * The standard metrics.
 *
 * @module
 */

/** A metric the protocol knows by number. */
export interface MetricDefinition {
  /** 0 to 127. */
  readonly id: number;
  /** Dotted name. */
  readonly name: string;
  /** Unit, empty for none. */
  readonly unit: string;
  /** Power of ten values are rounded to: value = integer × 10^scale. */
  readonly scale: number;
}

/** Standard metrics by ascending id. */
export const STANDARD_METRICS: readonly MetricDefinition[] = [
  /** Share of all cores' time not idle since the last sample, 0 to 1. */
  { id: 0, name: "cpu.use", unit: "ratio", scale: -3 },
  /** Run queue, 1-minute average. */
  { id: 1, name: "load.1m", unit: "", scale: -2 },
  /** Run queue, 5-minute average. */
  { id: 2, name: "load.5m", unit: "", scale: -2 },
  /** Run queue, 15-minute average. */
  { id: 3, name: "load.15m", unit: "", scale: -2 },
  /** Memory in use, without caches. */
  { id: 4, name: "memory.used", unit: "bytes", scale: 3 },
  /** Memory in all. */
  { id: 5, name: "memory.total", unit: "bytes", scale: 0 },
  /** Memory a program could get without swapping. */
  { id: 6, name: "memory.available", unit: "bytes", scale: 3 },
  /** Swap in use. */
  { id: 7, name: "swap.used", unit: "bytes", scale: 3 },
  /** Swap in all. */
  { id: 8, name: "swap.total", unit: "bytes", scale: 0 },
  /** Used on the root or storage filesystem. */
  { id: 9, name: "disk.used", unit: "bytes", scale: 3 },
  /** Size of the root or storage filesystem. */
  { id: 10, name: "disk.total", unit: "bytes", scale: 0 },
  /** Bytes read from disks. */
  { id: 11, name: "disk.read", unit: "bytes/s", scale: 0 },
  /** Bytes written to disks. */
  { id: 12, name: "disk.written", unit: "bytes/s", scale: 0 },
  /** Temperature of the processor. */
  { id: 13, name: "temperature.cpu", unit: "degC", scale: -1 },
  /** Highest temperature of all sensors. */
  { id: 14, name: "temperature.max", unit: "degC", scale: -1 },
  /** Bytes received, loopback apart. */
  { id: 15, name: "network.received", unit: "bytes/s", scale: 0 },
  /** Bytes sent, loopback apart. */
  { id: 16, name: "network.sent", unit: "bytes/s", scale: 0 },
  /** Signal of the WiFi link. */
  { id: 17, name: "wifi.signal", unit: "dBm", scale: 0 },
  /** Seconds since the cold start. */
  { id: 18, name: "uptime", unit: "s", scale: 0 },
  /** Number of processes. */
  { id: 19, name: "processes", unit: "count", scale: 0 },
  /** Bit mask of the Raspberry Pi's get_throttled. */
  { id: 20, name: "throttled", unit: "bits", scale: 0 },
  /** 1 while the supply voltage is too low, else 0. */
  { id: 21, name: "undervoltage", unit: "", scale: 0 },
  /** Free heap of a microcontroller. */
  { id: 22, name: "heap.free", unit: "bytes", scale: 0 },
  /** Cold starts so far. */
  { id: 23, name: "boot.count", unit: "count", scale: 0 },
  /** Resident memory of the agent. */
  { id: 24, name: "agent.memory", unit: "bytes", scale: 3 },
  /** Share of one core the agent uses, 0 and up. */
  { id: 25, name: "agent.cpu", unit: "ratio", scale: -4 },
  /** Records dropped because the buffer was full. */
  { id: 26, name: "telemetry.dropped", unit: "count", scale: 0 },
  /** Charge of the battery, 0 to 1. */
  { id: 27, name: "battery.level", unit: "ratio", scale: -3 },
];
