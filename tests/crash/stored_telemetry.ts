/**
 * What a server's database really holds, read from the file itself once the server has ended: every record of every batch,
 * how far each stream is said to be stored, and whether an alarm was raised.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import {
  decodeSamples,
  metricsBatchCodec,
  type Sample,
  Stream,
  TimeBase,
} from "@fleetd/firmware-protocol";

/** One sample as stored. */
export interface StoredSample extends Sample {
  readonly epoch: number;
  readonly counter: number;
  /** Whether `atMs` is Unix time; else the uptime of a device that did not know the time yet. */
  readonly dated: boolean;
  /** Whether the server took its time for a real one. */
  readonly believed: boolean;
}

/** One device's share of the database. */
export interface StoredDevice {
  /** In the order in which they were stored. */
  readonly samples: readonly StoredSample[];
  /** Of the metrics stream. */
  readonly stream: { readonly epoch: number; readonly through: number; readonly lost: number };
  readonly quarantined: boolean;
  /** Messages that came with a sequence number used before. */
  readonly staleMessages: number;
}

/** Reads a device. @throws Error when the database is damaged or does not know it */
export function readStoredDevice(path: string, handle: string): StoredDevice {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const device = database.prepare("SELECT id, quarantined FROM devices WHERE handle = ?")
      .get(handle) as { id: number; quarantined: number } | undefined;
    if (device === undefined) throw new Error(`${path} does not know ${handle}`);
    const stream = database.prepare(
      "SELECT epoch, through, lost FROM streams WHERE device_id = ? AND stream = ?",
    ).get(device.id, Stream.metrics) as unknown as StoredDevice["stream"];
    const { stale } = database.prepare(
      "SELECT coalesce(sum(stale_count), 0) AS stale FROM sessions WHERE device_id = ?",
    ).get(device.id) as { stale: number };
    const { folded } = database.prepare(
      "SELECT count(*) AS folded FROM telemetry_blocks WHERE device_id = ?",
    ).get(device.id) as { folded: number };
    // Batches move on to blocks after a quarter of an hour; no test here lasts that long.
    if (folded > 0) throw new Error(`${folded} blocks of ${handle} are not read here`);
    const rows = database.prepare(
      "SELECT body, from_ms FROM telemetry_log WHERE device_id = ? ORDER BY id",
    )
      .all(device.id) as { body: Uint8Array; from_ms: number | null }[];
    return {
      samples: rows.flatMap(({ body, from_ms }) => samplesOf(body, from_ms !== null)),
      stream: { ...stream },
      quarantined: device.quarantined !== 0,
      staleMessages: stale,
    };
  } finally {
    database.close();
  }
}

/** What SQLite itself says of the file: "ok" when all is well. */
export function checkIntegrity(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("PRAGMA integrity_check").all() as { integrity_check: string }[];
    const broken = database.prepare("PRAGMA foreign_key_check").all();
    if (broken.length > 0) return `${broken.length} rows refer to rows that are not there`;
    return rows.map((row) => row.integrity_check).join("\n");
  } finally {
    database.close();
  }
}

function samplesOf(body: Uint8Array, believed: boolean): StoredSample[] {
  const batch = metricsBatchCodec.decode(body);
  return decodeSamples(batch).map((sample, at) => ({
    ...sample,
    epoch: batch.epoch,
    counter: batch.first + at,
    dated: batch.base === TimeBase.unix,
    believed,
  }));
}
