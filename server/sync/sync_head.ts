/**
 * @module
 * Keys 0-9 of a sync request and the resync nonce: what every message says, of devices of every state.
 */
import {
  type FieldCodec,
  ProtocolError,
  syncRequestFields as fields,
} from "@fleetd/firmware-protocol";

/** The head of a request. Absent = not said this time. */
export interface SyncHead {
  /** Minor of the sender. */
  readonly v: number;
  /** Since the cold start, ms, deep sleep included. */
  readonly uptimeMs: number;
  /** uint32, new at each cold start. */
  readonly bootId: number;
  readonly agentVersion?: string;
  /** Last seen by the device; 0 = none. */
  readonly serverEpoch: number;
  readonly clock?: number;
  /** Unix ms as the device believes. */
  readonly deviceTime?: number;
  readonly bootReason?: number;
  /** How long the reply may be held, s, ≤ 50; 0 = not at all. */
  readonly waitS: number;
  /** Largest reply body it takes, bytes, 1,024..65,536. */
  readonly rxMax?: number;
  /** 8 bytes. */
  readonly resyncNonce?: Uint8Array;
}

/** A head that cannot be read. */
export class HeadError extends Error {
  override readonly name = "HeadError";

  /** @param section the key that is missing or malformed */
  constructor(readonly section: number, options: ErrorOptions) {
    super(`Cannot take the sync request: key ${section} is missing or malformed`, options);
  }
}

/**
 * Reads the head from a request's entries.
 * @throws HeadError naming the key
 */
export function readSyncHead(entries: ReadonlyMap<number, Uint8Array>): SyncHead {
  return {
    v: required(entries, fields.v),
    uptimeMs: required(entries, fields.uptimeMs),
    bootId: required(entries, fields.bootId),
    agentVersion: optional(entries, fields.agentVersion),
    serverEpoch: required(entries, fields.serverEpoch),
    clock: optional(entries, fields.clock),
    deviceTime: optional(entries, fields.deviceTime),
    bootReason: optional(entries, fields.bootReason),
    waitS: optional(entries, fields.waitS) ?? 0,
    rxMax: optional(entries, fields.rxMax),
    resyncNonce: optional(entries, fields.resyncNonce),
  };
}

function required<T>(entries: ReadonlyMap<number, Uint8Array>, field: FieldCodec<T>): T {
  const bytes = entries.get(field.key);
  if (bytes === undefined) {
    throw new HeadError(field.key, { cause: new TypeError(`${field.name} is missing`) });
  }
  return decoded(bytes, field);
}

function optional<T>(
  entries: ReadonlyMap<number, Uint8Array>,
  field: FieldCodec<T>,
): T | undefined {
  const bytes = entries.get(field.key);
  return bytes === undefined ? undefined : decoded(bytes, field);
}

function decoded<T>(bytes: Uint8Array, field: FieldCodec<T>): T {
  try {
    return field.decode(bytes);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new HeadError(field.key, { cause });
  }
}
