/**
 * @module
 * Enrolment tokens. A caller who sees a part of the fleet makes and sees only tokens that admit devices
 * into that part.
 */
import * as v from "valibot";
import { scopeContains } from "../../access/device_scope.ts";
import type { EnrolmentToken } from "../../enrolment/enrolment_tokens.ts";
import { DomainError } from "../../errors.ts";
import { json, noContent, route } from "../route_table.ts";
import { labels } from "../schema_parts.ts";
import { enrolmentTokenSchema, newEnrolmentTokenSchema } from "./schemas.ts";

const WEEK_S = 604_800;

export const enrolmentTokensRoutes = [
  route({
    method: "GET",
    path: "/api/v1/enrolment-tokens",
    access: "operator",
    operation: "listEnrolmentTokens",
    summary: "Enrolment tokens, newest first; never their secrets",
    tag: "enrolment",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    replies: {
      200: {
        description: "The tokens",
        schema: v.object({ items: v.array(enrolmentTokenSchema) }),
      },
    },
    handle: async ({ scope }, { enrolmentTokens, clock }) => {
      const tokens = await enrolmentTokens.list();
      const seen = tokens.filter((token) => scopeContains(scope, token.labels));
      return json({ items: seen.map((token) => shown(token, clock.nowMs())) });
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/enrolment-tokens",
    access: "operator",
    operation: "createEnrolmentToken",
    summary: "Make an enrolment token",
    tag: "enrolment",
    bodyLimitBytes: 4_096,
    rate: { burst: 30, perMinute: 60 },
    body: v.strictObject({
      name: v.optional(
        v.nullable(
          v.pipe(
            v.string(),
            v.regex(
              /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/,
              "1 to 63 letters, digits, spaces, dots, dashes or underscores",
            ),
          ),
        ),
      ),
      uses: v.optional(v.pipe(v.number(), v.description("Devices it admits, 1 to 100,000")), 1),
      ttlS: v.optional(
        v.pipe(v.number(), v.description("Life in seconds, 60 to 31,536,000")),
        WEEK_S,
      ),
      labels: v.optional(labels, {}),
      hwClass: v.optional(v.nullable(v.string())),
    }),
    replies: {
      201: { description: "The token with its text, shown once", schema: newEnrolmentTokenSchema },
    },
    handle: async ({ body, actor, scope }, { enrolmentTokens, transactions, clock }) => {
      if (!scopeContains(scope, body.labels)) {
        throw new DomainError(
          "request.forbidden",
          `Cannot make an enrolment token: your API token sees devices with ${
            labelsText(scope.labels)
          } only; give the token these labels`,
        );
      }
      const wanted = {
        name: body.name ?? null,
        uses: body.uses,
        ttlS: body.ttlS,
        labels: body.labels,
        hwClass: body.hwClass ?? null,
      };
      const { token, text } = await transactions.write((tx) =>
        enrolmentTokens.create(tx, actor, wanted)
      );
      return json({ ...shown(token, clock.nowMs()), token: text }, 201);
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/enrolment-tokens/:id",
    access: "operator",
    operation: "revokeEnrolmentToken",
    summary: "Revoke an enrolment token; devices it admitted stay",
    tag: "enrolment",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 60 },
    params: v.strictObject({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "16 hex digits")) }),
    replies: { 204: { description: "Revoked" } },
    handle: async ({ params, actor, scope }, { enrolmentTokens, transactions }) => {
      const id = new Uint8Array(Buffer.from(params.id, "hex"));
      await transactions.write((tx) => enrolmentTokens.revoke(tx, actor, { id, scope }));
      return noContent();
    },
  }),
];

function shown(token: EnrolmentToken, nowMs: number): v.InferOutput<typeof enrolmentTokenSchema> {
  return {
    id: Buffer.from(token.id).toString("hex"),
    name: token.name,
    uses: token.maxUses,
    used: token.used,
    hwClass: token.hwClass,
    labels: token.labels as Record<string, string>,
    createdAtMs: token.createdAtMs,
    expiresAtMs: token.notAfterMs,
    revokedAtMs: token.revokedAtMs,
    state: stateOf(token, nowMs),
    actor: token.actor,
  };
}

function stateOf(token: EnrolmentToken, nowMs: number): "usable" | "spent" | "expired" | "revoked" {
  if (token.revokedAtMs !== null) return "revoked";
  if (token.notAfterMs <= nowMs) return "expired";
  return token.used >= token.maxUses ? "spent" : "usable";
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(", ");
}
