/**
 * Every route of the table against every kind of caller. The cells come from the table itself: a route that is added
 * without a sample here fails, and one that answers whom it should not fails in its cell.
 *
 * @module
 */
import { reachOf, type Role, type Route, routeName, ROUTES } from "@fleetd/server";
import assert from "node:assert/strict";
import { AdminFleet, type Sent, type UserSession } from "./admin_fleet.ts";

const NOBODY = "aaaa-bbbb-cccc-dddd";
const OCTETS = { "content-type": "application/octet-stream" };
const COSE = { "content-type": "application/cose" };

/** A request that its route takes, and the status it gives to a caller who may; devices are named that do not exist. */
const SAMPLES: Readonly<
  Record<
    string,
    { path?: string; body?: unknown; headers?: Record<string, string>; status: number }
  >
> = {
  getHealth: { status: 200 },
  getReadiness: { status: 200 },
  getOpenApi: { status: 200 },
  showOverview: { status: 200 },
  showDevices: { status: 200 },
  showDevice: { status: 404 },
  showEnrolment: { status: 200 },
  showAudit: { status: 200 },
  showSettings: { status: 200 },
  showSignIn: { status: 200 },
  showSetup: { status: 200 },
  getAsset: { path: "/assets/any/style.css", status: 200 },
  getServer: { status: 200 },
  setUp: { body: { code: "aaaa", name: "x" }, status: 409 },
  getSignInWays: { status: 200 },
  // A wrong password for every caller would lock them out one after the other.
  signIn: { body: { name: "nobody" }, status: 400 },
  signInForToken: { body: { name: "nobody" }, status: 400 },
  checkSignInLink: { body: { code: "aaaa" }, status: 403 },
  useSignInLink: { body: { code: "aaaa", password: "x" }, status: 403 },
  // A right one would end the very session of the next cell.
  signOut: { body: {}, status: 413 },
  changePassword: { body: { current: "x" }, status: 400 },
  listSessions: { status: 200 },
  endSession: { path: "/api/v1/sessions/aaaaaaaaaaaa", status: 404 },
  listUsers: { status: 200 },
  inviteUser: { body: { name: "expired", role: "viewer" }, status: 409 },
  editUser: { path: "/api/v1/users/aaaaaaaaaaaa", body: {}, status: 404 },
  resetUser: { path: "/api/v1/users/aaaaaaaaaaaa/reset", status: 404 },
  removeUser: { path: "/api/v1/users/aaaaaaaaaaaa", status: 404 },
  listDevices: { status: 200 },
  getDevice: { status: 404 },
  acceptDevice: { body: { fingerprint: NOBODY }, status: 404 },
  rejectDevice: { status: 404 },
  releaseDevice: { status: 404 },
  editDevice: { body: { name: "x" }, status: 404 },
  decommissionDevice: { status: 404 },
  getTelemetry: { path: `/api/v1/devices/${NOBODY}/telemetry?metric=cpu.use`, status: 404 },
  listDeviceEvents: { status: 404 },
  listInventoryChanges: { status: 404 },
  identifyDevice: { status: 404 },
  getCommand: { path: `/api/v1/devices/${NOBODY}/commands/1`, status: 404 },
  watchEvents: { status: 200 },
  listEnrolmentTokens: { status: 200 },
  createEnrolmentToken: { body: {}, status: 201 },
  revokeEnrolmentToken: { path: "/api/v1/enrolment-tokens/0123456789abcdef", status: 404 },
  listApiTokens: { status: 200 },
  createApiToken: { body: { name: "x", role: "viewer" }, status: 201 },
  revokeApiToken: { path: "/api/v1/api-tokens/aaaaaaaaaaaa", status: 404 },
  listAudit: { status: 200 },
  checkAudit: { status: 200 },
  getMetrics: { status: 200 },
  deviceHello: { status: 200 },
  deviceEnrol: { body: new Uint8Array(96), headers: OCTETS, status: 400 },
  deviceSync: { body: new Uint8Array(96), headers: COSE, status: 400 },
};

