/**
 * @module
 * Asks the admin API as the session's user. Failures come as {@link Problem} with the server's own words.
 */

/** What went wrong, in words for the person. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 = the server did not answer. */
    readonly status: number,
    detail: string,
    /** Seconds after which it may be asked again; 0 = not said. */
    readonly retryAfterS: number,
  ) {
    super(detail);
  }
}

const signedOut = new EventTarget();

/** Calls back when an answer says that the session is over. */
export function onSignedOut(listener: () => void): void {
  signedOut.addEventListener("signed-out", listener);
}

/** Tells everybody that the session is over. */
export function saySignedOut(): void {
  signedOut.dispatchEvent(new Event("signed-out"));
}

/**
 * One request.
 * @param body sent as JSON; undefined = none
 * @returns the answer's JSON, undefined where there is none
 * @throws {Problem}
 */
export async function request<T>(
  method: string,
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal } = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(
      0,
      "The server does not answer. Nothing was changed, as far as this page knows.",
      0,
    );
  }
  if (response.ok) {
    const isJson = response.headers.get("content-type")?.includes("json");
    return (isJson ? await response.json() : undefined) as T;
  }
  throw await problemOf(response, path);
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  const problem = await response.json().catch(() => ({})) as {
    detail?: string;
    code?: string;
  };
  if (problem.code === "request.unauthenticated" && !path.includes("/sign-in")) saySignedOut();
  return new Problem(
    response.status,
    problem.detail ?? `The server answered ${response.status}.`,
    Number(response.headers.get("retry-after") ?? 0),
  );
}
