/**
 * Writes ts/codecs.gen.ts: one specialised reader and writer for each message and tuple, straight code
 * without tables to interpret, because decoding is the server's hottest path.
 *
 * @module
 */
import type { Schema } from "../schema/messages.ts";
import { type Field, type Message, PATTERNS, type Tuple, type Type } from "../schema/types.ts";
import { tsType } from "./emit_types.ts";
import { banner, camel, upperSnake } from "./names.ts";

/** Bodies of report items by kind. */
export const REPORT_BODIES: readonly (readonly [kind: number, message: string])[] = [
  [1, "CommandReport"],
  [2, "DeploymentReport"],
  [3, "EventReport"],
];

/** Collects the limit objects that readers and writers share. */
class Ranges {
  private readonly lines: string[] = [];

  /** Declares the limits of `label` and returns their name. */
  name(type: Type, label: string, part = ""): string {
    const name = upperSnake(label) + part;
    if (
      type.kind === "uint" || type.kind === "int" || type.kind === "bytes" || type.kind === "list"
    ) {
      this.lines.push(
        `const ${name}: Range = { min: ${type.min}, max: ${type.max}, label: "${label}" };`,
      );
    } else if (type.kind === "text") {
      const control = type.control ? ", control: true" : "";
      const pattern = type.pattern ? `, pattern: /${PATTERNS[type.pattern]}/` : "";
      this.lines.push(
        `const ${name}: TextRange = { min: ${type.min}, max: ${type.max}, label: "${label}"${control}${pattern} };`,
      );
    }
    return name;
  }

  /** All declarations. */
  source(): string {
    return this.lines.join("\n") + "\n";
  }
}

/** Expressions that read and write one type; the writer's expects `w` and the value's expression. */
interface Access {
  readonly read: string;
  readonly write: (value: string) => string;
}

function access(type: Type, label: string, ranges: Ranges, part = ""): Access {
  const range = ranges.name(type, label, part);
  const simple = (method: string): Access => ({
    read: `r.${method}(${range})`,
    write: (value) => `w.${method}(${value}, ${range})`,
  });
  switch (type.kind) {
    case "uint":
    case "int":
    case "text":
      return simple(type.kind);
    case "bytes":
      return simple("byteString");
    case "true":
      return { read: `r.flag("${label}")`, write: (value) => `w.flag(${value}, "${label}")` };
    case "map":
    case "tuple":
      return { read: `read${type.name}(r)`, write: (value) => `write${type.name}(w, ${value})` };
    case "special":
      return { read: `read${type.name}(r)`, write: (value) => `write${type.name}(w, ${value})` };
    case "list": {
      const inner = access(type.of, label, ranges, `${part}_EACH`);
      const named = type.of.kind === "map" || type.of.kind === "tuple";
      const read = named ? inner.read.slice(0, -3) : `(r) => ${inner.read}`;
      const write = named
        ? `write${(type.of as { name: string }).name}`
        : `(w, value) => ${inner.write("value")}`;
      return {
        read: `r.list(${range}, ${read})`,
        write: (value) => `w.list(${value}, ${range}, ${write})`,
      };
    }
  }
}

/** Source of ts/codecs.gen.ts. */
export function emitCodecs(schema: Schema): string {
  const ranges = new Ranges();
  const tuples = schema.tuples.map((tuple) => emitTuple(tuple, ranges)).join("");
  const messages = schema.messages.map((message) => emitMessage(message, ranges)).join("");
  const types = [...schema.tuples, ...schema.messages].map(({ name }) => name);
  const checks = schema.messages.flatMap(({ check }) => check ?? []);
  return banner("//") +
    "\n/**\n * Readers, writers and codecs of every message.\n *\n * @module\n */\n" +
    `import * as check from "./codec/checks.ts";
import { type Codec, fieldCodec, type FieldCodec, messageCodec } from "./codec/codec.ts";
import type { Range, TextRange } from "./codec/range.ts";
import type { Reader } from "./codec/reader.ts";
import {
  readColumns,
  readInventory,
  readSpacing,
  writeColumns,
  writeInventory,
  writeSpacing,
} from "./codec/special.ts";
import type { Writer } from "./codec/writer.ts";
import type {\n${
      [...types, "Column", "Inventory", "ReportItem"].sort().map((name) => `  ${name},\n`).join("")
    }} from "./messages.gen.ts";
` +
    (checks.length === 0 ? "" : "\n") + ranges.source() + tuples + messages + emitReportItems();
}

