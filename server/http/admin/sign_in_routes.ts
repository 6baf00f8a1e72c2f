/**
 * @module
 * Signing in and out. What these routes set is a cookie for a browser, or an API token for a program.
 */
import * as v from "valibot";
import type { Attempt } from "../../access/lockout.ts";
import { ROLES } from "../../access/role.ts";
import type { SignedIn } from "../../access/sign_in.ts";
import { DomainError } from "../../errors.ts";
import { limitKey } from "../address.ts";
import type { Features } from "../features.ts";
import { json, noContent, type Reply, route, type RouteRequest } from "../route_table.ts";
import { clearCookie, setCookie } from "../session_cookie.ts";
import { tokenName } from "./setup_routes.ts";
import { linkCode, passwordText, signedInSchema, userName } from "./user_schemas.ts";

const GUESSES = { burst: 20, perMinute: 30 };
const YEAR_S = 31_536_000;
const TTL = "a whole number of seconds from 60 to 31,536,000 (a year)";

export const signInRoutes = [
  route({
    method: "GET",
    path: "/api/v1/sign-in",
    access: "public",
    reach: "secure",
    operation: "getSignInWays",
    summary: "How a visitor can sign in",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 30, perMinute: 120 },
    replies: {
      200: {
        description: "The ways",
        schema: v.object({
          setupOpen: v.pipe(
            v.boolean(),
            v.description("The link or code that the server printed at its start works"),
          ),
          users: v.pipe(v.boolean(), v.description("There are users with passwords")),
        }),
      },
    },
    handle: async (_request, { signIn }) => json(await signIn.ways()),
  }),
  route({
    method: "POST",
    path: "/api/v1/sign-in",
    access: "public",
    reach: "secure",
    operation: "signIn",
    summary: "Sign in with a name and a password; sets the session's cookie",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: GUESSES,
    body: v.strictObject({ name: userName, password: passwordText }),
    replies: { 200: { description: "Signed in", schema: signedInSchema } },
    handle: async (request, features) => {
      const { name, password } = request.body;
      const agent = request.header("user-agent") ?? null;
      const signedIn = await features.signIn.session(attemptOf(request, name), { password, agent });
      return withCookie(signedIn, request, features);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/sign-in/token",
    access: "public",
    reach: "secure",
    operation: "signInForToken",
    summary: "Exchange a name and a password for an API token that lives and dies with the user",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: GUESSES,
    body: v.strictObject({
      name: userName,
      password: passwordText,
      tokenName,
      ttlS: v.optional(
        v.nullable(
          v.pipe(v.number(TTL), v.integer(TTL), v.minValue(60, TTL), v.maxValue(YEAR_S, TTL)),
        ),
      ),
    }),
    replies: {
      201: {
        description: "The token, shown once",
        schema: v.object({ token: v.string(), role: v.picklist(ROLES), id: v.string() }),
      },
    },
    handle: async (request, { signIn }) => {
      const { name, password, tokenName, ttlS = null } = request.body;
      const wanted = { password, tokenName, ttlS };
      const { token, text } = await signIn.token(attemptOf(request, name), wanted);
      return json({ token: text, role: token.role, id: token.id }, 201);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/sign-in/link",
    access: "public",
    reach: "secure",
    operation: "checkSignInLink",
    summary: "What a one-time link is for, without spending it",
    tag: "access",
    bodyLimitBytes: 1_024,
    rate: { burst: 10, perMinute: 10 },
    body: v.strictObject({ code: linkCode }),
    replies: {
      200: {
        description: "Its purpose",
        schema: v.object({
          kind: v.pipe(
            v.picklist(["first-admin", "user"]),
            v.description("first-admin: its holder chooses a user name"),
          ),
          name: v.nullable(v.string()),
        }),
      },
    },
    handle: async ({ body }, { signIn }) => json(await signIn.linkPurpose(body.code)),
  }),
  route({
    method: "POST",
    path: "/api/v1/sign-in/link/use",
    access: "public",
    reach: "secure",
    operation: "useSignInLink",
    summary: "Spend a one-time link: set a password, and sign in",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: { burst: 10, perMinute: 10 },
    body: v.strictObject({ code: linkCode, name: v.optional(userName), password: passwordText }),
    replies: { 200: { description: "Signed in", schema: signedInSchema } },
    handle: async (request, features) => {
      const { code, name = null, password } = request.body;
      const agent = request.header("user-agent") ?? null;
      const wanted = { code, name, password, agent };
      return withCookie(
        await features.signIn.spendLink(request.address, wanted),
        request,
        features,
      );
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/sign-out",
    access: "viewer",
    operation: "signOut",
    summary: "End the session or the user's API token that asks",
    tag: "access",
    bodyLimitBytes: 0,
    rate: { burst: 10, perMinute: 60 },
    replies: { 204: { description: "Signed out" } },
    handle: async (request, { sessions, apiTokens, transactions, server }) => {
      const { actor, secure } = request;
      const { kind, id, user } = request.caller!;
      if (user === null) throw noUser("sign out", "end it with DELETE /api/v1/api-tokens/<id>");
      await transactions.write((tx) =>
        kind === "session"
          ? sessions.end(tx, actor, { id, ownerId: user.id })
          : apiTokens.revoke(tx, actor, id)
      );
      const clear = clearCookie({ fleetId: server.fleetId, secure });
      return kind === "session" ? { status: 204, headers: { "set-cookie": clear } } : noContent();
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/password",
    access: "viewer",
    operation: "changePassword",
    summary: "Change one's own password; every other session and token of the user ends",
    tag: "access",
    bodyLimitBytes: 4_096,
    rate: { burst: 5, perMinute: 10 },
    body: v.strictObject({ current: passwordText, next: passwordText }),
    replies: { 204: { description: "Changed" } },
    handle: async (request, { signIn }) => {
      const { body, caller } = request;
      if (caller!.user === null) throw noUser("change the password", "sign in as the user");
      await signIn.changePassword(attemptOf(request, caller!.user.name), {
        ...body,
        callerId: caller!.id,
      });
      return noContent();
    },
  }),
];

function attemptOf(
  { actor, address, local }: Pick<RouteRequest, "actor" | "address" | "local">,
  name: string,
): Attempt {
  return { actor: { ...actor, name: "nobody" }, name, addressKey: limitKey(address), local };
}

function withCookie(
  { session, text, user }: SignedIn,
  { secure }: Pick<RouteRequest, "secure">,
  { server }: Pick<Features, "server">,
): Reply {
  const reply = json({ user, sessionId: session.id, expiresAtMs: session.expiresAtMs });
  return { ...reply, headers: { "set-cookie": setCookie(text, { ...server, secure }) } };
}

function noUser(act: string, next: string): DomainError {
  return new DomainError(
    "session.needed",
    `Cannot ${act}: the API token stands for itself and for no user; ${next}`,
  );
}
