/**
 * Reads one HTTP/1.1 answer (RFC 9112) from a byte stream, strictly: what is ambiguous is refused, what is long is cut off
 * before it is stored. It knows nothing of sockets, so that every malformed answer can be tried from a byte array.
 *
 * @module
 */
import type { HttpAnswer } from "../ports.ts";
import { NetworkError } from "../ports.ts";

/** Where the bytes come from; `null` is the end. */
export interface ByteSource {
  read(into: Uint8Array): Promise<number | null>;
}

/** An answer, and whether the connection may carry another exchange. */
export interface ReadAnswer {
  readonly answer: HttpAnswer;
  readonly reusable: boolean;
}

/** Status line and headers together, and the same again for trailers. */
const HEAD_LIMIT_BYTES = 8_192;
/** "100 Continue" and its like that may precede the answer. */
const INTERIM_LIMIT = 4;
const BUFFER_BYTES = 4_096;

/**
 * The bytes of one connection, buffered. `receivedBytes` tells a connection that died unused (0) from one that broke in
 * the middle.
 */
export class IncomingBytes {
  receivedBytes = 0;
  readonly #source: ByteSource;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #start = 0;
  #end = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Whether bytes are waiting that nobody asked for. */
  get hasLeftover(): boolean {
    return this.#start < this.#end;
  }

  /** Fills the empty buffer. @returns false at the end of the stream. */
  async #fill(): Promise<boolean> {
    const count = await this.#source.read(this.#buffer);
    if (count === null) return false;
    this.#start = 0;
    this.#end = count;
    this.receivedBytes += count;
    return true;
  }

  /** The next part of at most `limit` bytes, valid until the next call; `null` at the end. */
  async part(limit: number): Promise<Uint8Array | null> {
    while (this.#start === this.#end) {
      if (!await this.#fill()) return null;
    }
    const part = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + limit));
    this.#start += part.length;
    return part;
  }

  /** One line without its CR LF, as Latin-1, of at most `limit` bytes. */
  async line(limit: number): Promise<string> {
    let text = "";
    while (true) {
      if (this.#start === this.#end && !await this.#fill()) throw broken("ended inside its head");
      const feed = this.#buffer.subarray(0, this.#end).indexOf(0x0a, this.#start);
      const stop = feed === -1 ? this.#end : feed + 1;
      if (text.length + stop - this.#start > limit) throw broken("has too long a head");
      for (; this.#start < stop; this.#start++) {
        text += String.fromCharCode(this.#buffer[this.#start]!);
      }
      if (feed !== -1) break;
    }
    if (!text.endsWith("\r\n")) throw broken("has a line that does not end in CR LF");
    return text.slice(0, -2);
  }
}

interface Head {
  readonly version: string;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Reads one answer with a body of at most `maxBytes`.
 *
 * @throws {NetworkError} `network.broken` for what is not HTTP/1.1, `network.too_large` for a longer body
 */
export async function readAnswer(incoming: IncomingBytes, maxBytes: number): Promise<ReadAnswer> {
  let head = await readHead(incoming);
  for (let interim = 1; head.status < 200; interim++) {
    if (head.status === 101 || interim > INTERIM_LIMIT) throw broken("never gets to its status");
    head = await readHead(incoming);
  }
  const framing = framingOf(head);
  const body = await readBody(incoming, framing, maxBytes);
  const retryAfter = head.headers.get("retry-after") ?? "";
  return {
    answer: {
      status: head.status,
      body,
      contentType: (head.headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase(),
      ...(/^\d{1,9}$/.test(retryAfter) ? { retryAfterS: Number(retryAfter) } : {}),
    },
    reusable: framing !== "until_end" && !incoming.hasLeftover && head.version === "1.1" &&
      !tokens(head.headers.get("connection")).includes("close"),
  };
}

async function readHead(incoming: IncomingBytes): Promise<Head> {
  let left = HEAD_LIMIT_BYTES;
  const statusLine = await incoming.line(left);
  left -= statusLine.length + 2;
  const status = /^HTTP\/(1\.[01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/.exec(statusLine);
  if (status === null) throw broken("does not begin as HTTP/1.1");
  const headers = new Map<string, string>();
  while (true) {
    const line = await incoming.line(left);
    left -= line.length + 2;
    if (line === "") break;
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/.exec(
      line,
    );
    if (field === null) throw broken("has a malformed header");
    const name = field[1]!.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? field[2]! : `${before}, ${field[2]!}`);
  }
  return { version: status[1]!, status: Number(status[2]), headers };
}

/** Length in bytes, or how the end is found. */
type Framing = number | "chunked" | "until_end";

/** RFC 9112 §6.3, refusing every combination that two readers could take differently. */
function framingOf({ status, headers, version }: Head): Framing {
  if ((headers.get("content-encoding") ?? "identity") !== "identity") {
    throw broken("is compressed although nobody asked for it");
  }
  const length = headers.get("content-length");
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked" || length !== undefined || version !== "1.1") {
      throw broken("says in two ways where it ends");
    }
    return status === 204 || status === 304 ? 0 : "chunked";
  }
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw broken("has a malformed Content-Length");
  }
  if (status === 204 || status === 304) return 0;
  return length === undefined ? "until_end" : Number(length);
}

async function readBody(
  incoming: IncomingBytes,
  framing: Framing,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const take = (part: Uint8Array) => {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    parts.push(part.slice());
  };
  if (framing === "chunked") {
    await readChunks(incoming, { take, leftBytes: () => maxBytes - sizeBytes, maxBytes });
  } else if (framing === "until_end") {
    for (let part; (part = await incoming.part(BUFFER_BYTES)) !== null;) take(part);
  } else {
    if (framing > maxBytes) throw tooLarge(maxBytes);
    await readExactly(incoming, framing, take);
  }
  return joined(parts, sizeBytes);
}

interface ChunkSink {
  readonly take: (part: Uint8Array) => void;
  readonly leftBytes: () => number;
  readonly maxBytes: number;
}

async function readChunks(incoming: IncomingBytes, sink: ChunkSink): Promise<void> {
  while (true) {
    const size = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(
      await incoming.line(256),
    );
    if (size === null) throw broken("has a malformed chunk");
    const sizeBytes = Number.parseInt(size[1]!, 16);
    if (sizeBytes === 0) break;
    if (sizeBytes > sink.leftBytes()) throw tooLarge(sink.maxBytes);
    await readExactly(incoming, sizeBytes, sink.take);
    if (await incoming.line(2) !== "") throw broken("has a malformed chunk");
  }
  for (let left = HEAD_LIMIT_BYTES, line; (line = await incoming.line(left)) !== "";) {
    left -= line.length + 2;
  }
}

async function readExactly(
  incoming: IncomingBytes,
  sizeBytes: number,
  take: (part: Uint8Array) => void,
): Promise<void> {
  for (let left = sizeBytes; left > 0;) {
    const part = await incoming.part(left);
    if (part === null) throw broken("ended inside its body");
    left -= part.length;
    take(part);
  }
}

function joined(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tokens(value: string | undefined): string[] {
  return (value ?? "").toLowerCase().split(",").map((token) => token.trim());
}

function broken(what: string): NetworkError {
  return new NetworkError("network.broken", `Cannot use the answer: it ${what}`);
}

function tooLarge(maxBytes: number): NetworkError {
  return new NetworkError(
    "network.too_large",
    `Cannot use the answer: it is longer than ${maxBytes} bytes`,
  );
}
