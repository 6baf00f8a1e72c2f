/**
 * `fleetd doctor`: what is wrong, and how to mend it.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import {
  CliError,
  formatDuration,
  outColours,
  outputOption,
  safeText,
  type Terminal,
  writeJson,
} from "@fleetd/cli/kit";
import { agentChecks } from "../doctor/agent_checks.ts";
import { bad, type Check, good, warning } from "../doctor/check.ts";
import { hostChecks } from "../doctor/host_checks.ts";
import { type Candidate } from "../agent_state.ts";
import { lineLog } from "../log.ts";
import type { Ports } from "../ports.ts";
import { chooseServer } from "../session/choose_server.ts";
import { ServerWatch } from "../session/server_watch.ts";
import { viewStorage } from "../storage/owner_view.ts";
import { type FleetdContext, storageOf, understood } from "./context.ts";
import { findRunningAgent, type RunningAgent } from "./running_agent.ts";

/** How long the network is watched for servers. */
const WATCH_MS = 3_000;

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, context: FleetdContext): void {
  program.command("doctor")
    .description("find out what is wrong, and how to mend it")
    .addOption(outputOption(["table", "json"]))
    .option("--storage-dir <dir>", "the agent's storage")
    .option("--no-mdns", "do not look for servers on the network")
    .action((options) => understood(() => doctor(options, context)));
}

async function doctor(
  options: { output: "table" | "json"; storageDir?: string; mdns: boolean },
  context: FleetdContext,
): Promise<void> {
  const { terminal } = context;
  const ports = context.ports();
  const layout = storageOf(context, options.storageDir);
  const named = options.storageDir !== undefined;
  const running = await findRunningAgent(ports.disk, { layout, named });
  const view = await viewStorage(ports.disk, layout);
  const seen = options.mdns ? await watchServers(ports) : null;
  const signal = ports.process.stopSignal;
  const checks = [
    ...await hostChecks(ports, { storageDir: layout.directory }),
    ...await agentChecks({ network: ports.network, view, running: running !== null, seen, signal }),
    ...running === null ? [] : runningChecks(running),
  ];
  if (options.output === "json") writeJson(terminal, options.output, checks);
  else writeChecks(terminal, checks);
  const broken = checks.filter(({ ok }) => ok === false).length;
  if (broken > 0) {
    throw new CliError(
      `Found ${broken} thing${broken === 1 ? "" : "s"} that keep the agent from working.`,
    );
  }
}

/** What a running agent says of itself. */
function runningChecks({ status }: RunningAgent): Check[] {
  const { buffer, sync, intervalS } = status;
  const checks: Check[] = [];
  if (buffer.inMemory) {
    checks.push(bad("telemetry buffer", {
      found: "the disk takes nothing, new samples are kept in memory",
      advice: "Make room on the disk, or mend it; the agent goes on by itself.",
    }));
  } else if (buffer.dropped > 0) {
    checks.push(warning("telemetry buffer", {
      found: `${buffer.dropped} samples were dropped because the buffer was full`,
      advice: "The server was away for longer than the buffer lasts, or the disk has little room.",
    }));
  } else checks.push(good("telemetry buffer", `${buffer.records} records unsent, none dropped`));
  if (intervalS === undefined) return checks;
  const name = "contact with the server";
  const last = sync.lastAgoS;
  const late = last === null || last > 3 * intervalS + 30;
  checks.push(
    late
      ? bad(name, {
        found: sync.failure ?? "no answer yet",
        advice: "See the checks of the server above.",
      })
      : good(name, `last answer ${formatDuration(last * 1_000)} ago`),
  );
  return checks;
}

/** The servers that mDNS shows within a few seconds, one each. */
async function watchServers({ network, clock, process }: Ports): Promise<string[]> {
  let seen: readonly Candidate[] = [];
  const watch = new ServerWatch({
    network,
    clock,
    log: lineLog({ clock, level: "error", write: () => {} }),
    mdns: true,
    onSeen: (candidates) => seen = candidates,
  });
  watch.look();
  await clock.sleep(WATCH_MS, process.stopSignal);
  await watch.stop();
  const nobody = { server: null, token: null, fingerprint: null, bundle: null };
  const choice = chooseServer(nobody, { seen, failures: 0 });
  const servers = choice.kind === "none"
    ? []
    : choice.kind === "one"
    ? [choice.candidate]
    : choice.candidates;
  return servers.map(({ name, url, fingerprintPrefix }) =>
    `${name} (${url}, ${fingerprintPrefix})`
  );
}

function writeChecks(terminal: Terminal, checks: readonly Check[]): void {
  const colours = outColours(terminal);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, ok, found, advice } of checks) {
    const mark = ok === true
      ? colours.green("ok  ")
      : ok === false
      ? colours.red("BAD ")
      : colours.yellow("look");
    terminal.out(`${mark}  ${safeText(name).padEnd(width)}  ${safeText(found)}\n`);
    if (advice !== "") terminal.out(`${" ".repeat(width + 8)}${safeText(advice)}\n`);
  }
}
