/**
 * Writes the C side of the schema: keys, enumerations and limits as headers, and constant field tables that
 * the C core walks to decode and encode. Tables hold no names and no pointers to code; a linker that drops
 * unused sections drops the messages a device does not speak.
 *
 * @module
 */
import { ERRORS } from "../schema/errors.ts";
import type { Schema } from "../schema/messages.ts";
import { METRICS } from "../schema/metrics.ts";
import { type Field, MAX_INTEGER, type Message, type Tuple, type Type } from "../schema/types.ts";
import { snake, upperSnake } from "./names.ts";

const BANNER =
  "/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.\n" +
  " * Do not edit: change the schema and run `deno task gen`. */\n";

const TYPES =
  `/* Kinds of value. The limits of a type are in the comment: min and max are always inclusive. */
enum fleetd_kind {
  FLEETD_KIND_UINT = 0, /* unsigned integer, min to max */
  FLEETD_KIND_INT = 1, /* signed integer, -max to max */
  FLEETD_KIND_TRUE = 2, /* true, or absent */
  FLEETD_KIND_BYTES = 3, /* byte string of min to max bytes */
  FLEETD_KIND_TEXT = 4, /* UTF-8 of min to max bytes, see the flags */
  FLEETD_KIND_LIST = 5, /* array of min to max items of the type item */
  FLEETD_KIND_MAP = 6, /* map of the fields of shape */
  FLEETD_KIND_TUPLE = 7, /* array of exactly the fields of shape */
  FLEETD_KIND_SPACING = 8, /* unsigned integer up to max, or array of at most 1,023 of them */
  FLEETD_KIND_COLUMNS = 9, /* delta columns, PROTOCOL section 8 */
  FLEETD_KIND_INVENTORY = 10, /* text-keyed map, PROTOCOL section 8 */
  FLEETD_KIND_REPORT_ITEMS = 11 /* [kind, time, body] with the body's map by kind */
};

/* Flags of a text. */
#define FLEETD_TEXT_CONTROL 1u /* control characters are allowed */
#define FLEETD_TEXT_SLUG 2u /* only a-z, 0-9 and - */

struct fleetd_shape;

/* A type with its limits. */
struct fleetd_type {
  uint64_t max;
  uint16_t min;
  uint8_t kind; /* enum fleetd_kind */
  uint8_t flags;
  const struct fleetd_type *item; /* of a list, else null */
  const struct fleetd_shape *shape; /* of a map or tuple, else null */
};

/* An entry of a map, or of a tuple (key is then its index and it is required). */
struct fleetd_field {
  uint16_t key;
  uint8_t required;
  uint8_t since; /* protocol minor */
  struct fleetd_type type;
};

/* The fields of a map or tuple, keys ascending. */
struct fleetd_shape {
  const struct fleetd_field *fields;
  uint16_t count;
  uint16_t critical_from; /* unknown keys from here on are refused, not skipped; 65535 for none */
  uint32_t max_bytes; /* largest encoding, 0 for no limit of its own */
};
`;

/** The C files, by path below firmware-protocol. */
export function emitC(schema: Schema): [string, string][] {
  return [
    ["c/include/fleetd/messages.gen.h", header("MESSAGES", messagesHeader(schema))],
    ["c/src/messages.gen.c", source("messages", messagesSource(schema))],
    ["c/include/fleetd/errors.gen.h", header("ERRORS", errorsHeader())],
    ["c/src/errors.gen.c", source("errors", errorsSource())],
    ["c/include/fleetd/metrics.gen.h", header("METRICS", metricsHeader())],
    ["c/src/metrics.gen.c", source("metrics", metricsSource())],
  ];
}

function header(name: string, body: string): string {
  const guard = `FLEETD_${name}_GEN_H`;
  return `${BANNER}#ifndef ${guard}\n#define ${guard}\n\n#include <stdint.h>\n\n` +
    `#ifdef __cplusplus\nextern "C" {\n#endif\n\n${body}\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n`;
}

function source(name: string, body: string): string {
  return `${BANNER}#include "fleetd/${name}.gen.h"\n\n${body}`;
}

function messagesHeader(schema: Schema): string {
  const limits = Object.entries({
    protocolMajor: schema.major,
    protocolMinor: schema.minor,
    ...schema.limits,
  })
    .map(([name, value]) => `#define FLEETD_${upperSnake(name)} ${value}u\n`).join("");
  const enumerations = schema.values.map(({ name, doc, values }) =>
    enumeration(name, doc, Object.entries(values).map(([key, value]) => [upperSnake(key), value]))
  );
  const keys = schema.messages.map(({ name, fields }) =>
    enumeration(`${name}Key`, "", fields.map((field) => [upperSnake(field.name), field.key]))
  );
  const externs = [...schema.tuples, ...schema.messages]
    .map(({ name, doc }) => `/* ${doc} */\nextern const struct fleetd_shape ${shapeName(name)};\n`);
  return `/* Version and limits; the unit is in the name. */\n${limits}\n${
    enumerations.join("\n")
  }\n` +
    `/* Keys of the messages. */\n${keys.join("\n")}\n${TYPES}\n${externs.join("")}`;
}

function enumeration(name: string, doc: string, rows: (readonly [string, number])[]): string {
  const prefix = `FLEETD_${upperSnake(name)}`;
  const lines = rows.map(([key, value]) => `  ${prefix}_${key} = ${value}`).join(",\n");
  return `${doc === "" ? "" : `/* ${doc} */\n`}enum fleetd_${snake(name)} {\n${lines}\n};\n`;
}

