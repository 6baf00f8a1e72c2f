/**
 * @module
 * Users: for administrators of the whole fleet only.
 */
import * as v from "valibot";
import { WHOLE_FLEET } from "../../access/device_scope.ts";
import type { InvitedUser } from "../../access/users.ts";
import { isLoopback } from "../address.ts";
import type { Features } from "../features.ts";
import { json, noContent, type Reply, route, type RouteRequest } from "../route_table.ts";
import { invitedUserSchema, userName, userRights, userSchema } from "./user_schemas.ts";
import { needWholeFleet } from "./whole_fleet.ts";

const RATE = { burst: 30, perMinute: 60 };
const params = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z2-7]{12}$/, "12 letters and digits")),
});

export const usersRoutes = [
  route({
    method: "GET",
    path: "/api/v1/users",
    access: "admin",
    operation: "listUsers",
    summary: "Every user by name",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    replies: {
      200: { description: "The users", schema: v.object({ items: v.array(userSchema) }) },
    },
    handle: async ({ scope }, { users }) => {
      needWholeFleet(scope, "list users");
      return json({ items: await users.list() });
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/users",
    access: "admin",
    operation: "inviteUser",
    summary: "Make a user, and the one-time link by which it sets its password",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: RATE,
    body: v.strictObject({
      name: userName,
      role: userRights.role,
      scope: v.optional(userRights.scope),
    }),
    replies: { 201: { description: "The user and its link", schema: invitedUserSchema } },
    handle: async (request, features) => {
      const { body, scope, actor } = request;
      needWholeFleet(scope, "make users");
      const wanted = { name: body.name, role: body.role, scope: body.scope ?? WHOLE_FLEET };
      const { users, transactions } = features;
      const made = await transactions.write((tx) => users.invite(tx, actor, wanted));
      return invited(made, linkBase(request, features));
    },
  }),
  route({
    method: "PATCH",
    path: "/api/v1/users/:id",
    access: "admin",
    operation: "editUser",
    summary: "Change what a user may do, or whether it can sign in; at once for all its sessions",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: RATE,
    params,
    body: v.strictObject({
      role: v.optional(userRights.role),
      scope: v.optional(userRights.scope),
      disabled: v.optional(v.boolean("true or false")),
    }),
    replies: { 200: { description: "The user", schema: userSchema } },
    handle: async ({ params: { id }, body, scope, actor }, { users, transactions }) => {
      needWholeFleet(scope, "change users");
      return json(await transactions.write((tx) => users.edit(tx, actor, { id, patch: body })));
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/users/:id/reset",
    access: "admin",
    operation: "resetUser",
    summary: "Take the password away, end sessions and tokens, and make a new one-time link",
    tag: "access",
    bodyLimitBytes: 0,
    rate: RATE,
    params,
    replies: { 201: { description: "The user and its link", schema: invitedUserSchema } },
    handle: async (request, features) => {
      const { params: { id }, scope, actor } = request;
      needWholeFleet(scope, "reset users");
      const { users, transactions } = features;
      const reset = await transactions.write((tx) => users.reset(tx, actor, id));
      return invited(reset, linkBase(request, features));
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/users/:id",
    access: "admin",
    operation: "removeUser",
    summary: "Remove a user with its sessions and tokens",
    tag: "access",
    bodyLimitBytes: 0,
    rate: RATE,
    params,
    replies: { 204: { description: "Removed" } },
    handle: async ({ params: { id }, scope, actor }, { users, transactions }) => {
      needWholeFleet(scope, "remove users");
      await transactions.write((tx) => users.remove(tx, actor, id));
      return noContent();
    },
  }),
];

/** Whoever asks over HTTPS from elsewhere knows an address that works; on this machine the server's own is told. */
function linkBase(
  { secure, origin, address }: Pick<RouteRequest, "secure" | "origin" | "address">,
  { publicUrl }: Pick<Features, "publicUrl">,
): string {
  return secure && !isLoopback(address) ? origin : publicUrl();
}

function invited({ user, code }: InvitedUser, base: string): Reply {
  const path = `/setup#${code}`;
  return json({ user, code, path, link: base + path }, 201);
}
