/**
 * The one error that input from the network can cause. Its code is API (schema/errors.ts lists them all);
 * its text is for logs. Bad arguments of our own code are `TypeError` and `RangeError` instead.
 *
 * @module
 */
import type { ProtocolErrorCode } from "../errors.gen.ts";

/** Input that the protocol does not allow, or that does not authenticate. */
export class ProtocolError extends Error {
  /** Always `ProtocolError`. */
  override readonly name = "ProtocolError";
  /** What is wrong, as `area.what`. */
  readonly code: ProtocolErrorCode;
  /** The field it was found in, as `Message.field`, where there is one. */
  readonly field: string | undefined;

  /**
   * Says what is wrong and where.
   *
   * @param code What is wrong.
   * @param message What was being done, the present state, what to do next.
   * @param options The field concerned and the cause.
   */
  constructor(
    code: ProtocolErrorCode,
    message: string,
    options: { field?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
  }
}
