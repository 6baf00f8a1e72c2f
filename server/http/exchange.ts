/**
 * @module
 * One request and its answer on the wire: reading headers, writing a reply with the headers every answer
 * has, and ending the connection decently when a body was refused unread.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { DEVICE_HEADERS, SECURITY_HEADERS } from "./browser_guard.ts";
import { type Awaitable, whenDone } from "../transaction.ts";
import type { Reply } from "./route_table.ts";
import type { Transport } from "./transport.ts";

/** A reader that takes nothing for this long is given up, in ms. */
const SLOW_READER_MS = 30_000;
/** How much of a refused body is read away before the connection is cut, and for how long. */
const DRAIN_BYTES = 262_144;
const DRAIN_MS = 2_000;

/** Content Too Large, Too Many Requests. */
const TOO_MUCH: ReadonlySet<number> = new Set([413, 429]);

/** Largest body that is copied to go out with its headers. */
const ONE_PIECE_BYTES = 2_048;

/** One request with its response. */
export class Exchange {
  /** Numeric address of whoever asks. */
  readonly address: string;
  /** Path without query. */
  readonly path: string;
  /** Query without `?`. */
  readonly query: string;
  readonly startedAtMs = performance.now();
  #abort: AbortController | undefined;
  #id: string | undefined;

  constructor(
    readonly incoming: IncomingMessage,
    readonly outgoing: ServerResponse,
    readonly transport: Transport,
  ) {
    this.address = transport.address;
    const url = incoming.url ?? "/";
    const mark = url.indexOf("?");
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = mark === -1 ? "" : url.slice(mark + 1);
  }

  /** 96 random bits, base64url; made on first use. */
  get id(): string {
    return this.#id ??= randomBytes(12).toString("base64url");
  }

  /** This server as the caller names it: `https://fleet.example:8443`. */
  get origin(): string {
    return `${this.transport.secure ? "https" : "http"}://${this.transport.host ?? ""}`;
  }

  /** One header; undefined when absent. */
  header(name: string): string | undefined {
    const value = this.incoming.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /** Aborts when the peer goes away before the answer, or with `stopping`. */
  signal(stopping: AbortSignal): AbortSignal {
    if (this.#abort !== undefined) return this.#abort.signal;
    const abort = this.#abort = new AbortController();
    const onStop = () => abort.abort();
    this.outgoing.once("close", () => {
      stopping.removeEventListener("abort", onStop);
      abort.abort();
    });
    if (stopping.aborted) abort.abort();
    else stopping.addEventListener("abort", onStop);
    return abort.signal;
  }

  /**
   * Writes the answer; resolves when it is handed to the socket whole.
   * @param audience browsers and people's programs get every security header; a device gets what keeps a
   * browser from making anything of its bytes, and is spared the rest
   */
  send(reply: Reply, audience: "people" | "device" = "people"): Awaitable<void> {
    const { outgoing, incoming } = this;
    if (outgoing.destroyed || outgoing.headersSent) return;
    const { body } = reply;
    const whole = typeof body === "string"
      ? Buffer.from(body)
      : body instanceof Uint8Array
      ? body
      : undefined;
    const headers = headersOf(
      reply,
      audience === "device" ? DEVICE_HEADERS : { ...SECURITY_HEADERS, "x-request-id": this.id },
    );
    if ((whole !== undefined || body === undefined) && reply.status !== 204) {
      headers["content-length"] = whole?.length ?? 0;
    }
    // Whoever sends more than it may, or more often, has to come again.
    if (!incoming.complete || TOO_MUCH.has(reply.status)) outgoing.shouldKeepAlive = false;
    outgoing.writeHead(reply.status, headers);
    let streamed: Awaitable<void> = undefined;
    if (whole !== undefined) endWith(this, whole);
    else if (body === undefined || incoming.method === "HEAD") outgoing.end();
    else streamed = this.#stream(body as AsyncIterable<string>);
    if (incoming.complete) return streamed;
    return whenDone(streamed, () => this.#drain());
  }

  async #stream(pieces: AsyncIterable<string>): Promise<void> {
    const { outgoing } = this;
    outgoing.flushHeaders();
    for await (const piece of pieces) {
      if (outgoing.destroyed) break;
      if (!outgoing.write(piece) && !await drained(outgoing)) {
        outgoing.destroy();
        break;
      }
    }
    if (!outgoing.destroyed) outgoing.end();
  }

  /** Reads a refused body away for a moment: cutting at once would lose the answer with the connection. */
  #drain(): void {
    const { incoming } = this;
    let left = DRAIN_BYTES;
    const cut = () => incoming.socket.destroy();
    const timer = setTimeout(cut, DRAIN_MS);
    incoming.on("data", (chunk: Uint8Array) => {
      left -= chunk.length;
      if (left < 0) cut();
    });
    incoming.on("error", () => {});
    incoming.once("close", () => clearTimeout(timer));
    incoming.socket.once("close", () => clearTimeout(timer));
    incoming.resume();
  }
}

function headersOf(
  { type, headers }: Reply,
  base: Readonly<Record<string, string>>,
): Record<string, string | number> {
  const all: Record<string, string | number> = { ...base };
  if (type !== undefined) all["content-type"] = type;
  return headers === undefined ? all : Object.assign(all, headers);
}

/**
 * Small bodies go out as text of one byte a letter, because node joins text to the headers and writes both
 * in one piece: half the cost of an answer to a device. Not over TLS, where Deno writes such text as UTF-8.
 */
function endWith({ outgoing, incoming }: Exchange, body: Uint8Array): void {
  const encrypted = (incoming.socket as { encrypted?: boolean }).encrypted === true;
  if (encrypted || body.length > ONE_PIECE_BYTES) return void outgoing.end(body);
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1");
  outgoing.cork();
  outgoing.write(text, "latin1");
  outgoing.uncork();
  outgoing.end();
}

/** True when the socket took what was written, false when it closed or took too long. */
function drained(outgoing: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (result: boolean) => () => {
      clearTimeout(timer);
      outgoing.off("drain", onDrain);
      outgoing.off("close", onClose);
      resolve(result);
    };
    const onDrain = done(true);
    const onClose = done(false);
    const timer = setTimeout(onClose, SLOW_READER_MS);
    outgoing.once("drain", onDrain);
    outgoing.once("close", onClose);
  });
}
