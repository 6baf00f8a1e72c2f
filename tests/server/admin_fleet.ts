/**
 * A real server on a loopback port for tests of the administrators' side: tokens of each role, devices that speak the
 * real protocol, and a client that holds every answer against the schema its route declares.
 *
 * @module
 */
import {
  openDatabase,
  queriesOf,
  readConfig,
  type Role,
  type Route,
  ROUTES,
  type RunningServer,
  type ServerOptions,
  type ServerSurroundings,
  SILENT_LOG,
  startServer,
} from "@fleetd/server";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { byId } from "../demo/models.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { fleetDatabases } from "./test_fleet.ts";

/** An answer, its body as text and, where it is JSON, as a value. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- tests look into answers by name; the client below checks their shape
  readonly json: any;
}

/** What to send. */
export interface Sent {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Over HTTPS. */
  readonly secure?: boolean;
  /** Of a user's browser: its cookie, and this server's Origin on what changes something. */
  readonly session?: UserSession;
}

/** A user signed in with a browser. */
export interface UserSession {
  readonly userId: string;
  readonly name: string;
  readonly password: string;
  readonly sessionId: string;
  /** `name=value` of the cookie. */
  readonly cookie: string;
  readonly secure: boolean;
}

/** Hashes that cost nothing: the tests are about who gets in. */
export const CHEAP_PASSWORDS = { memoryKiB: 64, passes: 1 };
export const GOOD_PASSWORD = "correct horse battery";

/** A clock that runs as the machine's, plus what the test adds. */
export class ShiftedClock {
  shiftMs = 0;
  nowMs = () => Date.now() + this.shiftMs;
  monotonicMs = () => performance.now() + this.shiftMs;
}

/** A server with its administrator. */
export class AdminFleet implements AsyncDisposable {
  private constructor(
    readonly server: RunningServer,
    readonly folder: string,
    readonly clock: ShiftedClock,
    /** API token of the first administrator. */
    readonly admin: string,
  ) {}

  /** Starts a server on a fresh database, or on the one in `folder`, and signs in. */
  static async start(
    { folder = mkdtempSync(join(tmpdir(), "fleets-test-")), limited = false, admin, ...options }: {
      readonly folder?: string;
      /** Rates as they are; otherwise they never hold a test up. */
      readonly limited?: boolean;
      readonly admin?: string;
      readonly enrolment?: "manual" | "open";
      /** Serve HTTPS. */
      readonly tls?: boolean;
      readonly settings?: Partial<ServerOptions>;
      /** How agents on the network are looked for. */
      readonly browse?: ServerSurroundings["browse"];
    } = {},
  ): Promise<AdminFleet> {
    const clock = new ShiftedClock();
    let minutes = 0;
    const server = await startServer(
      readConfig({
        port: 0,
        listen: "127.0.0.1",
        db: await fleetDatabases.beside(folder),
        "data-dir": folder,
        mdns: false,
        name: "Test fleet",
        enrolment: options.enrolment,
        tls: options.tls,
        "tls-port": options.tls ? 0 : undefined,
        ...options.settings,
      }),
      {
        clock,
        log: SILENT_LOG,
        passwordCost: CHEAP_PASSWORDS,
        browse: options.browse,
        ...(limited ? {} : { rateClock: () => 60_000 * minutes++ }),
      },
    );
    const fleet = new AdminFleet(server, folder, clock, admin ?? "");
    if (admin !== undefined || server.setupCode === null) return fleet;
    const { json } = await fleet.send("POST", "/api/v1/setup", {
      body: { code: server.setupCode, name: "boss" },
    });
    return new AdminFleet(server, folder, clock, json.token);
  }

  /** Changes the tables behind the server's back, in one transaction. */
  async tamper<T>(work: (raw: ReturnType<typeof queriesOf>["raw"]) => Promise<T>): Promise<T> {
    const database = await openDatabase({ path: this.server.config.db });
    try {
      return await database.write((tx) => work(queriesOf(tx).raw));
    } finally {
      await database.close();
    }
  }

