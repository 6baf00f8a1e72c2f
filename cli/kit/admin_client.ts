/**
 * HTTP to a server's admin API: JSON both ways, RFC 9457 problems as clear errors, server-sent events.
 *
 * It goes straight to the server, never through a proxy from the environment, follows no redirect, and sends a token
 * over plain HTTP to this machine only.
 *
 * @module
 */
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";
import { type HttpAnswer, openHttp, readAll } from "./http.ts";
import { problemError } from "./problem_error.ts";
import { isCertificateError, PinMismatch } from "./tls_pin.ts";
import { type ServerSentEvent, serverSentEvents } from "./server_sent_events.ts";

/** Where and as whom. */
export interface AdminClientOptions {
  /** Base address, any path. */
  readonly url: string;
  /** API token; without it only public routes answer. */
  readonly token?: string;
  /** SHA-256 of the only certificate that is accepted; without it, the authorities this machine knows decide. */
  readonly tlsFingerprint?: string;
  /** Time for one exchange, ms. Default 15,000. */
  readonly timeoutMs?: number;
}

/** One request. */
export interface AdminRequest {
  /** What the user wanted, for the error: "list devices". */
  readonly act: string;
  /** What goes along in the address; undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The admin API of one server. */
export class AdminClient {
  /** Base address of the server, without a slash at the end. */
  readonly url: string;
  readonly #token: string | undefined;
  readonly #tlsFingerprint: string | undefined;
  readonly #timeoutMs: number;

  /** A client for one server; nothing is sent yet. @throws {CliError} for an address that is no http(s) URL. */
  constructor({ url, token, tlsFingerprint, timeoutMs = 15_000 }: AdminClientOptions) {
    this.url = serverUrl(url);
    this.#tlsFingerprint = tlsFingerprint;
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** Sends one request and returns the answer's JSON, undefined for 204. @throws {CliError} */
  async request<Answer>(method: string, path: string, request: AdminRequest): Promise<Answer> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const answer = await this.#open(method, path, {
      ...request,
      signal,
      accept: "application/json",
    });
    const text = await readAll(answer).catch((error) => {
      throw this.#unreachable(request.act, error);
    });
    if (answer.status === 204) return undefined as Answer;
    try {
      return JSON.parse(text) as Answer;
    } catch (cause) {
      throw this.#foreign(request.act, cause);
    }
  }

  /** Returns when anything answers at the address, whatever it says. @throws {CliError} exit code 5 otherwise. */
  async reach(act: string): Promise<void> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const tlsFingerprint = this.#tlsFingerprint;
    const request = { method: "GET", headers: { accept: "*/*" }, signal, tlsFingerprint };
    const answer = await openHttp(new URL(`${this.url}/healthz`), request).catch((error) => {
      throw this.#unreachable(act, error);
    });
    await readAll(answer).catch(() => "");
  }

  /** Events until the server ends them or `signal` fires. @throws {CliError} when it does not answer with events. */
  async *events(
    path: string,
    { act, signal }: { readonly act: string; readonly signal: AbortSignal },
  ): AsyncGenerator<ServerSentEvent> {
    const answer = await this.#open("GET", path, { act, signal, accept: "text/event-stream" });
    yield* serverSentEvents(answer.body);
  }

  async #open(
    method: string,
    path: string,
    request: AdminRequest & { readonly signal: AbortSignal; readonly accept: string },
  ): Promise<HttpAnswer> {
    const { act, signal } = request;
    const url = new URL(this.url + path);
    for (const [key, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const headers: Record<string, string> = { accept: request.accept };
    if (this.#token !== undefined) {
      refusePlainHttp(act, this.url);
      headers["authorization"] = `Bearer ${this.#token}`;
    }
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined) headers["content-type"] = "application/json";
    const tlsFingerprint = this.#tlsFingerprint;
    const sent = { method, headers, body, signal, tlsFingerprint };
    const answer = await openHttp(url, sent).catch((error) => {
      throw this.#unreachable(act, error);
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const text = await readAll(answer).catch(() => "");
    throw problemError({
      act,
      url: this.url,
      status: answer.status,
      headers: answer.headers,
      text,
    });
  }

  #unreachable(act: string, cause: unknown): CliError {
    if (cause instanceof PinMismatch) return this.#otherCertificate(act, cause);
    if (isCertificateError(cause)) return this.#unknownCertificate(act, cause);
    const slow = cause instanceof Error &&
      (cause.name === "TimeoutError" || cause.name === "AbortError");
    const { hostname, port, protocol } = new URL(this.url);
    const start = `fleets server --port ${port || (protocol === "http:" ? 80 : 443)} --db fleet.db`;
    const state = slow
      ? `the server at ${this.url} does not answer in time`
      : `no server answers at ${this.url}`;
    const hints = isLoopbackHost(hostname)
      ? [`Start one with: ${start}`]
      : [`Check that the server runs and that this machine can reach it (${causeText(cause)}).`];
    return new CliError(`Cannot ${act}: ${state}.`, {
      exitCode: ExitCode.unreachable,
      hints,
      cause,
    });
  }

  #otherCertificate(act: string, cause: PinMismatch): CliError {
    return new CliError(
      `Cannot ${act}: ${this.url} shows another certificate than the one you pinned; nothing was sent to it.`,
      {
        exitCode: ExitCode.refused,
        hints: [
          `pinned  ${this.#tlsFingerprint}`,
          `shown   ${cause.shown}`,
          "Somebody may be in between, or the server has a new one: compare with what the server itself prints at its",
          `start, and only if it is the shown one: fleets login ${this.url} --tls-fingerprint ${cause.shown}`,
        ],
        cause,
      },
    );
  }

  #unknownCertificate(act: string, cause: unknown): CliError {
    return new CliError(
      `Cannot ${act}: no authority that this machine knows vouches for the certificate of ${this.url}.`,
      {
        exitCode: ExitCode.refused,
        hints: [`Compare its fingerprint and pin it: fleets login ${this.url}`],
        cause,
      },
    );
  }

  #foreign(act: string, cause: unknown): CliError {
    return new CliError(`Cannot ${act}: what answers at ${this.url} is no FleetD server.`, {
      exitCode: ExitCode.unreachable,
      hints: ["Sign in with the right address: fleets login URL"],
      cause,
    });
  }
}

