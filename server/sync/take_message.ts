/**
 * @module
 * The part of a sync that runs inside the transaction: the sequence number is judged and taken, the
 * device's heartbeat written, every section applied, all or nothing.
 */
import { ProtocolError, Stream } from "@fleetd/firmware-protocol";
import { confirmHandshake, type ConfirmOptions } from "../enrolment/confirm.ts";
import { type CloneSign, raiseCloneAlarm } from "../enrolment/clone_alarm.ts";
import { DomainError } from "../errors.ts";
import { isOnline } from "../events/online.ts";
import type { Tx } from "../transaction.ts";
import { judgeSequence, KEPT_TAG_BYTES } from "./judge_sequence.ts";
import { rejectionOf } from "./rejection.ts";
import type { SyncContext, SyncSections } from "./section.ts";
import type { RememberedSession } from "./session_cache.ts";
import type { SyncHead } from "./sync_head.ts";
import type { SyncRecords, SyncRow } from "./sync_records.ts";

/** A verified message whose head could be read. */
export interface VerifiedMessage {
  readonly kid: Uint8Array;
  readonly seq: number;
  /** 32 bytes. */
  readonly tag: Uint8Array;
  readonly head: SyncHead;
  /** Every key of the request with its encoded value. */
  readonly entries: ReadonlyMap<number, Uint8Array>;
  readonly address: string;
  readonly receivedAtMs: number;
  /** What this server remembers of the session. */
  readonly session: RememberedSession;
}

/** What became of it. */
export type TakenMessage =
  | { readonly kind: "unknown" }
  | { readonly kind: "taken"; readonly context: SyncContext }
  | { readonly kind: "stale"; readonly row: SyncRow }
  | { readonly kind: "resync"; readonly row: SyncRow; readonly nonce: Uint8Array };

/** What taking a message stands on. */
export interface TakeOptions {
  readonly records: SyncRecords;
  readonly sections: SyncSections;
  readonly enrolment: ConfirmOptions;
  readonly serverEpoch: number;
}

const MOST_REJECTED = 3;
/** Keys that count for devices of every state. */
const LAST_HEAD_KEY = 9;

/** Takes a message in the transaction of its effects. */
export async function takeMessage(
  tx: Tx,
  message: VerifiedMessage,
  options: TakeOptions,
): Promise<TakenMessage> {
  const { kid, receivedAtMs: nowMs } = message;
  const { records } = options;
  let row = await rowOf(tx, message, options);
  if (row === undefined) return { kind: "unknown" };
  const verdict = judgeSequence(row, { ...message, nowMs });
  const sign = "sign" in verdict ? verdict.sign : undefined;
  if (sign !== undefined) row = await alarmed(tx, row, { message, options, sign });
  switch (verdict.kind) {
    case "revoked":
      return { kind: "unknown" };
    case "resync":
      return { kind: "resync", row, nonce: verdict.nonce };
    case "stale":
      if (verdict.count !== undefined) await records.countStale(tx, { kid, ...verdict.count });
      return { kind: "stale", row };
    case "repeat":
      return { kind: "taken", context: await applied(tx, row, message, options) };
    case "fresh":
      return { kind: "taken", context: await taken(tx, row, message, options) };
  }
}

/** The session's row: the remembered one where it still stands, or a handshake's that is confirmed now. */
async function rowOf(
  tx: Tx,
  { kid, session, address, receivedAtMs: nowMs }: VerifiedMessage,
  { records, enrolment }: TakeOptions,
): Promise<SyncRow | undefined> {
  const remembered = session.row;
  if (remembered !== undefined && await records.isCurrent(tx, kid, remembered)) return remembered;
  const row = await records.load(tx, kid);
  if (row !== undefined) return row;
  return await confirmHandshake(tx, { ...enrolment, kid, address, nowMs })
    ? await records.load(tx, kid)
    : undefined;
}

