/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#ifndef FLEETD_METRICS_GEN_H
#define FLEETD_METRICS_GEN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Standard metrics. */
enum fleetd_metric_id {
  FLEETD_METRIC_ID_CPU_USE = 0,
  FLEETD_METRIC_ID_LOAD_1M = 1,
  FLEETD_METRIC_ID_LOAD_5M = 2,
  FLEETD_METRIC_ID_LOAD_15M = 3,
  FLEETD_METRIC_ID_MEMORY_USED = 4,
  FLEETD_METRIC_ID_MEMORY_TOTAL = 5,
  FLEETD_METRIC_ID_MEMORY_AVAILABLE = 6,
  FLEETD_METRIC_ID_SWAP_USED = 7,
  FLEETD_METRIC_ID_SWAP_TOTAL = 8,
  FLEETD_METRIC_ID_DISK_USED = 9,
  FLEETD_METRIC_ID_DISK_TOTAL = 10,
  FLEETD_METRIC_ID_DISK_READ = 11,
  FLEETD_METRIC_ID_DISK_WRITTEN = 12,
  FLEETD_METRIC_ID_TEMPERATURE_CPU = 13,
  FLEETD_METRIC_ID_TEMPERATURE_MAX = 14,
  FLEETD_METRIC_ID_NETWORK_RECEIVED = 15,
  FLEETD_METRIC_ID_NETWORK_SENT = 16,
  FLEETD_METRIC_ID_WIFI_SIGNAL = 17,
  FLEETD_METRIC_ID_UPTIME = 18,
  FLEETD_METRIC_ID_PROCESSES = 19,
  FLEETD_METRIC_ID_THROTTLED = 20,
  FLEETD_METRIC_ID_UNDERVOLTAGE = 21,
  FLEETD_METRIC_ID_HEAP_FREE = 22,
  FLEETD_METRIC_ID_BOOT_COUNT = 23,
  FLEETD_METRIC_ID_AGENT_MEMORY = 24,
  FLEETD_METRIC_ID_AGENT_CPU = 25,
  FLEETD_METRIC_ID_TELEMETRY_DROPPED = 26,
  FLEETD_METRIC_ID_BATTERY_LEVEL = 27
};

/* A standard metric: value = integer x 10^scale. */
struct fleetd_metric {
  uint8_t id;
  int8_t scale;
  const char *name;
  const char *unit;
};

#define FLEETD_METRIC_COUNT 28u
extern const struct fleetd_metric fleetd_metrics[FLEETD_METRIC_COUNT]; /* ids ascending */

#ifdef __cplusplus
}
#endif

#endif
