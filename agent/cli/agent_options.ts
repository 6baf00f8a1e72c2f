/**
 * The options of `fleetd agent` as one list, read without commander: the agent runs for months, and a command-line library
 * would stay in its memory all that time. Whatever this reader does not understand (help, an unknown option, a missing
 * value) is left to the full command line, which says what is wrong.
 *
 * @module
 */
import type { LogLevel } from "../agent_state.ts";
import type { AgentOptions } from "../run_agent.ts";

/** One option. */
export interface OptionRow {
  /** As commander writes it: `--name <value>`, `--name <value...>`, `--flag`, `--no-flag`. */
  readonly flags: string;
  readonly description: string;
}

/** Every option of `fleetd agent` but `--log-level`. */
export const AGENT_OPTIONS: readonly OptionRow[] = [
  {
    flags: "--server <url>",
    description: "address of the server; without it the agent looks on the network",
  },
  {
    flags: "--storage-dir <dir>",
    description: "where keys, state and unsent telemetry are kept",
  },
  {
    flags: "--rpc-port <n>",
    description: "port of the local RPC; 0 picks a free one (default: 7400 or the next free one)",
  },
  {
    flags: "--rpc-listen <address>",
    description: "address the local RPC listens on (default: every address)",
  },
  {
    flags: "--token-file <file>",
    description: 'file with an enrolment token; "-" reads it from stdin',
  },
  { flags: "--name <name>", description: "name the device wishes for" },
  { flags: "--label <key=value...>", description: "labels the device wishes for" },
  { flags: "--interval <seconds>", description: "seconds between two samples (default: 10)" },
  {
    flags: "--no-mdns",
    description: "neither announce this device nor look for servers on the network",
  },
  {
    flags: "--once",
    description: "take one sample, sync once, and end; the exit code tells success",
  },
];

/** Levels of `--log-level`. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** The options, or `null` when anything is not plain. `args` follow the word `agent`. */
export function readAgentOptions(args: readonly string[]): AgentOptions | null {
  const values: Record<string, string> = {};
  const labels: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const [, name = "", inline] = /^--?([a-z][a-z-]+)(?:=([\s\S]*))?$/.exec(args[at]!) ?? [];
    if (name === "once" || name === "no-mdns") {
      if (inline !== undefined) return null;
      flags.add(name);
      continue;
    }
    const value = inline ?? args[++at];
    if (!takesValue(name) || value === undefined || value.startsWith("-") && value !== "-") {
      return null;
    }
    if (name === "label") labels.push(value);
    else values[name] = value;
  }
  return optionsFrom(values, { labels, flags });
}

function takesValue(name: string): boolean {
  return name === "log-level" || AGENT_OPTIONS.some(({ flags }) => flags.startsWith(`--${name} <`));
}

function optionsFrom(
  values: Readonly<Record<string, string>>,
  { labels, flags }: { labels: readonly string[]; flags: ReadonlySet<string> },
): AgentOptions | null {
  const level = values["log-level"] ?? "info";
  const logLevel = LOG_LEVELS.find((known): known is LogLevel => known === level);
  if (logLevel === undefined) return null;
  return {
    server: values["server"],
    storageDir: values["storage-dir"],
    rpcPort: values["rpc-port"],
    rpcListen: values["rpc-listen"],
    tokenFile: values["token-file"],
    name: values["name"],
    label: labels,
    interval: values["interval"],
    mdns: !flags.has("no-mdns"),
    once: flags.has("once"),
    logLevel,
  };
}
