/**
 * @module
 * The part of a sync that runs inside the transaction: the sequence number is judged and taken, the
 * device's heartbeat written, every section applied, all or nothing.
 */
import { type Ack, ProtocolError } from "@fleetd/firmware-protocol";
import { confirmHandshake, type ConfirmOptions } from "../enrolment/confirm.ts";
import { type CloneSign, raiseCloneAlarm } from "../enrolment/clone_alarm.ts";
import { isOnline } from "../events/online.ts";
import type { Tx } from "../transaction.ts";
import { judgeSequence, KEPT_TAG_BYTES } from "./judge_sequence.ts";
import { rejectionOf } from "./rejection.ts";
import type { SyncContext, SyncSections } from "./section.ts";
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
}

/** What became of it. */
export type TakenMessage =
  | { readonly kind: "unknown" }
  | { readonly kind: "taken"; readonly isFresh: boolean; readonly context: SyncContext }
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
  const { kid, address, receivedAtMs: nowMs } = message;
  const { records, enrolment } = options;
  let row = await records.load(tx, kid);
  if (row === undefined) {
    if (!await confirmHandshake(tx, { ...enrolment, kid, address, nowMs })) {
      return { kind: "unknown" };
    }
    row = (await records.load(tx, kid))!;
  }
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
      return { kind: "taken", isFresh: false, context: await applied(tx, row, message, options) };
    case "fresh": {
      const tag = message.tag.subarray(0, KEPT_TAG_BYTES);
      if (!await records.advance(tx, { kid, seq: message.seq, tag })) {
        // Another server took a message of this kid in between: what it stored decides.
        return { kind: "stale", row: await records.load(tx, kid) ?? row };
      }
      await beat(tx, row, message, options);
      return { kind: "taken", isFresh: true, context: await applied(tx, row, message, options) };
    }
  }
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

async function beat(
  tx: Tx,
  row: SyncRow,
  { head, address, receivedAtMs }: VerifiedMessage,
  { records, enrolment }: TakeOptions,
): Promise<void> {
  const isNewBoot = head.bootId !== row.bootId;
  await records.heartbeat(tx, {
    deviceId: row.deviceId,
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
  });
  if (!isOnline(row, receivedAtMs)) {
    await enrolment.live.publish(tx, {
      kind: "device.online",
      deviceId: row.deviceId,
      handle: row.handle,
      atMs: receivedAtMs,
    });
  }
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
    acks: new Map<number, Ack>(),
    need: new Set<number>(),
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
