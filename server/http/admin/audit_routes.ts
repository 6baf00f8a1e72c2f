/**
 * @module
 * The audit log: reading it and proving that it is whole.
 */
import * as v from "valibot";
import type { AuditRow } from "../../audit/audit_log.ts";
import { checkAudit } from "../../audit/audit_log.ts";
import { json, route } from "../route_table.ts";
import { pageQuery } from "../schema_parts.ts";
import { beforeCursor, idBefore } from "./newest_first.ts";
import { auditPageSchema } from "./schemas.ts";
import { needWholeFleet } from "./whole_fleet.ts";

export const auditRoutes = [
  route({
    method: "GET",
    path: "/api/v1/audit",
    access: "admin",
    operation: "listAudit",
    summary: "What was changed, by whom and when; newest first",
    tag: "audit",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 300 },
    query: v.strictObject({
      ...pageQuery,
      target: v.optional(
        v.pipe(
          v.string(),
          v.maxLength(120),
          v.description("For example device:k7pq-2m4d-9xwa-b3ne"),
        ),
      ),
    }),
    replies: { 200: { description: "A page", schema: auditPageSchema } },
    handle: async ({ query, scope }, { auditStore }) => {
      needWholeFleet(scope, "read the audit log");
      const rows = await auditStore.list({
        beforeId: idBefore(query.cursor) ?? null,
        target: query.target ?? null,
        limit: query.limit + 1,
      });
      const items = rows.slice(0, query.limit);
      return json({ items: items.map(shown), next: beforeCursor(rows, query.limit) });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/audit/check",
    access: "admin",
    operation: "checkAudit",
    summary: "Recompute the audit log's chain of hashes",
    tag: "audit",
    bodyLimitBytes: 0,
    rate: { burst: 2, perMinute: 6 },
    replies: {
      200: {
        description: "Whether the chain holds",
        schema: v.object({
          entries: v.pipe(v.number(), v.integer()),
          brokenAtId: v.nullable(
            v.pipe(
              v.number(),
              v.integer(),
              v.description("First row that does not follow; null = none"),
            ),
          ),
          head: v.pipe(
            v.string(),
            v.description("Hash of the newest row: keep it elsewhere to prove the log later"),
          ),
        }),
      },
    },
    handle: async ({ scope }, { auditStore }) => {
      needWholeFleet(scope, "check the audit log");
      return json(await checkAudit(auditStore));
    },
  }),
];

function shown(row: AuditRow): v.InferOutput<typeof auditPageSchema>["items"][number] {
  return {
    id: row.id,
    atMs: row.atMs,
    actor: row.actor,
    address: row.address,
    action: row.action,
    target: row.target,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    hash: Buffer.from(row.hash).toString("hex"),
  };
}