/** The address as it is stored: scheme, host, port and path, no slash at the end. @throws {CliError} */
export function serverUrl(text: string): string {
  const complete = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.parse(complete);
  const usable = url && (url.protocol === "http:" || url.protocol === "https:") &&
    url.hostname !== "" &&
    url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (usable) return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  throw new CliError(`"${text}" is no server address.`, {
    exitCode: ExitCode.usage,
    hints: ["Write it like http://127.0.0.1:8080 or https://fleet.example.org"],
  });
}

/** Whether a URL's host is this machine: localhost, 127.0.0.0/8, ::1. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** Keeps secrets off the network. @throws {CliError} exit code 6 for plain HTTP to another machine */
export function refusePlainHttp(act: string, url: string): void {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "http:" || isLoopbackHost(hostname)) return;
  throw new CliError(
    `Cannot ${act}: ${url} is plain HTTP on another machine, where a secret could be overheard.`,
    {
      exitCode: ExitCode.refused,
      hints: [
        `Use HTTPS: fleets login https://${hostname}:8443`,
        "Or carry it through SSH, then sign in to this end:",
        `ssh -N -L 8080:127.0.0.1:${port || 80} ${hostname}`,
        "fleets login http://127.0.0.1:8080",
      ],
    },
  );
}

function causeText(cause: unknown): string {
  const code = (cause as { code?: string }).code;
  const known: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "the name is unknown",
    EAI_AGAIN: "the name cannot be looked up now",
    EHOSTUNREACH: "no way to that host",
    ENETUNREACH: "no way to that network",
    ECONNRESET: "the connection was cut",
  };
  return (code && known[code]) ?? (cause instanceof Error ? cause.message : String(cause));
}