function emitTuple({ name, items }: Tuple, ranges: Ranges): string {
  const upper = upperSnake(name);
  const accesses = items.map((item) => access(item.type, `${name}.${item.name}`, ranges));
  const reads = items.map((item, at) => `  const ${safe(item.name)} = ${accesses[at]?.read};\n`)
    .join("");
  const writes = items.map((item, at) => `  ${accesses[at]?.write(`value.${item.name}`)};\n`).join(
    "",
  );
  const shape = emitShape(name, items.map((item) => [item.name, tsType(item.type)]));
  return `${shape}
const ${upper}: Range = { min: ${items.length}, max: ${items.length}, label: "${name}" };

function read${name}(r: Reader): ${name} {
  r.array(${upper});
${reads}  r.leave();
  return new ${name}Shape(${items.map((item) => safe(item.name)).join(", ")});
}

function write${name}(w: Writer, value: ${name}): void {
  w.array(${items.length}, ${upper});
${writes}  w.leave();
}
`;
}

function emitMessage(message: Message, ranges: Ranges): string {
  const accesses = new Map(
    message.fields.map((
      field,
    ) => [field, access(field.type, `${message.name}.${field.name}`, ranges)]),
  );
  const required = message.fields.filter((field) => field.requirement === "R");
  const shape = emitShape(
    message.name,
    required.map((field) => [field.name, tsType(field.type)]),
  );
  return shape + emitReader(message, accesses) + emitWriter(message, accesses) +
    emitCodec(message) +
    (message.sections ? emitSections(message, accesses) : "");
}

/**
 * Writes the constructor of what a reader returns: plain objects, whose hidden class is theirs alone.
 * Object literals elsewhere in the program share theirs by their keys, and V8 can leave a literal on a
 * class that such a neighbour made obsolete: decoding is then five times slower, for good.
 */
function emitShape(name: string, members: readonly (readonly [string, string])[]): string {
  const parameters = members.map(([member, type]) => `${safe(member)}: ${type}`);
  return `
const ${name}Shape = function (this: ${name}, ${parameters.join(", ")}) {
${members.map(([member]) => `  this.${member} = ${safe(member)};\n`).join("")}} as unknown as {
  new (${parameters.join(", ")}): ${name};
};
(${name}Shape as { prototype: unknown }).prototype = Object.prototype;
`;
}

function emitReader(message: Message, accesses: Map<Field, Access>): string {
  const { name, fields, check, maxBytes, criticalFrom } = message;
  const required = fields.filter((field) => field.requirement === "R");
  const optional = fields.filter((field) => field.requirement !== "R");
  const critical = criticalFrom === undefined ? "" : `
        if (key >= ${criticalFrom}) r.fail("schema.critical_key", "${name}", \`key \${key} is not known\`);`;
  const lines = [
    `\nfunction read${name}(r: Reader): ${name} {`,
    ...(maxBytes === undefined ? [] : ["  const start = r.pos;"]),
    ...fields.map((field) => `  let ${local(field)}: ${tsType(field.type)} | undefined;`),
    `  let key = -1;`,
    `  for (let left = r.map("${name}"); left > 0; left--) {`,
    `    key = r.key(key, "${name}");`,
    `    switch (key) {`,
    ...fields.map((field) =>
      `      case ${field.key}:\n        ${local(field)} = ${
        accesses.get(field)?.read
      };\n        break;`
    ),
    `      default:${critical}\n        r.skip("${name}");`,
    `    }`,
    `  }`,
    `  r.leave();`,
    ...(maxBytes === undefined ? [] : [`  r.limit(start, ${maxBytes}, "${name}");`]),
    ...required.map((field) =>
      `  if (${local(field)} === undefined) return r.missing("${name}.${field.name}");`
    ),
    `  const value = new ${name}Shape(${required.map(local).join(", ")});`,
    ...optional.map((field) =>
      `  if (${local(field)} !== undefined) value.${field.name} = ${local(field)};`
    ),
    ...(check === undefined ? [] : [
      `  const wrong = check.${check}(value);`,
      `  if (wrong !== undefined) r.fail("schema.inconsistent", "${name}", wrong);`,
    ]),
    `  return value;\n}\n`,
  ];
  return lines.join("\n");
}

