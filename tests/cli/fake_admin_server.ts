/**
 * A small admin API on 127.0.0.1 for tests of the command line: real HTTP, devices and tokens in memory.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A device as the API shows it, with the parts of the detail that tests set. */
export interface FakeDevice {
  handle: string;
  name: string | null;
  admission: string;
  [key: string]: unknown;
}

/** A request that came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** One answer instead of the usual one. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const API_TOKEN = "flt_abcdefghijkl_0123456789012345678901234567890123456789012";
export const SETUP_CODE = "abcd-efgh-jkmn-pqrs";
export const FINGERPRINT = "wxyz-2345-abcd-efgh-ijkl-mnop";

/** A device with every field of the API. */
export function fakeDevice(handle: string, given: Partial<FakeDevice> = {}): FakeDevice {
  const now = Date.now();
  return {
    handle,
    name: null,
    model: "Raspberry Pi 4 Model B",
    hwClass: "linux-arm64",
    admission: "accepted",
    quarantined: false,
    tofu: false,
    online: true,
    lastSeenMs: now - 4_000,
    agentVersion: "0.1.0",
    labels: {},
    intervalS: 60,
    address: "192.168.1.20",
    acceptedAtMs: now - 86_400_000,
    createdAtMs: now - 90_000_000,
    latest: { "cpu.use": 0.12, "memory.used": 1_073_741_824, "memory.total": 4_294_967_296 },
    latestAtMs: now - 4_000,
    ...given,
  };
}

/** What a device's own page holds beside its list entry. */
function detail(device: FakeDevice): Record<string, unknown> {
  return {
    deviceId: "000102030405060708090a0b0c0d0e0f",
    fingerprint: `${device.handle}-aaaa-bbbb`,
    serial: "10000000abcdef01",
    uptimeMs: 7_500_000,
    inventory: {
      changedAtMs: Date.now() - 60_000,
      fields: { "os.name": "Debian GNU/Linux 12", "net.addresses": ["192.168.1.20", "fe80::1"] },
    },
    latestValues: [
      { metric: "cpu.use", unit: "ratio", value: 0.12, atMs: Date.now() },
      { metric: "memory.used", unit: "bytes", value: 1_073_741_824, atMs: Date.now() },
      { metric: "memory.total", unit: "bytes", value: 4_294_967_296, atMs: Date.now() },
      { metric: "temperature.cpu", unit: "degC", value: 48.3, atMs: Date.now() },
    ],
    alarms: [],
    streams: [{ stream: "metrics", epoch: 1, through: 900, lost: 0 }],
    events: [{
      id: 1,
      atMs: Date.now() - 60_000,
      name: "device.enrolled",
      severity: 6,
      text: null,
      reported: false,
    }],
    ...device,
  };
}

