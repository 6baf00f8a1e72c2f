/**
 * @module
 * Pieces of schemas that queries and paths share. In a URL everything is text; each piece says what the
 * text stands for, and how the OpenAPI document shows it.
 */
import * as v from "valibot";
import type { JsonSchema } from "@valibot/to-json-schema";

/** How a schema of text is shown in the document. */
export interface ShownAs {
  readonly openapi: JsonSchema;
}

/** The document's form of a schema that says it itself. */
export function shownAs(schema: v.GenericSchema): JsonSchema | undefined {
  return (v.getMetadata(schema as never) as Partial<ShownAs>).openapi;
}

/** A whole number written in digits. */
export function wholeNumber(
  { min, max, description }: { min: number; max: number; description?: string },
) {
  const message = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(message),
    v.regex(/^\d{1,16}$/, message),
    v.transform(Number),
    v.number(message),
    v.minValue(min, message),
    v.maxValue(max, message),
    v.metadata({
      openapi: {
        type: "integer",
        minimum: min,
        maximum: max,
        ...(description ? { description } : {}),
      },
    }),
  );
}

/** `true` or `false`. */
export function truth(description: string) {
  return v.pipe(
    v.picklist(["true", "false"], "true or false"),
    v.transform((text) => text === "true"),
    v.metadata({ openapi: { type: "boolean", description } }),
  );
}

/** `label=key=value`, repeated for several: all must match. */
export const labelsQuery = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => [given].flat()),
  v.check(
    (pairs) => pairs.length <= 8 && pairs.every((pair) => /^[^=]+=.+$/s.test(pair)),
    "at most 8 pairs of key=value",
  ),
  v.transform((pairs) =>
    Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    )
  ),
  v.metadata({
    openapi: {
      type: "array",
      items: { type: "string" },
      maxItems: 8,
      description: "key=value; repeat the parameter to ask for several labels at once",
    },
  }),
);

/** Most items of a page. */
export const PAGE_MAX = 500;

/** `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: v.optional(
    wholeNumber({ min: 1, max: PAGE_MAX, description: "Items of this page; 100 when absent" }),
    "100",
  ),
  cursor: v.optional(
    v.pipe(v.string(), v.maxLength(200), v.description("`next` of the page before")),
  ),
};

/** A device's public handle, whole. */
export const handle = v.pipe(
  v.string(),
  v.regex(
    /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/,
    "a whole handle, such as k7pq-2m4d-9xwa-b3ne (a–z, 2–7)",
  ),
  v.description("Public name of the device, made from its key"),
);

/** Path of one device. */
export const handleParams = v.strictObject({ handle });

/** Labels by key, as they stand. */
export const labels = v.record(v.string(), v.string());

/** A moment: Unix ms. */
export function moment(description: string) {
  return v.pipe(v.number(), v.integer(), v.description(`${description}, Unix ms`));
}

/** A moment in a URL: Unix ms in digits. */
export function momentQuery(description: string) {
  return wholeNumber({
    min: 0,
    max: 8_640_000_000_000_000,
    description: `${description}, Unix ms`,
  });
}
