/**
 * Sends bytes as they are and takes the answers apart without mercy: what comes back must be whole, well-framed answers of
 * HTTP/1.1 and nothing else.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where to send. */
export interface Door {
  readonly port: number;
  readonly tls: boolean;
}

/** What came of it. */
export interface RawExchange {
  /** In order. */
  readonly statuses: readonly number[];
  /** Who ended the connection: the server, or we after the deadline. */
  readonly end: "closed" | "hung";
  readonly tookMs: number;
  /** Everything the server said, one letter a byte. */
  readonly text: string;
}

/** Opens a connection. */
export function open({ port, tls }: Door): Socket {
  return tls
    // The certificate is the server's own; who it is does not matter here.
    ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
    : connect(port, "127.0.0.1");
}

/** Sends the bytes, leaves the connection open, and reads until the server closes it. */
export function exchangeRaw(
  door: Door,
  { bytes, deadlineMs }: { readonly bytes: string; readonly deadlineMs: number },
): Promise<RawExchange> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const socket = open(door);
    let text = "";
    let end: RawExchange["end"] = "closed";
    const deadline = setTimeout(() => {
      end = "hung";
      socket.destroy();
    }, deadlineMs);
    socket.once(door.tls ? "secureConnect" : "connect", () => {
      if (bytes !== "") socket.write(Buffer.from(bytes, "latin1"));
    });
    socket.on("data", (chunk) => text += chunk.toString("latin1"));
    // A server that refuses may reset what we were still sending.
    socket.on("error", () => {});
    socket.once("close", () => {
      clearTimeout(deadline);
      try {
        const tookMs = performance.now() - startedMs;
        resolve({ statuses: statusesOf(text), end, tookMs, text });
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** The statuses of answers that follow each other. @throws Error where something else stands between them */
export function statusesOf(text: string): number[] {
  const statuses: number[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\r\n\r\n", at);
    const head = end < 0
      ? null
      : /^HTTP\/1\.1 (\d{3}) [ -~]+((?:\r\n[!-9;-~]+: [ -~]*)*)$/.exec(text.slice(at, end));
    if (head === null) throw new Error(`no answer: ${JSON.stringify(text.slice(at, at + 200))}`);
    statuses.push(Number(head[1]));
    at = end + 4;
    const lengths = [...head[2]!.matchAll(/\r\ncontent-length: (\d+)(?=\r|$)/gi)];
    if (lengths.length !== 1) {
      throw new Error(`an answer with ${lengths.length} lengths: ${head[0]}`);
    }
    // An answer to HEAD has no body, whatever its length says.
    if (text.startsWith("HTTP/1.1 ", at)) continue;
    at += Number(lengths[0]![1]);
    if (at > text.length) throw new Error(`an answer was cut: ${head[0]}`);
  }
  return statuses;
}
