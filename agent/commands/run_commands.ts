/**
 * Takes the commands of a verified answer: each once, in order, each answered by a report. Of a server trusted on first
 * use nothing is executed: the answer is `refused` (PROTOCOL §3).
 *
 * @module
 */
import { type Command, CommandStatus } from "@fleetd/firmware-protocol";
import type { Log } from "../log.ts";
import type { ReportQueue } from "../reports/report_queue.ts";
import { identify } from "./identify.ts";
import type { TakenCommands } from "./taken_commands.ts";

/** What running commands needs. */
export interface CommandParts {
  readonly taken: TakenCommands;
  readonly reports: ReportQueue;
  readonly log: Log;
  /** Unix ms, or `null` while there is no time. */
  readonly unixNowMs: () => number | null;
}

/** What a command came to. */
export interface CommandResult {
  /** A number of {@linkcode CommandStatus}. */
  readonly status: number;
  /** For people, at most 1,024 bytes of UTF-8. */
  readonly output?: string;
}

/** What a command may use. */
export type CommandWork = (parts: { readonly log: Log }) => Promise<CommandResult> | CommandResult;

/** Every command this agent knows, by name. */
const COMMANDS: Readonly<Record<string, CommandWork>> = { identify };

/** Commands of one answer. */
export interface Delivered {
  readonly commands: readonly Command[];
  /** Server time of the answer, Unix ms: `ttlS` counts from here. */
  readonly serverTimeMs: number;
  /** Whether this server may have commands executed. */
  readonly trusted: boolean;
}

/** Runs what is new; returns whether there is something to report. @throws {DiskError} when it cannot be written down. */
export async function runCommands(parts: CommandParts, delivered: Delivered): Promise<boolean> {
  const { taken, reports } = parts;
  let ran = false;
  for (const command of delivered.commands) {
    if (command.id <= taken.through) continue;
    if (!reports.hasRoom()) break;
    await taken.begin(command.id);
    const { status, output } = await resultOf(command, { ...parts, ...delivered });
    const text = output === undefined
      ? undefined
      : new TextEncoder().encode(output).slice(0, 1_024);
    await reports.command({ id: command.id, status, output: text });
    await taken.answered();
    ran = true;
  }
  return ran;
}

/** Answers a command that an earlier process began and did not live to answer. @throws {DiskError} */
export async function answerInterrupted({ taken, reports }: CommandParts): Promise<void> {
  const id = taken.interrupted;
  if (id === null) return;
  if (!await reports.wasAnswered(id)) {
    await reports.command({ id, status: CommandStatus.interrupted });
  }
  await taken.answered();
}

async function resultOf(
  command: Command,
  { trusted, serverTimeMs, unixNowMs, log }: CommandParts & Delivered,
): Promise<CommandResult> {
  const { name, ttlS } = command;
  if (!trusted) {
    log.warn("Refused a command: this server is trusted on first use only", {
      command: name,
      hint: "confirm it with: fleetd trust FINGERPRINT",
    });
    return { status: CommandStatus.refused, output: "trusted on first use only" };
  }
  const work = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (work === undefined) return { status: CommandStatus.unsupported };
  const now = unixNowMs();
  if (now !== null && now > serverTimeMs + ttlS * 1_000) return { status: CommandStatus.expired };
  try {
    return await work({ log });
  } catch (error) {
    log.warn("A command failed", { command: name, why: String(error) });
    return { status: CommandStatus.failed, output: String(error) };
  }
}
