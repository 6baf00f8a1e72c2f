/**
 * @module
 * API tokens: for administrators of the whole fleet only, and nobody can hand out more than he has.
 */
import * as v from "valibot";
import type { ApiToken } from "../../access/api_tokens.ts";
import { WHOLE_FLEET } from "../../access/device_scope.ts";
import { ROLES } from "../../access/role.ts";
import { json, noContent, route } from "../route_table.ts";
import { labels } from "../schema_parts.ts";
import { apiTokenSchema, newApiTokenSchema } from "./schemas.ts";
import { tokenName } from "./setup_routes.ts";
import { needWholeFleet } from "./whole_fleet.ts";

const YEAR_S = 31_536_000;
const TTL = "a whole number of seconds from 60 to 31,536,000 (a year)";

export const apiTokensRoutes = [
  route({
    method: "GET",
    path: "/api/v1/api-tokens",
    access: "admin",
    operation: "listApiTokens",
    summary: "Every API token, newest first",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    replies: {
      200: { description: "The tokens", schema: v.object({ items: v.array(apiTokenSchema) }) },
    },
    handle: async ({ scope }, { apiTokens }) => {
      needWholeFleet(scope, "list API tokens");
      return json({ items: await apiTokens.list() });
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/api-tokens",
    access: "admin",
    operation: "createApiToken",
    summary: "Make an API token",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: { burst: 30, perMinute: 60 },
    body: v.strictObject({
      name: tokenName,
      role: v.picklist(ROLES, `one of ${ROLES.join(", ")}`),
      ttlS: v.optional(
        v.nullable(
          v.pipe(v.number(TTL), v.integer(TTL), v.minValue(60, TTL), v.maxValue(YEAR_S, TTL)),
        ),
      ),
      scope: v.optional(v.strictObject({ labels })),
    }),
    replies: {
      201: { description: "The token with its text, shown once", schema: newApiTokenSchema },
    },
    handle: async ({ body, actor, scope }, { apiTokens, transactions }) => {
      needWholeFleet(scope, "make API tokens");
      const { name, role, scope: granted = WHOLE_FLEET, ttlS = null } = body;
      const wanted = { name, role, scope: granted, ttlS };
      const { token, text } = await transactions.write((tx) => apiTokens.create(tx, actor, wanted));
      return json({ ...token satisfies ApiToken, token: text }, 201);
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/api-tokens/:id",
    access: "admin",
    operation: "revokeApiToken",
    summary: "Revoke an API token, at once and for ever",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 60 },
    params: v.strictObject({
      id: v.pipe(v.string(), v.regex(/^[a-z2-7]{12}$/, "12 letters and digits")),
    }),
    replies: { 204: { description: "Revoked" } },
    handle: async ({ params, actor, scope }, { apiTokens, transactions }) => {
      needWholeFleet(scope, "revoke API tokens");
      await transactions.write((tx) => apiTokens.revoke(tx, actor, params.id));
      return noContent();
    },
  }),
];