const LEVEL = { viewer: 0, operator: 1, admin: 2 } satisfies Record<Role, number>;
const WHOLE_FLEET_ONLY = new Set([
  "listApiTokens",
  "createApiToken",
  "revokeApiToken",
  "listAudit",
  "checkAudit",
  "listUsers",
  "inviteUser",
  "editUser",
  "resetUser",
  "removeUser",
  "showAudit",
]);

/** What a route answers to what a proxy sent on: a page is to be had over HTTPS. */
const unreached = (route: Route) =>
  reachOf(route) === "anyone" ? undefined : route.page ? 307 : 403;

/** What a route answers to somebody who is not signed in: a page shows the way. */
const notSignedIn = ({ access, page }: Route) => !isRole(access) ? undefined : page ? 303 : 401;

interface Caller {
  readonly name: string;
  /** What it sends, for each method: a browser's headers differ. */
  sent(method: string): Sent;
  /** Status a route gives this caller; undefined = the sample's own. */
  expected(route: Route): number | undefined;
}

const isRole = (access: Route["access"]): access is Role => access in LEVEL;

function stranger(name: string, headers: Record<string, string>): Caller {
  return {
    name,
    sent: () => ({ headers }),
    expected: notSignedIn,
  };
}

function member(name: string, token: string, role: Role): Caller {
  return {
    name,
    sent: () => ({ token }),
    expected: ({ access }) => isRole(access) && LEVEL[role] < LEVEL[access] ? 403 : undefined,
  };
}

async function callersOf(fleet: AdminFleet): Promise<Caller[]> {
  const revoked = await fleet.do("POST", "/api/v1/api-tokens", { name: "gone", role: "admin" });
  await fleet.do("DELETE", `/api/v1/api-tokens/${revoked.id}`);
  const expired = await fleet.token("admin", { ttlS: 60 });
  const viewer = await fleet.token("viewer");
  const operator = await fleet.token("operator");
  const scoped = await fleet.token("admin", { labels: { site: "north" } });
  const sessions = await sessionCallersOf(fleet);
  fleet.clock.shiftMs += 60_000;
  const wrong = fleet.admin.slice(0, -1) + (fleet.admin.endsWith("A") ? "B" : "A");
  return [
    stranger("nobody", {}),
    stranger("a device's ticket", { authorization: `Fleet ${"A".repeat(27)}` }),
    stranger("basic credentials", { authorization: `Basic ${btoa("admin:admin")}` }),
    stranger("an empty bearer", { authorization: "Bearer " }),
    stranger("a wrong secret", { authorization: `Bearer ${wrong}` }),
    stranger("an enrolment token", { authorization: `Bearer FT1-${"A".repeat(64)}` }),
    stranger("a token in a cookie", { cookie: `token=${fleet.admin}` }),
    stranger("an expired admin", { authorization: `Bearer ${expired}` }),
    stranger("a revoked admin", { authorization: `Bearer ${revoked.token}` }),
    member("a viewer", viewer, "viewer"),
    member("an operator", operator, "operator"),
    member("an admin", fleet.admin, "admin"),
    {
      name: "an admin of a part of the fleet",
      sent: () => ({ token: scoped }),
      expected: ({ operation }) =>
        WHOLE_FLEET_ONLY.has(operation) || operation === "createEnrolmentToken" ? 403 : undefined,
    },
    {
      name: "an admin's browser on another site's page",
      sent: () => ({
        token: fleet.admin,
        headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" },
      }),
      expected: ({ access }) => access === "device" ? undefined : 403,
    },
    {
      name: "an admin's browser with a foreign origin",
      sent: () => ({ token: fleet.admin, headers: { origin: "http://evil.example" } }),
      expected: ({ access }) => access === "device" ? undefined : 403,
    },
    {
      name: "an admin behind a proxy",
      sent: () => ({ token: fleet.admin, headers: { "x-forwarded-for": "192.0.2.1" } }),
      expected: unreached,
    },
    {
      name: "an admin who calls the server by a name it does not have",
      sent: () => ({ token: fleet.admin, headers: { host: "evil.example" } }),
      expected: () => 421,
    },
    ...sessions,
  ];
}

