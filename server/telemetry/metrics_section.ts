/**
 * @module
 * Key 12 of a sync, the metrics stream: what is new of a batch is dated and stored and the stream's position
 * advances, in the transaction that takes the message. The acknowledgement goes out after its commit:
 * exactly-once in effect.
 */
import {
  dictionaryDigest,
  equalBytes,
  type MetricsBatch,
  metricsBatchCodec,
  NeedCode,
  ProtocolError,
  sampleTimes,
  Stream,
  syncRequestFields,
} from "@fleetd/firmware-protocol";
import type { DeviceEvents } from "../events/device_events.ts";
import type { LiveEvents } from "../events/live_events.ts";
import type { SyncContext, SyncSection } from "../sync/section.ts";
import { section } from "../sync/section.ts";
import { stepStream } from "../sync/stream_position.ts";
import type { StreamPosition, SyncRow } from "../sync/sync_records.ts";
import { type Awaitable, type Tx, whenDone } from "../transaction.ts";
import { changedConditions, conditionEvent, judgeConditions } from "./conditions.ts";
import { dateBatch } from "./date_batch.ts";
import { KnownDictionaries } from "./known_dictionaries.ts";
import { sliceBatch } from "./slice_batch.ts";
import { LONGEST_BATCH_MS, type NewBatch } from "./telemetry.ts";
import type { TelemetryRecords } from "./telemetry_records.ts";

interface DecodedBatch {
  readonly batch: MetricsBatch;
  /** Time of each sample, by the batch's own base. */
  readonly atMs: readonly number[];
}

/** What the section stands on. */
export interface MetricsSectionOptions {
  readonly records: TelemetryRecords;
  readonly events: Pick<DeviceEvents, "record">;
  readonly live: LiveEvents;
}

/** The metrics section. */
export function metricsSection(options: MetricsSectionOptions): SyncSection {
  const { records, live } = options;
  const dictionaries = new KnownDictionaries(records);
  return section<DecodedBatch>({
    name: "metrics",
    requestKey: syncRequestFields.metrics.key,
    decode: decodeBatch,
    apply(tx, context, decoded, bytes) {
      const { batch } = decoded;
      const { row } = context;
      const step = stepStream(positionOf(row), batch);
      const acknowledge = (through: number) =>
        void context.acks.push({ stream: Stream.metrics, epoch: batch.epoch, through });
      if (step.kind === "ended") return acknowledge(batch.first + batch.count - 1);
      if (step.kind === "known") return acknowledge(row.metricsThrough ?? 0);
      const { skip, position } = step;
      const asked = { batch, nowMs: context.receivedAtMs };
      return whenDone(dictionaries.know(tx, row.deviceId, asked), (isKnown) => {
        if (!isKnown) return void context.need.push(NeedCode.dictionary);
        const offsetMs = offsetOf(context, decoded);
        const stored = records.append(tx, pieces(context, decoded, { bytes, skip, offsetMs }));
        context.positions.push({ stream: Stream.metrics, ...position });
        acknowledge(position.through);
        const judged = whenDone(
          stored,
          () => judge(tx, context, { batch, ...options }),
        );
        return whenDone(judged, () =>
          live.publish(tx, {
            kind: "device.telemetry",
            deviceId: row.deviceId,
            handle: row.handle,
            atMs: context.receivedAtMs,
          }));
      });
    },
  });
}

/** Notes what the figures say a person should see to; few batches change that. */
function judge(
  tx: Tx,
  context: SyncContext,
  { batch, events, live }: Pick<MetricsSectionOptions, "events" | "live"> & {
    readonly batch: MetricsBatch;
  },
): Awaitable<void> {
  if (context.isSuspect) return;
  const changes = judgeConditions(context.conditions, batch);
  if (changes.length === 0) return;
  context.conditions = changedConditions(context.conditions, changes);
  return (async () => {
    const { deviceId, handle } = context.row;
    const atMs = context.receivedAtMs;
    for (const change of changes) {
      await events.record(tx, { deviceId, atMs, ...conditionEvent(change) });
    }
    await live.publish(tx, { kind: "device.changed", deviceId, handle, atMs });
  })();
}

function decodeBatch(bytes: Uint8Array): DecodedBatch {
  const batch = syncRequestFields.metrics.decode(bytes);
  const { dictionary, dictionaryEntries } = batch;
  if (dictionaryEntries !== undefined) {
    if (dictionary === undefined || !equalBytes(dictionaryDigest(dictionaryEntries), dictionary)) {
      throw new ProtocolError(
        "schema.inconsistent",
        "Cannot take a metrics batch: its dictionary is not the one its digest names",
        { field: "MetricsBatch.dictionary" },
      );
    }
  }
  return { batch, atMs: sampleTimes(batch) };
}

/** How far the metrics stream of a device is stored. */
export function positionOf(row: SyncRow): StreamPosition | null {
  return row.metricsEpoch === null ? null : {
    epoch: row.metricsEpoch,
    through: row.metricsThrough ?? 0,
    lost: row.metricsLost,
  };
}

function offsetOf(context: SyncContext, { batch, atMs }: DecodedBatch): number | null {
  return dateBatch(batch, {
    lastMs: atMs.at(-1)!,
    request: {
      bootId: context.head.bootId,
      uptimeMs: context.head.uptimeMs,
      receivedAtMs: context.receivedAtMs,
    },
  });
}

/** The batch as it came, or cut where part of it is known or where it lasts too long. */
function pieces(
  context: SyncContext,
  { batch, atMs }: DecodedBatch,
  { bytes, skip, offsetMs }: {
    readonly bytes: Uint8Array;
    readonly skip: number;
    readonly offsetMs: number | null;
  },
): NewBatch[] {
  const list: NewBatch[] = [];
  for (let from = skip; from < batch.count;) {
    let to = from + 1;
    while (
      to < batch.count && (offsetMs === null || atMs[to]! - atMs[from]! <= LONGEST_BATCH_MS)
    ) to++;
    const isWhole = from === 0 && to === batch.count;
    list.push({
      deviceId: context.row.deviceId,
      receivedAtMs: context.receivedAtMs,
      fromMs: offsetMs === null ? null : atMs[from]! + offsetMs,
      toMs: offsetMs === null ? null : atMs[to - 1]! + offsetMs,
      suspect: context.isSuspect,
      body: isWhole ? bytes : metricsBatchCodec.encode(sliceBatch(batch, { from, to })),
    });
    from = to;
  }
  return list;
}
