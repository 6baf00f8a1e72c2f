/**
 * `fleetd enroll`: tells this device's agent which server it belongs to, by token, by address, or both.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { addExamples, CliError, ExitCode, usageError, writeNote } from "@fleetd/cli/kit";
import { fingerprintOf, parseToken } from "@fleetd/firmware-protocol";
import type { AgentState } from "../agent_state.ts";
import { enrolledPin } from "../announced_txt.ts";
import { parseServerUrl } from "../config.ts";
import { readSecretToken } from "./read_token.ts";
import { matchesToken } from "../session/choose_server.ts";
import { writeDirections, type WrittenDirections } from "../storage/directions_file.ts";
import { viewStorage } from "../storage/owner_view.ts";
import { type FleetdContext, storageOf, understood } from "./context.ts";
import { findRunningAgent } from "./running_agent.ts";

interface EnrollOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly storageDir?: string;
  readonly replace?: boolean;
}

/** Adds `enroll`. */
export function addEnrollCommand(program: Command, context: FleetdContext): void {
  const command = program.command("enroll")
    .description(
      "tell the agent which server it belongs to; asks for a token when nothing is given",
    )
    .option("--server <url>", "address of the server; not needed where mDNS finds it")
    .option("--token-file <file>", 'file with an enrolment token; "-" reads it from stdin')
    .option("--replace", "give up the server that this device is enrolled with")
    .option("--storage-dir <dir>", "the agent's storage")
    .action((options) => understood(() => enroll(options, context)));
  addExamples(command, [
    { run: "fleetd enroll", does: "asks for the token that `fleets tokens create` printed" },
    { run: "fleetd enroll --token-file token.txt", does: "takes it from a file" },
    {
      run: "fleetd enroll --server http://192.168.1.10:8080",
      does: "by address; an administrator accepts it",
    },
  ]);
}

async function enroll(options: EnrollOptions, context: FleetdContext): Promise<void> {
  const { terminal } = context;
  const { disk } = context.ports();
  const layout = storageOf(context, options.storageDir);
  const server = options.server === undefined ? undefined : parseServerUrl(options.server);
  const asks = options.tokenFile === undefined && server === undefined && !options.replace;
  const token = options.tokenFile === undefined && !asks
    ? undefined
    : await readSecretToken(terminal, options.tokenFile);
  const { state, directions, identity } = await viewStorage(disk, layout);
  if (!options.replace) refuseOtherServer(state, { token });
  const next: WrittenDirections = {
    ...(options.replace ? {} : directions),
    ...(server === undefined ? {} : { server }),
    ...(token === undefined ? {} : { token }),
    ...(options.replace ? { forget: true } : {}),
  };
  await writeDirections(disk, { path: layout.directions, directions: next });
  if (identity !== null) terminal.out(`This device is ${identity.handle}.\n`);
  const running = await findRunningAgent(disk, { layout, named: true });
  const then = token === undefined
    ? "an administrator then accepts it: fleets devices register"
    : "the token admits it";
  writeNote(
    terminal,
    running === null
      ? `No agent runs here. Start it with: fleetd agent; ${then}.`
      : `The running agent enrols within seconds; ${then}. fleetd status shows how it goes.`,
  );
}

/** A pinned key is replaced only where the owner says so in as many words. */
function refuseOtherServer(state: AgentState | null, { token }: { token?: string }): void {
  const pin = state && enrolledPin(state);
  if (pin === null) return;
  const pinned = fingerprintOf(pin.serverKey);
  if (token === undefined) {
    if (pin.trust === "tofu" || state?.name === "pending") return;
    throw usageError(
      `This device is enrolled with the server ${pinned} already.`,
      "To move it to another server: fleetd enroll --replace --server URL.",
    );
  }
  const { serverKeyHash } = parseToken(token);
  if (matchesToken(serverKeyHash, pin.serverKey)) return;
  throw new CliError(
    `Cannot use this token: it is of another server, and this device is enrolled with ${pinned}.`,
    {
      hints: [
        "To move the device to the token's server: fleetd enroll --replace --token-file FILE.",
      ],
      exitCode: ExitCode.refused,
    },
  );
}