function emitWriter(message: Message, accesses: Map<Field, Access>): string {
  const { name, fields, check, maxBytes } = message;
  const optional = fields.filter((field) => field.requirement !== "R");
  const lines = [
    `\nfunction write${name}(w: Writer, value: ${name}): void {`,
    ...(maxBytes === undefined ? [] : ["  const start = w.size;"]),
    `  let count = ${fields.length - optional.length};`,
    ...optional.map((field) => `  if (value.${field.name} !== undefined) count++;`),
    `  w.map(count, "${name}");`,
    ...fields.map((field) => {
      const write = `w.key(${field.key});\n  ${accesses.get(field)?.write(`value.${field.name}`)};`;
      if (field.requirement === "R") return `  ${write}`;
      return `  if (value.${field.name} !== undefined) {\n  ${write.replaceAll("\n", "\n  ")}\n  }`;
    }),
    `  w.leave();`,
    ...(maxBytes === undefined ? [] : [`  w.limit(start, ${maxBytes}, "${name}");`]),
    ...(check === undefined ? [] : [
      `  const wrong = check.${check}(value);`,
      `  if (wrong !== undefined) w.fail("${name}", wrong);`,
    ]),
    `}\n`,
  ];
  return lines.join("\n");
}

function emitCodec({ name, doc, maxBytes }: Message): string {
  const max = maxBytes === undefined ? "" : `\n  maxBytes: ${maxBytes},`;
  return `
/** ${doc}${maxBytes === undefined ? "" : ` At most ${maxBytes} bytes.`} */
export const ${camel(name)}Codec: Codec<${name}> = messageCodec({
  name: "${name}",
  read: read${name},
  write: write${name},${max}
});
`;
}

function emitSections(message: Message, accesses: Map<Field, Access>): string {
  const { name, fields } = message;
  const type = fields.map((field) =>
    `  readonly ${field.name}: FieldCodec<${tsType(field.type)}>;\n`
  );
  const rows = fields.map((field) => {
    const { read, write } = accesses.get(field) as Access;
    return `  ${field.name}: fieldCodec({
    key: ${field.key},
    required: ${field.requirement === "R"},
    name: "${name}.${field.name}",
    read: (r): ${tsType(field.type)} => ${read},
    write: (w, value: ${tsType(field.type)}) => ${write("value")},
  }),\n`;
  });
  return `
/** Each field of ${name} by itself, for sections that are judged one by one. */
export const ${camel(name)}Fields: {\n${type.join("")}} = {\n${rows.join("")}};
`;
}

function emitReportItems(): string {
  const reads = REPORT_BODIES.map(([kind, name]) =>
    `    case ${kind}:\n      item = { kind, time, body: read${name}(r) };\n      break;\n`
  );
  const writes = REPORT_BODIES.map(([kind, name]) =>
    `    case ${kind}:\n      write${name}(w, value.body);\n      break;\n`
  );
  const label = "ReportsBatch.items";
  return `
const REPORT_ITEMS: Range = { min: 1, max: 16, label: "${label}" };
const REPORT_ITEM: Range = { min: 3, max: 3, label: "${label}" };
const REPORT_KIND: Range = { min: 0, max: 255, label: "${label}" };
const REPORT_TIME: Range = { min: 0, max: 9007199254740991, label: "${label}" };

function readReportItems(r: Reader): ReportItem[] {
  return r.list(REPORT_ITEMS, readReportItem);
}

function readReportItem(r: Reader): ReportItem {
  r.array(REPORT_ITEM);
  const kind = r.uint(REPORT_KIND);
  const time = r.uint(REPORT_TIME);
  let item: ReportItem;
  switch (kind) {
${reads.join("")}    default:
      return r.fail("schema.out_of_range", "${label}", \`kind \${kind} is not known\`);
  }
  r.leave();
  return item;
}

function writeReportItems(w: Writer, items: readonly ReportItem[]): void {
  w.list(items, REPORT_ITEMS, writeReportItem);
}

function writeReportItem(w: Writer, value: ReportItem): void {
  w.array(3, REPORT_ITEM);
  w.uint(value.kind, REPORT_KIND);
  w.uint(value.time, REPORT_TIME);
  switch (value.kind) {
${writes.join("")}    default:
      value satisfies never;
      w.fail("${label}", "a kind that is not known");
  }
  w.leave();
}
`;
}

function local(field: Field): string {
  return `f${field.key}`;
}

function safe(name: string): string {
  return name === "from" || name === "class" ? `${name}_` : name;
}
