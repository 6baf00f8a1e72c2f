/**
 * Writes fleetd.cddl (RFC 8610): the protocol for readers and third parties. What CDDL cannot say, such as
 * the deterministic encoding and rules across fields, stands in comments.
 *
 * @module
 */
import type { Schema } from "../schema/messages.ts";
import {
  type Field,
  MAX_INTEGER,
  type Message,
  PATTERNS,
  type SpecialName,
  type Tuple,
  type Type,
  type Values,
} from "../schema/types.ts";
import { REPORT_BODIES } from "./emit_codecs.ts";
import { banner, kebab } from "./names.ts";

const SPECIAL_RULES = `
; One spacing in ms for all samples, or count - 1 of them.
spacing = u53 / [0*1023 u53]

; Columns, ids ascending: first value, then deltas to the last known value; null is a missing value and
; leaves the delta base alone. One value alone stands for a constant. Scale null: raw floats, no deltas.
; value = integer * 10^scale. Sums of deltas stay within +-(2^53 - 1).
columns = [0*64 column]
column = [id: 0..1023, scale: -9..9, 1*1024 (integer / null)]
       / [id: 0..1023, scale: null, 1*1024 (float16 / float32 / null)]

; The one text-keyed map; keys ascend bytewise as encoded; at most 64 facts and 4,096 bytes.
inventory = { 0*64 (text .size (1..32)) => fact }
fact = text .size (0..128) / u53 / [0*8 text .size (0..64)]
`;

const PRELUDE = `
; Every item is in the deterministic encoding of RFC 8949 section 4.2.1: definite lengths, shortest
; integers, shortest floats of 16 and 32 bits, keys ascending, no tags, no simple values but false, true
; and null. Depth at most 6, at most 4,096 items, no bytes after the item. Texts hold no control characters
; (Unicode Cc), log text apart.

u53 = 0..${MAX_INTEGER}
integer = -${MAX_INTEGER}..${MAX_INTEGER}
key = 0..65535
`;

/** Source of fleetd.cddl. */
export function emitCddl(schema: Schema): string {
  return banner(";") + PRELUDE +
    schema.messages.map(emitMessage).join("") +
    schema.tuples.map(emitTuple).join("") +
    SPECIAL_RULES + emitReportItems() +
    "\n; Open enumerations: a later minor may add values.\n" +
    schema.values.map(emitValues).join("");
}

function emitMessage({ name, doc, fields, maxBytes, criticalFrom }: Message): string {
  const limit = maxBytes === undefined ? "" : ` At most ${maxBytes} bytes.`;
  const known = Math.max(...fields.map((field) => field.key));
  const extension = criticalFrom === undefined
    ? "  * key => any ; skipped by receivers that do not know it\n"
    : `  * ${known + 1}..${criticalFrom - 1} => any ; keys from ${criticalFrom} on are critical\n`;
  return `\n; ${doc}${limit}\n${kebab(name)} = {\n${fields.map(emitField).join("")}${extension}}\n`;
}

function emitField({ key, name, type, requirement, doc }: Field): string {
  const occurrence = requirement === "R" ? "  " : "  ? ";
  return `${occurrence}${key} ^ => ${rule(type)}, ; ${name}: ${doc}\n`;
}

function emitTuple({ name, doc, items }: Tuple): string {
  const rows = items.map((item) => `  ${kebab(item.name)}: ${rule(item.type)}, ; ${item.doc}\n`);
  return `\n; ${doc}\n${kebab(name)} = [\n${rows.join("")}]\n`;
}

function emitValues({ name, doc, values }: Values): string {
  const rows = Object.entries(values).map(([key, value]) => `${kebab(key)}: ${value}`).join(", ");
  return `\n; ${doc}\n${kebab(name)} = &(${rows}) / 0..255\n`;
}

function emitReportItems(): string {
  const choices = REPORT_BODIES.map(([kind, name]) =>
    `[kind: ${kind}, time: u53, body: ${kebab(name)}]`
  );
  return `\n; Reports; time is Unix ms, 0 where unknown.\nreport-items = [1*16 report-item]\n` +
    `report-item = ${choices.join("\n            / ")}\n`;
}

const SPECIAL_NAMES: Readonly<Record<SpecialName, string>> = {
  Spacing: "spacing",
  Columns: "columns",
  Inventory: "inventory",
  ReportItems: "report-items",
};

/** CDDL of a type. */
function rule(type: Type): string {
  switch (type.kind) {
    case "uint":
      if (type.values !== undefined) return kebab(type.values);
      if (type.min === 0 && type.max === MAX_INTEGER) return "u53";
      return type.min === type.max ? `${type.min}` : `${type.min}..${type.max}`;
    case "int":
      return type.max === MAX_INTEGER ? "integer" : `${type.min}..${type.max}`;
    case "true":
      return "true";
    case "bytes":
      return `bytes .size ${size(type)}`;
    case "text": {
      const text = `text .size ${size(type)}`;
      if (type.pattern === undefined) return text;
      const expression = PATTERNS[type.pattern].replace(/^\^|\$$/g, "");
      return `(${text}) .and (text .regexp "${expression}")`;
    }
    case "list":
      return `[${type.min}*${type.max} ${
        type.of.kind === "text" ? `(${rule(type.of)})` : rule(type.of)
      }]`;
    case "map":
    case "tuple":
      return kebab(type.name);
    case "special":
      return SPECIAL_NAMES[type.name];
  }
}

function size({ min, max }: { min: number; max: number }): string {
  return min === max ? `${min}` : `(${min}..${max})`;
}
