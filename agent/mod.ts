/**
 * The agent, as tests and the demo see it: its ports and their errors, what it knows about its host, the adapters,
 * and the agent itself with the parts that tests drive one by one.
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
export { Agent, type AgentParts } from "./agent.ts";
export type {
  AgentEvent,
  AgentState,
  Candidate,
  Directions,
  Effect,
  Happening,
  Step,
} from "./agent_state.ts";
export type { AgentConfig } from "./config.ts";
export { lineLog, type Log } from "./log.ts";
export { type LocalRpc, PortTakenError, startLocalRpc } from "./rpc/local_rpc.ts";
export type { RpcSource } from "./rpc/routes.ts";
export { step } from "./session/step.ts";
export { writeDirections } from "./storage/directions_file.ts";
export { type Layout, layoutOf } from "./storage/layout.ts";
export { SavedFile, type SavedFormat } from "./storage/saved_file.ts";
export { Sequence } from "./storage/sequence.ts";
export { RecordBuffer, type RecordBufferParts, type RecordRun } from "./telemetry/record_buffer.ts";
