/**
 * @module
 * A reply while it is put together: the parts every reply has, and what sections add while there is room
 * in what the device can take.
 */
import {
  type ProblemSection,
  PROTOCOL,
  type SyncReply,
  syncReplyCodec,
  syncReplyFields,
} from "@fleetd/firmware-protocol";

/** Kept free for the head, acks, needs, rejections and an error: they always fit. */
const ENGINE_BYTES = 256;

/** Keys that sections fill. */
export type SectionField = Exclude<keyof typeof syncReplyFields & keyof SyncReply, BaseField>;
type BaseField = "v" | "time" | "state" | "intervalS" | "serverEpoch";

/** A reply on its way. */
export class ReplyDraft {
  readonly #reply: SyncReply;
  #left: number;
  #hasNews = false;

  /** @param rxMax largest body the device takes, bytes */
  constructor(base: Pick<SyncReply, BaseField>, rxMax: number) {
    this.#reply = base;
    this.#left = rxMax - PROTOCOL.replyOverheadBytes - ENGINE_BYTES;
  }

  /** Bytes that sections may still fill. */
  get room(): number {
    return this.#left;
  }

  /** Whether there is more to say than that all is well: a waiting poll ends then. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** State and interval as one number, to tell whether a device was told the same before. */
  get terms(): number {
    return this.#reply.state * 1_000_000 + this.#reply.intervalS;
  }

  /**
   * Adds a section's field when it fits, otherwise says that more waits.
   * @returns whether it was added
   */
  add<K extends SectionField>(field: K, value: NonNullable<SyncReply[K]>): boolean {
    const codec = syncReplyFields[field] as { encode(value: unknown): Uint8Array; key: number };
    const size = codec.encode(value).length + (codec.key < 24 ? 1 : 2);
    this.#hasNews = true;
    if (size > this.#left) {
      this.#reply.more = true;
      return false;
    }
    this.#left -= size;
    this.#reply[field] = value;
    return true;
  }

  /** Says that more waits than fitted. */
  setMore(): void {
    this.#hasNews = true;
    this.#reply.more = true;
  }

  /** Adds what the engine itself says; it always fits. */
  say(part: Partial<Pick<SyncReply, "acks" | "need" | "rejected" | "resyncNonce">>): void {
    this.#hasNews = true;
    Object.assign(this.#reply, part);
  }

  /** Says what went wrong. */
  fail(error: ProblemSection): void {
    this.#hasNews = true;
    this.#reply.error = error;
  }

  /** The payload, within what the device takes. */
  encode(): Uint8Array {
    return syncReplyCodec.encode(this.#reply);
  }
}