/** Users' browsers: each role, and everything that must not get in with a good cookie or a bad one. */
async function sessionCallersOf(fleet: AdminFleet): Promise<Caller[]> {
  const expired = await fleet.user("expired", "admin");
  fleet.clock.shiftMs += 12 * 3_600_000;
  const [viewer, operator, admin, scoped] = [
    await fleet.user("viewer", "viewer"),
    await fleet.user("operator", "operator"),
    await fleet.user("admin", "admin"),
    await fleet.user("scoped", "admin", { labels: { site: "north" } }),
  ];
  const revoked = await fleet.user("revoked", "admin");
  await fleet.do("DELETE", `/api/v1/sessions/${revoked.sessionId}`);
  const disabled = await fleet.user("disabled", "admin");
  await fleet.do("PATCH", `/api/v1/users/${disabled.userId}`, { disabled: true });
  const secure = await fleet.user("secure", "admin", { secure: true });
  const browser = (session: UserSession, headers: Record<string, string | undefined> = {}) => {
    return (method: string): Sent => {
      const all = { ...fleet.headersOf(session, method), ...headers };
      const given = Object.entries(all).filter(([, value]) => value !== undefined);
      return { headers: Object.fromEntries(given) as Record<string, string> };
    };
  };
  const out = (name: string, session: UserSession): Caller => ({
    name,
    sent: browser(session),
    expected: notSignedIn,
  });
  const changes = ({ method, access }: Route) => method !== "GET" && isRole(access);
  const forged = (name: string, headers: Record<string, string | undefined>): Caller => ({
    name,
    sent: browser(admin, headers),
    expected: (route) => changes(route) ? 403 : undefined,
  });
  const foreign = (name: string, headers: Record<string, string>): Caller => ({
    name,
    sent: browser(admin, headers),
    expected: ({ access }) => access === "device" ? undefined : 403,
  });
  const wrong = admin.cookie.slice(0, -1) + (admin.cookie.endsWith("A") ? "B" : "A");
  return [
    ...(["viewer", "operator"] as const).map((role): Caller => ({
      ...member(`a session of a user who is ${role}`, "", role),
      sent: browser(role === "viewer" ? viewer : operator),
    })),
    { name: "a session of an admin", sent: browser(admin), expected: () => undefined },
    {
      name: "a session of an admin of a part of the fleet",
      sent: browser(scoped),
      expected: ({ operation }) =>
        WHOLE_FLEET_ONLY.has(operation) || operation === "createEnrolmentToken" ? 403 : undefined,
    },
    forged("a session without Origin", { origin: undefined }),
    forged("a session without Origin and fetch metadata", {
      origin: undefined,
      "sec-fetch-site": undefined,
    }),
    forged("a session from the address bar", { "sec-fetch-site": "none" }),
    foreign("a session with an opaque Origin", { origin: "null" }),
    foreign("a session with the Origin of another port", { origin: "http://127.0.0.1:1" }),
    foreign("a session with the Origin's other scheme", {
      origin: fleet.origin(false).replace("http:", "https:"),
    }),
    foreign("a session on another site's page", {
      origin: "http://evil.example",
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "cors",
    }),
    foreign("a session on a sibling site's page", {
      "sec-fetch-site": "same-site",
      "sec-fetch-mode": "cors",
    }),
    {
      name: "a session under another Host",
      sent: browser(admin, { host: "evil.example" }),
      expected: () => 421,
    },
    {
      name: "a session behind a proxy that nobody named",
      sent: browser(admin, { "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https" }),
      expected: unreached,
    },
    out("an expired session", expired),
    out("a revoked session", revoked),
    out("a session of a disabled user", disabled),
    out("a session with a wrong secret", { ...admin, cookie: wrong }),
    out("a session given twice", { ...admin, cookie: `${admin.cookie}; ${admin.cookie}` }),
    out("a session of HTTPS over plain HTTP", { ...secure, secure: false }),
    {
      name: "a session with a wrong API token beside it",
      sent: (method) => ({ ...browser(admin)(method), token: "flt_wrong" }),
      expected: notSignedIn,
    },
    {
      name: "a session over HTTPS",
      sent: (method) => ({ session: secure, headers: fleet.headersOf(secure, method) }),
      expected: ({ reach }) => reach === "here" ? 403 : undefined,
    },
    {
      name: "a session of plain HTTP over HTTPS",
      sent: (method) => ({
        secure: true,
        headers: fleet.headersOf({ ...admin, secure: true }, method),
      }),
      expected: (route) => notSignedIn(route) ?? (route.reach === "here" ? 403 : undefined),
    },
  ];
}

