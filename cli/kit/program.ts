/**
 * How each of our command lines is built and run: commander with one look of help, one style of error and the shared
 * exit codes. Options belong to the command before which they stand; single-dash long options are accepted everywhere.
 *
 * @module
 */
import process from "node:process";
import { Command, type CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { CliError } from "./cli_error.ts";
import { EXIT_CODE_MEANINGS, ExitCode } from "./exit_code.ts";
import { commandPath, helpConfiguration } from "./help_text.ts";
import { rewriteArguments } from "./rewrite_arguments.ts";
import { safeText } from "./safe_text.ts";
import { errColours, outColours, processTerminal, type Terminal } from "./terminal.ts";

/** A command line and what it does, for the end of a help text. */
export interface Example {
  /** The command line. */
  readonly run: string;
  /** What it does, in a few words. */
  readonly does: string;
}

/** What a program says about itself. */
export interface ProgramDescription {
  /** As it is typed: "fleets". */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** One line for people. */
  readonly summary: string;
  /** For the end of `--help`. */
  readonly examples?: readonly Example[];
  /** Further paragraphs for the end of `--help`, each with its own heading. */
  readonly notes?: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

/** The root command, with `--version`, examples and the table of exit codes. Add commands, then {@linkcode runProgram}. */
export function createProgram(description: ProgramDescription): Command {
  const program = new Command(description.name)
    .description(description.summary)
    .version(description.version, "-V, --version", "print the version")
    .enablePositionalOptions();
  addExamples(program, description.examples ?? []);
  for (const note of description.notes ?? []) addSection(program, note.heading, note.lines);
  const codes = EXIT_CODE_MEANINGS.map(([code, meaning]) => `${String(code).padEnd(4)} ${meaning}`);
  addSection(program, "Exit codes:", codes);
  return program;
}

/** Puts examples at the end of a command's help. */
export function addExamples(command: CommandUnknownOpts, examples: readonly Example[]): void {
  if (examples.length === 0) return;
  const width = Math.max(...examples.map((e) => e.run.length));
  const short = width <= 48;
  const lines = examples.flatMap((e) =>
    short ? [`${e.run.padEnd(width)}   ${e.does}`] : [`# ${e.does}`, e.run]
  );
  addSection(command, "Examples:", lines);
}

/** Puts a section with a heading at the end of a command's help. */
export function addSection(
  command: CommandUnknownOpts,
  heading: string,
  lines: readonly string[],
): void {
  command.addHelpText("after", ({ command: shown }) => {
    const title = shown.createHelp().styleTitle(heading);
    return `\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`;
  });
}

/** How {@linkcode runProgram} runs. */
export interface RunOptions {
  /** Without the program's own name. Defaults to those of this process. */
  readonly args?: readonly string[];
  /** Defaults to that of this process. */
  readonly terminal?: Terminal;
}

/** Parses, runs the command's action, reports what went wrong on stderr, and returns the exit code. Never throws. */
export async function runProgram(
  program: CommandUnknownOpts,
  options: RunOptions = {},
): Promise<ExitCode> {
  const terminal = options.terminal ?? processTerminal();
  const args = options.args ?? process.argv.slice(2);
  prepare(program, terminal);
  try {
    await program.parseAsync(rewriteArguments(program, args), { from: "user" });
    return ExitCode.ok;
  } catch (error) {
    return report(error, { program, terminal });
  } finally {
    await terminal.flush();
  }
}

/** Gives every command of the tree the same settings, however it was added. */
function prepare(command: CommandUnknownOpts, terminal: Terminal): void {
  command
    .exitOverride((error) => {
      throw new ParseFailure(error, command);
    })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
      outputError: () => {/* report() writes it, once and in one style */},
    })
    .configureHelp(helpConfiguration(outColours(terminal)));
  if (command.parent) command.helpCommand(false);
  else if (command.commands.length > 0) {
    command.helpCommand("help [command]", "show the help of a command");
  }
  for (const child of command.commands) prepare(child, terminal);
}

/** What commander refused, and the command whose help explains it. */
class ParseFailure extends Error {
  constructor(readonly failure: CommanderError, readonly command: CommandUnknownOpts) {
    super(failure.message);
  }
}

function helpWidth(terminal: Terminal): number {
  return Math.min(terminal.size()?.columns ?? 100, 110);
}

interface ReportContext {
  readonly program: CommandUnknownOpts;
  readonly terminal: Terminal;
}

function report(error: unknown, { program, terminal }: ReportContext): ExitCode {
  if (error instanceof ParseFailure) return reportUsage(error, terminal);
  const debugVariable = `${program.name().toUpperCase()}_DEBUG`;
  const known = error instanceof CliError;
  const message = error instanceof Error ? error.message : String(error);
  writeError(terminal, {
    message: known ? message : `Unexpected failure: ${message}`,
    hints: known ? error.hints : [`${debugVariable}=1 shows where it happened.`],
  });
  if (terminal.env[debugVariable] && error instanceof Error) {
    terminal.err(`${error.stack ?? ""}\n`);
    if (error.cause !== undefined) terminal.err(`caused by ${String(error.cause)}\n`);
  }
  return known ? error.exitCode : ExitCode.failed;
}

/** Help and version arrive as errors with exit code 0; help for a missing subcommand with 1. */
function reportUsage({ failure, command }: ParseFailure, terminal: Terminal): ExitCode {
  if (failure.exitCode === 0) return ExitCode.ok;
  if (failure.code === "commander.help") return ExitCode.usage;
  const [first = "", ...rest] = failure.message.replace(/^error: /, "").split("\n");
  writeError(terminal, {
    message: first.charAt(0).toUpperCase() + first.slice(1),
    hints: [
      ...rest.filter((line) => line !== "").map((line) => line.replace(/^\((.*)\)$/, "$1")),
      `${commandPath(command)} --help shows what there is.`,
    ],
  });
  return ExitCode.usage;
}

/** Writes one failure to stderr: the sentence, then what to do next. */
export function writeError(
  terminal: Terminal,
  { message, hints = [] }: { readonly message: string; readonly hints?: readonly string[] },
): void {
  const colours = errColours(terminal);
  terminal.err(`${colours.red(colours.bold("error:"))} ${safeText(message)}\n`);
  for (const hint of hints) terminal.err(`  ${safeText(hint)}\n`);
}

/** Says on stderr what was done: one line, safe for terminals. */
export function writeMessage(terminal: Terminal, message: string): void {
  terminal.err(`${safeText(message)}\n`);
}

/** Writes a remark to stderr that is no failure. */
export function writeNote(terminal: Terminal, message: string): void {
  terminal.err(`${errColours(terminal).dim(safeText(message))}\n`);
}

/** Shows on a terminal what is being waited for, and wipes it when it is over. */
export async function whileSaying<Result>(
  terminal: Terminal,
  message: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!terminal.stderrIsTty) return await work();
  terminal.err(`${errColours(terminal).dim(`${safeText(message)} …`)}`);
  try {
    return await work();
  } finally {
    terminal.err("\r\x1b[K");
  }
}
