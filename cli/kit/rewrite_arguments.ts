/**
 * Go-style long options: `-wifi-ssid home` means `--wifi-ssid home`.
 *
 * An argument is rewritten only where the command in force declares that long option and where an option may stand:
 * never a value, never an operand, never anything after `--`. Grouped short flags (`-vq`) and short flags with an
 * attached value (`-p8080`) stay what they are. The walk follows commander's own parser, so both agree on what is a value.
 *
 * @module
 */
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** The arguments with every single-dash long option written with two dashes; the input is not changed. */
export function rewriteArguments(program: CommandUnknownOpts, args: readonly string[]): string[] {
  const out: string[] = [];
  let command = program;
  let options = optionsOf(command);
  let operandSeen = false;
  let variadic = false;

  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...out, ...args.slice(i)];
    if (!looksLikeOption(arg)) {
      out.push(arg);
      if (variadic) continue;
      const next = operandSeen ? undefined : subcommandOf(command, arg);
      if (next === undefined) {
        operandSeen = true;
      } else {
        command = next;
        options = optionsOf(command);
      }
      continue;
    }
    const written = rewriteOne(options, arg);
    out.push(written);
    const taking = optionTakingNext(options, written);
    variadic = taking?.variadic ?? false;
    if (taking === undefined || i + 1 >= args.length) continue;
    const value = args[i + 1]!;
    if (taking.required || (value !== "--" && !looksLikeOption(value))) {
      out.push(value);
      i++;
    }
  }
  return out;
}

/** Declared options by `-x` and `--name`, the help option included. */
function optionsOf(command: CommandUnknownOpts): Map<string, Option> {
  const byFlag = new Map<string, Option>();
  for (const option of [...command.createHelp().visibleOptions(command), ...command.options]) {
    if (option.short) byFlag.set(option.short, option as Option);
    if (option.long) byFlag.set(option.long, option as Option);
  }
  return byFlag;
}

function subcommandOf(command: CommandUnknownOpts, word: string): CommandUnknownOpts | undefined {
  return command.commands.find((c) => c.name() === word || c.aliases().includes(word));
}

/** As commander sees it; a negative number is a value, unless a digit is declared as a flag (none of ours is). */
function looksLikeOption(arg: string): boolean {
  return arg.length > 1 && arg.startsWith("-") && !/^-(\d+|\d*\.\d+)([eE][+-]?\d+)?$/.test(arg);
}

function rewriteOne(options: Map<string, Option>, arg: string): string {
  if (arg.startsWith("--") || options.has(arg)) return arg;
  const equals = arg.indexOf("=");
  const flag = equals === -1 ? arg : arg.slice(0, equals);
  const rest = equals === -1 ? "" : arg.slice(equals);
  if (options.has(`-${flag}`)) return `-${flag}${rest}`;
  // `-o=json`: commander would take "=json" as the value.
  const short = rest && flag.length === 2 ? options.get(flag) : undefined;
  return short?.long && takesValue(short) ? `${short.long}${rest}` : arg;
}

/** The option whose value is the next argument, if there is one. */
function optionTakingNext(options: Map<string, Option>, arg: string): Option | undefined {
  const exact = options.get(arg);
  if (exact !== undefined) return takesValue(exact) ? exact : undefined;
  if (arg.startsWith("--")) return undefined;
  // A group: each letter is a flag; the first that takes a value takes the rest of the group, or the next argument.
  for (let at = 1; at < arg.length; at++) {
    const option = options.get(`-${arg[at]}`);
    if (option === undefined) return undefined;
    if (takesValue(option)) return at === arg.length - 1 ? option : undefined;
  }
  return undefined;
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}
