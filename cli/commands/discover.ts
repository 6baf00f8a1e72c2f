/**
 * `fleets discover`: agents and other services on this network, with or without a server.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import {
  addExamples,
  filterItems,
  filterOption,
  formatDuration,
  outputOption,
  usageError,
  whileSaying,
  writeList,
  writeNote,
} from "@fleetd/cli/kit";
import { KnownDevices } from "../api/known_devices.ts";
import type { FleetsContext } from "../context.ts";
import { findAgents, findServices, findTypes } from "../network/find_agents.ts";
import { AGENT_PORT, askAgent } from "../network/found_agent.ts";
import { parseHostPort } from "../network/host_port.ts";
import { agentColumns, type KnownAgent, serviceColumns } from "../output/found_table.ts";
import { watchAgents, watchServices } from "./discover_watch.ts";
import { timeoutOption } from "./timeout_option.ts";

/** Adds `discover`. */
export function addDiscoverCommand(program: Command, context: FleetsContext): void {
  const discover = program.command("discover")
    .description(
      "find devices on this network\n\n" +
        "Agents announce themselves by mDNS (_fleetd._tcp). No server is needed; when you are signed in to one, " +
        "the list says which agents it knows. What is announced is a hint and proves nothing.",
    )
    .summary("find devices on this network")
    .option("--all", "every service of every type")
    .option("--service <type>", "services of one type, such as _ssh._tcp")
    .option(
      "--address <host:port>",
      `ask one agent directly, where mDNS does not cross (port ${AGENT_PORT})`,
    )
    .addOption(timeoutOption("how long to listen", "3s"))
    .option("--watch", "go on until Ctrl-C and show what comes and goes")
    .addOption(filterOption())
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action((options) => runDiscover(context, options));
  addExamples(discover, [
    { run: "fleets discover", does: "agents" },
    { run: "fleets discover --service _ssh._tcp", does: "machines with SSH" },
    { run: "fleets discover --address 10.0.7.12:7400", does: "one agent in another network" },
    { run: "fleets discover --watch -o ndjson", does: "a line for each that comes or goes" },
  ]);
}

/** Options of `discover`. */
export interface DiscoverOptions {
  readonly all?: true;
  readonly service?: string;
  readonly address?: string;
  /** ms */
  readonly timeout: number;
  readonly watch?: true;
  readonly filter: Parameters<typeof filterItems>[1];
  readonly output: "table" | "json" | "ndjson";
}

async function runDiscover(context: FleetsContext, options: DiscoverOptions): Promise<void> {
  checkOptions(options);
  if (options.all || options.service !== undefined) {
    const types = options.service === undefined
      ? await findTypes(options.timeout)
      : [serviceType(options.service)];
    if (options.watch) return await watchServices(context, types, options);
    return await listServices(context, types, options);
  }
  if (options.watch) return await watchAgents(context, options);
  const known = new KnownDevices(context.terminal);
  const { address, timeout } = options;
  const finding = address === undefined
    ? whileSaying(context.terminal, listening(timeout), () => findAgents({ timeoutMs: timeout }))
    : askAgent(parseHostPort(address, AGENT_PORT), timeout).then((agent) => [agent]);
  const [agents] = await Promise.all([finding, known.refresh()]);
  listAgents(context, agents.map((agent) => known.describe(agent)), options);
}

function listening(timeoutMs: number): string {
  return `Listening for ${formatDuration(timeoutMs)}`;
}

function checkOptions({ all, service, address, watch, output }: DiscoverOptions): void {
  const ways = [all, service, address].filter((way) => way !== undefined).length;
  if (ways > 1) throw usageError("Give only one of --all, --service and --address.");
  if (watch && address !== undefined) {
    throw usageError("--watch goes with mDNS, not with --address.");
  }
  if (watch && output === "json") {
    throw usageError("--watch never ends, so it has no JSON document.", "Use -o ndjson.");
  }
}

/** "_ssh._tcp"; "ssh" is taken for it. @throws {CliError} */
function serviceType(text: string): string {
  const type = /^[a-z0-9-]{1,15}$/i.test(text) ? `_${text}._tcp` : text.replace(/\.local\.?$/, "");
  if (/^_[a-z0-9-]{1,15}\._(tcp|udp)$/i.test(type)) return type.toLowerCase();
  throw usageError(`"${text}" is no type of service.`, "Write it like _ssh._tcp");
}

async function listServices(
  { terminal }: FleetsContext,
  types: readonly string[],
  { timeout, filter, output }: DiscoverOptions,
): Promise<void> {
  const services = await whileSaying(
    terminal,
    listening(timeout),
    () => findServices({ types, timeoutMs: timeout }),
  );
  writeList(terminal, {
    format: output,
    columns: serviceColumns(),
    items: filterItems(services, filter),
    empty: "No service was seen. A longer --timeout may find more.",
  });
}

function listAgents(
  { terminal }: FleetsContext,
  agents: readonly KnownAgent[],
  options: DiscoverOptions,
): void {
  const { filter, output } = options;
  writeList(terminal, {
    format: output,
    columns: agentColumns(agents.some((a) => a.known !== null)),
    items: filterItems(agents, filter),
    empty: agents.length === 0
      ? "No agent was seen on this network.\n" +
        "  Where mDNS does not cross, ask one directly: fleets discover --address HOST:7400"
      : "No agent matches the filter.",
  });
  const free = agents.filter((a) => a.state === "unenrolled" || a.state === "waiting");
  if (output === "table" && free.length > 0) {
    writeNote(terminal, `Let one into your fleet: fleets devices register ${free[0]!.handle}`);
  }
}
