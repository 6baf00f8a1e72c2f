/**
 * @module
 * From raw input to what a handler sees: path parts, query and body, each through the route's schema.
 * What no schema names is refused, not ignored.
 */
import * as v from "valibot";
import { DomainError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";
import { readBody } from "./limits.ts";
import { type FieldError, InvalidInput } from "./problem.ts";
import { type Route, routeName } from "./route_table.ts";

/** The checked parts of a request. */
export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const NOTHING = v.strictObject({});
const UNSAFE = new Set(["POST", "PUT", "PATCH"]);

/**
 * Reads and checks everything a route takes. All wrong fields are named at once.
 * @throws DomainError `request.unsupported_type`, `request.too_large`, `request.cut`; InvalidInput
 */
export async function readInput(
  route: Route,
  exchange: Exchange,
  params: Readonly<Record<string, string>>,
): Promise<Input> {
  refuseBodyType(route, exchange);
  const raw = await readRawBody(route, exchange);
  const errors: FieldError[] = [];
  const input = {
    params: checked(route.params ?? NOTHING, params, { name: "path", errors }),
    query: checked(route.query ?? NOTHING, queryOf(exchange.query), { name: "query", errors }),
    body: route.body === "bytes" || route.body === undefined
      ? raw
      : checked(route.body, parseJson(raw ?? new Uint8Array(), errors), { name: "body", errors }),
  };
  if (errors.length > 0) throw new InvalidInput(errors);
  return input;
}

/** A page of another site can post forms and text without asking; it cannot post JSON without. */
function refuseBodyType(route: Route, exchange: Exchange): void {
  if (exchange.header("content-encoding") !== undefined) {
    throw new DomainError(
      "request.unsupported_type",
      "Cannot take the body: content encodings are not accepted; send it plain",
    );
  }
  if (!UNSAFE.has(route.method)) return;
  const wanted = route.body === "bytes" ? route.bodyType : "application/json";
  const given = exchange.header("content-type")?.replace(/;.*/s, "").trim().toLowerCase();
  if (wanted === undefined || (route.body === undefined && given === undefined)) return;
  if (given !== wanted) {
    throw new DomainError(
      "request.unsupported_type",
      `Cannot take the body: ${routeName(route)} takes ${wanted}, not ${
        given ?? "a body of no type"
      }`,
    );
  }
}

async function readRawBody(route: Route, exchange: Exchange): Promise<Uint8Array | undefined> {
  const { incoming } = exchange;
  const declared = incoming.headers["transfer-encoding"] !== undefined ||
    Number(incoming.headers["content-length"] ?? 0) > 0;
  if (route.body === undefined && !declared) return undefined;
  const body = await readBody(incoming, route.bodyLimitBytes);
  if (route.body === undefined && body.length > 0) {
    throw new DomainError(
      "request.too_large",
      `Cannot take the body: ${routeName(route)} takes none`,
    );
  }
  return route.body === undefined ? undefined : body;
}

/** Repeated keys become lists; anything else is one string. */
function queryOf(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const [key, value] of new URLSearchParams(text)) {
    const known = query[key];
    query[key] = known === undefined
      ? value
      : Array.isArray(known)
      ? [...known, value]
      : [known, value];
  }
  return { ...query };
}

/** An empty body is an empty object, so that `POST …/reject` needs none. */
function parseJson(raw: Uint8Array, errors: FieldError[]): unknown {
  if (raw.length === 0) return {};
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    errors.push({ field: "body", message: "it is not a JSON object" });
    return {};
  } catch {
    errors.push({ field: "body", message: "it is not JSON in UTF-8" });
    return {};
  }
}

function checked(
  schema: v.GenericSchema,
  value: unknown,
  to: { name: string; errors: FieldError[] },
): unknown {
  if (to.name === "body" && to.errors.some((error) => error.field === "body")) return undefined;
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const field = [to.name, ...(issue.path ?? []).map((part) => String(part.key))].join(".");
    to.errors.push({ field: field.slice(0, 200), message: messageOf(issue) });
  }
  return undefined;
}

/** Valibot's own words for a key that is missing or unknown are about types; people ask about the key. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "there is no such field";
  if (issue.type === "strict_object" && issue.received === "undefined") return "it is missing";
  return issue.message.slice(0, 300);
}
