/**
 * The look of `--help`: usage, what it does, arguments, commands, options. Examples and notes follow as sections.
 *
 * @module
 */
import type {
  CommandUnknownOpts,
  Help,
  HelpConfiguration,
  Option,
} from "@commander-js/extra-typings";
import type { Colours } from "./terminal.ts";

/** How commander draws the help of our programs. */
export function helpConfiguration(colours: Colours): HelpConfiguration {
  return {
    styleTitle: (text) => colours.bold(text),
    formatHelp,
    optionDescription,
    commandUsage,
    commandDescription: (command) => upperFirst(command.description()),
    subcommandTerm: (command) =>
      [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
  };
}

function formatHelp(command: CommandUnknownOpts, help: Help): string {
  const width = help.padWidth(command, help);
  const items = (heading: string, lines: readonly (readonly [term: string, text: string])[]) =>
    lines.length === 0 ? [] : [
      help.styleTitle(heading),
      ...lines.map(([term, text]) => help.formatItem(term, width, text, help)),
      "",
    ];
  const description = help.commandDescription(command);
  return [
    `${help.styleTitle("Usage:")} ${help.commandUsage(command)}`,
    "",
    ...(description === "" ? [] : [help.boxWrap(description, help.helpWidth ?? 80), ""]),
    ...items(
      "Arguments:",
      help.visibleArguments(command).map((
        a,
      ) => [help.argumentTerm(a), help.argumentDescription(a)]),
    ),
    ...items(
      "Commands:",
      help.visibleCommands(command).map((
        c,
      ) => [help.subcommandTerm(c), help.subcommandDescription(c)]),
    ),
    ...items(
      "Options:",
      help.visibleOptions(command).map((o) => [help.optionTerm(o), help.optionDescription(o)]),
    ),
  ].join("\n");
}

/** "fleets devices <command>", "fleets devices rename <device> <name> [options]" */
function commandUsage(command: CommandUnknownOpts): string {
  const words = command.commands.length > 0
    ? ["<command>"]
    : command.registeredArguments.map(argumentTerm);
  return [commandPath(command), ...words, "[options]"].join(" ");
}

/** "fleets devices list" */
export function commandPath(command: CommandUnknownOpts): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}

/** "how to print it: table, json, ndjson or csv (default table)" */
function optionDescription(option: Option): string {
  const choices = option.argChoices ?? [];
  const listed = choices.length > 1
    ? `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`
    : choices.join();
  const text = listed ? `${option.description}: ${listed}` : option.description;
  const { defaultValue, defaultValueDescription } = option;
  const simple = typeof defaultValue === "string" || typeof defaultValue === "number";
  const fallback = defaultValueDescription ?? (simple ? String(defaultValue) : "");
  return fallback === "" ? text : `${text} (default ${fallback})`;
}

function argumentTerm(argument: { name(): string; required: boolean; variadic: boolean }): string {
  const name = argument.name() + (argument.variadic ? "..." : "");
  return argument.required ? `<${name}>` : `[${name}]`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
