/**
 * `fleetd status`: how the agent on this machine does.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import {
  formatBytes,
  formatDuration,
  formatQuantity,
  outputOption,
  safeText,
  type Terminal,
  writeJson,
  writeNote,
} from "@fleetd/cli/kit";
import { fingerprintOf, STANDARD_METRICS } from "@fleetd/firmware-protocol";
import { enrolledPin, publicState } from "../announced_txt.ts";
import { type OwnerView, viewStorage } from "../storage/owner_view.ts";
import { type FleetdContext, storageOf, understood } from "./context.ts";
import { findRunningAgent, type RunningStatus } from "./running_agent.ts";

/** Adds `status`. */
export function addStatusCommand(program: Command, context: FleetdContext): void {
  program.command("status")
    .description("show how the agent on this machine does")
    .addOption(outputOption(["table", "json"]))
    .option("--storage-dir <dir>", "the agent's storage")
    .action(({ output, storageDir }) => understood(() => status({ output, storageDir }, context)));
}

async function status(
  { output, storageDir }: { output: "table" | "json"; storageDir?: string },
  context: FleetdContext,
): Promise<void> {
  const { terminal } = context;
  const { disk } = context.ports();
  const layout = storageOf(context, storageDir);
  const running = await findRunningAgent(disk, { layout, named: storageDir !== undefined });
  if (running !== null) {
    if (output === "json") writeJson(terminal, output, { running: true, ...running.status });
    else writeRows(terminal, runningRows(running.status));
    return;
  }
  const view = await viewStorage(disk, layout);
  const { directory } = layout;
  if (output === "json") {
    const pin = view.state && enrolledPin(view.state);
    writeJson(terminal, output, {
      running: false,
      handle: view.identity?.handle ?? null,
      fingerprint: view.identity && fingerprintOf(view.identity.keyPair.publicKey),
      state: view.state === null ? "unenrolled" : publicState(view.state),
      server: pin && { url: pin.urls[0] ?? null, fingerprint: fingerprintOf(pin.serverKey) },
      storageDir: directory,
    });
    return;
  }
  writeRows(terminal, stoppedRows(view, directory));
  writeNote(terminal, "No agent runs here. Start it with: fleetd agent");
}

type Rows = readonly (readonly [label: string, value: string])[];

function runningRows(status: RunningStatus): Rows {
  const { server, sync, buffer, servers, tokenStatus } = status;
  const ago = (seconds: number | null) =>
    seconds === null ? "not yet" : `${formatDuration(seconds * 1_000)} ago`;
  return [
    ["device", status.name === null ? status.handle : `${status.handle}  ${status.name}`],
    ["fingerprint", status.fingerprint],
    ["model", status.model],
    [
      "agent",
      `fleetd ${status.agentVersion}, process ${status.pid}, up ${
        formatDuration(status.uptimeS * 1_000)
      }`,
    ],
    ["state", status.state + advice(status)],
    ...(server === null
      ? (servers ?? []).map(({ name, url, fingerprintPrefix }) =>
        ["sees", `${name} ${url} ${fingerprintPrefix}`] as const
      )
      : [
        ["server", `${server.url}  ${server.fingerprint}`] as const,
        [
          "trust",
          status.trust === "tofu"
            ? "first use; confirm with: fleetd trust FINGERPRINT"
            : status.trust ?? "",
        ] as const,
      ]),
    ...(tokenStatus && tokenStatus !== "used"
      ? [["token", `not taken: ${tokenStatus}`] as const]
      : []),
    ["last sync", ago(sync.lastAgoS)],
    ...(sync.failure === null ? [] : [["trouble", sync.failure] as const]),
    ...(sync.nextInS === null
      ? []
      : [["next sync", `in ${formatDuration(sync.nextInS * 1_000)}`] as const]),
    ["buffer", bufferText(buffer)],
    ["storage", status.storageDir],
    ...latestRows(status.latest),
  ];
}

function advice({ state, doing }: RunningStatus): string {
  if (state === "pending") return "; accept it on the server with: fleets devices register";
  if (state === "waiting") return "; choose a server: fleetd trust FINGERPRINT, or fleetd enroll";
  return state === "unenrolled" && doing === "looking" ? "; looks for a server" : "";
}

function bufferText(
  { bytes, capBytes, records, dropped, inMemory }: RunningStatus["buffer"],
): string {
  const parts = [`${formatBytes(bytes)} of ${formatBytes(capBytes)}`, `${records} records unsent`];
  if (dropped > 0) parts.push(`${dropped} dropped`);
  if (inMemory) parts.push("the disk takes nothing, kept in memory");
  return parts.join(", ");
}

function latestRows(latest: RunningStatus["latest"]): Rows {
  if (latest === null) return [];
  return STANDARD_METRICS.flatMap(({ name, unit }) => {
    const value = latest[name];
    return value === undefined ? [] : [[name, formatQuantity(value, unit)] as const];
  });
}

function stoppedRows({ identity, state, damaged }: OwnerView, directory: string): Rows {
  const pin = state && enrolledPin(state);
  return [
    ["device", identity?.handle ?? "has no identity yet"],
    ...(identity === null
      ? []
      : [["fingerprint", fingerprintOf(identity.keyPair.publicKey)] as const]),
    ["state", state === null ? "unenrolled" : publicState(state)],
    ...(pin === null
      ? []
      : [["server", `${pin.urls[0]}  ${fingerprintOf(pin.serverKey)}`] as const]),
    ...(damaged
      ? [["trouble", "a state file is damaged; the generation before is used"] as const]
      : []),
    ["storage", directory],
  ];
}

function writeRows(terminal: Terminal, rows: Rows): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) terminal.out(`${label.padEnd(width)}  ${safeText(value)}\n`);
}
