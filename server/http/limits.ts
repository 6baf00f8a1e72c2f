/**
 * @module
 * Limits that hold before a handler runs: how often a caller may ask, and how much it may send. Both are
 * bounded themselves: no number of addresses or bytes grows the server's memory past what is written here.
 */
import type { IncomingMessage } from "node:http";
import { DomainError } from "../errors.ts";
import type { Rate } from "./route_table.ts";

/** Callers remembered at once; the one seen longest ago is forgotten first. */
const MAX_BUCKETS = 20_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by caller and route. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #nowMs: () => number;

  /** @param nowMs monotonic milliseconds */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Takes one request from the caller's bucket: 0 = go on, otherwise whole seconds until it may ask again. */
  take(key: string, rate: Rate): number {
    const now = this.#nowMs();
    const bucket = this.#bucketOf(key, { tokens: rate.burst, atMs: now });
    const perMs = rate.perMinute / 60_000;
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (now - bucket.atMs) * perMs);
    bucket.atMs = now;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perMs / 1000);
    bucket.tokens -= 1;
    return 0;
  }

  #bucketOf(key: string, fresh: Bucket): Bucket {
    const buckets = this.#buckets;
    const known = buckets.get(key);
    // Moving one to the end costs more than finding it, and matters only when something must go.
    if (known !== undefined && buckets.size * 2 <= MAX_BUCKETS) return known;
    if (known !== undefined) buckets.delete(key);
    const bucket = known ?? fresh;
    buckets.set(key, bucket);
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!);
    return bucket;
  }

  /** Callers remembered now. */
  get size(): number {
    return this.#buckets.size;
  }
}

/**
 * Reads a request's body, never holding more than `limitBytes`.
 * @throws DomainError `request.too_large` before or while reading, `request.cut` when the peer goes away
 */
export function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const declared = Number(incoming.headers["content-length"] ?? "0");
  if (declared > limitBytes) return Promise.reject(tooLarge(limitBytes));
  if (incoming.destroyed && !incoming.readableEnded) return Promise.reject(cut());
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    // Every request closes; an error is made only for those that close too early, for it costs a stack.
    const onEarlyEnd = () => {
      if (!incoming.readableEnded) reject(cut());
    };
    incoming.on("data", (chunk: Uint8Array) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) chunks.push(chunk);
      else {
        incoming.pause();
        incoming.removeAllListeners("data");
        reject(tooLarge(limitBytes));
      }
    });
    incoming.on("end", () => resolve(joined(chunks, sizeBytes)));
    incoming.on("error", onEarlyEnd);
    incoming.on("close", onEarlyEnd);
  });
}

function tooLarge(limitBytes: number): DomainError {
  return new DomainError(
    "request.too_large",
    `Cannot take the body: it is larger than ${limitBytes} bytes, this route's limit`,
  );
}

function cut(): DomainError {
  return new DomainError("request.cut", "Cannot take the body: the connection ended inside it");
}

/** As plain bytes: views of a Buffer are Buffers, and each costs several times a plain view. */
function joined(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) {
    return new Uint8Array(first.buffer, first.byteOffset, sizeBytes);
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
