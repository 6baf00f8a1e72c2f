/**
 * Rights of the administrator of this machine: our programs never ask for them by themselves, they say which command
 * needs them.
 *
 * @module
 */
import process from "node:process";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";

/** Whether this process runs as root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A word as a POSIX shell takes it literally. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command line that repeats a command with sudo: `sudo fleetd agent --storage-dir /var/lib/fleetd`. */
export function sudoHint(words: readonly string[]): string {
  return ["sudo", ...words].map(shellWord).join(" ");
}

/** What was refused to us, and how to repeat the command with the rights it needs. */
export interface MissingRights {
  /** "write /var/lib/fleetd" */
  readonly act: string;
  /** The command as the user gave it, program name first. */
  readonly words: readonly string[];
  /** The error of the system. */
  readonly cause?: unknown;
}

/** The error for a missing right: exit code 6. As root the cause lies elsewhere, so no sudo is advised. */
export function rightsError({ act, words, cause }: MissingRights): CliError {
  const hints = isRoot() ? [] : [`Run it with the rights it needs: ${sudoHint(words)}`];
  return new CliError(`Cannot ${act}: permission denied.`, {
    exitCode: ExitCode.refused,
    hints,
    cause,
  });
}
