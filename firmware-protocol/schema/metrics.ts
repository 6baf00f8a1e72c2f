/**
 * The standard metrics, ids 0 to 127. An id keeps its name, unit and meaning for ever; its scale is
 * what senders use unless they have a reason (a column always says its own scale).
 *
 * @module
 */

/** One row: id, name, unit (empty for none), scale (value = integer × 10^scale), meaning. */
export type MetricRow = readonly [
  id: number,
  name: string,
  unit: string,
  scale: number,
  meaning: string,
];

/** Standard metrics by id. */
export const METRICS: readonly MetricRow[] = [
  [0, "cpu.use", "ratio", -3, "Share of all cores' time not idle since the last sample, 0 to 1."],
  [1, "load.1m", "", -2, "Run queue, 1-minute average."],
  [2, "load.5m", "", -2, "Run queue, 5-minute average."],
  [3, "load.15m", "", -2, "Run queue, 15-minute average."],
  [4, "memory.used", "bytes", 3, "Memory in use, without caches."],
  [5, "memory.total", "bytes", 0, "Memory in all."],
  [6, "memory.available", "bytes", 3, "Memory a program could get without swapping."],
  [7, "swap.used", "bytes", 3, "Swap in use."],
  [8, "swap.total", "bytes", 0, "Swap in all."],
  [9, "disk.used", "bytes", 3, "Used on the root or storage filesystem."],
  [10, "disk.total", "bytes", 0, "Size of the root or storage filesystem."],
  [11, "disk.read", "bytes/s", 0, "Bytes read from disks."],
  [12, "disk.written", "bytes/s", 0, "Bytes written to disks."],
  [13, "temperature.cpu", "degC", -1, "Temperature of the processor."],
  [14, "temperature.max", "degC", -1, "Highest temperature of all sensors."],
  [15, "network.received", "bytes/s", 0, "Bytes received, loopback apart."],
  [16, "network.sent", "bytes/s", 0, "Bytes sent, loopback apart."],
  [17, "wifi.signal", "dBm", 0, "Signal of the WiFi link."],
  [18, "uptime", "s", 0, "Seconds since the cold start."],
  [19, "processes", "count", 0, "Number of processes."],
  [20, "throttled", "bits", 0, "Bit mask of the Raspberry Pi's get_throttled."],
  [21, "undervoltage", "", 0, "1 while the supply voltage is too low, else 0."],
  [22, "heap.free", "bytes", 0, "Free heap of a microcontroller."],
  [23, "boot.count", "count", 0, "Cold starts so far."],
  [24, "agent.memory", "bytes", 3, "Resident memory of the agent."],
  [25, "agent.cpu", "ratio", -4, "Share of one core the agent uses, 0 and up."],
  [26, "telemetry.dropped", "count", 0, "Records dropped because the buffer was full."],
  [27, "battery.level", "ratio", -3, "Charge of the battery, 0 to 1."],
];
