/**
 * One HTTP exchange over node:http(s): no proxy, no redirect, no kept-alive connection.
 *
 * @module
 */
import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import { PinMismatch, shownBy } from "./tls_pin.ts";

/** Largest body that is read, bytes. */
const LARGEST_BODY_BYTES = 64 * 1_024 * 1_024;

/** An answer whose body is still to be read. */
export interface HttpAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end, or left. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What is sent. */
export interface HttpRequest {
  /** GET, POST, PATCH or DELETE. */
  readonly method: string;
  /** Host and content-length are added. */
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text. */
  readonly body?: string;
  /** Ends the exchange, its body included. */
  readonly signal: AbortSignal;
  /** SHA-256 of the only certificate that is accepted, `AB:CD:…`; without it, the authorities this machine knows decide. */
  readonly tlsFingerprint?: string;
}

/** Sends the request and waits for the answer's head. Rejects with the system's error, the signal's reason or {@linkcode PinMismatch}. */
export function openHttp(
  url: URL,
  { method, headers, body, signal, tlsFingerprint }: HttpRequest,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const length = body === undefined
      ? {}
      : { "content-length": String(new TextEncoder().encode(body).length) };
    const pinned = url.protocol === "https:" && tlsFingerprint !== undefined;
    const outgoing = send(url, {
      ...(pinned ? { rejectUnauthorized: false } : {}),
      method,
      headers: { ...headers, ...length },
      agent: false,
      signal,
    });
    outgoing.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    outgoing.on(
      "response",
      (incoming: IncomingMessage) =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming }),
    );
    if (!pinned) return void outgoing.end(body);
    // Not a byte of the request, which holds the token, leaves before the certificate was compared.
    outgoing.once("socket", (socket) => {
      const tls = socket as TLSSocket;
      tls.once("secureConnect", () => {
        const shown = shownBy(tls);
        if (shown === tlsFingerprint) outgoing.end(body);
        else outgoing.destroy(new PinMismatch(shown));
      });
    });
  });
}

/** The whole body as UTF-8 text. @throws {RangeError} past 64 MiB. */
export async function readAll(answer: HttpAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  for await (const chunk of answer.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > LARGEST_BODY_BYTES) throw new RangeError("the answer is larger than 64 MiB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** GET of a small public JSON document, such as a device's local `/v1/info`. Rejects unless it is a 200 with JSON. */
export async function getJson<Answer>(
  url: URL,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await openHttp(url, {
    method: "GET",
    headers: { accept: "application/json" },
    signal,
  });
  const text = await readAll(answer);
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
  return JSON.parse(text) as Answer;
}