  /** One request; a good answer must be what its route declares, a bad one a problem. */
  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const answer = await this.raw(method, path, sent);
    checkShape(method, path, answer);
    return answer;
  }

  /** As the first administrator; must succeed. */
  async do(method: string, path: string, body?: unknown): Promise<Answer["json"]> {
    const answer = await this.send(method, path, { token: this.admin, body });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  /** One request, its answer unchecked. */
  raw(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const { token, body, session } = sent;
    const secure = sent.secure ?? session?.secure ?? false;
    const headers = { ...(session && this.headersOf(session, method)), ...sent.headers };
    const bytes = body === undefined
      ? undefined
      : body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)({
        host: "127.0.0.1",
        port: secure ? this.server.tls!.port : this.server.port,
        // The certificate is the server's own; tests of it look at its fingerprint.
        ...(secure ? { rejectUnauthorized: false } : {}),
        method,
        path,
        agent: false,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(bytes === undefined
            ? {}
            : { "content-type": "application/json", "content-length": bytes.length }),
          ...headers,
        },
      }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        const done = () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text,
            json: /json/.test(response.headers["content-type"] ?? "") && text !== ""
              ? JSON.parse(text)
              : undefined,
          });
        response.on("data", (chunk: string) => text += chunk);
        response.on("end", done);
        response.on("error", reject);
        // An event stream has no end of its own.
        if (response.headers["content-type"] === "text/event-stream") {
          done();
          response.destroy();
        }
      });
      request.on("error", reject);
      request.end(bytes);
    });
  }

  /** What the user's browser sends with a request of this server's own page. */
  headersOf({ cookie, secure }: UserSession, method = "POST"): Record<string, string> {
    return {
      cookie,
      ...(method === "GET" ? {} : { origin: this.origin(secure), "sec-fetch-site": "same-origin" }),
    };
  }

  /** This server as a browser on this machine names it. */
  origin(secure: boolean): string {
    return secure
      ? `https://127.0.0.1:${this.server.tls!.port}`
      : `http://127.0.0.1:${this.server.port}`;
  }

  /** Makes a user, who sets a password by the one-time link and so is signed in. */
  async user(
    name: string,
    role: Role,
    { labels, secure = false }: { labels?: Record<string, string>; secure?: boolean } = {},
  ): Promise<UserSession> {
    const scope = labels === undefined ? undefined : { labels };
    const { code } = await this.do("POST", "/api/v1/users", { name, role, scope });
    const answer = await this.send("POST", "/api/v1/sign-in/link/use", {
      secure,
      body: { code, password: GOOD_PASSWORD },
    });
    return sessionOf(answer, { password: GOOD_PASSWORD, secure });
  }

  /** Signs in with a name and a password. */
  async signIn(
    name: string,
    { password = GOOD_PASSWORD, secure = false }: { password?: string; secure?: boolean } = {},
  ): Promise<UserSession> {
    const answer = await this.send("POST", "/api/v1/sign-in", { secure, body: { name, password } });
    return sessionOf(answer, { password, secure });
  }

  /** Makes an API token. */
  async token(
    role: Role,
    options: { readonly labels?: Record<string, string>; readonly ttlS?: number } = {},
  ): Promise<string> {
    const scope = options.labels === undefined ? undefined : { labels: options.labels };
    return (await this.do("POST", "/api/v1/api-tokens", {
      name: `a ${role}`,
      role,
      scope,
      ttlS: options.ttlS,
    })).token;
  }

  /** A device that enrolled and synced once: with labels it has a token and is accepted, without it waits. */
  async device(
    { name, labels, figures = { "cpu.use": 0.25, "memory.used": 512, "memory.total": 1024 } }: {
      readonly name?: string;
      readonly labels?: Record<string, string>;
      readonly figures?: Record<string, number>;
    } = {},
  ): Promise<SimulatedDevice> {
    const token = labels === undefined
      ? undefined
      : (await this.do("POST", "/api/v1/enrolment-tokens", { labels })).token;
    const model = {
      hwClass: "rpi-arm64",
      model: "Test Pi 4",
      agentVersion: "0.1.0",
      inventory: new Map<string, string>([["os.name", "Debian"]]),
      sample: () => byId(figures),
    };
    const device = new SimulatedDevice({ url: this.server.url, model, name, token, now: Date.now });
    await device.enrol();
    device.take(byId(figures));
    await device.sync();
    for (let i = 0; i < 4 && device.eager; i++) await device.sync();
    return device;
  }

  /** Stops the server and leaves the folder. */
  async stop(): Promise<void> {
    await this.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function sessionOf(
  { status, json, headers, text }: Answer,
  { password, secure }: { password: string; secure: boolean },
): UserSession {
  assert.equal(status, 200, text);
  const cookie = headers["set-cookie"]![0]!.split(";")[0]!;
  const { id: userId, name } = json.user;
  return { userId, name, password, sessionId: json.sessionId, cookie, secure };
}

/** The row of the table that answers a path. */
export function routeOf(method: string, path: string): Route | undefined {
  const plain = path.replace(/\?.*$/, "");
  return ROUTES.find((route) =>
    route.method === method &&
    new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`).test(
      plain,
    )
  );
}

const PROBLEM = v.strictObject({
  type: v.pipe(v.string(), v.startsWith("urn:fleetd:problem:")),
  title: v.pipe(v.string(), v.nonEmpty()),
  status: v.number(),
  detail: v.pipe(v.string(), v.regex(/^Cannot /)),
  instance: v.string(),
  code: v.string(),
  requestId: v.pipe(v.string(), v.length(16)),
  errors: v.optional(v.array(v.strictObject({ field: v.string(), message: v.string() }))),
});

function checkShape(method: string, path: string, answer: Answer): void {
  const { status, headers, json, text } = answer;
  if (status >= 400) {
    assert.equal(headers["content-type"], "application/problem+json", `${method} ${path}: ${text}`);
    const problem = v.parse(PROBLEM, json);
    assert.equal(problem.status, status);
    assert.equal(problem.requestId, headers["x-request-id"]);
    return;
  }
  const shape = routeOf(method, path)?.replies[status];
  assert.ok(shape, `${method} ${path} does not declare ${status}`);
  if (shape.schema !== undefined) v.parse(shape.schema, json);
  else if (shape.type !== undefined) assert.ok(headers["content-type"]?.startsWith(shape.type));
  else assert.equal(text, "");
}
