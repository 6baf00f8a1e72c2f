/**
 * @module
 * Sessions: one's own for everybody, everybody's for administrators of the whole fleet.
 */
import * as v from "valibot";
import { json, noContent, route } from "../route_table.ts";
import { truth } from "../schema_parts.ts";
import { isWholeFleet } from "../../access/device_scope.ts";
import { DomainError } from "../../errors.ts";
import type { Caller } from "../route_table.ts";
import { sessionSchema } from "./user_schemas.ts";

export const sessionsRoutes = [
  route({
    method: "GET",
    path: "/api/v1/sessions",
    access: "viewer",
    operation: "listSessions",
    summary: "Sessions that work now, newest first: one's own, or everybody's",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    query: v.strictObject({
      everybody: v.optional(truth("Those of all users; for administrators"), "false"),
    }),
    replies: {
      200: { description: "The sessions", schema: v.object({ items: v.array(sessionSchema) }) },
    },
    handle: async ({ query, caller }, { sessions }) => {
      if (query.everybody && !administers(caller!)) {
        throw new DomainError(
          "request.forbidden",
          "Cannot list everybody's sessions: it needs the role admin over the whole fleet",
        );
      }
      const owner = caller!.user?.id;
      const items = query.everybody
        ? await sessions.list(null)
        : owner === undefined
        ? []
        : await sessions.list(owner);
      return json({ items: items.map((item) => ({ ...item, current: item.id === caller!.id })) });
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/sessions/:id",
    access: "viewer",
    operation: "endSession",
    summary: "End a session at once: one of one's own, or for administrators anybody's",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 60 },
    params: v.strictObject({
      id: v.pipe(v.string(), v.regex(/^[a-z2-7]{12}$/, "12 letters and digits")),
    }),
    replies: { 204: { description: "Ended" } },
    handle: async ({ params, caller, actor }, { sessions, transactions }) => {
      // "" is nobody's id: a token that stands for itself has no sessions of its own.
      const ownerId = administers(caller!) ? null : caller!.user?.id ?? "";
      await transactions.write((tx) => sessions.end(tx, actor, { id: params.id, ownerId }));
      return noContent();
    },
  }),
];

function administers({ role, scope }: Caller): boolean {
  return role === "admin" && isWholeFleet(scope);
}
