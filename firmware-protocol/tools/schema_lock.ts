/**
 * The memory of the schema. `schema.lock.json` holds what every key, tuple, enumerated value, error code and
 * metric id has ever meant; a schema that takes one away, or gives it another meaning, is refused, because
 * devices in the field still mean the old one. Additions go into the lock when files are generated.
 *
 * @module
 */
import { ERRORS } from "../schema/errors.ts";
import type { Schema } from "../schema/messages.ts";
import { METRICS } from "../schema/metrics.ts";
import type { Field, Type } from "../schema/types.ts";

/** What each name or number means, as one comparable text; by area, then by owner, then by number. */
export type SchemaLock = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** The lock of a schema. */
export function lockOf(schema: Schema): SchemaLock {
  return {
    messages: Object.fromEntries(
      schema.messages.map(({ name, fields }) => [
        name,
        Object.fromEntries(fields.map((field) => [field.key, meaning(field)])),
      ]),
    ),
    tuples: Object.fromEntries(
      schema.tuples.map(({ name, items }) => [
        name,
        // A tuple is not extensible: the whole of it is one meaning.
        { all: items.map((item) => `${item.name}: ${signature(item.type)}`).join(", ") },
      ]),
    ),
    values: Object.fromEntries(
      schema.values.map(({ name, values }) => [
        name,
        Object.fromEntries(Object.entries(values).map(([key, value]) => [value, key])),
      ]),
    ),
    errors: { all: Object.fromEntries(ERRORS.map(([code, number]) => [number, code])) },
    metrics: {
      all: Object.fromEntries(METRICS.map(([id, name, unit]) => [id, `${name} [${unit}]`])),
    },
  };
}

/**
 * What a lock forbids about a newer one.
 *
 * @returns One sentence for each thing removed, reused, or retyped, and for each required field that was
 * added to a message that older peers already send without it.
 */
export function lockViolations(locked: SchemaLock, now: SchemaLock): string[] {
  const violations: string[] = [];
  for (const [area, owners] of Object.entries(locked)) {
    for (const [owner, meanings] of Object.entries(owners)) {
      const today = now[area]?.[owner];
      for (const [number, before] of Object.entries(meanings)) {
        const after = today?.[number];
        if (after === before) continue;
        const what = `${area} ${owner} ${number}`;
        violations.push(
          after === undefined
            ? `${what} was "${before}" and must stay; it is gone.`
            : `${what} is "${before}" for ever; it became "${after}". Use a number never used before.`,
        );
      }
      if (area === "messages") violations.push(...requiredAdditions(owner, meanings, today));
    }
  }
  return violations;
}

function requiredAdditions(
  owner: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>> = {},
): string[] {
  return Object.entries(after)
    .filter(([key, text]) => !(key in before) && text.endsWith(" R"))
    .map(([key, text]) =>
      `messages ${owner} ${key} "${text}" is new and cannot be required: older peers do not send it.`
    );
}

/** A lock as committed: sorted by construction, one meaning a line. */
export function formatLock(lock: SchemaLock): string {
  return JSON.stringify(lock, null, 2) + "\n";
}

function meaning({ name, type, requirement }: Field): string {
  // "S" only says when a sender sends it.
  return `${name}: ${signature(type)} ${requirement === "R" ? "R" : "O"}`;
}

function signature(type: Type): string {
  switch (type.kind) {
    case "list":
      return `list ${type.min}..${type.max} of (${signature(type.of)})`;
    case "map":
    case "tuple":
    case "special":
      return `${type.kind} ${type.name}`;
    case "true":
      return "true";
    case "text": {
      const flags = `${type.control ? " control" : ""}${type.pattern ? ` ${type.pattern}` : ""}`;
      return `text ${type.min}..${type.max}${flags}`;
    }
    case "uint":
      return `uint ${type.min}..${type.max}${type.values ? ` ${type.values}` : ""}`;
    default:
      return `${type.kind} ${type.min}..${type.max}`;
  }
}
