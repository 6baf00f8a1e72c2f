/**
 * A network that does to each exchange what it is told: loses it, doubles it, cuts it, flips its bits, holds it back, or sends
 * again what it has heard. It carries bytes of HTTP to a real server, a connection for each delivery, and tells what the
 * server answered to everything it let through.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { rawPost } from "../bench/keep_alive.ts";

/** What becomes of an exchange. Places are shares, 0 to 1, of the length of what is hurt. */
export type Fault =
  | { readonly kind: "none" }
  /** The request never arrives. */
  | { readonly kind: "drop request" }
  /** It arrives; the answer does not. */
  | { readonly kind: "drop reply" }
  /** It arrives twice at once; the device hears one answer. */
  | { readonly kind: "duplicate" }
  /** It arrives up to there, and the connection ends. */
  | { readonly kind: "truncate request"; readonly at: number }
  | { readonly kind: "truncate reply"; readonly at: number }
  /** One bit of it is another: of the request anywhere, head and body alike; of the answer in its body. */
  | { readonly kind: "flip request"; readonly at: number; readonly bit: number }
  | { readonly kind: "flip reply"; readonly at: number; readonly bit: number }
  /** It is kept, to be let through by {@link FaultyNetwork.release}. */
  | { readonly kind: "hold" };

/** What the server answered to bytes that were let through. */
export interface Delivery {
  /** Undefined = it closed without an answer. */
  readonly status: number | undefined;
  readonly body: Uint8Array;
}

/** What became of an exchange. */
export interface Exchanged {
  /** Of everything that was let through, in the order of the answers. */
  readonly deliveries: readonly Delivery[];
  /** What the device hears; undefined = nothing. */
  readonly heard: Delivery | undefined;
  /** What was let through differs from what was sent in its body. */
  readonly isBodyHurt: boolean;
}

/** How long the server may take for an exchange, in ms. */
const PATIENCE_MS = 20_000;
/** A request that was cut or changed may leave the server waiting for more of it: it gets no more after this, in ms. */
const REST_MS = 300;

/** The way from one device to a server. `T` is what the device knows of a message, kept with its bytes. */
export class FaultyNetwork<T> {
  /** Everything sent, as it was sent. */
  #sent: { readonly body: Uint8Array; readonly message: T }[] = [];
  readonly #held: { readonly body: Uint8Array; readonly message: T }[] = [];

  constructor(readonly port: number) {}

  /** Carries a message under a fault. */
  async exchange(
    { body, message }: { readonly body: Uint8Array; readonly message: T },
    fault: Fault,
  ): Promise<Exchanged> {
    this.#sent.push({ body, message });
    const request = this.#request(body);
    const bodyFrom = request.length - body.length;
    switch (fault.kind) {
      case "drop request":
        return { deliveries: [], heard: undefined, isBodyHurt: false };
      case "hold":
        this.#held.push({ body, message });
        return { deliveries: [], heard: undefined, isBodyHurt: false };
      case "none":
      case "drop reply":
      case "truncate reply":
      case "flip reply": {
        const delivery = await deliver(this.port, request);
        return { deliveries: [delivery], heard: hurt(delivery, fault), isBodyHurt: false };
      }
      case "duplicate": {
        const deliveries = await Promise.all([
          deliver(this.port, request),
          deliver(this.port, request),
        ]);
        return { deliveries, heard: deliveries[0], isBodyHurt: false };
      }
      case "truncate request": {
        const cut = request.subarray(0, placeIn(request, fault.at));
        return {
          deliveries: [await deliver(this.port, cut)],
          heard: undefined,
          isBodyHurt: true,
        };
      }
      case "flip request": {
        const delivery = await deliver(this.port, flipped(request, fault));
        const isBodyHurt = placeIn(request, fault.at) >= bodyFrom;
        return { deliveries: [delivery], heard: delivery, isBodyHurt };
      }
    }
  }

  /** Sends again one of all the messages sent so far, whether it ever arrived or not. @param nth share, 0 to 1 */
  async replay(nth: number): Promise<{ readonly delivery: Delivery; readonly message: T }> {
    const { body, message } = this.#sent[Math.floor(nth * this.#sent.length)]!;
    return { delivery: await deliver(this.port, this.#request(body)), message };
  }

  /** Lets the oldest held message through; undefined when none is held. */
  async release(): Promise<{ readonly delivery: Delivery; readonly message: T } | undefined> {
    const oldest = this.#held.shift();
    if (oldest === undefined) return undefined;
    return {
      delivery: await deliver(this.port, this.#request(oldest.body)),
      message: oldest.message,
    };
  }

  /** Forgets everything that it holds, and of what it heard all that is not to be kept. */
  forget(isKept: (message: T) => boolean): void {
    this.#held.length = 0;
    this.#sent = this.#sent.filter(({ message }) => isKept(message));
  }

  #request(body: Uint8Array): Buffer {
    const host = `127.0.0.1:${this.port}`;
    return Buffer.from(rawPost({ path: "/d/1/sync", host, type: "application/cose", body }));
  }
}

function hurt(delivery: Delivery, fault: Fault): Delivery | undefined {
  const body = Buffer.from(delivery.body);
  switch (fault.kind) {
    case "drop reply":
      return undefined;
    case "truncate reply":
      return { ...delivery, body: new Uint8Array(body.subarray(0, placeIn(body, fault.at))) };
    case "flip reply":
      return { ...delivery, body: new Uint8Array(flipped(body, fault)) };
    default:
      return delivery;
  }
}

function placeIn(bytes: Buffer, at: number): number {
  return Math.min(bytes.length - 1, Math.floor(bytes.length * at));
}

function flipped(bytes: Buffer, { at, bit }: { at: number; bit: number }): Buffer {
  const other = Buffer.from(bytes);
  other[placeIn(bytes, at)]! ^= 1 << bit;
  return other;
}

/** Sends bytes over a connection of their own; the answer to them. */
async function deliver(port: number, request: Buffer): Promise<Delivery> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
  let rest: ReturnType<typeof setTimeout> | undefined;
  socket.once("connect", () => {
    socket.write(request);
    if (!isWhole(request)) rest = setTimeout(() => socket.destroy(), REST_MS);
  });
  const answer = await answerFrom(socket);
  clearTimeout(patience);
  clearTimeout(rest);
  socket.destroy();
  return answer ?? { status: undefined, body: new Uint8Array() };
}

function answerFrom(socket: Socket): Promise<Delivery | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const head = bytes.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString("latin1", 0, head + 2));
      const end = head + 4 + Number(length?.[1] ?? 0);
      if (bytes.length < end) return;
      const status = Number(bytes.toString("latin1", 9, 12));
      resolve({ status, body: new Uint8Array(bytes.subarray(head + 4, end)) });
    });
    socket.once("close", () => resolve(undefined));
  });
}

/** Whether the server can know by itself that no more of a request comes. */
function isWhole(request: Buffer): boolean {
  const head = request.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)\r/i.exec(request.toString("latin1", 0, head + 2));
  return length !== null && request.length - head - 4 >= Number(length[1]);
}
