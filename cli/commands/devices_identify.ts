/**
 * `fleets devices identify`: the device logs a line and reports back, which shows that it listens.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { CliError, ExitCode, formatDuration, writeMessage } from "@fleetd/cli/kit";
import { setTimeout as delay } from "node:timers/promises";
import type { FleetApi } from "../api/client.ts";
import { findDevice } from "../api/find_device.ts";
import { openSession } from "../api/session.ts";
import type { Command as DeviceCommand } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";
import { timeoutOption } from "./timeout_option.ts";

const POLL_MS = 250;

/** Adds `identify`. */
export function addIdentifyCommand(devices: Command, { terminal, nowMs }: FleetsContext): void {
  devices.command("identify")
    .description("ask a device to make itself known in its log, and wait for its answer")
    .argument("<device>", "handle, the beginning of a handle, or name")
    .addOption(timeoutOption("how long to wait for the answer", "30s"))
    .action(async (reference, { timeout }) => {
      const act = `identify "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      const startMs = nowMs();
      const command = await api.identify(act, device.handle);
      const done = await settled(api, {
        act,
        handle: device.handle,
        id: command.id,
        timeoutMs: timeout,
      });
      if (done.status !== "ok") throw await unwilling(api, act, done);
      writeMessage(terminal, `${device.handle} answered in ${formatDuration(nowMs() - startMs)}`);
    });
}

/** Why the device did not do it, and the way out where there is one. */
async function unwilling(
  api: FleetApi,
  act: string,
  { status, state, output }: DeviceCommand,
): Promise<CliError> {
  const said = output ? `: ${output}` : "";
  if (status !== "refused") {
    return new CliError(`Cannot ${act}: the device answered "${status ?? state}"${said}.`);
  }
  const { fingerprint } = await api.server(act);
  return new CliError(`Cannot ${act}: the device refused the command${said}.`, {
    exitCode: ExitCode.refused,
    hints: [
      "A device that trusts this server on first use takes no commands. Confirm the server on the device:",
      `fleetd trust ${fingerprint}`,
    ],
  });
}

async function settled(
  api: FleetApi,
  { act, handle, id, timeoutMs }: { act: string; handle: string; id: number; timeoutMs: number },
): Promise<DeviceCommand> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const command = await api.command(act, handle, id);
    if (command.state === "finished" || command.state === "expired") return command;
    if (performance.now() >= deadline) {
      throw new CliError(`Cannot ${act}: no answer in ${formatDuration(timeoutMs)}.`, {
        exitCode: ExitCode.timedOut,
        hints: ["The device takes the command with its next sync, if that comes soon enough."],
      });
    }
    await delay(POLL_MS);
  }
}
