/**
 * @module
 * Who calls, and may he: an API token in `Authorization: Bearer …`, or the cookie of a session; the role
 * against the route's. A device's credentials are another scheme altogether and mean nothing here; neither
 * means anything on a device's route, which looks only inside the body.
 */
import type { ApiTokens } from "../access/api_tokens.ts";
import { WHOLE_FLEET } from "../access/device_scope.ts";
import { roleAllows } from "../access/role.ts";
import type { Sessions } from "../access/sessions.ts";
import { userTarget } from "../access/user.ts";
import type { Actor } from "../audit/actor.ts";
import { DomainError } from "../errors.ts";
import { type Caller, type Route, routeName } from "./route_table.ts";

/** What a caller shows. */
export interface Credentials {
  /** The Authorization header. With one, a cookie is not looked at. */
  readonly authorization: string | undefined;
  /** The session's text from its cookie. */
  readonly session: string | undefined;
}

/** What checks credentials. */
export interface Doorkeepers {
  readonly apiTokens: Pick<ApiTokens, "authenticate">;
  readonly sessions: Pick<Sessions, "authenticate">;
}

/**
 * The caller of a route; null where the route asks for none.
 * @throws DomainError `request.unauthenticated`, `request.forbidden`
 */
export async function callerOf(
  route: Route,
  credentials: Credentials,
  doorkeepers: Doorkeepers,
): Promise<Caller | null> {
  const { access } = route;
  if (access === "public" || access === "device") return null;
  const caller = await whoIs(credentials, doorkeepers);
  if (caller === null) {
    throw new DomainError(
      "request.unauthenticated",
      `Cannot answer ${
        routeName(route)
      }: it needs an API token; sign in with \`fleets login\`, or send \`Authorization: Bearer <token>\``,
    );
  }
  if (!roleAllows(caller.role, access)) {
    throw new DomainError(
      "request.forbidden",
      `Cannot answer ${
        routeName(route)
      }: it needs the role ${access}, and "${caller.name}" is ${caller.role}`,
    );
  }
  return caller;
}

async function whoIs(
  { authorization, session }: Credentials,
  { apiTokens, sessions }: Doorkeepers,
): Promise<Caller | null> {
  if (authorization === undefined && session !== undefined) {
    const { session: { id }, user } = await sessions.authenticate(session);
    const { name, role, scope } = user;
    return { kind: "session", id, name, role, scope, user: { id: user.id, name } };
  }
  const text = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (text === undefined) return null;
  const { id, name, role, scope, userId, owner } = await apiTokens.authenticate(text);
  const user = userId === null || owner === null ? null : { id: userId, name: owner };
  return { kind: "token", id, name, role, scope, user };
}

/** What the audit log calls the author of a request. */
export function actorOf(caller: Caller | null, address: string): Actor {
  if (caller === null) return { name: "host:setup", address };
  const name = caller.kind === "session"
    ? userTarget(caller.name)
    : `token:${caller.id} ${caller.name}`;
  return { name, address };
}

/** The devices a request may see. */
export function scopeOf(caller: Caller | null): Caller["scope"] {
  return caller?.scope ?? WHOLE_FLEET;
}
