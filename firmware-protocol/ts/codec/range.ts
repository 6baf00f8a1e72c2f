/**
 * Limits of one field, as the generated tables hold them: one object serves both directions.
 *
 * @module
 */

/** Smallest and largest value of a number, or length of bytes, text (in bytes) or an array. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** `Message.field`, for errors. */
  readonly label: string;
}

/** Limits of a text. */
export interface TextRange extends Range {
  /** Whether control characters are allowed. */
  readonly control?: boolean;
  /** What the whole text must match. */
  readonly pattern?: RegExp;
}
