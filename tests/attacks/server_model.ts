/**
 * What the protocol has a server make of one device's messages (PROTOCOL §4 and §6, with the server's decision on replays),
 * written down a second time and as plainly as can be: no database, no cache, no transaction.
 *
 * @module
 */

/** One record of the metrics stream. */
export interface Recorded {
  readonly epoch: number;
  readonly counter: number;
  /** Tells it from every other record of the test. */
  readonly value: number;
  /** Whether the server is to believe its time. */
  readonly dated: boolean;
}

/** What the server learns from a message. */
export interface Message {
  readonly kid: string;
  readonly seq: number;
  readonly tag: string;
  readonly bootId: number;
  readonly uptimeMs: number;
  /** In order, without holes; one epoch. */
  readonly batch: readonly Recorded[];
}

/** What it is to answer. */
export type Outcome =
  | {
    readonly kind: "taken";
    readonly ack: { epoch: number; through: number } | undefined;
    readonly isQuarantined: boolean;
  }
  | { readonly kind: "stale"; readonly lastSeq: number; readonly isQuarantined: boolean }
  | { readonly kind: "unknown kid" };

interface Session {
  state: "unconfirmed" | "active" | "revoked";
  lastSeq: number;
  lastTag: string;
  behindBootId: number | undefined;
}

const REENROLMENTS = 3;
const CATCH_UPS = 3;

/** The server's view of one device. */
export class ServerModel {
  readonly #sessions = new Map<string, Session>();
  #boot: { readonly id: number; uptimeMs: number } | undefined;
  #previousBoot: { readonly id: number; uptimeMs: number } | undefined;
  #reenrolments = 0;
  #catchUps = 0;
  /** Position of the stream; null = nothing stored. */
  stream: { epoch: number; through: number; lost: number } | null = null;
  readonly records: Recorded[] = [];
  /** Why it is in quarantine, in the server's words; undefined = it is not. */
  alarm: string | undefined;

  /** A handshake was answered. */
  handshake(kid: string): void {
    this.#sessions.set(kid, {
      state: "unconfirmed",
      lastSeq: 0,
      lastTag: "",
      behindBootId: undefined,
    });
  }

  /** A message arrived as it was sent. */
  deliver(message: Message): Outcome {
    const session = this.#sessions.get(message.kid);
    if (session === undefined) return { kind: "unknown kid" };
    if (session.state === "unconfirmed") this.#confirm(session);
    const { seq, tag } = message;
    if (session.state === "revoked") {
      if (seq > session.lastSeq && !this.#wasSeen(message)) {
        this.alarm ??= "message under a replaced key";
      }
      return { kind: "unknown kid" };
    }
    if (seq > session.lastSeq) return this.#take(session, message);
    if (seq === session.lastSeq && tag === session.lastTag) {
      return this.#taken(message);
    }
    if (seq === session.lastSeq) this.alarm ??= "same sequence number, other message";
    else if (!this.#wasSeen(message)) session.behindBootId = message.bootId;
    return { kind: "stale", lastSeq: session.lastSeq, isQuarantined: this.alarm !== undefined };
  }

  #taken({ batch }: Message): Outcome {
    return { kind: "taken", ack: this.#store(batch), isQuarantined: this.alarm !== undefined };
  }

  #confirm(session: Session): void {
    for (const other of this.#sessions.values()) {
      if (other.state !== "active") continue;
      other.state = "revoked";
      this.#reenrolments++;
    }
    session.state = "active";
    if (this.#reenrolments > REENROLMENTS) {
      this.alarm ??= "enrolled again more than three times in 24 hours";
    }
  }

  #take(session: Session, message: Message): Outcome {
    const { seq, tag, bootId, uptimeMs } = message;
    const isNewBoot = this.#boot?.id !== bootId;
    if (isNewBoot && this.#previousBoot?.id === bootId) this.alarm ??= "two boots alternate";
    else if (session.behindBootId === bootId) {
      session.behindBootId = undefined;
      if (++this.#catchUps >= CATCH_UPS) {
        this.alarm ??= "sequence went backwards three times in 24 hours";
      }
    }
    session.lastSeq = seq;
    session.lastTag = tag;
    if (isNewBoot) this.#previousBoot = this.#boot;
    this.#boot = { id: bootId, uptimeMs };
    return this.#taken(message);
  }

  #wasSeen({ bootId, uptimeMs }: Message): boolean {
    const boot = [this.#boot, this.#previousBoot].find((one) => one?.id === bootId);
    return boot !== undefined && uptimeMs <= boot.uptimeMs;
  }

  #store(batch: readonly Recorded[]): { epoch: number; through: number } | undefined {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const { epoch } = first;
    if (this.stream !== null && epoch < this.stream.epoch) return { epoch, through: last.counter };
    if (this.stream === null || epoch > this.stream.epoch) {
      this.stream = { epoch, through: 0, lost: this.stream?.lost ?? 0 };
    }
    for (const record of batch) {
      if (record.counter <= this.stream.through) continue;
      this.stream.lost += record.counter - this.stream.through - 1;
      this.stream.through = record.counter;
      this.records.push(record);
    }
    return { epoch, through: this.stream.through };
  }
}
