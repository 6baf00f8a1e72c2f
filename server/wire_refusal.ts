/**
 * @module
 * A refusal that a device sees without a MAC: a hint that changes only its back-off (PROTOCOL §4, rule
 * zero). Status numbers live in `http/agent/wire_reply.ts`.
 */

/** The reason, as PROTOCOL §8 numbers it (`WireErrorCode`). */
export class WireRefusal extends Error {
  override readonly name = "WireRefusal";

  /**
   * @param code of `WireErrorCode`
   * @param message for the log; the device sees the code alone
   */
  constructor(
    readonly code: number,
    message: string,
    options: ErrorOptions & { readonly retryAfterS?: number } = {},
  ) {
    super(message, options);
    this.retryAfterS = options.retryAfterS;
  }

  /** Whole seconds, ≤ 900; undefined = the device's own back-off. */
  readonly retryAfterS: number | undefined;
}
