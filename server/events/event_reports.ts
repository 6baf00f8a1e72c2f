/**
 * @module
 * Events that devices report: each becomes one row, however often it is sent.
 */
import { ReportKind } from "@fleetd/firmware-protocol";
import type { Report, ReportReader } from "../reports/reports_section.ts";
import type { SyncContext } from "../sync/section.ts";
import type { Tx } from "../transaction.ts";
import type { DeviceEvents, NewDeviceEvent } from "./device_events.ts";
import type { LiveEvents } from "./live_events.ts";

/** What both readers stand on. */
export interface EventReportsOptions {
  readonly events: DeviceEvents;
  readonly live: LiveEvents;
}

/** Takes reports of kind event. */
export function eventReports(options: EventReportsOptions): ReportReader {
  return {
    kind: ReportKind.event,
    async take(tx, context, report) {
      if (report.item.kind !== ReportKind.event) return;
      const { name, severity, text } = report.item.body;
      await keep(tx, {
        ...options,
        context,
        report,
        event: { name, severity, text: text ?? null },
      });
    },
  };
}

/** Keeps reports that no feature takes as events, so that an acknowledgement never loses one. */
export function unclaimedReports(options: EventReportsOptions): Pick<ReportReader, "take"> {
  return {
    async take(tx, context, report) {
      const text = `A report of kind ${report.item.kind} that this server has no use for`;
      const event = { name: "report.unclaimed", severity: 6, text };
      await keep(tx, { ...options, context, report, event });
    },
  };
}

async function keep(
  tx: Tx,
  { events, live, context, report, event }: EventReportsOptions & {
    readonly context: SyncContext;
    readonly report: Report;
    readonly event: Pick<NewDeviceEvent, "name" | "severity" | "text">;
  },
): Promise<void> {
  const { deviceId, handle } = context.row;
  const { epoch, counter, atMs } = report;
  if (!await events.record(tx, { deviceId, atMs, ...event, report: { epoch, counter } })) return;
  await live.publish(tx, { kind: "event.recorded", deviceId, handle, atMs });
}
