/**
 * What the commands of `fleetd` share.
 *
 * @module
 */
import { CliError, ExitCode, type Terminal } from "@fleetd/cli/kit";
import { ConfigError, defaultStorageDir, parseStorageDir } from "../config.ts";
import { DiskError, type Ports } from "../ports.ts";
import { StartError } from "../start_error.ts";
import { ShapeError } from "../storage/json_shape.ts";
import { type Layout, layoutOf } from "../storage/layout.ts";

/** Handed down by the composition root. */
export interface FleetdContext {
  readonly terminal: Terminal;
  /** Made on first use, because a command that only prints needs none. */
  readonly ports: () => Ports;
  readonly version: string;
}

/** The storage directory of an option, or the user's own. @throws {ConfigError} */
export function storageOf({ ports }: FleetdContext, option: string | undefined): Layout {
  return layoutOf(
    option === undefined ? defaultStorageDir(ports().process) : parseStorageDir(option),
  );
}

/** Runs a command's work; failures that a person can understand become one sentence and what to do next. */
export async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new CliError(error.message, { exitCode: ExitCode.usage });
    }
    if (error instanceof StartError) throw startError(error);
    if (error instanceof DiskError) throw diskError(error);
    if (error instanceof ShapeError) {
      throw new CliError(`Cannot read the agent's storage: a file is damaged (${error.message}).`);
    }
    throw error;
  }
}

function startError(error: StartError): CliError {
  const { hints, kind } = error.advice;
  return new CliError(error.message, { hints, exitCode: ExitCode[kind], cause: error });
}

function diskError(error: DiskError): CliError {
  const hints = error.code === "disk.denied"
    ? [
      "Run it as the user that the agent runs as (sudo for a system agent), or pass --storage-dir.",
    ]
    : error.code === "disk.full"
    ? ["Make room on the disk, or pass --storage-dir on another one."]
    : ["fleetd doctor says more."];
  const exitCode = error.code === "disk.denied" ? ExitCode.refused : ExitCode.failed;
  return new CliError(error.message, { hints, exitCode, cause: error });
}
