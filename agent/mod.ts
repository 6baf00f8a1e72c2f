/**
 * The agent, as tests and the demo see it: its ports and their errors, what it knows about its host, and the adapters.
 *
 * @module
 */
export * from "./ports.ts";
export { DenoClock } from "./adapters/deno_clock.ts";
export { DenoDisk } from "./adapters/deno_disk.ts";
export { DenoHost } from "./adapters/deno_host.ts";
export { DenoNetwork } from "./adapters/deno_network.ts";
export { DenoProcess } from "./adapters/deno_process.ts";
export { DenoRandom } from "./adapters/deno_random.ts";
export {
  type CollectorSources,
  type Readings,
  TelemetryCollector,
} from "./telemetry/collect/collector.ts";
export { sampleValues } from "./telemetry/collect/sample_values.ts";
export { inventoryDigest, type InventorySources, readInventory } from "./inventory/inventory.ts";
export { type Board, hardwareClass, modelName, readBoard } from "./inventory/board.ts";
export { readBootId, readClockSource } from "./inventory/boot.ts";
export type { Check } from "./doctor/check.ts";
export { type HostCheckOptions, hostChecks } from "./doctor/host_checks.ts";
