/**
 * The reports stream (PROTOCOL §6, stream 3): command results and events, kept until the server has stored them. Nothing
 * is ever dropped here; a full queue makes the agent take no new commands.
 *
 * @module
 */
import {
  type CommandReport,
  type EventReport,
  PROTOCOL,
  type ReportItem,
  ReportKind,
  type ReportsBatch,
  reportsBatchCodec,
  Stream,
} from "@fleetd/firmware-protocol";
import type { RecordBuffer } from "../telemetry/record_buffer.ts";

/** Stream number of reports. */
export const REPORTS_STREAM = Stream.reports;
/** Reports take at most this much of the disk. */
export const REPORTS_CAP_BYTES = 512 << 10;
/** Room that must be left for a command to be taken. */
const COMMAND_ROOM_BYTES = 16 << 10;

/** The queue of one agent. */
export class ReportQueue {
  /** Called after each report, so that it need not wait for the next sync. */
  onReport: () => void = () => {};

  constructor(
    private readonly parts: {
      readonly buffer: RecordBuffer;
      readonly unixNowMs: () => number | null;
    },
  ) {}

  /** Whether one more command can be answered for certain. */
  hasRoom(): boolean {
    const { bytes, capBytes } = this.parts.buffer.fill();
    return bytes + COMMAND_ROOM_BYTES <= capBytes;
  }

  /** Queues the result of a command; durable when it resolves, unless the disk fails. Whether there was room. */
  command(report: CommandReport): Promise<boolean> {
    return this.add({ kind: ReportKind.command, time: this.time(), body: report });
  }

  /** Queues an event. Whether there was room. */
  event(report: EventReport): Promise<boolean> {
    return this.add({ kind: ReportKind.event, time: this.time(), body: report });
  }

  /** Whether the last thing that an earlier process reported is the result of this command. @throws {DiskError} */
  async wasAnswered(id: number): Promise<boolean> {
    const record = await this.parts.buffer.newestOfEarlier();
    return record !== null &&
      readItem(record).some(({ kind, body }) => kind === ReportKind.command && body.id === id);
  }

  /** The oldest reports as a batch of at most `maxBytes`, or `null`. @throws {DiskError} */
  async next(maxBytes: number): Promise<{ batch: ReportsBatch; more: boolean } | null> {
    const run = await this.parts.buffer.oldest({
      records: PROTOCOL.reportsMax + 1,
      bytes: maxBytes,
    });
    if (run === null) return null;
    const items = run.records.flatMap(readItem);
    let batch: ReportsBatch = {
      epoch: run.epoch,
      first: run.first,
      items: items.slice(0, PROTOCOL.reportsMax),
    };
    while (batch.items.length > 0 && reportsBatchCodec.encode(batch).length > maxBytes) {
      batch = { ...batch, items: batch.items.slice(0, -1) };
    }
    return batch.items.length === 0
      ? null
      : { batch, more: batch.items.length < run.records.length };
  }

  private time(): number {
    return this.parts.unixNowMs() ?? 0;
  }

  private async add(item: ReportItem): Promise<boolean> {
    const record = reportsBatchCodec.encode({ epoch: 0, first: 0, items: [item] });
    const kept = await this.parts.buffer.append(record);
    if (kept) this.onReport();
    return kept;
  }
}

function readItem(record: Uint8Array): readonly ReportItem[] {
  return reportsBatchCodec.decode(record).items;
}
