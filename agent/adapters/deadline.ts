/**
 * One limit for a whole network exchange: its time, and the caller's wish to end it.
 *
 * @module
 */
import type { NetworkErrorCode } from "../ports.ts";
import { NetworkError } from "../ports.ts";

/** Runs from its construction until {@linkcode Deadline.end}, which must be called. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #callerSignal: AbortSignal | undefined;
  readonly #timeoutMs: number;
  #timedOut = false;

  /** @param timeoutMs 1 to 900,000 */
  constructor(timeoutMs: number, callerSignal?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#callerSignal = callerSignal;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort();
    }, timeoutMs);
    if (callerSignal?.aborted) this.#controller.abort();
    else callerSignal?.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  /** Aborts when time is out or the caller aborts. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs `work`; when the deadline passes meanwhile, calls `interrupt`, which makes `work` fail. */
  async guard<T>(work: Promise<T>, interrupt: () => void): Promise<T> {
    if (this.signal.aborted) interrupt();
    else this.signal.addEventListener("abort", interrupt, { once: true });
    try {
      return await work;
    } finally {
      this.signal.removeEventListener("abort", interrupt);
    }
  }

  /** What a failure under this deadline means to the caller. */
  explain(error: unknown, origin: string): NetworkError {
    if (this.#timedOut) {
      const text = `Cannot reach ${origin}: no whole answer within ${this.#timeoutMs} ms`;
      return new NetworkError("network.timeout", text, { cause: error });
    }
    if (this.signal.aborted) {
      return new NetworkError("network.aborted", `Stopped asking ${origin}`, { cause: error });
    }
    if (error instanceof NetworkError) return error;
    const [code, text] = systemFailure(error);
    return new NetworkError(code, `Cannot reach ${origin}: ${text}`, { cause: error });
  }

  /** Stops the timer and forgets the caller's signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener("abort", this.#onCallerAbort);
  }

  readonly #onCallerAbort = () => this.#controller.abort();
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EACCES"]);

function systemFailure(error: unknown): [NetworkErrorCode, string] {
  const systemCode = (error as { code?: unknown } | null)?.code;
  const text = error instanceof Error ? error.message : String(error);
  if (systemCode === "ECONNREFUSED" || error instanceof Deno.errors.ConnectionRefused) {
    return ["network.refused", "nobody listens there; check address, port and that it runs"];
  }
  if (typeof systemCode === "string" && UNREACHABLE.has(systemCode)) {
    return ["network.unreachable", "there is no way to it; check cable, WiFi and route"];
  }
  if (systemCode === "ETIMEDOUT" || error instanceof Deno.errors.TimedOut) {
    return ["network.timeout", "it does not answer"];
  }
  // The runtime gives these no code.
  if (/failed to lookup address|no such host|resolve/i.test(text)) {
    return ["network.unknown_name", "the name has no address; check spelling and DNS"];
  }
  if (/certificate|handshake|tls|alert/i.test(text)) {
    return ["network.tls", `the secure connection failed: ${text}`];
  }
  return ["network.broken", "the connection broke"];
}
