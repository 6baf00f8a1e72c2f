/**
 * @module
 * The part of a sync that runs inside the transaction: the sequence number is judged and taken, the
 * device's heartbeat written, every section applied, all or nothing.
 */
import { ProtocolError, Stream } from "@fleetd/firmware-protocol";
import { confirmHandshake, type ConfirmOptions } from "../enrolment/confirm.ts";
import { type CloneSign, raiseCloneAlarm } from "../enrolment/clone_alarm.ts";
import { isOnline } from "../events/online.ts";
import { type Awaitable, Conflict, type Tx, whenDone } from "../transaction.ts";
import { judgeSequence, KEPT_TAG_BYTES, type SequenceVerdict } from "./judge_sequence.ts";
import { rejectionOf } from "./rejection.ts";
import type { SyncContext, SyncSection, SyncSections } from "./section.ts";
import type { RememberedSession, SessionCache } from "./session_cache.ts";
import type { SyncHead } from "./sync_head.ts";
import type { RowChange, SyncRecords, SyncRow } from "./sync_records.ts";

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
  readonly sessions: Pick<SessionCache, "remember">;
}

const MOST_REJECTED = 3;
/** Keys that count for devices of every state. */
const LAST_HEAD_KEY = 9;

/**
 * Takes a message in the transaction of its effects. A message that goes on as all the others did stands on
 * the remembered row and finds out when it is written whether that was right; every other one is judged by
 * what the database holds.
 * @throws Conflict when the remembered row was wrong: it is forgotten, and the work is to run again
 */
export function takeMessage(
  tx: Tx,
  message: VerifiedMessage,
  options: TakeOptions,
): Awaitable<TakenMessage> {
  const { row } = message.session;
  if (row === undefined) return loaded(tx, message, options);
  const verdict = judgeSequence(row, message);
  const isPlain = isUsual(verdict) && row.resyncNonce === null && !mayRevise(message, options);
  return isPlain
    ? taken(tx, row, { message, options, isChecked: false })
    : loaded(tx, message, options);
}

function isUsual(verdict: SequenceVerdict): boolean {
  return verdict.kind === "fresh" && verdict.sign === undefined && verdict.count === undefined;
}

function mayRevise({ entries }: VerifiedMessage, { sections }: TakeOptions): boolean {
  for (const { requestKey, revises } of sections) {
    if (revises === true && entries.has(requestKey!)) return true;
  }
  return false;
}

/** Reads the session's row, or confirms the handshake whose first message this is. */
async function loaded(
  tx: Tx,
  message: VerifiedMessage,
  options: TakeOptions,
): Promise<TakenMessage> {
  const { kid, address, receivedAtMs: nowMs } = message;
  const { records, enrolment } = options;
  let row = await records.load(tx, kid);
  if (row === undefined && await confirmHandshake(tx, { ...enrolment, kid, address, nowMs })) {
    row = await records.load(tx, kid);
  }
  return row === undefined ? { kind: "unknown" } : await judged(tx, row, message, options);
}

function judged(
  tx: Tx,
  row: SyncRow,
  message: VerifiedMessage,
  options: TakeOptions,
): Awaitable<TakenMessage> {
  const verdict = judgeSequence(row, message);
  return isUsual(verdict)
    ? taken(tx, row, { message, options, isChecked: true })
    : unusual(tx, row, { message, options, verdict });
}

async function unusual(
  tx: Tx,
  found: SyncRow,
  { message, options, verdict }: {
    readonly message: VerifiedMessage;
    readonly options: TakeOptions;
    readonly verdict: SequenceVerdict;
  },
): Promise<TakenMessage> {
  const { kid } = message;
  const sign = "sign" in verdict ? verdict.sign : undefined;
  const row = sign === undefined ? found : await alarmed(tx, found, { message, options, sign });
  switch (verdict.kind) {
    case "revoked":
      return { kind: "unknown" };
    case "resync":
      return { kind: "resync", row, nonce: verdict.nonce };
    case "stale":
      if (verdict.isBehind) message.session.behindBootId = message.head.bootId;
      return { kind: "stale", row };
    case "repeat": {
      const context = contextOf(row, message, options);
      await applySections(tx, context, { message, options, from: 0 });
      return { kind: "taken", context };
    }
    case "fresh":
      if (verdict.count !== undefined) {
        await options.records.countStale(tx, { kid, ...verdict.count });
        tx.afterCommit(() => message.session.behindBootId = undefined);
      }
      return await taken(tx, row, { message, options, isChecked: true });
  }
}

function taken(
  tx: Tx,
  row: SyncRow,
  { message, options, isChecked }: {
    readonly message: VerifiedMessage;
    readonly options: TakeOptions;
    readonly isChecked: boolean;
  },
): Awaitable<TakenMessage> {
  const { session, kid } = message;
  const context = contextOf(row, message, options);
  return whenDone(applySections(tx, context, { message, options, from: 0 }), () => {
    const change = changeOf(row, message, context);
    const kept = options.records.take(tx, kid, { before: row, after: change, isChecked });
    return whenDone(kept, (isKept) => {
      if (!isKept) {
        session.row = undefined;
        throw new Conflict("the session's row is not what was remembered");
      }
      tx.afterCommit(() => {
        if (isChecked && mayRevise(message, options)) session.row = undefined;
        else options.sessions.remember(session, goOn(row, change));
      });
      const rest = seldom(tx, row, { message, options });
      return whenDone(rest, (): TakenMessage => ({ kind: "taken", context }));
    });
  });
}

