/**
 * `fleets discover --watch`: what comes and goes. On a terminal a table that is drawn again; otherwise one line of
 * JSON for each event, with the field `event`: up, changed or down.
 *
 * @module
 */
import type { BrowseEvent, FoundService } from "@fleetd/firmware-protocol";
import {
  type Column,
  filterItems,
  LiveView,
  outColours,
  renderTable,
  safeJson,
} from "@fleetd/cli/kit";
import { KnownDevices } from "../api/known_devices.ts";
import type { FleetsContext } from "../context.ts";
import { browseFor, keep } from "../network/find_agents.ts";
import { foundAgent } from "../network/found_agent.ts";
import { agentColumns, type KnownAgent, serviceColumns } from "../output/found_table.ts";
import type { DiscoverOptions } from "./discover.ts";
import { untilInterrupted } from "./interrupt.ts";

interface Watch<Item extends object> {
  readonly types: readonly string[];
  columns(items: readonly Item[]): readonly Column<Item>[];
  /** Called before what came is shown. */
  refresh?(): Promise<void>;
  /** What is shown for a service; undefined leaves it out. */
  toItem(service: FoundService): Item | undefined;
}

/** Watches agents, with what the server signed in to knows of them. */
export async function watchAgents(context: FleetsContext, options: DiscoverOptions): Promise<void> {
  const { AGENT_SERVICE, parseAgentTxt } = await import("@fleetd/firmware-protocol");
  const known = new KnownDevices(context.terminal);
  await watch<KnownAgent>(context, options, {
    types: [AGENT_SERVICE],
    columns: (agents) => agentColumns(agents.some((agent) => agent.known !== null)),
    refresh: () => known.refresh(),
    toItem(service) {
      const agent = foundAgent(service, parseAgentTxt);
      return agent && known.describe(agent);
    },
  });
}

/** Watches services of any type. */
export async function watchServices(
  context: FleetsContext,
  types: readonly string[],
  options: DiscoverOptions,
): Promise<void> {
  await watch(context, options, { types, columns: serviceColumns, toItem: (service) => service });
}

async function watch<Item extends object>(
  { terminal }: FleetsContext,
  { filter, output }: DiscoverOptions,
  { types, columns, refresh, toItem }: Watch<Item>,
): Promise<void> {
  const live = output === "table" && terminal.stdoutIsTty;
  const view = new LiveView(terminal);
  const colours = outColours(terminal);
  const present = new Map<string, FoundService>();
  const draw = () => {
    const items = filterItems(
      [...present.values()].map(toItem).filter((item) => item !== undefined),
      filter,
    );
    const table = items.length === 0
      ? "Nothing yet.\n"
      : renderTable({ columns: columns(items), items }, {
        colours,
        columns: terminal.size()?.columns,
      });
    view.draw(`${table}${colours.dim("Ctrl-C ends")}\n`);
  };
  const print = (event: BrowseEvent) => {
    const item = toItem(event.service);
    if (item === undefined || filterItems([item], filter).length === 0) return;
    terminal.out(`${safeJson({ event: event.kind, ...item })}\n`);
  };
  try {
    await untilInterrupted(async (signal) => {
      if (live) draw();
      for await (const event of browseFor(types, signal)) {
        await refresh?.();
        keep(present, event);
        if (live) draw();
        else print(event);
      }
    });
  } finally {
    view.close();
  }
}
