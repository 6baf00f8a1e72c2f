/**
 * The vocabulary the message tables are written in: a handful of wire types and the shorthand that
 * keeps a table row on one line. It knows nothing of TypeScript, C or CDDL output; the generator does.
 *
 * @module
 */

/** Largest integer on the wire: 2^53 - 1, what a JavaScript number holds exactly. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
/** Largest value of a 32-bit field. */
export const MAX_U32 = 0xffff_ffff;
/** Largest record counter: 2^48 - 1. */
export const MAX_COUNTER = 2 ** 48 - 1;
/** Largest enumerated value: enumerations travel as one byte or two, and stay open for later minors. */
export const MAX_ENUM = 255;

/** Named character sets a text field can be held to. */
export type PatternName = "slug";

/** The regular expressions behind {@link PatternName}. */
export const PATTERNS: Readonly<Record<PatternName, string>> = { slug: "^[a-z0-9-]+$" };

/** One wire type. Limits are part of it: what a limit refuses is not valid. */
export type Type =
  | { kind: "uint"; min: number; max: number; values?: string }
  | { kind: "int"; min: number; max: number }
  | { kind: "true" }
  | { kind: "bytes"; min: number; max: number }
  | { kind: "text"; min: number; max: number; pattern?: PatternName; control?: true }
  | { kind: "list"; of: Type; min: number; max: number }
  | { kind: "map"; name: string }
  | { kind: "tuple"; name: string }
  | { kind: "special"; name: SpecialName };

/** Shapes that a table row cannot say; each has one hand-written reader and writer in ts/codec. */
export type SpecialName = "Spacing" | "Columns" | "Inventory" | "ReportItems";

/** R: always present. O: optional. S: optional on the wire, but required when its state must be told. */
export type Requirement = "R" | "O" | "S";

/** One entry of an integer-keyed map. */
export interface Field {
  readonly key: number;
  readonly name: string;
  readonly type: Type;
  readonly requirement: Requirement;
  readonly doc: string;
  /** Protocol minor that introduced the field. */
  readonly since: number;
}

/** One integer-keyed map. */
export interface Message {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly Field[];
  /** Largest encoding, in bytes. */
  readonly maxBytes?: number;
  /** Unknown keys from here on are refused, not skipped. */
  readonly criticalFrom?: number;
  /** A rule across fields, by the name of its function in ts/codec/checks.ts. */
  readonly check?: string;
  /** Its fields are also offered as codecs of their own, for sections judged one by one. */
  readonly sections?: true;
}

/** One fixed-length array; tuples are not extensible. */
export interface Tuple {
  readonly name: string;
  readonly doc: string;
  readonly items: readonly { readonly name: string; readonly type: Type; readonly doc: string }[];
}

/** Numbers with names. */
export interface Values {
  readonly name: string;
  readonly doc: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Unsigned integer, from `min` to `max`. */
export const u = (max: number = MAX_INTEGER, min = 0): Type => ({ kind: "uint", min, max });
/** 32-bit unsigned integer. */
export const u32: Type = u(MAX_U32);
/** Signed integer within ±(2^53 - 1). */
export const i: Type = { kind: "int", min: -MAX_INTEGER, max: MAX_INTEGER };
/** An open enumeration: a value of the named set, or one a later minor adds. */
export const e = (values: string): Type => ({ kind: "uint", min: 0, max: MAX_ENUM, values });
/** Exactly `length` bytes. */
export const b = (length: number): Type => ({ kind: "bytes", min: length, max: length });
/** At most `max` bytes. */
export const upTo = (max: number): Type => ({ kind: "bytes", min: 0, max });
/** UTF-8 text of 1 to `max` bytes without control characters. */
export const t = (max: number, pattern?: PatternName): Type => ({
  kind: "text",
  min: 1,
  max,
  ...(pattern ? { pattern } : {}),
});
/** UTF-8 text of 0 to `max` bytes that may be empty. */
export const note = (max: number): Type => ({ kind: "text", min: 0, max });
/** Present or absent, never false. */
export const flag: Type = { kind: "true" };
/** Array of `of`. */
export const list = (of: Type, max: number, min = 0): Type => ({ kind: "list", of, min, max });
/** Another message, as a map inside. */
export const map = (name: string): Type => ({ kind: "map", name });
/** A named tuple. */
export const tuple = (name: string): Type => ({ kind: "tuple", name });
/** A shape with its own reader. */
export const special = (name: SpecialName): Type => ({ kind: "special", name });

/** One table row; `since` is the minor that brought it. */
export function field(
  key: number,
  name: string,
  ...[type, requirement, doc, since = 0]: [Type, Requirement, string, number?]
): Field {
  return { key, name, type, requirement, doc, since };
}
