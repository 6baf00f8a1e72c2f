/**
 * @module
 * Who calls, and may he: an API token in `Authorization: Bearer …`, its role against the route's. A
 * device's credentials are another scheme altogether and mean nothing here; an API token means nothing
 * on a device's route, which looks only inside the body.
 */
import type { ApiTokens } from "../access/api_tokens.ts";
import { WHOLE_FLEET } from "../access/device_scope.ts";
import { roleAllows } from "../access/role.ts";
import type { Actor } from "../audit/actor.ts";
import { DomainError } from "../errors.ts";
import { type Caller, type Route, routeName } from "./route_table.ts";

/**
 * The caller of a route; null where the route asks for none.
 * @throws DomainError `request.unauthenticated`, `request.forbidden`
 */
export async function callerOf(
  route: Route,
  authorization: string | undefined,
  apiTokens: Pick<ApiTokens, "authenticate">,
): Promise<Caller | null> {
  const { access } = route;
  if (access === "public" || access === "device") return null;
  const text = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (text === undefined) {
    throw new DomainError(
      "request.unauthenticated",
      `Cannot answer ${
        routeName(route)
      }: it needs an API token; sign in with \`fleets login\`, or send \`Authorization: Bearer <token>\``,
    );
  }
  const token = await apiTokens.authenticate(text);
  if (!roleAllows(token.role, access)) {
    throw new DomainError(
      "request.forbidden",
      `Cannot answer ${
        routeName(route)
      }: it needs the role ${access}, and "${token.name}" is ${token.role}`,
    );
  }
  return { tokenId: token.id, name: token.name, role: token.role, scope: token.scope };
}

/** What the audit log calls the author of a request. */
export function actorOf(caller: Caller | null, address: string): Actor {
  return {
    name: caller === null ? "host:setup" : `token:${caller.tokenId} ${caller.name}`,
    address,
  };
}

/** The devices a request may see. */
export function scopeOf(caller: Caller | null): Caller["scope"] {
  return caller?.scope ?? WHOLE_FLEET;
}
