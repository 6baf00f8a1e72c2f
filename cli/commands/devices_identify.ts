/**
 * `fleets devices identify`: the device logs a line and reports back, which shows that it listens.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { CliError, ExitCode, formatDuration } from "@fleetd/cli/kit";
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
      if (done.status !== "ok") {
        throw new CliError(`Cannot ${act}: the device answered "${done.status ?? done.state}".`);
      }
      terminal.err(`${device.handle} answered in ${formatDuration(nowMs() - startMs)}\n`);
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
