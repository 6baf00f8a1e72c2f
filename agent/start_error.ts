/**
 * Why the agent cannot start, for a person: the sentence, and what to do next. Without the command-line kit, because the
 * running agent carries none of it.
 *
 * @module
 */

/** A start that failed. */
export class StartError extends Error {
  override readonly name = "StartError";
  constructor(
    message: string,
    readonly advice: {
      /** What to do next, one line each. */
      readonly hints: readonly string[];
      /** `usage`: the command line is wrong; `refused`: not allowed now; `unreachable`: no answer; else `failed`. */
      readonly kind: "usage" | "refused" | "unreachable" | "failed";
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
