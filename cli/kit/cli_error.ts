/**
 * The one error that a command throws on purpose: a sentence for a person, what to do next, and an exit code.
 *
 * @module
 */
import { ExitCode } from "./exit_code.ts";

/** What goes with the sentence of a {@linkcode CliError}. */
export interface CliErrorOptions {
  /** Defaults to {@linkcode ExitCode.failed}. */
  readonly exitCode?: ExitCode;
  /** What to do next, one line each; shown below the sentence. */
  readonly hints?: readonly string[];
  /** What went wrong below; shown when debugging. */
  readonly cause?: unknown;
}

/**
 * A failure that the user can understand. The message says the act first, then the present state
 * ("Cannot list devices: no server answers at http://127.0.0.1:8080.").
 */
export class CliError extends Error {
  /** Always "CliError", or the name of a kind of it. */
  override readonly name: string = "CliError";
  /** What the process ends with. */
  readonly exitCode: ExitCode;
  /** What to do next, one line each. */
  readonly hints: readonly string[];

  /** From one sentence for a person. */
  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? ExitCode.failed;
    this.hints = options.hints ?? [];
  }
}

/** A wrong command line: exit code 2. */
export function usageError(message: string, ...hints: string[]): CliError {
  return new CliError(message, { exitCode: ExitCode.usage, hints });
}
