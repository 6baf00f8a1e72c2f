/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#include "fleetd/metrics.gen.h"

const struct fleetd_metric fleetd_metrics[FLEETD_METRIC_COUNT] = {
  {0, -3, "cpu.use", "ratio"},
  {1, -2, "load.1m", ""},
  {2, -2, "load.5m", ""},
  {3, -2, "load.15m", ""},
  {4, 3, "memory.used", "bytes"},
  {5, 0, "memory.total", "bytes"},
  {6, 3, "memory.available", "bytes"},
  {7, 3, "swap.used", "bytes"},
  {8, 0, "swap.total", "bytes"},
  {9, 3, "disk.used", "bytes"},
  {10, 0, "disk.total", "bytes"},
  {11, 0, "disk.read", "bytes/s"},
  {12, 0, "disk.written", "bytes/s"},
  {13, -1, "temperature.cpu", "degC"},
  {14, -1, "temperature.max", "degC"},
  {15, 0, "network.received", "bytes/s"},
  {16, 0, "network.sent", "bytes/s"},
  {17, 0, "wifi.signal", "dBm"},
  {18, 0, "uptime", "s"},
  {19, 0, "processes", "count"},
  {20, 0, "throttled", "bits"},
  {21, 0, "undervoltage", ""},
  {22, 0, "heap.free", "bytes"},
  {23, 0, "boot.count", "count"},
  {24, 3, "agent.memory", "bytes"},
  {25, -4, "agent.cpu", "ratio"},
  {26, 0, "telemetry.dropped", "count"},
  {27, -3, "battery.level", "ratio"},
};