async function taken(
  tx: Tx,
  row: SyncRow,
  message: VerifiedMessage,
  options: TakeOptions,
): Promise<SyncContext> {
  const { kid, session, receivedAtMs } = message;
  const { records, enrolment } = options;
  const context = await applied(tx, row, message, options);
  const after = rowAfter(row, message, context.positions);
  if (row.resyncNonce !== null) await records.endResync(tx, kid);
  if (!await records.take(tx, kid, { before: row, after })) {
    throw new DomainError(
      "store.unavailable",
      "Cannot take a sync: another server took one of this device at the same moment",
      { retryAfterS: 1 },
    );
  }
  if (!isOnline(row, receivedAtMs)) {
    await enrolment.live.publish(tx, {
      kind: "device.online",
      deviceId: row.deviceId,
      handle: row.handle,
      atMs: receivedAtMs,
    });
  }
  tx.afterCommit(() => session.row = after);
  return context;
}

function rowAfter(
  row: SyncRow,
  { seq, tag, head, address, receivedAtMs }: VerifiedMessage,
  positions: SyncContext["positions"],
): SyncRow {
  const isNewBoot = head.bootId !== row.bootId;
  const metrics = positions.get(Stream.metrics), reports = positions.get(Stream.reports);
  return {
    ...row,
    lastSeq: seq,
    // Copied: a view would keep the whole request alive as long as the session.
    lastTag: tag.slice(0, KEPT_TAG_BYTES),
    resyncNonce: null,
    lastSeenMs: receivedAtMs,
    lastAddress: address,
    bootId: head.bootId,
    uptimeMs: head.uptimeMs,
    previousBootId: isNewBoot ? row.bootId : row.previousBootId,
    previousUptimeMs: isNewBoot ? row.uptimeMs : row.previousUptimeMs,
    clock: head.clock ?? row.clock,
    bootReason: head.bootReason ?? row.bootReason,
    rxMax: head.rxMax ?? row.rxMax,
    agentVersion: head.agentVersion ?? row.agentVersion,
    metricsEpoch: metrics?.epoch ?? row.metricsEpoch,
    metricsThrough: metrics?.through ?? row.metricsThrough,
    metricsLost: metrics?.lost ?? row.metricsLost,
    reportsEpoch: reports?.epoch ?? row.reportsEpoch,
    reportsThrough: reports?.through ?? row.reportsThrough,
    reportsLost: reports?.lost ?? row.reportsLost,
  };
}

async function alarmed(
  tx: Tx,
  row: SyncRow,
  { message, options, sign }: {
    readonly message: VerifiedMessage;
    readonly options: TakeOptions;
    readonly sign: CloneSign;
  },
): Promise<SyncRow> {
  await raiseCloneAlarm(tx, {
    ...options.enrolment,
    records: options.enrolment.quarantine,
    device: { id: row.deviceId, handle: row.handle },
    sign,
    address: message.address,
    nowMs: message.receivedAtMs,
  });
  return { ...row, quarantined: 1 };
}

async function applied(
  tx: Tx,
  row: SyncRow,
  message: VerifiedMessage,
  { sections, serverEpoch }: TakeOptions,
): Promise<SyncContext> {
  const { head, entries } = message;
  const isAccepted = row.admission === "accepted";
  const context: SyncContext = {
    kid: message.kid,
    seq: message.seq,
    head,
    row,
    address: message.address,
    receivedAtMs: message.receivedAtMs,
    nowMs: message.receivedAtMs,
    isAccepted,
    isSuspect: row.quarantined === 1,
    isNewEpoch: head.serverEpoch !== serverEpoch,
    positions: new Map(),
    acks: new Map(),
    need: new Set(),
    rejected: [],
  };
  for (const section of sections) {
    const key = section.requestKey;
    if (key === undefined || (!isAccepted && key > LAST_HEAD_KEY)) continue;
    const bytes = entries.get(key);
    if (bytes === undefined) continue;
    let value: unknown;
    try {
      value = section.decode?.(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (context.rejected.length < MOST_REJECTED) context.rejected.push(rejectionOf(key, bytes));
      continue;
    }
    const done = section.apply?.(tx, context, value, bytes);
    if (done !== undefined) await done;
  }
  return context;
}
