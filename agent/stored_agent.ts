/**
 * Everything the agent reads from its storage directory at start.
 *
 * @module
 */
import { bundleCodec } from "@fleetd/firmware-protocol";
import type { AgentState } from "./agent_state.ts";
import { TakenCommands } from "./commands/taken_commands.ts";
import { BUFFER_CAP_BYTES } from "./config.ts";
import { type Disk, DiskError, type Random } from "./ports.ts";
import { REPORTS_CAP_BYTES } from "./reports/report_queue.ts";
import { type Identity, loadIdentity } from "./storage/identity.ts";
import type { Layout } from "./storage/layout.ts";
import { ReservedSpace } from "./storage/reserved_space.ts";
import { SavedFile } from "./storage/saved_file.ts";
import { STATE_FORMAT } from "./storage/saved_state.ts";
import { Sequence } from "./storage/sequence.ts";
import { RecordBuffer } from "./telemetry/record_buffer.ts";

/** The agent's durable half. */
export interface StoredAgent {
  readonly identity: Identity;
  readonly state: SavedFile<AgentState>;
  readonly sequence: Sequence;
  readonly taken: TakenCommands;
  readonly metrics: RecordBuffer;
  readonly reports: RecordBuffer;
  /** Whether the identity outlived the state: the device must agree on keys again. */
  readonly storageLost: boolean;
}

/** Telemetry kept in memory while the disk takes nothing: about a day at one sample every ten seconds. */
const METRICS_MEMORY_BYTES = 2 << 20;
/** The buffer takes at most this share of the free space. */
const FREE_SHARE = 0.05;
const BUFFER_MIN_BYTES = 1 << 20;

/** Opens the storage. @throws {DiskError} when it cannot be read, or the identity of a new device cannot be written. */
export async function openStoredAgent(
  { disk, random, layout }: {
    readonly disk: Disk;
    readonly random: Random;
    readonly layout: Layout;
  },
): Promise<StoredAgent> {
  const reserve = new ReservedSpace({ disk, path: layout.reserve });
  const at = (path: string) => ({ disk, path, reserve });
  const bundle = await disk.read(layout.bundle);
  const provisionedId = bundle === null ? undefined : bundleCodec.decode(bundle).deviceId;
  const known = await disk.read(`${layout.identity}.1.json`) !== null;
  const identity = await loadIdentity(at(layout.identity), { random, provisionedId });
  const state = await SavedFile.open({ ...at(layout.state), format: STATE_FORMAT });
  const sequence = await Sequence.open(at(layout.sequence));
  const taken = await TakenCommands.open(at(layout.commands));
  const epoch = await sequence.next();
  const capBytes = await bufferCap(disk, layout.directory);
  const metrics = await RecordBuffer.open({
    disk,
    directory: layout.metrics,
    epoch,
    capBytes,
    memoryCapBytes: METRICS_MEMORY_BYTES,
    dropsOldest: true,
  });
  const reports = await RecordBuffer.open({
    disk,
    directory: layout.reports,
    epoch,
    capBytes: REPORTS_CAP_BYTES,
    memoryCapBytes: REPORTS_CAP_BYTES,
    dropsOldest: false,
  });
  await reserve.lay();
  const storageLost = known && state.value === null;
  return { identity, state, sequence, taken, metrics, reports, storageLost };
}

async function bufferCap(disk: Disk, directory: string): Promise<number> {
  try {
    const share = Math.floor(await disk.freeBytes(directory) * FREE_SHARE);
    return Math.max(BUFFER_MIN_BYTES, Math.min(BUFFER_CAP_BYTES, share));
  } catch (error) {
    if (error instanceof DiskError) return BUFFER_MIN_BYTES;
    throw error;
  }
}
