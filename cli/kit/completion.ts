/**
 * Completion scripts for bash, zsh and fish, made from the command tree itself, so they never lag behind it.
 *
 * @module
 */
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { Argument } from "@commander-js/extra-typings";
import { bashCompletion } from "./completion_bash.ts";
import { fishCompletion } from "./completion_fish.ts";
import { zshCompletion } from "./completion_zsh.ts";
import { addExamples } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What may stand after an option: one of a few words, a path, or anything. */
export type ValueShape =
  | { readonly kind: "none" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "path" }
  | { readonly kind: "any" };

/** An option as completion needs it. */
export interface OptionShape {
  /** "-o", "--output" */
  readonly flags: readonly string[];
  /** One line for people. */
  readonly description: string;
  /** What may follow it. */
  readonly value: ValueShape;
}

/** A command as completion needs it. */
export interface CommandShape {
  /** Words below the program's name, joined by spaces; "" is the program itself. */
  readonly path: string;
  /** Commands directly below it. */
  readonly children: readonly { readonly name: string; readonly description: string }[];
  /** Its options, the help option included. */
  readonly options: readonly OptionShape[];
  /** Words that its first operand may be. */
  readonly operands: readonly string[];
  /** Command line that prints what its first operand may be, one a line, a tab before the description. */
  readonly ask?: string;
  /** Name of its first operand. */
  readonly operandName?: string;
}

/** The shells that are served. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** Command lines that print what may stand for an argument, by the argument's name. */
export type AskedOperands = Readonly<Record<string, string>>;

/** The script for a shell, to be evaluated by it. */
export function completionScript(
  program: CommandUnknownOpts,
  shell: Shell,
  asked: AskedOperands = {},
): string {
  const name = program.name();
  const commands = commandShapes(program).map((shape) => ({
    ...shape,
    ask: asked[shape.operandName ?? ""],
  }));
  if (shell === "bash") return bashCompletion(name, commands);
  return shell === "zsh" ? zshCompletion(name, commands) : fishCompletion(name, commands);
}

/** Adds `completion <shell>` to a program. */
export function addCompletionCommand(
  program: CommandUnknownOpts,
  terminal: Terminal = processTerminal(),
  { asked }: { readonly asked?: AskedOperands } = {},
): void {
  const name = program.name();
  const command = program.command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell) => terminal.out(completionScript(program, shell, asked)));
  addExamples(command, [
    {
      run: `source <(${name} completion bash)`,
      does: "in this bash; put the line in ~/.bashrc to keep it",
    },
    {
      run: `source <(${name} completion zsh)`,
      does: "in this zsh; put the line in ~/.zshrc, after compinit",
    },
    { run: `${name} completion fish | source`, does: "in this fish; put the line in config.fish" },
  ]);
}

/** The whole tree, parents first. */
export function commandShapes(program: CommandUnknownOpts, path = ""): CommandShape[] {
  const help = program.createHelp();
  const children = help.visibleCommands(program);
  const shape: CommandShape = {
    path,
    children: children.map((c) => ({ name: c.name(), description: firstLine(c.description()) })),
    options: help.visibleOptions(program).map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      description: firstLine(option.description),
      value: valueShape(option as Option),
    })),
    operands: program.registeredArguments[0]?.argChoices ?? [],
    operandName: program.registeredArguments[0]?.name(),
  };
  const below = program.commands.flatMap((c) =>
    commandShapes(c, path === "" ? c.name() : `${path} ${c.name()}`)
  );
  return [shape, ...below, ...helpShape(program, path)];
}

/** `help` takes the name of a command. */
function helpShape(program: CommandUnknownOpts, path: string): CommandShape[] {
  if (path !== "") return [];
  const operands = program.commands.map((c) => c.name());
  return [{ path: "help", children: [], options: [], operands }];
}

function valueShape(option: Option): ValueShape {
  if (!option.required && !option.optional) return { kind: "none" };
  if (option.argChoices) return { kind: "words", words: option.argChoices };
  return /<(file|dir|path|db)[^>]*>/i.test(option.flags) ? { kind: "path" } : { kind: "any" };
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