/** What few messages bring about: the end of a resync, a device that is back. */
function seldom(
  tx: Tx,
  row: SyncRow,
  { message, options }: { readonly message: VerifiedMessage; readonly options: TakeOptions },
): Awaitable<void> {
  const { kid, receivedAtMs } = message;
  if (row.resyncNonce === null && isOnline(row, receivedAtMs)) return;
  return (async () => {
    if (row.resyncNonce !== null) await options.records.endResync(tx, kid);
    if (isOnline(row, receivedAtMs)) return;
    await options.enrolment.live.publish(tx, {
      kind: "device.online",
      deviceId: row.deviceId,
      handle: row.handle,
      atMs: receivedAtMs,
    });
  })();
}

function changeOf(
  row: SyncRow,
  { seq, tag, head, address, receivedAtMs }: VerifiedMessage,
  { positions, conditions }: SyncContext,
): RowChange {
  const isNewBoot = head.bootId !== row.bootId;
  const metrics = positionIn(positions, Stream.metrics);
  const reports = positionIn(positions, Stream.reports);
  return {
    lastSeq: seq,
    lastTag: keptTag(tag),
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
    conditions,
  };
}

/** The row as the message left it. Field by field: `Object.assign` costs as much as finding the session. */
function goOn(row: SyncRow, change: RowChange): SyncRow {
  const next = row as { -readonly [Field in keyof SyncRow]: SyncRow[Field] };
  next.lastSeq = change.lastSeq;
  next.lastTag = change.lastTag;
  next.lastSeenMs = change.lastSeenMs;
  next.lastAddress = change.lastAddress;
  next.bootId = change.bootId;
  next.uptimeMs = change.uptimeMs;
  next.previousBootId = change.previousBootId;
  next.previousUptimeMs = change.previousUptimeMs;
  next.clock = change.clock;
  next.bootReason = change.bootReason;
  next.rxMax = change.rxMax;
  next.agentVersion = change.agentVersion;
  next.metricsEpoch = change.metricsEpoch;
  next.metricsThrough = change.metricsThrough;
  next.metricsLost = change.metricsLost;
  next.reportsEpoch = change.reportsEpoch;
  next.reportsThrough = change.reportsThrough;
  next.reportsLost = change.reportsLost;
  next.conditions = change.conditions;
  return next;
}

/** Copied: a view would keep the whole request alive as long as the session. By hand: slice() costs ten times that. */
function keptTag(tag: Uint8Array): Uint8Array {
  const kept = new Uint8Array(KEPT_TAG_BYTES);
  for (let at = 0; at < KEPT_TAG_BYTES; at++) kept[at] = tag[at]!;
  return kept;
}

function positionIn(positions: SyncContext["positions"], stream: number) {
  for (const position of positions) if (position.stream === stream) return position;
  return undefined;
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

function contextOf(
  row: SyncRow,
  { kid, seq, head, address, receivedAtMs }: VerifiedMessage,
  { serverEpoch }: TakeOptions,
): SyncContext {
  return {
    kid,
    seq,
    head,
    row,
    address,
    receivedAtMs,
    nowMs: receivedAtMs,
    isAccepted: row.admission === "accepted",
    isSuspect: row.quarantined === 1,
    isNewEpoch: head.serverEpoch !== serverEpoch,
    positions: [],
    conditions: row.conditions,
    acks: [],
    need: [],
    rejected: [],
  };
}

/** Applies the sections from one on; at once as long as they are done at once. */
function applySections(
  tx: Tx,
  context: SyncContext,
  { message, options, from }: {
    readonly message: VerifiedMessage;
    readonly options: TakeOptions;
    readonly from: number;
  },
): Awaitable<void> {
  const { sections } = options;
  for (let at = from; at < sections.length; at++) {
    const section = sections[at]!;
    const bytes = bytesFor(section, context, message);
    const done = bytes && applySection(tx, context, { section, bytes });
    if (done instanceof Promise) {
      return done.then(() => applySections(tx, context, { message, options, from: at + 1 }));
    }
  }
}

/** What the message says to a section; undefined = nothing that counts. */
function bytesFor(
  { requestKey }: SyncSection,
  { isAccepted }: SyncContext,
  { entries }: VerifiedMessage,
): Uint8Array | undefined {
  if (requestKey === undefined || (!isAccepted && requestKey > LAST_HEAD_KEY)) return undefined;
  return entries.get(requestKey);
}

function applySection(
  tx: Tx,
  context: SyncContext,
  { section, bytes }: { readonly section: SyncSection; readonly bytes: Uint8Array },
): Awaitable<void> {
  let value: unknown;
  try {
    value = section.decode?.(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (context.rejected.length < MOST_REJECTED) {
      context.rejected.push(rejectionOf(section.requestKey!, bytes));
    }
    return;
  }
  return section.apply?.(tx, context, value, bytes);
}
