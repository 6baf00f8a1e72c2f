/**
 * `fleets devices show`: one device, everything known about it.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import { outColours, outputOption, writeJson } from "@fleetd/cli/kit";
import { findDevice } from "../api/find_device.ts";
import { openSession } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";
import { renderDevicePage } from "../output/device_page.ts";

/** Adds `show`. */
export function addShowCommand(devices: Command, { terminal, nowMs }: FleetsContext): void {
  devices.command("show")
    .description("show a device: identity, latest figures, inventory, events")
    .argument("<device>", "handle, the beginning of a handle, or name")
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action(async (reference, { output }) => {
      const act = `show "${reference}"`;
      const { api } = await openSession(terminal, act);
      const { handle } = await findDevice(api, act, reference);
      const device = await api.device(act, handle);
      if (output === "table") {
        terminal.out(renderDevicePage(device, { colours: outColours(terminal), nowMs: nowMs() }));
      } else {
        writeJson(terminal, output, device);
      }
    });
}
