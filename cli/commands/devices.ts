/**
 * `fleets devices`: the list, and what is done to one device at a time.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import {
  addExamples,
  canAsk,
  confirm,
  filterItems,
  filterOption,
  outputOption,
  parseDuration,
  usageError,
  writeList,
  writeMessage,
  writeNote,
} from "@fleetd/cli/kit";
import { findDevice } from "../api/find_device.ts";
import { openSession } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";
import { deviceColumns } from "../output/device_table.ts";
import { addIdentifyCommand } from "./devices_identify.ts";
import { parseLabelChanges } from "./label_arguments.ts";
import { addRegisterCommand } from "./devices_register.ts";
import { addDeviceNamesCommand } from "./names.ts";
import { addShowCommand } from "./devices_show.ts";
import { addWatchCommand } from "./devices_watch.ts";

const LONGEST_INTERVAL_S = 604_800;
const WHICH = "handle, the beginning of a handle, or name";

/** Adds `devices` and everything below it. */
export function addDevicesCommands(program: Command, context: FleetsContext): void {
  const devices = program.command("devices").description("see and manage the devices of the fleet");
  addListCommand(devices, context);
  addShowCommand(devices, context);
  addWatchCommand(devices, context);
  addRegisterCommand(devices, context);
  addRejectCommand(devices, context);
  addRenameCommand(devices, context);
  addLabelCommand(devices, context);
  addIntervalCommand(devices, context);
  addIdentifyCommand(devices, context);
  addReleaseCommand(devices, context);
  addRemoveCommand(devices, context);
  addDeviceNamesCommand(devices, context);
}

function addListCommand(devices: Command, { terminal, nowMs }: FleetsContext): void {
  const list = devices.command("list")
    .description("list the devices with their state and latest figures")
    .option("-a, --all", "also those taken out of the fleet")
    .addOption(filterOption())
    .addOption(outputOption())
    .action(async ({ all: removedToo, filter, output }) => {
      const act = "list devices";
      const { api } = await openSession(terminal, act);
      const present = await api.devices(act);
      const removed = removedToo ? await api.devices(act, { admission: "decommissioned" }) : [];
      const all = [...present, ...removed];
      writeList(terminal, {
        format: output,
        columns: deviceColumns(nowMs()),
        items: filterItems(all, filter),
        empty: all.length === 0
          ? "No devices yet. Make a token for one with: fleets tokens create"
          : "No device matches the filter.",
      });
      const waiting = all.filter((d) => d.admission === "pending").length;
      if (output === "table" && waiting > 0 && filter.length === 0) {
        const words = waiting === 1 ? "1 device waits" : `${waiting} devices wait`;
        writeNote(terminal, `${words} to be registered: fleets devices register`);
      }
    });
  addExamples(list, [
    { run: "fleets devices list", does: "everything" },
    { run: "fleets devices list --filter online=false", does: "what is not there" },
    {
      run: "fleets devices list --filter labels.site=berlin -o csv",
      does: "one site, for a spreadsheet",
    },
    { run: "fleets devices list --filter 'latest.cpu.use>0.8'", does: "what works hard" },
  ]);
}

function addRejectCommand(devices: Command, { terminal }: FleetsContext): void {
  devices.command("reject")
    .description("refuse a device that waits to be registered")
    .argument("<device>", WHICH)
    .action(async (reference) => {
      const act = `reject "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      await api.reject(act, device.handle);
      writeMessage(terminal, `Rejected ${device.handle}`);
    });
}

function addRenameCommand(devices: Command, { terminal }: FleetsContext): void {
  const rename = devices.command("rename")
    .description("give a device another name")
    .argument("<device>", WHICH)
    .argument("<name>", "1 to 63 letters, digits, dots, dashes or underscores")
    .action(async (reference, name) => {
      if (!/^[A-Za-z0-9._-]{1,63}$/.test(name)) {
        throw usageError(
          `Cannot rename "${reference}": "${name}" is no device name.`,
          "Use 1 to 63 letters, digits, dots, dashes or underscores.",
        );
      }
      const act = `rename "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      await api.change(act, device.handle, { name });
      writeMessage(terminal, `${device.handle} is now called ${name}`);
    });
  addExamples(rename, [{
    run: "fleets devices rename k7pq kitchen",
    does: "k7pq is enough where it is unique",
  }]);
}

function addLabelCommand(devices: Command, { terminal }: FleetsContext): void {
  const label = devices.command("label")
    .description("set and remove labels of a device")
    .argument("<device>", WHICH)
    .argument("<changes...>", "key=value sets a label, key- removes it")
    .action(async (reference, changes) => {
      const labels = parseLabelChanges(changes);
      const act = `label "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      await api.change(act, device.handle, { labels });
      const said = Object.entries(labels).map(([key, value]) =>
        value === null ? `${key} removed` : `${key}=${value}`
      );
      writeMessage(terminal, `${device.handle}: ${said.join(", ")}`);
    });
  addExamples(label, [
    { run: "fleets devices label kitchen site=berlin floor=2", does: "set two labels" },
    { run: "fleets devices label kitchen floor-", does: "remove one" },
  ]);
}

function addIntervalCommand(devices: Command, { terminal }: FleetsContext): void {
  const interval = devices.command("interval")
    .description("set how often a device syncs; it holds from its next sync on")
    .argument("<device>", WHICH)
    .argument("<duration>", "1s to 7d, such as 30s or 5m")
    .action(async (reference, duration) => {
      const act = `set the interval of "${reference}"`;
      const intervalS = parseDuration(duration) / 1_000;
      if (!Number.isInteger(intervalS) || intervalS < 1 || intervalS > LONGEST_INTERVAL_S) {
        throw usageError(
          `Cannot ${act}: "${duration}" is out of range.`,
          "Use whole seconds, from 1s to 7d.",
        );
      }
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      await api.change(act, device.handle, { intervalS });
      writeMessage(terminal, `${device.handle} syncs every ${duration} from its next sync on`);
    });
  addExamples(interval, [{
    run: "fleets devices interval kitchen 30s",
    does: "every half minute",
  }]);
}

function addReleaseCommand(devices: Command, { terminal }: FleetsContext): void {
  devices.command("release")
    .description("let a device out of quarantine; it makes new keys")
    .argument("<device>", WHICH)
    .action(async (reference) => {
      const act = `release "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      await api.release(act, device.handle);
      writeMessage(terminal, `Released ${device.handle} from quarantine`);
    });
}

function addRemoveCommand(devices: Command, { terminal }: FleetsContext): void {
  devices.command("remove")
    .description("decommission a device: the server no longer takes anything from it")
    .argument("<device>", WHICH)
    .option("-y, --yes", "do not ask")
    .action(async (reference, { yes }) => {
      const act = `remove "${reference}"`;
      const { api } = await openSession(terminal, act);
      const device = await findDevice(api, act, reference);
      const named = device.name ? `${device.handle} (${device.name})` : device.handle;
      if (!yes) {
        if (!canAsk(terminal)) {
          throw usageError(
            `Cannot ${act}: this needs an answer.`,
            "Without a terminal, confirm with --yes.",
          );
        }
        if (!await confirm(terminal, `Remove ${named} from the fleet?`)) {
          writeMessage(terminal, "Nothing was changed");
          return;
        }
      }
      await api.decommission(act, device.handle);
      writeMessage(terminal, `Removed ${named}`);
    });
}
