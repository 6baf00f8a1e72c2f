/**
 * @module
 * Commands to a device, and what became of them.
 */
import { CommandStatus } from "@fleetd/firmware-protocol";
import { Buffer } from "node:buffer";
import * as v from "valibot";
import type { Command } from "../../commands/commands.ts";
import { identifyDevice } from "../../commands/identify.ts";
import { json, route } from "../route_table.ts";
import { handle, handleParams, wholeNumber } from "../schema_parts.ts";
import { findDevice } from "./device_views.ts";
import { commandSchema } from "./schemas.ts";

type CommandView = v.InferOutput<typeof commandSchema>;

/** The wire's numbers by name. */
const STATUS_NAMES = new Map<number, CommandView["status"]>(
  Object.entries(CommandStatus).map(([name, number]) => [number, name as CommandView["status"]]),
);

export const commandsRoutes = [
  route({
    method: "POST",
    path: "/api/v1/devices/:handle/identify",
    access: "operator",
    operation: "identifyDevice",
    summary: "Ask a device to make itself known where it stands",
    tag: "commands",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    params: handleParams,
    replies: { 202: { description: "The command waits for the device", schema: commandSchema } },
    handle: async ({ params, scope, actor }, features) => {
      const { commands, transactions } = features;
      const device = await findDevice(scope, params.handle, features);
      const id = await transactions.write((tx) => identifyDevice(tx, actor, { commands, device }));
      return json(commandView(await commands.get(device, id)), 202);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/devices/:handle/commands/:id",
    access: "viewer",
    operation: "getCommand",
    summary: "A command and what became of it",
    tag: "commands",
    bodyLimitBytes: 0,
    rate: { burst: 300, perMinute: 3_000 },
    params: v.strictObject({ handle, id: wholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER }) }),
    replies: { 200: { description: "The command", schema: commandSchema } },
    handle: async ({ params, scope }, features) => {
      const device = await findDevice(scope, params.handle, features);
      return json(commandView(await features.commands.get(device, params.id)));
    },
  }),
];

/** Output of a command as text: what is not UTF-8 is shown as such. */
function commandView(command: Command): CommandView {
  const { id, name, state, createdAtMs, expiresAtMs, finishedAtMs, status, code, output, actor } =
    command;
  return {
    id,
    name,
    state,
    createdAtMs,
    expiresAtMs,
    finishedAtMs,
    status: status === null ? null : STATUS_NAMES.get(status) ?? null,
    code,
    output: output === null ? null : Buffer.from(output).toString("utf8"),
    actor,
  };
}
