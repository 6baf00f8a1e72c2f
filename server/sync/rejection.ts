/**
 * @module
 * What to tell about a section that failed its schema: which records the device is to count and drop, as
 * far as they can still be made out.
 */
import {
  ProtocolError,
  readMap,
  type RejectedSection,
  syncRequestFields,
  WireErrorCode,
} from "@fleetd/firmware-protocol";

const EPOCH = 1;
const FIRST = 2;
const REPORT_ITEMS = 3;
const COUNT = 10;
const MAX_COUNTER = 2 ** 48 - 1;

/**
 * The entry for a rejected section.
 * @param key of the request
 * @param bytes its encoding: well-formed CBOR that breaks the schema
 */
export function rejectionOf(key: number, bytes: Uint8Array): RejectedSection {
  const { epoch, through } = isBatch(key) ? recordsOf(key, bytes) : { epoch: 0, through: 0 };
  return { section: key, code: WireErrorCode.schema, epoch, through };
}

function isBatch(key: number): boolean {
  return key === syncRequestFields.metrics.key || key === syncRequestFields.reports.key ||
    key === syncRequestFields.logs.key;
}

/** Epoch and last counter of a batch; 0 and 0 where they cannot be read. */
function recordsOf(key: number, bytes: Uint8Array): { epoch: number; through: number } {
  const nothing = { epoch: 0, through: 0 };
  let fields: Map<number, Uint8Array>;
  try {
    fields = readMap(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return nothing;
  }
  const epoch = numberAt(fields, EPOCH), first = numberAt(fields, FIRST);
  const count = key === syncRequestFields.metrics.key
    ? numberAt(fields, COUNT)
    : itemsAt(fields, key === syncRequestFields.reports.key ? REPORT_ITEMS : 6);
  if (epoch === undefined || first === undefined || count === undefined || count < 1) {
    return nothing;
  }
  const through = first + count - 1;
  return epoch > 0xffff_ffff || through > MAX_COUNTER ? nothing : { epoch, through };
}

function numberAt(fields: ReadonlyMap<number, Uint8Array>, key: number): number | undefined {
  const bytes = fields.get(key);
  return bytes === undefined ? undefined : headOf(bytes, 0);
}

function itemsAt(fields: ReadonlyMap<number, Uint8Array>, key: number): number | undefined {
  const bytes = fields.get(key);
  return bytes === undefined ? undefined : headOf(bytes, 4);
}

/** The argument of a CBOR head of this major type (RFC 8949 §3). */
function headOf(bytes: Uint8Array, major: number): number | undefined {
  const initial = bytes[0] ?? 0xff;
  if (initial >> 5 !== major) return undefined;
  const info = initial & 31;
  if (info < 24) return info;
  let value = 0;
  for (const byte of bytes.subarray(1, 1 + 2 ** (info - 24))) value = value * 256 + byte;
  return value;
}