function messagesSource(schema: Schema): string {
  const shapes = [
    ...schema.tuples.map((tuple) => ({
      name: tuple.name,
      fields: tupleFields(tuple),
      shape: tuple,
    })),
    ...schema.messages.map((message) => ({
      name: message.name,
      fields: message.fields,
      shape: message,
    })),
  ];
  return shapes.map(({ name, fields, shape }) => shapeSource(name, fields, shape)).join("\n");
}

function tupleFields({ items }: Tuple): Field[] {
  return items.map(({ name, type, doc }, key) => ({
    key,
    name,
    type,
    doc,
    requirement: "R",
    since: 0,
  }));
}

function shapeSource(name: string, fields: readonly Field[], shape: Partial<Message>): string {
  const items: string[] = [];
  const rows = fields.map((field) => {
    const type = typeSource(field.type, `${snake(name)}_${snake(field.name)}`, items);
    const required = field.requirement === "R" ? 1 : 0;
    return `  {${field.key}, ${required}, ${field.since}, ${type}}, /* ${field.name} */\n`;
  });
  const { criticalFrom = 65_535, maxBytes = 0 } = shape;
  return `${items.join("")}static const struct fleetd_field ${snake(name)}_fields[] = {\n${
    rows.join("")
  }};\n` +
    `const struct fleetd_shape ${shapeName(name)} = {${snake(name)}_fields, ${fields.length}, ` +
    `${criticalFrom}, ${maxBytes}};\n`;
}

/** Initialiser of a `struct fleetd_type`; item types of lists are declared into `items`. */
function typeSource(type: Type, name: string, items: string[]): string {
  const row = (kind: string, min = 0, max = 0, flags = "0", item = "0", shape = "0") =>
    `{${max}ull, ${min}, FLEETD_KIND_${kind}, ${flags}, ${item}, ${shape}}`;
  switch (type.kind) {
    case "uint":
      return row("UINT", type.min, type.max);
    case "int":
      if (type.min !== -type.max) {
        throw new RangeError(`Cannot emit ${name}: limits are not symmetric`);
      }
      return row("INT", 0, type.max);
    case "true":
      return row("TRUE");
    case "bytes":
      return row("BYTES", type.min, type.max);
    case "text":
      return row("TEXT", type.min, type.max, textFlags(type));
    case "map":
      return row("MAP", 0, 0, "0", "0", `&${shapeName(type.name)}`);
    case "tuple":
      return row("TUPLE", 0, 0, "0", "0", `&${shapeName(type.name)}`);
    case "special":
      return row(upperSnake(type.name), 0, type.name === "Spacing" ? MAX_INTEGER : 0);
    case "list": {
      const item = `${name}_item`;
      items.push(
        `static const struct fleetd_type ${item} = ${typeSource(type.of, item, items)};\n`,
      );
      return row("LIST", type.min, type.max, "0", `&${item}`);
    }
  }
}

function textFlags({ control, pattern }: Extract<Type, { kind: "text" }>): string {
  if (control) return "FLEETD_TEXT_CONTROL";
  return pattern === undefined ? "0" : `FLEETD_TEXT_${pattern.toUpperCase()}`;
}

function shapeName(name: string): string {
  return `fleetd_${snake(name)}_shape`;
}

function errorsHeader(): string {
  const rows = ERRORS.map(([code, number, meaning]) =>
    `  FLEETD_${upperSnake(code)} = ${number} /* ${meaning} */`
  );
  return `/* What a function of the core returns; the texts of the codes are API. */\nenum fleetd_status {\n` +
    `  FLEETD_OK = 0,\n${commaBeforeComment(rows)}\n};\n\n` +
    `/* The code as text, such as "cbor.truncated"; "unknown" for any other number. */\n` +
    `const char *fleetd_status_code(enum fleetd_status status);\n\n` +
    `/* What the code means, in a sentence without its full stop. */\n` +
    `const char *fleetd_status_text(enum fleetd_status status);\n`;
}

function commaBeforeComment(rows: string[]): string {
  return rows.map((row, at) => at === rows.length - 1 ? row : row.replace(" /*", ", /*")).join(
    "\n",
  );
}

function errorsSource(): string {
  const texts = (part: 0 | 2) =>
    ERRORS.map((row) => `    case FLEETD_${upperSnake(row[0])}:\n      return "${row[part]}";\n`)
      .join("");
  const lookup = (name: string, ok: string, part: 0 | 2) =>
    `const char *fleetd_status_${name}(enum fleetd_status status) {\n  switch (status) {\n` +
    `    case FLEETD_OK:\n      return "${ok}";\n${texts(part)}  }\n  return "unknown";\n}\n`;
  return `${lookup("code", "ok", 0)}\n${lookup("text", "nothing is wrong", 2)}`;
}

function metricsHeader(): string {
  const ids = METRICS.map(([id, name]) => [upperSnake(name), id] as const);
  return `${enumeration("metricId", "Standard metrics.", ids)}
/* A standard metric: value = integer x 10^scale. */
struct fleetd_metric {
  uint8_t id;
  int8_t scale;
  const char *name;
  const char *unit;
};

#define FLEETD_METRIC_COUNT ${METRICS.length}u
extern const struct fleetd_metric fleetd_metrics[FLEETD_METRIC_COUNT]; /* ids ascending */
`;
}

function metricsSource(): string {
  const rows = METRICS.map(([id, name, unit, scale]) =>
    `  {${id}, ${scale}, "${name}", "${unit}"},\n`
  );
  return `const struct fleetd_metric fleetd_metrics[FLEETD_METRIC_COUNT] = {\n${rows.join("")}};\n`;
}
