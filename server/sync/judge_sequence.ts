/**
 * @module
 * What a message's sequence number means, as one pure function (PROTOCOL §4, "Sequence").
 *
 * A message that comes late or again is no sign of a second program: anybody on the network can hold messages
 * back and send what was recorded, and must not be able to put a device into quarantine. Signs are what only a
 * program with the key can do: go on from an answer, or say in one boot what was not said yet.
 */
import { equalBytes } from "@fleetd/firmware-protocol";
import type { CloneSign } from "../enrolment/clone_alarm.ts";
import type { SyncHead } from "./sync_head.ts";
import type { SyncRow } from "./sync_records.ts";

/** Bytes of a tag that are kept. */
export const KEPT_TAG_BYTES = 16;
/** A message under a kid revoked less than this ago can give a clone away. */
export const REVOKED_WATCH_MS = 86_400_000;

const STALE_WINDOW_MS = 86_400_000;
const STALE_ALARM = 3;

/** What to do with a message. */
export type SequenceVerdict =
  /**
   * Take its effects. `sign` = and raise the alarm. `count` = its program had fallen behind and has caught up:
   * write down how often that happened.
   */
  | {
    readonly kind: "fresh";
    readonly sign?: CloneSign;
    readonly count?: { readonly count: number; readonly sinceMs: number };
  }
  /** It was taken before: answer it again. */
  | { readonly kind: "repeat" }
  /** Take nothing, say `stale_seq`. `isBehind` = its boot may be another program's: remember it. */
  | { readonly kind: "stale"; readonly isBehind?: true; readonly sign?: CloneSign }
  /** Take nothing, say `resync` with the nonce. */
  | { readonly kind: "resync"; readonly nonce: Uint8Array }
  /** The kid was replaced: as good as unknown. */
  | { readonly kind: "revoked"; readonly sign?: CloneSign };

/** The message to judge. */
export interface JudgedMessage {
  readonly seq: number;
  /** Its whole tag, 32 bytes, verified. */
  readonly tag: Uint8Array;
  readonly head: SyncHead;
  /** What is remembered of the session: the boot of its last message that was behind. */
  readonly session: { readonly behindBootId: number | undefined };
  /** When it arrived, Unix ms. */
  readonly receivedAtMs: number;
}

/** Judges a verified message against its session. */
export function judgeSequence(row: SyncRow, message: JudgedMessage): SequenceVerdict {
  const { seq, head, receivedAtMs: nowMs } = message;
  if (row.status === "revoked") {
    const isRecent = row.revokedAtMs !== null && nowMs - row.revokedAtMs < REVOKED_WATCH_MS;
    return isRecent && seq > row.lastSeq && !wasSeen(row, head)
      ? { kind: "revoked", sign: "message under a replaced key" }
      : { kind: "revoked" };
  }
  if (
    row.resyncNonce !== null &&
    !(head.resyncNonce !== undefined && equalBytes(head.resyncNonce, row.resyncNonce))
  ) return { kind: "resync", nonce: row.resyncNonce };
  if (seq > row.lastSeq) return judgeFresh(row, message);
  if (seq < row.lastSeq) {
    return wasSeen(row, head) ? { kind: "stale" } : { kind: "stale", isBehind: true };
  }
  const { lastTag } = row;
  return lastTag !== null && equalBytes(message.tag.subarray(0, KEPT_TAG_BYTES), lastTag)
    ? { kind: "repeat" }
    : { kind: "stale", sign: "same sequence number, other message" };
}

function judgeFresh(
  row: SyncRow,
  { head, session, receivedAtMs: nowMs }: JudgedMessage,
): SequenceVerdict {
  if (row.bootId !== head.bootId && row.previousBootId === head.bootId) {
    return { kind: "fresh", sign: "two boots alternate" };
  }
  if (session.behindBootId !== head.bootId) return { kind: "fresh" };
  // It was told the last number and went on from there, which a recording cannot. Once is a restored device.
  const isWindowOpen = row.staleSinceMs !== null && nowMs - row.staleSinceMs < STALE_WINDOW_MS;
  const count = {
    count: isWindowOpen ? row.staleCount + 1 : 1,
    sinceMs: isWindowOpen ? row.staleSinceMs! : nowMs,
  };
  return count.count >= STALE_ALARM
    ? { kind: "fresh", count, sign: "sequence went backwards three times in 24 hours" }
    : { kind: "fresh", count };
}

/** Whether a boot at or before this uptime was heard already. */
function wasSeen(row: SyncRow, head: SyncHead): boolean {
  const seenUptimeMs = head.bootId === row.bootId
    ? row.uptimeMs
    : head.bootId === row.previousBootId
    ? row.previousUptimeMs
    : null;
  return seenUptimeMs !== null && head.uptimeMs <= seenUptimeMs;
}
