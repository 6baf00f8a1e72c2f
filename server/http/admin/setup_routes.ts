/**
 * @module
 * The server as a whole, and the first administrator's way in.
 */
import * as v from "valibot";
import { ROLES } from "../../access/role.ts";
import { json, route } from "../route_table.ts";
import { serverSchema } from "./schemas.ts";

/** Name of an API token. */
export const tokenName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,62}$/,
    "1 to 63 letters, digits, spaces, dots, dashes, underscores or @",
  ),
);

export const setupRoutes = [
  route({
    method: "GET",
    path: "/api/v1/server",
    access: "viewer",
    operation: "getServer",
    summary: "This fleet, its server, and who is asking",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    replies: { 200: { description: "The server", schema: serverSchema } },
    handle: ({ caller }, { server, tls }) => json({ ...server, tls: tls(), caller }),
  }),
  route({
    method: "POST",
    path: "/api/v1/setup",
    access: "public",
    reach: "secure",
    operation: "setUp",
    summary: "Exchange the setup code, once, for the first administrator's API token",
    tag: "server",
    bodyLimitBytes: 1_024,
    rate: { burst: 10, perMinute: 10 },
    body: v.strictObject({
      code: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      name: tokenName,
    }),
    replies: {
      201: {
        description: "The token, shown once",
        schema: v.object({ token: v.string(), role: v.picklist(ROLES), id: v.string() }),
      },
    },
    handle: async ({ body, actor }, { setupCode }) => {
      const { token, text } = await setupCode.exchange(actor, body);
      return json({ token: text, role: token.role, id: token.id }, 201);
    },
  }),
];