/** The server; `answers` overrides a route once set. */
export class FakeAdminServer {
  readonly devices: FakeDevice[] = [];
  readonly tokens: Record<string, unknown>[] = [];
  readonly seen: Seen[] = [];
  /** By "METHOD /path". */
  readonly answers = new Map<string, Answer>();
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  pageSize = 2;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeAdminServer> {
    const fake = new FakeAdminServer();
    await new Promise<void>((done) => fake.#server.listen(0, "127.0.0.1", done));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sends an event to whoever listens to the stream. */
  ring(handle: string): void {
    for (const stream of this.#streams) {
      stream.write(`event: device.changed\ndata: {"handle":"${handle}"}\n\n`);
    }
  }

  /** How many listen to the stream. */
  get listeners(): number {
    return this.#streams.size;
  }

  async stop(): Promise<void> {
    for (const stream of this.#streams) stream.end();
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const method = request.method!;
    const body = await readBody(request);
    const authorization = request.headers.authorization;
    this.seen.push({ method, path: url.pathname, authorization, body });
    if (url.pathname === "/healthz") return void response.writeHead(204).end();
    const set = this.answers.get(`${method} ${url.pathname}`);
    if (
      set === undefined && url.pathname === "/api/v1/events/stream" &&
      authorization === `Bearer ${API_TOKEN}`
    ) {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n");
      this.#streams.add(response);
      response.on("close", () => this.#streams.delete(response));
      return;
    }
    const answer = set ?? this.#route(method, url, { body, authorization });
    const type = answer.status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(answer.status, { "content-type": type, ...answer.headers });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #route(
    method: string,
    url: URL,
    asked: { body: unknown; authorization: string | undefined },
  ): Answer {
    const path = url.pathname;
    if (path === "/api/v1/setup") return setUp(asked.body as { code: string });
    if (asked.authorization !== `Bearer ${API_TOKEN}`) {
      return problem(
        401,
        "request.unauthenticated",
        "Cannot sign in: the API token is unknown, expired or revoked",
      );
    }
    if (path === "/api/v1/server") return { status: 200, body: SERVER };
    if (path === "/api/v1/devices") return this.#page(url);
    if (path === "/api/v1/enrolment-tokens") {
      return this.#tokens(method, asked.body as Record<string, unknown>);
    }
    const token = /^\/api\/v1\/enrolment-tokens\/(\w+)$/.exec(path)?.[1];
    if (token !== undefined) {
      return this.tokens.some((t) => t["id"] === token) ? { status: 204 } : problem(
        404,
        "enrolment_token.not_found",
        `Cannot revoke token ${token}: there is none of that id`,
      );
    }
    const [, handle = "", action = ""] = /^\/api\/v1\/devices\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    const device = this.devices.find((d) => d.handle === handle);
    if (device === undefined) {
      return problem(404, "device.not_found", `Cannot find device ${handle}`);
    }
    return this.#deviceRoute(`${method} ${action}`, device, asked.body as Record<string, unknown>);
  }

  #deviceRoute(route: string, device: FakeDevice, body: Record<string, unknown>): Answer {
    switch (route) {
      case "GET ":
        return { status: 200, body: detail(device) };
      case "PATCH ":
        Object.assign(device, body["name"] === undefined ? {} : { name: body["name"] });
        return { status: 200, body: detail(device) };
      case "POST accept":
        if (body["fingerprint"] !== `${device.handle}-aaaa-bbbb`) {
          return problem(
            409,
            "device.fingerprint_mismatch",
            "Cannot accept: the fingerprint is not its own",
          );
        }
        device.admission = "accepted";
        return { status: 200, body: detail(device) };
      case "POST reject":
        if (device.admission !== "pending") {
          return problem(
            409,
            "device.wrong_state",
            `Cannot reject device ${device.handle}: it is ${device.admission}, not pending`,
          );
        }
        device.admission = "rejected";
        return { status: 200, body: detail(device) };
      case "POST identify":
        return {
          status: 201,
          body: { id: 7, name: "identify", state: "waiting", status: null, output: null },
        };
      case "GET commands/7":
        return {
          status: 200,
          body: { id: 7, name: "identify", state: "finished", status: "ok", output: null },
        };
      case "DELETE ":
        device.admission = "decommissioned";
        return { status: 204 };
      default:
        return problem(404, "route.not_found", "Cannot answer: there is no such route");
    }
  }

  #page(url: URL): Answer {
    const removed = url.searchParams.get("admission") === "decommissioned";
    const devices = this.devices.filter((d) => (d.admission === "decommissioned") === removed);
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const to = from + this.pageSize;
    return {
      status: 200,
      body: {
        items: devices.slice(from, to),
        next: to < devices.length ? String(to) : null,
      },
    };
  }

  #tokens(method: string, body: Record<string, unknown>): Answer {
    if (method === "GET") return { status: 200, body: { items: this.tokens } };
    const made = {
      id: "00112233aabbccdd",
      name: body["name"] ?? null,
      uses: body["uses"],
      used: 0,
      hwClass: body["hwClass"] ?? null,
      labels: body["labels"],
      createdAtMs: Date.now(),
      expiresAtMs: Date.now() + Number(body["ttlS"]) * 1_000,
      revokedAtMs: null,
      state: "usable",
      actor: "ada",
    };
    this.tokens.push(made);
    return { status: 201, body: { ...made, token: "FT1-secretsecret" } };
  }
}

const SERVER = {
  name: "workbench",
  fleetId: "0011223344556677",
  fingerprint: FINGERPRINT,
  version: "0.1.0",
  protocol: "1.0",
  serverEpoch: 1,
  tls: null,
  caller: {
    kind: "token",
    id: "abcdefghijkl",
    name: "ada@workbench",
    role: "admin",
    scope: { labels: {} },
    user: null,
  },
};

function setUp({ code }: { code: string }): Answer {
  return code === SETUP_CODE
    ? { status: 201, body: { token: API_TOKEN, role: "admin", id: "abcdefghijkl" } }
    : problem(
      403,
      "setup.wrong_code",
      "Cannot set up: this is not the setup code; the server printed the right one when it started",
    );
}

/** A problem document (RFC 9457). */
export function problem(status: number, code: string, detail: string): Answer {
  const body = {
    type: `urn:fleetd:problem:${code}`,
    title: code,
    status,
    detail,
    code,
    requestId: "r-1",
  };
  return { status, body };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}
