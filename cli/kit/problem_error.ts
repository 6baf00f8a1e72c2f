/**
 * An RFC 9457 problem from a server, as an error for a person with the right exit code.
 *
 * @module
 */
import type { IncomingHttpHeaders } from "node:http";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";

/** A refusal of the admin API. */
export class ProblemError extends CliError {
  /** Always "ProblemError". */
  override readonly name = "ProblemError";

  /** From the sentence for people, and `problem` as the server said it, for programs. */
  constructor(
    message: string,
    readonly problem: {
      /** HTTP status. */
      readonly status: number;
      /** The stable code, such as "device.not_found"; empty when the answer was no problem document. */
      readonly code: string;
      readonly requestId?: string;
    },
    options: { readonly exitCode: ExitCode; readonly hints: readonly string[] },
  ) {
    super(message, options);
  }
}

/** What came instead of the wanted answer. */
export interface RefusedAnswer {
  /** What the user wanted: "list devices". */
  readonly act: string;
  /** Base address of the server. */
  readonly url: string;
  /** HTTP status, not 2xx. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body. */
  readonly text: string;
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly field?: string; readonly message?: string }[];
}

/** The error to throw for an answer with a status other than 2xx. */
export function problemError(answer: RefusedAnswer): ProblemError {
  const { act, status, url } = answer;
  const problem = parseProblem(answer);
  const code = problem?.code ?? "";
  const known = { status, code, requestId: problem?.requestId };
  const exitCode = exitCodeOf(status);
  const hints = hintsOf(answer, problem);
  if (problem === undefined) {
    const exit = status === 401 || status >= 500 ? exitCode : ExitCode.unreachable;
    const state = status >= 300 && status < 400
      ? `${url} sends us to another address`
      : `what answers at ${url} gave HTTP ${status} and no reason`;
    return new ProblemError(`Cannot ${act}: ${state}.`, known, { exitCode: exit, hints });
  }
  const detail = (problem.detail ?? problem.title ?? `HTTP ${status}`).trim();
  const sentence = /^cannot /i.test(detail) ? detail : `Cannot ${act}: ${lowerFirst(detail)}`;
  return new ProblemError(/[.!?]$/.test(sentence) ? sentence : `${sentence}.`, known, {
    exitCode,
    hints,
  });
}

function parseProblem({ text }: RefusedAnswer): Problem | undefined {
  try {
    const value = JSON.parse(text) as Problem | null;
    return typeof value === "object" && value !== null && typeof value.code === "string"
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401) return ExitCode.notSignedIn;
  if (status === 404) return ExitCode.notFound;
  if (status === 400 || status === 422) return ExitCode.usage;
  if (status === 502 || status === 503 || status === 504) return ExitCode.unreachable;
  return status >= 400 && status < 500 ? ExitCode.refused : ExitCode.failed;
}

function hintsOf({ status, headers, url }: RefusedAnswer, problem: Problem | undefined): string[] {
  if (status === 401) return [`Sign in again: fleets login ${url}`];
  const location = headers["location"];
  if (status >= 300 && status < 400 && location) {
    return [`Sign in there, if it is yours: fleets login ${location}`];
  }
  const wait = headers["retry-after"];
  if ((status === 429 || status === 503) && wait) return [`Try again in ${wait} s.`];
  if (status >= 500 && problem?.requestId) {
    return [`The server's log says more under request ${problem.requestId}.`];
  }
  return [];
}

/** "Device is …" → "device is …", but "FT1-…" and "WiFi" stay. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
