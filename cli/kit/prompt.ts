/**
 * Questions to a person, on stderr so that stdout stays data. Asked only where someone can answer: commands check
 * {@linkcode canAsk} first and tell scripts what to pass instead.
 *
 * @module
 */
import process from "node:process";
import { CliError, usageError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";
import { safeText } from "./safe_text.ts";
import { canAsk, type Terminal } from "./terminal.ts";

/** One answer of {@linkcode choose}. */
export interface Choice<Value> {
  /** What {@linkcode choose} returns for it. */
  readonly value: Value;
  /** What the user reads. */
  readonly label: string;
  /** Shown beside the label while it is selected. */
  readonly hint?: string;
}

/** Yes or no; `no` is preselected. @throws {CliError} exit code 130 on Ctrl-C, 2 without a terminal. */
export async function confirm(terminal: Terminal, message: string): Promise<boolean> {
  const clack = await loadClack(terminal);
  const output = process.stderr;
  return answered(await clack.confirm({ message: safeText(message), initialValue: false, output }));
}

/** One of several. @throws {CliError} exit code 130 on Ctrl-C, 2 without a terminal. */
export async function choose<Value extends string | number>(
  terminal: Terminal,
  { message, choices }: { readonly message: string; readonly choices: readonly Choice<Value>[] },
): Promise<Value> {
  const clack = await loadClack(terminal);
  const options = choices.map(({ value, label, hint }) => ({
    value: value as string,
    label: safeText(label),
    ...(hint === undefined ? {} : { hint: safeText(hint) }),
  }));
  const answer = await clack.select({
    message: safeText(message),
    options,
    output: process.stderr,
  });
  return answered(answer) as unknown as Value;
}

/** A line of text, without the white space around it; may be empty. @throws {CliError} exit code 130 on Ctrl-C, 2 without a terminal. */
export async function askText(terminal: Terminal, message: string): Promise<string> {
  const clack = await loadClack(terminal);
  const text = await clack.text({ message: safeText(message), output: process.stderr });
  return (answered(text) ?? "").trim();
}

/** A secret; what is typed stays hidden. @throws {CliError} exit code 130 on Ctrl-C, 2 without a terminal. */
export async function askSecret(terminal: Terminal, message: string): Promise<string> {
  const clack = await loadClack(terminal);
  return answered(await clack.password({ message: safeText(message), output: process.stderr })) ??
    "";
}

async function loadClack(terminal: Terminal) {
  if (!canAsk(terminal)) {
    throw usageError("An answer is needed, and there is no terminal to ask on.");
  }
  return await import("@clack/prompts");
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer !== "symbol") return answer as Exclude<T, symbol>;
  throw new CliError("Interrupted; nothing was changed.", { exitCode: ExitCode.interrupted });
}
