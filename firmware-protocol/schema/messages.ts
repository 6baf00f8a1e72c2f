/**
 * THE source of the wire protocol: every message, field, integer key, type and limit of major 1.
 * The tables are split by topic; this module puts them together. `tools/generate.ts` turns them into
 * TypeScript, C and CDDL, and holds them against `schema.lock.json`: keys are never reused or retyped.
 *
 * @module
 */
import { BATCH_TUPLES, BATCHES } from "./batches.ts";
import { ENROLMENT } from "./enrolment.ts";
import { SYNC_REPLY, SYNC_REQUEST, SYNC_TUPLES } from "./sync.ts";
import { TRUST, TRUST_TUPLES } from "./trust.ts";
import type { Message, Tuple, Values } from "./types.ts";
import { VALUES } from "./values.ts";

/** Everything the generator works from. */
export interface Schema {
  readonly major: number;
  readonly minor: number;
  /** Limits and constants both sides need; numbers are bytes, seconds or counts as the name says. */
  readonly limits: Readonly<Record<string, number>>;
  readonly values: readonly Values[];
  readonly tuples: readonly Tuple[];
  readonly messages: readonly Message[];
}

/** Protocol major 1, minor 0. */
export const SCHEMA: Schema = {
  major: 1,
  minor: 0,
  limits: {
    maxDepth: 6,
    maxItems: 4_096,
    maxKey: 65_535,
    helloMaxBytes: 256,
    message1MinBytes: 96,
    message1MaxBytes: 1_024,
    txMaxBytes: 16_384,
    rxMinBytes: 1_024,
    rxMaxBytes: 65_536,
    rxDefaultBytes: 16_384,
    requestOverheadBytes: 56,
    replyOverheadBytes: 41,
    logsMaxBytes: 8_192,
    inventoryMaxBytes: 4_096,
    manifestInlineMaxBytes: 768,
    commandResultMaxBytes: 4_096,
    samplesMax: 1_024,
    columnsMax: 64,
    dictionaryEntriesMax: 64,
    standardIdMax: 127,
    customIdMin: 128,
    customIdMax: 1_023,
    logLinesMax: 64,
    reportsMax: 16,
    waitMaxS: 50,
    intervalMaxS: 604_800,
    pendingIntervalMinS: 30,
    retryAfterMaxS: 900,
  },
  values: VALUES,
  tuples: [...SYNC_TUPLES, ...BATCH_TUPLES, ...TRUST_TUPLES],
  messages: [...ENROLMENT, ...SYNC_REQUEST, ...BATCHES, ...SYNC_REPLY, ...TRUST],
};
