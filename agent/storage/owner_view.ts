/**
 * What the storage directory says while no agent needs to run: for `fleetd status`, `doctor`, `enroll` and `trust`.
 *
 * @module
 */
import type { AgentState } from "../agent_state.ts";
import type { Disk } from "../ports.ts";
import { readDirections, type WrittenDirections } from "./directions_file.ts";
import { type Identity, readIdentity } from "./identity.ts";
import { countOf, objectOf } from "./json_shape.ts";
import type { Layout } from "./layout.ts";
import { SavedFile } from "./saved_file.ts";
import { STATE_FORMAT } from "./saved_state.ts";

/** The directory as it lies there. */
export interface OwnerView {
  /** `null` when no agent has ever run here. */
  readonly identity: Identity | null;
  readonly state: AgentState | null;
  /** Whether a state file is damaged. */
  readonly damaged: boolean;
  readonly directions: WrittenDirections;
  /** Port of the local RPC that an agent wrote down, or `null`. */
  readonly rpcPort: number | null;
}

/** Reads it. @throws {DiskError} @throws {ShapeError} when the directions are damaged. */
export async function viewStorage(disk: Disk, layout: Layout): Promise<OwnerView> {
  const saved = await SavedFile.open({ disk, path: layout.state, format: STATE_FORMAT });
  return {
    identity: await readIdentity({ disk, path: layout.identity }),
    state: saved.value,
    damaged: saved.damaged,
    directions: await readDirections(disk, layout.directions),
    rpcPort: await readRpcPort(disk, layout.rpc),
  };
}

/** The port that a running agent wrote down, or `null`. @throws {DiskError} */
export async function readRpcPort(disk: Disk, path: string): Promise<number | null> {
  const bytes = await disk.read(path);
  if (bytes === null) return null;
  try {
    return countOf(objectOf(JSON.parse(new TextDecoder().decode(bytes)), "rpc").port, "a port");
  } catch {
    return null;
  }
}
