/**
 * @module
 * Key 14 of a sync, the reports stream: each new record goes to the feature that owns its kind. Stream 3
 * never drops on the device, so what is acknowledged here is stored.
 */
import {
  type ReportItem,
  type ReportsBatch,
  Stream,
  syncRequestFields,
} from "@fleetd/firmware-protocol";
import { section, type SyncContext, type SyncSection } from "../sync/section.ts";
import { stepStream } from "../sync/stream_position.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** One record of the stream. */
export interface Report {
  readonly item: ReportItem;
  readonly epoch: number;
  readonly counter: number;
  /** When it happened as far as can be told, Unix ms, never later than its arrival. */
  readonly atMs: number;
}

/** Takes the reports of one kind; runs once for each record. */
export interface ReportReader {
  /** `ReportKind`. */
  readonly kind: number;
  take(tx: Tx, context: SyncContext, report: Report): Awaitable<void>;
}

/** What the section stands on. */
export interface ReportsSectionOptions {
  /** By kind; reports of a kind that nobody takes go to `other`. */
  readonly readers: readonly ReportReader[];
  readonly other: Pick<ReportReader, "take">;
}

/** Before this a device's clock was never set. 2020-01-01. */
const EARLIEST_MS = 1_577_836_800_000;

/** The reports section. */
export function reportsSection({ readers, other }: ReportsSectionOptions): SyncSection {
  const byKind = new Map(readers.map((reader) => [reader.kind, reader]));
  return section<ReportsBatch>({
    name: "reports",
    requestKey: syncRequestFields.reports.key,
    revises: true,
    decode: (bytes) => syncRequestFields.reports.decode(bytes),
    async apply(tx, context, { epoch, first, items }) {
      const { row } = context;
      const position = row.reportsEpoch === null ? null : {
        epoch: row.reportsEpoch,
        through: row.reportsThrough ?? 0,
        lost: row.reportsLost,
      };
      const step = stepStream(position, { epoch, first, count: items.length });
      let through = step.kind === "ended" ? first + items.length - 1 : position?.through ?? 0;
      if (step.kind === "new") {
        through = step.position.through;
        for (const [index, item] of items.entries()) {
          if (index < step.skip) continue;
          const report = { item, epoch, counter: first + index, atMs: timeOf(item, context) };
          await (byKind.get(item.kind) ?? other).take(tx, context, report);
        }
        context.positions.push({ stream: Stream.reports, ...step.position });
      }
      context.acks.push({ stream: Stream.reports, epoch, through });
    },
  });
}

function timeOf({ time }: ReportItem, { receivedAtMs }: SyncContext): number {
  return time < EARLIEST_MS ? receivedAtMs : Math.min(time, receivedAtMs);
}
