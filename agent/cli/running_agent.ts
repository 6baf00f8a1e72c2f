/**
 * Asks the agent that runs on this machine.
 *
 * @module
 */
import { getJson } from "@fleetd/cli/kit";
import { DEFAULT_RPC_PORT } from "../config.ts";
import type { Disk } from "../ports.ts";
import { DiskError } from "../ports.ts";
import { readRpcPort } from "../storage/owner_view.ts";
import type { Layout } from "../storage/layout.ts";

/** Status as `GET /v1/status` gives it; see `status.ts`. */
export interface RunningStatus {
  readonly handle: string;
  /** Of the device's key: what an administrator compares before the device is let in. */
  readonly fingerprint: string;
  readonly model: string;
  readonly agentVersion: string;
  readonly state: string;
  readonly doing: string;
  readonly pid: number;
  readonly uptimeS: number;
  readonly storageDir: string;
  readonly name: string | null;
  readonly server: { readonly url: string | null; readonly fingerprint: string } | null;
  readonly trust?: string;
  readonly tokenStatus?: string | null;
  readonly intervalS?: number;
  readonly failures?: number;
  readonly servers?: readonly { url: string; name: string; fingerprintPrefix: string }[];
  readonly sync: {
    readonly lastAgoS: number | null;
    readonly nextInS: number | null;
    readonly failure: string | null;
  };
  readonly sampleIntervalS: number;
  readonly buffer: {
    readonly bytes: number;
    readonly capBytes: number;
    readonly records: number;
    readonly dropped: number;
    readonly inMemory: boolean;
  };
  readonly latest: Readonly<Record<string, number>> | null;
}

/** An agent that answered. */
export interface RunningAgent {
  readonly port: number;
  readonly status: RunningStatus;
}

const ANSWER_MS = 2_000;

/**
 * The agent of this storage directory, or, where none was named and none wrote its port down, the one on the default
 * port; `null` when nobody answers.
 */
export async function findRunningAgent(
  disk: Disk,
  { layout, named }: { readonly layout: Layout; readonly named: boolean },
): Promise<RunningAgent | null> {
  const written = await readRpcPort(disk, layout.rpc).catch((error) => {
    if (error instanceof DiskError) return null;
    throw error;
  });
  const port = written ?? (named ? null : DEFAULT_RPC_PORT);
  if (port === null) return null;
  try {
    const url = new URL(`http://127.0.0.1:${port}/v1/status`);
    return { port, status: await getJson<RunningStatus>(url, { timeoutMs: ANSWER_MS }) };
  } catch {
    return null;
  }
}
