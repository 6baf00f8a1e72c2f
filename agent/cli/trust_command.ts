/**
 * `fleetd trust`: a person says that a server's key is the right one.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { addExamples, CliError, ExitCode, usageError, writeNote } from "@fleetd/cli/kit";
import { fingerprintOf } from "@fleetd/firmware-protocol";
import { enrolledPin } from "../announced_txt.ts";
import { writeDirections } from "../storage/directions_file.ts";
import { viewStorage } from "../storage/owner_view.ts";
import { type FleetdContext, storageOf, understood } from "./context.ts";
import { findRunningAgent } from "./running_agent.ts";

/** Adds `trust`. */
export function addTrustCommand(program: Command, context: FleetdContext): void {
  const command = program.command("trust <fingerprint>")
    .description("confirm the server's fingerprint, as `fleets server` prints it")
    .option("--storage-dir <dir>", "the agent's storage")
    .action((text, { storageDir }) => understood(() => trust(text, { context, storageDir })));
  addExamples(command, [{
    run: "fleetd trust k7pq-2m4d-9xwa-b3ne-t5uv-w6yz",
    does: "from now on this server may send commands and configuration",
  }]);
}

async function trust(
  text: string,
  { context, storageDir }: { context: FleetdContext; storageDir?: string },
): Promise<void> {
  const fingerprint = parseFingerprint(text);
  const { disk } = context.ports();
  const layout = storageOf(context, storageDir);
  const { state, directions } = await viewStorage(disk, layout);
  const pin = state && enrolledPin(state);
  const pinned = pin && fingerprintOf(pin.serverKey);
  if (pinned !== null && pinned !== fingerprint) {
    throw new CliError(`Cannot trust ${fingerprint}: this device is enrolled with ${pinned}.`, {
      hints: [
        "Compare with what `fleets server` prints on the server itself.",
        "If the device talks to the wrong server: fleetd enroll --replace --server URL.",
      ],
      exitCode: ExitCode.refused,
    });
  }
  await writeDirections(disk, {
    path: layout.directions,
    directions: { ...directions, fingerprint },
  });
  const running = await findRunningAgent(disk, { layout, named: true });
  const { terminal } = context;
  terminal.out(`Trusts the server with the fingerprint ${fingerprint}.\n`);
  writeNote(
    terminal,
    running === null
      ? "No agent runs here; it counts from the next `fleetd agent` on."
      : "The running agent takes it over within seconds.",
  );
}

/** A fingerprint as people write it: any case, with or without dashes. @throws {CliError} */
export function parseFingerprint(text: string): string {
  const letters = text.toLowerCase().replace(/[\s-]/g, "");
  if (/^[a-z2-7]{24}$/.test(letters)) return letters.match(/.{4}/g)!.join("-");
  throw usageError(
    `"${text}" is no fingerprint of a server.`,
    "It has six groups of four letters and digits 2 to 7; `fleets server` prints it at start.",
  );
}
