import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { WHOLE_FLEET } from "../access/device_scope.ts";
import type { Session } from "../access/sessions.ts";
import type { User } from "../access/user.ts";
import { DomainError } from "../errors.ts";
import { type Door, enter } from "./door.ts";
import { Exchange } from "./exchange.ts";
import { RateLimits } from "./limits.ts";
import { route } from "./route_table.ts";
import { cookieName } from "./session_cookie.ts";
import { proxyCheck, transportOf } from "./transport.ts";

const FLEET = "0011223344556677";
const PAGE = route({
  method: "GET",
  path: "/devices",
  access: "operator",
  page: true,
  undocumented: true,
  operation: "showDevices",
  summary: "",
  tag: "pages",
  bodyLimitBytes: 0,
  rate: { burst: 1000, perMinute: 1 },
  replies: {},
  handle: () => ({ status: 200 }),
});

interface Given {
  readonly url?: string;
  readonly peer?: string;
  readonly encrypted?: boolean;
  readonly headers?: Record<string, string>;
  readonly proxies?: string[];
  readonly tlsPort?: number | null;
  /** The session's user; absent = no cookie is known. */
  readonly role?: User["role"];
}

function ask(given: Given) {
  const { url = "/devices?page=2", peer = "192.0.2.7", encrypted = true, tlsPort = 8443 } = given;
  const headers = { host: "fleet.example:8080", ...given.headers };
  const socket = { remoteAddress: peer, localPort: 8080, encrypted };
  const incoming = { url, method: "GET", headers, socket } as unknown as IncomingMessage;
  const transport = transportOf(incoming, proxyCheck(given.proxies ?? []));
  const unknown = () =>
    Promise.reject(new DomainError("request.unauthenticated", "Cannot answer: nobody"));
  const role = given.role;
  const user = { id: "u", name: "ada", role, scope: WHOLE_FLEET } as User;
  const door: Door = {
    fleetId: FLEET,
    limits: new RateLimits(() => 0),
    tlsPort: () => tlsPort,
    apiTokens: { authenticate: unknown },
    sessions: {
      authenticate: () =>
        role === undefined ? unknown() : Promise.resolve({ session: { id: "s" } as Session, user }),
    },
  };
  return enter(PAGE, new Exchange(incoming, {} as ServerResponse, transport), door);
}

async function sentTo(given: Given): Promise<[status: number, location: string | undefined]> {
  const entered = await ask(given);
  assert.ok("elsewhere" in entered);
  return [entered.elsewhere.status, entered.elsewhere.headers?.["location"]];
}

const COOKIE = { cookie: `${cookieName({ fleetId: FLEET, secure: true })}=x` };

Deno.test("a page asked for without sign-in leads to the sign-in and back", async () => {
  const next = `/sign-in?next=${encodeURIComponent("/devices?page=2")}`;
  assert.deepEqual(await sentTo({}), [303, next]);
  assert.deepEqual(await sentTo({ headers: COOKIE }), [303, next], "the session is over");
  assert.deepEqual(await sentTo({ url: "/" }), [303, "/sign-in"]);
  assert.deepEqual(await sentTo({ peer: "127.0.0.1", encrypted: false }), [303, next]);
});

Deno.test("a page asked for over plain HTTP from the network leads to HTTPS, under the same name", async () => {
  const plain = { encrypted: false };
  assert.deepEqual(await sentTo(plain), [307, "https://fleet.example:8443/devices?page=2"]);
  assert.deepEqual(await sentTo({ ...plain, tlsPort: 443 }), [
    307,
    "https://fleet.example/devices?page=2",
  ]);
  const six = { ...plain, headers: { host: "[2001:db8::1]:8080" } };
  assert.deepEqual(await sentTo(six), [307, "https://[2001:db8::1]:8443/devices?page=2"]);
  const proxied = {
    ...plain,
    peer: "127.0.0.1",
    proxies: ["127.0.0.1"],
    headers: { "x-forwarded-for": "192.0.2.9", "x-forwarded-proto": "http" },
  };
  assert.deepEqual(
    await sentTo(proxied),
    [307, "https://fleet.example/devices?page=2"],
    "the proxy's own port",
  );
  await assert.rejects(ask({ ...plain, tlsPort: null }), { code: "request.loopback_only" });
});

Deno.test("a page knows who asks, and refuses a role that is too low", async () => {
  const entered = await ask({ headers: COOKIE, role: "operator" });
  assert.ok("caller" in entered);
  const { kind, id, name, role, user } = entered.caller!;
  assert.deepEqual({ kind, id, name, role, user }, {
    kind: "session",
    id: "s",
    name: "ada",
    role: "operator",
    user: { id: "u", name: "ada" },
  });
  assert.equal(await entered.stillIn(), true);
  await assert.rejects(ask({ headers: COOKIE, role: "viewer" }), { code: "request.forbidden" });
});

Deno.test("a link from another site opens a page; its script does not", async () => {
  const site = { ...COOKIE, "sec-fetch-site": "cross-site" };
  const link = { ...site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  assert.ok("caller" in await ask({ headers: link, role: "operator" }));
  await assert.rejects(ask({ headers: { ...site, "sec-fetch-mode": "cors" }, role: "operator" }), {
    code: "request.cross_site",
  });
});
