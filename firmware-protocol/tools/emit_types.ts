/**
 * Writes ts/messages.gen.ts (constants, enumerations, message types), ts/errors.gen.ts and
 * ts/metrics.gen.ts.
 *
 * @module
 */
import { ERRORS } from "../schema/errors.ts";
import { METRICS } from "../schema/metrics.ts";
import type { Schema } from "../schema/messages.ts";
import type { Field, Message, SpecialName, Tuple, Type, Values } from "../schema/types.ts";
import { banner } from "./names.ts";

const SPECIAL_TYPES: Readonly<Record<SpecialName, string>> = {
  Spacing: "number | readonly number[]",
  Columns: "readonly Column[]",
  Inventory: "Inventory",
  ReportItems: "readonly ReportItem[]",
};

const SPECIAL_DECLARATIONS = `
/** One metric of a batch, as it travels. */
export interface Column {
  /** Metric id, 0 to 1,023. */
  id: number;
  /** value = integer × 10^scale, -9 to 9; null for raw floats. */
  scale: number | null;
  /**
   * First value, then deltas to the last known value (raw floats with scale null); null is a missing
   * value. One entry stands for a constant column. Every sum of deltas is within ±(2^53 − 1).
   */
  values: readonly (number | null)[];
}

/** One fact of an inventory: text of at most 128 bytes, an unsigned integer, or at most 8 texts of 64. */
export type InventoryValue = string | number | readonly string[];

/** Slow facts by key of 1 to 32 bytes: at most 64 of them, at most 4 KiB encoded. */
export type Inventory = ReadonlyMap<string, InventoryValue>;

/** One record of the reports stream; \`time\` is Unix ms, 0 where unknown. */
export type ReportItem =
  | { kind: 1; time: number; body: CommandReport }
  | { kind: 2; time: number; body: DeploymentReport }
  | { kind: 3; time: number; body: EventReport };
`;

/** Source of ts/messages.gen.ts. */
export function emitTypes(schema: Schema): string {
  const limits = Object.entries(schema.limits).map(([name, value]) => `  ${name}: ${value},\n`)
    .join("");
  return banner("//") +
    "\n/**\n * Constants, enumerations and types of every message.\n *\n * @module\n */\n" +
    `\n/** Version and limits; the unit is in the name. */\nexport const PROTOCOL = {\n` +
    `  major: ${schema.major},\n  minor: ${schema.minor},\n${limits}} as const;\n` +
    schema.values.map(emitValues).join("") +
    SPECIAL_DECLARATIONS +
    schema.tuples.map(emitTuple).join("") +
    schema.messages.map(emitMessage).join("");
}

function emitValues({ name, doc, values }: Values): string {
  const rows = Object.entries(values).map(([key, value]) => `  ${key}: ${value},\n`).join("");
  return `\n/** ${doc} */\nexport const ${name} = {\n${rows}} as const;\n` +
    `/** One of the numbers of \`${name}\`. */\n` +
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];\n`;
}

function emitTuple({ name, doc, items }: Tuple): string {
  const rows = items.map((item) => `  /** ${item.doc} */\n  ${item.name}: ${tsType(item.type)};\n`);
  return `\n/** ${doc} A fixed-length array on the wire. */\nexport interface ${name} {\n${
    rows.join("")
  }}\n`;
}

function emitMessage({ name, doc, fields }: Message): string {
  return `\n/** ${doc} */\nexport interface ${name} {\n${fields.map(emitField).join("")}}\n`;
}

function emitField({ name, type, requirement, doc, key }: Field): string {
  const told = requirement === "S" ? " Told after a start, after a change, and on need." : "";
  const values = type.kind === "uint" && type.values ? ` See {@link ${type.values}}.` : "";
  const mark = requirement === "R" ? "" : "?";
  return `  /** ${doc}${values}${told} Key ${key}${shape(type)}. */\n  ${name}${mark}: ${
    tsType(type)
  };\n`;
}

/** Limits of a type in words, for a field's comment. */
function shape(type: Type): string {
  switch (type.kind) {
    case "bytes":
      return type.min === type.max ? `; ${type.max} bytes` : `; at most ${type.max} bytes`;
    case "text":
      return `; at most ${type.max} bytes of UTF-8`;
    case "list":
      return `; ${type.min} to ${type.max} entries`;
    default:
      return "";
  }
}

/** TypeScript type of a wire type. */
export function tsType(type: Type): string {
  switch (type.kind) {
    case "uint":
    case "int":
      return "number";
    case "true":
      return "true";
    case "bytes":
      return "Uint8Array";
    case "text":
      return "string";
    case "list":
      return `readonly ${tsType(type.of)}[]`;
    case "map":
    case "tuple":
      return type.name;
    case "special":
      return SPECIAL_TYPES[type.name];
  }
}

/** Source of ts/errors.gen.ts. */
export function emitErrors(): string {
  const rows = ERRORS.map(([code, , meaning]) => `  "${code}": "${meaning}",\n`).join("");
  return banner("//") +
    "\n/**\n * Codes of ProtocolError.\n *\n * @module\n */\n" +
    "\n/** Every code and what it means. */\n" +
    `export const PROTOCOL_ERRORS = {\n${rows}} as const;\n` +
    "\n/** A code of PROTOCOL_ERRORS. */\n" +
    "export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;\n";
}

/** Source of ts/metrics.gen.ts. */
export function emitMetrics(): string {
  const rows = METRICS.map(([id, name, unit, scale, meaning]) =>
    `  /** ${meaning} */\n  { id: ${id}, name: "${name}", unit: "${unit}", scale: ${scale} },\n`
  );
  return banner("//") +
    "\n/**\n * The standard metrics.\n *\n * @module\n */\n" +
    `
/** A metric the protocol knows by number. */
export interface MetricDefinition {
  /** 0 to 127. */
  readonly id: number;
  /** Dotted name. */
  readonly name: string;
  /** Unit, empty for none. */
  readonly unit: string;
  /** Power of ten values are rounded to: value = integer × 10^scale. */
  readonly scale: number;
}

/** Standard metrics by ascending id. */
export const STANDARD_METRICS: readonly MetricDefinition[] = [
${rows.join("")}];
`;
}
