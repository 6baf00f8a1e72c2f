/**
 * @module
 * The OpenAPI 3.1 document, made from the route table: what the server answers and what is written about
 * it cannot differ. Schemas that several routes share are components, found by identity.
 */
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { DOMAIN_ERRORS } from "../errors.ts";
import { type Access, reachOf, type Route } from "./route_table.ts";
import { shownAs } from "./schema_parts.ts";

/** A problem as every failing route answers it (RFC 9457). */
export const problemSchema = v.object({
  type: v.pipe(v.string(), v.description("urn:fleetd:problem:<code>")),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.pipe(
    v.string(),
    v.description("What could not be done, the present state, and what to do next"),
  ),
  instance: v.string(),
  code: v.picklist(Object.keys(DOMAIN_ERRORS)),
  requestId: v.pipe(
    v.string(),
    v.description("Also in the server's log and the x-request-id header"),
  ),
  errors: v.optional(v.array(v.object({ field: v.string(), message: v.string() }))),
});

/** What the document is made of. */
export interface DocumentOptions {
  readonly routes: readonly Route[];
  /** Name to schema; these become components. */
  readonly components: Readonly<Record<string, v.GenericSchema>>;
  readonly version: string;
}

/** The document as a JSON value. */
export function openApiDocument(
  { routes, components, version }: DocumentOptions,
): Record<string, unknown> {
  const names = new Map<v.GenericSchema, string>(
    Object.entries({ ...components, Problem: problemSchema }).map((
      [name, schema],
    ) => [schema, name]),
  );
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    if (route.undocumented) continue;
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route, names);
  }
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "FleetD administration",
      version,
      description:
        "What `fleets` and dashboards ask of the server. Over plain HTTP it is answered on the server's own machine only. `x-role` says who may ask, `x-reach` from where: anyone, secure (HTTPS, or the server's own machine), here (the server's own machine).",
      license: { name: "MIT", identifier: "MIT" },
    },
    security: [{ apiToken: [] }, { session: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(
        [...names].map(([schema, name]) => [name, shapeOf(schema, { names, top: true })] as const)
          .sort(([a], [b]) => a < b ? -1 : 1),
      ),
      securitySchemes: {
        apiToken: {
          type: "http",
          scheme: "bearer",
          description: "An API token, as `fleets login` stores it",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-fleetd-<fleetId>",
          description:
            "The cookie that signing in sets. Changes need this server's exact Origin with it",
        },
      },
    },
  };
}

type Names = ReadonlyMap<v.GenericSchema, string>;

function operationOf(route: Route, names: Names): Record<string, unknown> {
  const parameters = [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")];
  return {
    operationId: route.operation,
    summary: route.summary,
    tags: [route.tag],
    ...(route.access === "public" ? { security: [] } : {}),
    "x-role": route.access satisfies Access,
    "x-reach": reachOf(route),
    "x-body-limit-bytes": route.bodyLimitBytes,
    "x-rate": route.rate,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(route, names),
    responses: responsesOf(route, names),
  };
}

function bodyOf(route: Route, names: Names): Record<string, unknown> {
  if (route.body === undefined) return {};
  const content = route.body === "bytes"
    ? { [route.bodyType ?? "application/octet-stream"]: {} }
    : { "application/json": { schema: shapeOf(route.body, { names, mode: "input" }) } };
  return { requestBody: { required: true, content } };
}

function responsesOf(route: Route, names: Names): Record<string, unknown> {
  const responses: Record<string, unknown> = {};
  for (const [status, { description, schema, type }] of Object.entries(route.replies)) {
    const content = schema !== undefined
      ? { content: { "application/json": { schema: shapeOf(schema, { names, mode: "output" }) } } }
      : type !== undefined
      ? { content: { [type]: {} } }
      : {};
    responses[status] = { description, ...content };
  }
  responses.default = {
    description: "What went wrong",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return responses;
}

function parametersOf(
  schema: v.GenericSchema | undefined,
  where: "path" | "query",
): Record<string, unknown>[] {
  if (schema === undefined) return [];
  const { entries } = schema as unknown as { entries: Record<string, v.GenericSchema> };
  return Object.entries(entries).map(([name, entry]) => {
    const optional = entry.type === "optional";
    const { description, ...shape } = shapeOf(entry, { names: new Map(), mode: "input" });
    return {
      name,
      in: where,
      required: where === "path" || !optional,
      ...(description === undefined ? {} : { description }),
      schema: shape,
    };
  });
}

/** One schema as JSON Schema, with shared schemas as references. */
function shapeOf(
  schema: v.GenericSchema,
  { names, mode = "output", top = false }: {
    names: Names;
    mode?: "input" | "output";
    top?: boolean;
  },
): JsonSchema {
  const name = names.get(schema);
  if (name !== undefined && !top) return { $ref: `#/components/schemas/${name}` };
  const said = shownAs(schema);
  if (said !== undefined) return said;
  const { $schema: _, $defs: __, ...shape } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: mode,
    errorMode: "throw",
    ignoreActions: ["check", "transform", "brand", "readonly"],
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const inner = valibotSchema as v.GenericSchema;
      if (inner !== schema && names.has(inner)) {
        return { $ref: `#/components/schemas/${names.get(inner)}` };
      }
      const wrapped = (inner as unknown as { wrapped?: v.GenericSchema }).wrapped;
      const shown = shownAs(inner) ?? (wrapped === undefined ? undefined : shownAs(wrapped));
      return shown === undefined ? undefined : {
        ...shown,
        ...(jsonSchema.default === undefined
          ? {}
          : { default: defaultOf(shown, jsonSchema.default) }),
      };
    },
  });
  return shape;
}

/** A default of the URL's text, in the shown type. */
function defaultOf(shown: JsonSchema, given: JsonSchema["default"]): JsonSchema["default"] {
  if (typeof given !== "string") return given;
  return shown.type === "integer"
    ? Number(given)
    : shown.type === "boolean"
    ? given === "true"
    : given;
}
