/**
 * A device whose life is full of accidents: restarts, lost storage, wrong clocks, holes in its records, messages out of turn.
 * Otherwise it is honest: it repeats the same bytes until an answer is verified, keeps what is not acknowledged, and believes
 * nothing that is not sealed for the request it sent.
 *
 * @module
 */
import { equal, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  DeviceStateCode,
  encodeSamples,
  macKey,
  metricByName,
  openSyncReply,
  sealSyncRequest,
  type SessionKeys,
  sha256,
  type SyncReply,
  syncReplyCodec,
  syncRequestCodec,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import type { Delivery } from "./faulty_network.ts";
import type { Message, Outcome, Recorded } from "./server_model.ts";

/** What the device's clock is. */
export type ClockState = "right" | "slow" | "future" | "past";

/** Milliseconds that a clock adds to the time. A server believes what is neither ahead of it nor before 2020. */
const OFFSET_MS: Readonly<Record<ClockState, number>> = {
  right: 0,
  slow: -60_000,
  future: 3_600_000,
  past: -Date.UTC(2026, 0, 1) + Date.UTC(1970, 0, 2),
};
const BLOCK = 256;
const PROCESSES = metricByName("processes")!.id;
const BATCH = 40;

interface Held extends Recorded {
  readonly atMs: number;
}

/** A message that waits for its answer. */
export interface Outstanding {
  readonly body: Uint8Array;
  readonly message: Message;
}

/** What sets one program apart from its copy. */
interface Memory {
  kid: Uint8Array;
  keys: SessionKeys;
  seq: number;
  epoch: number;
  nextCounter: number;
  records: Held[];
}

let values = 0;

/** One program with a device's key. */
export class FaultyDevice {
  bootId: number;
  #uptimeMs = 1_000;
  clock: ClockState = "right";
  outstanding: Outstanding | undefined;
  /** Everything that a verified answer acknowledged. */
  readonly acknowledged: Recorded[] = [];
  /** Answers since the last verified one that said its key is not known. */
  refusals = 0;

  constructor(readonly memory: Memory, readonly randomBoot: () => number) {
    this.bootId = randomBoot();
  }

  /** A copy of its storage in another machine. */
  copied(): FaultyDevice {
    const copy = new FaultyDevice(
      { ...this.memory, records: [...this.memory.records] },
      this.randomBoot,
    );
    copy.skipToBlock();
    return copy;
  }

  get unsent(): number {
    return this.memory.records.length;
  }

  take(count: number): void {
    const { memory } = this;
    for (let i = 0; i < count; i++) {
      memory.records.push({
        epoch: memory.epoch,
        counter: memory.nextCounter++,
        value: ++values,
        dated: this.clock === "right" || this.clock === "slow",
        atMs: Date.now() + OFFSET_MS[this.clock],
      });
    }
  }

  /** Its oldest records go, as in a full buffer. */
  dropOldest(count: number): void {
    this.memory.records.splice(0, count);
  }

  /** Everything in memory goes; storage stays. */
  restart(): void {
    this.bootId = this.randomBoot();
    this.#uptimeMs = 1_000;
    this.outstanding = undefined;
    this.skipToBlock();
  }

  /** The buffer goes with its storage, and a new one is begun. */
  loseBuffer(): void {
    const { memory } = this;
    memory.epoch = memory.seq + BLOCK;
    memory.nextCounter = 1;
    memory.records = [];
    this.outstanding = undefined;
    this.skipToBlock();
  }

  /**
   * New keys; what was not answered under the old ones is not sent again. Numbers go on: they are the device's, and a
   * buffer's epoch, which is one of them, must never be lower than an older one's.
   */
  enrolled({ kid, keys }: { readonly kid: Uint8Array; readonly keys: SessionKeys }): void {
    this.memory.kid = kid;
    this.memory.keys = keys;
    this.refusals = 0;
    this.outstanding = undefined;
  }

  skipToBlock(): void {
    this.memory.seq = Math.ceil((this.memory.seq + 1) / BLOCK) * BLOCK;
  }

  /** The next message, or the one that is not answered yet. */
  next(): Outstanding {
    return this.outstanding ??= this.compose({ seq: ++this.memory.seq, batch: this.#batch() });
  }

  /** Any message. */
  compose(
    { seq, batch, serverEpoch = 1 }: {
      readonly seq: number;
      readonly batch: readonly Held[];
      readonly serverEpoch?: number;
    },
  ): Outstanding {
    const uptimeMs = this.#uptimeMs += 1_000;
    const { kid, keys } = this.memory;
    const [first] = batch;
    const payload = syncRequestCodec.encode({
      v: 0,
      uptimeMs,
      bootId: this.bootId,
      serverEpoch,
      clock: 2,
      deviceTime: Date.now() + OFFSET_MS[this.clock],
      ...(first === undefined ? {} : {
        metrics: encodeSamples({
          epoch: first.epoch,
          first: first.counter,
          base: "unix",
          samples: batch.map(({ atMs, value }) => ({
            atMs,
            values: new Map([[PROCESSES, value]]),
          })),
        }),
      }),
    });
    const body = sealSyncRequest({ kid, seq, payload, key: macKey(keys.macToServer) });
    const tag = Buffer.from(body.subarray(-32)).toString("hex");
    const records = batch.map(({ epoch, counter, value, dated }) => ({
      epoch,
      counter,
      value,
      dated,
    }));
    const name = Buffer.from(kid).toString("hex");
    return {
      body,
      message: { kid: name, seq, tag, bootId: this.bootId, uptimeMs, batch: records },
    };
  }

  /** A batch of an epoch that is over, with numbers and values that nobody has seen. */
  batchOfOlderEpoch(count: number): Held[] {
    return Array.from({ length: count }, (_, at) => ({
      epoch: this.memory.epoch - 1,
      counter: 1_000_000 + at,
      value: ++values,
      dated: true,
      atMs: Date.now(),
    }));
  }

  /** The oldest records of one clock: no batch goes back in time. */
  #batch(): Held[] {
    const { records } = this.memory;
    let count = Math.min(records.length, 1);
    while (
      count < Math.min(records.length, BATCH) &&
      records[count]!.dated === records[0]!.dated &&
      records[count]!.atMs >= records[count - 1]!.atMs
    ) count++;
    return records.slice(0, count);
  }

  /**
   * Hears an answer to what is outstanding. Believed only when it is sealed; held against what the model says.
   * @returns whether it was believed
   */
  hear(answer: Delivery | undefined, expected: Outcome | undefined): boolean {
    const { outstanding, memory } = this;
    if (answer?.status !== 200 || outstanding === undefined) return false;
    const open = () =>
      openSyncReply({
        body: answer.body,
        kid: memory.kid,
        requestDigest: sha256(outstanding.body),
        key: macKey(memory.keys.macToDevice),
      });
    if (expected === undefined) {
      throws(open, "an answer that was hurt is not believed");
      return false;
    }
    const reply = syncReplyCodec.decode(open());
    checkReply(reply, expected);
    this.outstanding = undefined;
    this.refusals = 0;
    if (reply.error?.code === WireErrorCode.staleSeq) {
      memory.seq = Math.max(memory.seq, reply.error.lastSeq!);
    }
    for (const { epoch, through } of reply.acks ?? []) {
      if (epoch !== memory.epoch) continue;
      while (memory.records.length > 0 && memory.records[0]!.counter <= through) {
        const { epoch, counter, value, dated } = memory.records.shift()!;
        this.acknowledged.push({ epoch, counter, value, dated });
      }
    }
    return true;
  }
}

function checkReply({ error, acks, state }: SyncReply, expected: Outcome): void {
  const isQuarantined = state === DeviceStateCode.quarantined;
  const told = error === undefined
    ? { kind: "taken", ack: acks?.[0] && { epoch: acks[0].epoch, through: acks[0].through } }
    : { kind: "stale", code: error.code, lastSeq: error.lastSeq };
  const wanted = expected.kind === "stale"
    ? { ...expected, code: WireErrorCode.staleSeq }
    : expected;
  const text = (value: unknown) => JSON.stringify(value, order);
  equal(text({ ...told, isQuarantined }), text(wanted), "the answer is the model's");
}

/** Keys in one order, so that texts can be compared. */
function order(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
    : value;
}
