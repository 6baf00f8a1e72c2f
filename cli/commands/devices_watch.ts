/**
 * `fleets devices watch`: the list, kept up to date until Ctrl-C. On a terminal the table is drawn in place; otherwise
 * each change of a device is one line of JSON.
 *
 * The server's event stream says when to look; without it the list is read every few seconds.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { setTimeout as delay } from "node:timers/promises";
import {
  addExamples,
  CliError,
  type Condition,
  ExitCode,
  filterItems,
  filterOption,
  LiveView,
  outColours,
  outputOption,
  ProblemError,
  renderTable,
  safeJson,
  safeText,
  type Terminal,
} from "@fleetd/cli/kit";
import type { FleetApi } from "../api/client.ts";
import { openSession, type Session } from "../api/session.ts";
import type { Device } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";
import { deviceColumns } from "../output/device_table.ts";
import { untilInterrupted } from "./interrupt.ts";

const POLL_MS = 2_000;
/** Events come in bursts: after each reading comes a pause of at least this, */
const QUIET_MS = 250;
/** and of this many times what the reading took, so that a large fleet does not keep the server busy. */
const QUIET_SHARE = 4;

/** Adds `watch`. */
export function addWatchCommand(devices: Command, context: FleetsContext): void {
  const watch = devices.command("watch")
    .description("keep the list of devices on the screen, up to date; Ctrl-C ends it")
    .addOption(filterOption())
    .addOption(outputOption(["table", "ndjson"]))
    .action(async ({ filter, output }) => {
      const session = await openSession(context.terminal, "watch devices");
      const live = output === "table" && context.terminal.stdoutIsTty;
      const show = live ? tableView(context, session) : changeLines(context.terminal);
      try {
        await untilInterrupted((signal) =>
          follow(session.api, { filter, signal, show: show.draw })
        );
      } finally {
        show.close();
      }
    });
  addExamples(watch, [
    { run: "fleets devices watch", does: "the table, live" },
    { run: "fleets devices watch -o ndjson", does: "one line for each change" },
  ]);
}

interface View {
  draw(devices: readonly Device[]): void;
  close(): void;
}

interface Following {
  readonly filter: readonly Condition[];
  readonly signal: AbortSignal;
  readonly show: (devices: readonly Device[]) => void;
}

/** Reads and shows the list again and again. A server that goes away for a while is waited for. */
async function follow(api: FleetApi, { filter, signal, show }: Following): Promise<void> {
  const bell = new Bell();
  const listening = ringOnEvents(api, { bell, signal });
  let answered = false;
  while (!signal.aborted) {
    const startMs = performance.now();
    try {
      show(filterItems(await api.devices("watch devices"), filter));
      answered = true;
    } catch (error) {
      if (!answered || !isPassing(error)) throw error;
    }
    const quietMs = Math.max(QUIET_MS, QUIET_SHARE * (performance.now() - startMs));
    await bell.next(signal, quietMs);
  }
  await listening;
}

/** Whether it may be better soon: no answer, or asked too often. */
function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError && error.problem.status === 429) return true;
  return error instanceof CliError && error.exitCode === ExitCode.unreachable;
}

/** Rings at every event of the server; a stream that ends is opened again. */
async function ringOnEvents(
  api: FleetApi,
  { bell, signal }: { readonly bell: Bell; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _ of api.events(signal)) bell.ring();
    } catch { /* the list itself says what is wrong */ }
    await pause(POLL_MS, signal);
  }
}

/** Wakes the reader after an event, and after {@linkcode POLL_MS} without one. */
class Bell {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  async next(signal: AbortSignal, quietMs: number): Promise<void> {
    const timer = new AbortController();
    const both = AbortSignal.any([signal, timer.signal]);
    await Promise.race([this.#rung.promise, pause(POLL_MS, both)]);
    timer.abort();
    await pause(quietMs, signal);
    this.#rung = Promise.withResolvers<void>();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {/* woken early */});
}

function tableView({ terminal, nowMs }: FleetsContext, { api, profile }: Session): View {
  const view = new LiveView(terminal);
  const colours = outColours(terminal);
  return {
    draw(devices) {
      const online = devices.filter((d) => d.online).length;
      const head = `${
        safeText(profile.serverName ?? "fleet")
      } at ${api.url}: ${devices.length} devices, ${online} online`;
      const columns = terminal.size()?.columns;
      const table = devices.length === 0
        ? "No devices.\n"
        : renderTable({ columns: deviceColumns(nowMs()), items: devices }, { colours, columns });
      view.draw(`${colours.bold(head)}\n\n${table}${colours.dim("Ctrl-C ends")}\n`);
    },
    close: () => view.close(),
  };
}

function changeLines(terminal: Terminal): View {
  let before = new Map<string, string>();
  return {
    draw(devices) {
      const now = new Map(devices.map((d) => [d.handle, safeJson(d)]));
      for (const [handle, line] of now) if (before.get(handle) !== line) terminal.out(`${line}\n`);
      before = now;
    },
    close: () => {},
  };
}
