/**
 * @module
 * Commands in a sync: key 15 of the request says how far the device has taken them, key 8 of the reply
 * repeats those it has not. Reports of kind command end them.
 */
import {
  type Command as WireCommand,
  ReportKind,
  syncRequestFields,
} from "@fleetd/firmware-protocol";
import type { LiveEvents } from "../events/live_events.ts";
import type { ReportReader } from "../reports/reports_section.ts";
import type { ReplyDraft } from "../sync/reply_draft.ts";
import { section, type SyncContext, type SyncSection } from "../sync/section.ts";
import type { CommandRecords } from "./commands.ts";

/** Commands in one reply. */
const MOST_AT_ONCE = 4;
const MOST_OUTPUT_BYTES = 4_096;

/** Hands out commands. */
export function commandsSection({ records }: { readonly records: CommandRecords }): SyncSection {
  return section<number>({
    name: "commands",
    requestKey: syncRequestFields.commandsThrough.key,
    revises: true,
    decode: (bytes) => syncRequestFields.commandsThrough.decode(bytes),
    async apply(tx, { row }, through) {
      if (through > row.commandsThrough) {
        await records.markTaken(tx, { deviceId: row.deviceId, through });
      }
    },
    contribute(context, reply) {
      const { row, isAccepted, isSuspect } = context;
      if (!isAccepted || isSuspect || row.hasOpenCommands === 0) return;
      return handOut(records, context, reply);
    },
  });
}

async function handOut(
  records: CommandRecords,
  { row: { deviceId }, nowMs }: SyncContext,
  reply: ReplyDraft,
): Promise<void> {
  const waiting = await records.waiting({ deviceId, nowMs, limit: MOST_AT_ONCE + 1 });
  if (waiting.length === 0) return;
  const commands: WireCommand[] = waiting.slice(0, MOST_AT_ONCE).map((command) => ({
    id: command.id,
    name: command.name,
    ...(command.args === null ? {} : { args: command.args }),
    ttlS: Math.max(1, Math.ceil((command.expiresAtMs - nowMs) / 1_000)),
  }));
  let count = commands.length;
  while (count > 0 && !reply.add("commands", commands.slice(0, count))) count--;
  if (waiting.length > count) reply.setMore();
}

/** Takes reports of kind command. */
export function commandReports(
  { records, live }: { readonly records: CommandRecords; readonly live: LiveEvents },
): ReportReader {
  return {
    kind: ReportKind.command,
    async take(tx, { row }, { item, atMs }) {
      if (item.kind !== ReportKind.command) return;
      const { id, status, code, output, part, fullSize } = item.body;
      const endsAt = (part ?? 0) * 1_024 + (output?.length ?? 0);
      const finished = await records.finish(tx, {
        deviceId: row.deviceId,
        id,
        status,
        code: code ?? null,
        output: output ?? null,
        isPartial: part !== undefined && endsAt < Math.min(fullSize ?? 0, MOST_OUTPUT_BYTES),
        atMs,
      });
      if (!finished) return;
      await live.publish(tx, {
        kind: "command.finished",
        deviceId: row.deviceId,
        handle: row.handle,
        atMs,
      });
    },
  };
}
