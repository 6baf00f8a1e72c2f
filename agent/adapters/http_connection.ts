/**
 * One connection to a server that carries HTTP/1.1 exchanges one after the other.
 *
 * @module
 */
import type { HttpRequest } from "../ports.ts";
import type { Deadline } from "./deadline.ts";
import type { ReadAnswer } from "./http1_answer.ts";
import { IncomingBytes, readAnswer } from "./http1_answer.ts";

/** Open from {@linkcode HttpConnection.open} until {@linkcode HttpConnection.close}. */
export class HttpConnection {
  readonly origin: string;
  readonly #socket: Deno.Conn;
  #used = false;
  #closed = false;

  private constructor(origin: string, socket: Deno.Conn) {
    this.origin = origin;
    this.#socket = socket;
  }

  /** Connects to the URL's host, every address of its name in turn (RFC 8305), with TLS for https. */
  static async open(url: URL, deadline: Deadline): Promise<HttpConnection> {
    const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const secure = url.protocol === "https:";
    const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
    const plain = await Deno.connect({ hostname, port, signal: deadline.signal });
    const socket = new HttpConnection(url.origin, plain);
    try {
      plain.setNoDelay(true);
      return secure ? await socket.#secured(plain, hostname, deadline) : socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  async #secured(
    plain: Deno.TcpConn,
    hostname: string,
    deadline: Deadline,
  ): Promise<HttpConnection> {
    const tls = await Deno.startTls(plain, { hostname, alpnProtocols: ["http/1.1"] });
    const connection = new HttpConnection(this.origin, tls);
    try {
      await deadline.guard(tls.handshake(), () => connection.close());
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /**
   * Sends a request and reads its answer.
   *
   * @returns `null` when this connection had served before and the other side had closed it without a byte of answer
   */
  async exchange(url: URL, request: HttpRequest, deadline: Deadline): Promise<ReadAnswer | null> {
    const usedBefore = this.#used;
    this.#used = true;
    const incoming = new IncomingBytes(this.#socket);
    const work = async () => {
      await this.#write(requestBytes(url, request));
      return await readAnswer(incoming, request.maxBytes);
    };
    try {
      return await deadline.guard(work(), () => this.close());
    } catch (error) {
      if (usedBefore && incoming.receivedBytes === 0 && !deadline.signal.aborted) return null;
      throw error;
    }
  }

  /** May be called more than once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#socket.close();
    } catch {
      // The runtime closed it already, or it became a TLS connection.
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += await this.#socket.write(bytes.subarray(done));
  }
}

const encoder = new TextEncoder();

/** Head and body in one piece, so that a small request is one packet. */
function requestBytes(url: URL, { method, body, contentType }: HttpRequest): Uint8Array {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n`;
  if (method === "POST") {
    if (contentType !== undefined) head += `Content-Type: ${contentType}\r\n`;
    head += `Content-Length: ${body?.length ?? 0}\r\n`;
  }
  const headBytes = encoder.encode(`${head}\r\n`);
  if (method !== "POST" || body === undefined) return headBytes;
  const whole = new Uint8Array(headBytes.length + body.length);
  whole.set(headBytes);
  whole.set(body, headBytes.length);
  return whole;
}