Deno.test("every route answers each kind of caller as its row of the table says", async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  const callers = await callersOf(fleet);
  const countAudit = async () => (await fleet.do("GET", "/api/v1/audit/check")).entries as number;
  let cells = 0;
  for (const route of ROUTES) {
    const sample = SAMPLES[route.operation];
    assert.ok(sample, `${routeName(route)} has no sample in this test`);
    const path = sample.path ?? route.path.replace(":handle", NOBODY);
    for (const caller of callers) {
      const cell = `${caller.name} → ${routeName(route)}`;
      const refusal = caller.expected(route);
      const before = await countAudit();
      const sent = caller.sent(route.method);
      const { status, headers, text } = await fleet.raw(route.method, path, {
        body: sample.body,
        ...sent,
        headers: { ...sample.headers, ...sent.headers },
      });
      assert.equal(status, refusal ?? sample.status, `${cell}: ${text}`);
      if (status >= 400 && route.access !== "device") {
        const type = route.page && status !== 421
          ? "text/html; charset=utf-8"
          : "application/problem+json";
        assert.equal(headers["content-type"], type, cell);
      }
      assert.equal(headers["access-control-allow-origin"], undefined, `${cell}: no CORS`);
      assert.equal(
        headers["www-authenticate"] !== undefined,
        status === 401 && route.access !== "device",
        cell,
      );
      if (refusal !== undefined) {
        assert.equal(await countAudit(), before, `${cell} changed something`);
      }
      cells += 1;
    }
  }
  assert.equal(cells, ROUTES.length * callers.length);
});

Deno.test("a device's sealed message opens no administrator's route", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  for (const route of ROUTES.filter(({ access }) => isRole(access))) {
    const path = SAMPLES[route.operation]!.path ?? route.path.replace(":handle", device.handle);
    for (const method of new Set([route.method, "POST"])) {
      const { status } = await fleet.raw(method, path, {
        body: device.nextRequest(),
        headers: COSE,
      });
      const refused = status === 401 || status === 405 || (status === 303 && route.page);
      assert.ok(refused, `${method} ${path}: ${status}`);
    }
  }
});

Deno.test("an API token in place of a MAC does nothing on a device's route", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  const body = device.nextRequest();
  body[body.length - 1]! ^= 1;
  const { status } = await fleet.raw("POST", "/d/1/sync", {
    token: fleet.admin,
    body,
    headers: COSE,
  });
  assert.equal(status, 401);
});

Deno.test("what is not in the table does not exist, with or without a token", async () => {
  await using fleet = await AdminFleet.start();
  for (
    const path of [
      "/api",
      "/api/v1",
      "/api/v2/devices",
      "/api/v1/devices/",
      "/API/v1/devices",
      "/d",
      "/d/2/sync",
      "/d/1/sync/",
      "/.env",
      "/api/v1/devices/../server",
      "/%2e%2e/etc/passwd",
      "//evil.example/x",
    ]
  ) {
    for (const token of [undefined, fleet.admin]) {
      const { status, json } = await fleet.raw("GET", path, { token });
      assert.equal(status, path === "/api/v1/devices/../server" ? (token ? 200 : 401) : 404, path);
      if (status === 404) assert.equal(json.code, "route.not_found", path);
    }
  }
  for (
    const [method, path] of [["OPTIONS", "/api/v1/devices"], ["PUT", "/api/v1/devices"], [
      "TRACE",
      "/",
    ], ["POST", "/metrics"]]
  ) {
    const { status, headers } = await fleet.raw(method!, path!, { token: fleet.admin });
    assert.equal(status, 405, `${method} ${path}`);
    assert.ok(headers.allow?.includes("GET"));
  }
});
