/**
 * The slow facts about the host. Read at start and when something may have changed; sent when the server asks.
 *
 * @module
 */
import { digest8, type Inventory, syncRequestFields } from "@fleetd/firmware-protocol";
import type { Host, Process } from "../ports.ts";
import { parseMemory } from "../telemetry/collect/memory.ts";
import { readAddresses, readMacs } from "./addresses.ts";
import { modelName, readBoard } from "./board.ts";
import { readDisks } from "./disks.ts";
import { fitInventory } from "./fit_inventory.ts";
import { readContainer, readCpu, readKernel, readOperatingSystem } from "./operating_system.ts";

/** Where the facts come from. */
export interface InventorySources {
  /** Whose facts are read. */
  readonly host: Host;
  /** Tells system and processor type. */
  readonly process: Process;
  /** At most 32 bytes. */
  readonly agentVersion: string;
}

/** The facts that can be read, within the protocol's limits, most important first to be kept. */
export function readInventory({ host, process, agentVersion }: InventorySources): Inventory {
  const board = readBoard(host);
  const cpu = readCpu(host);
  return fitInventory([
    ["model", modelName(board, process)],
    ["agent.version", agentVersion],
    ["os", readOperatingSystem(host)],
    ["kernel", readKernel(host)],
    ["architecture", process.architecture],
    ["hostname", host.summary().hostname],
    ["serial", board.serial],
    ["soc", board.soc],
    ["revision", board.revision],
    ["addresses", readAddresses(host)],
    ["macs", readMacs(host)],
    ["cpu.model", cpu.model],
    ["cpu.count", cpu.count],
    ["memory.total", totalMemoryBytes(host)],
    ["disks", readDisks(host)],
    ["container", readContainer(host)],
  ]);
}

/** First 8 bytes of SHA-256 of the inventory's encoding: equal digests mean equal inventories. */
export function inventoryDigest(inventory: Inventory): Uint8Array {
  return digest8(syncRequestFields.inventory.encode(inventory));
}

function totalMemoryBytes(host: Host): number | null {
  const meminfo = host.readText("/proc/meminfo");
  if (meminfo !== null) return parseMemory(meminfo).totalBytes;
  return host.summary().memory?.totalBytes ?? null;
}
