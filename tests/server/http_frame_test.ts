/**
 * The server's HTTP side against what a network sends it: malformed, slow, oversized and misdirected requests.
 *
 * @module
 */
import {
  ConfigError,
  CONNECTION_LIMITS,
  greeting,
  readConfig,
  SILENT_LOG,
  startServer,
} from "@fleetd/server";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { AdminFleet } from "./admin_fleet.ts";

interface RawAnswer {
  readonly status: number | undefined;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes. */
function sendRaw(port: number, ...pieces: string[]): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => text += chunk);
    socket.on("error", () => {});
    socket.on("connect", () => pieces.forEach((piece) => socket.write(piece)));
    socket.on("close", () => {
      const [head = "", ...body] = text.split("\r\n\r\n");
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]) || undefined,
        head,
        body: body.join("\r\n\r\n"),
      });
    });
  });
}

function newFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "fleets-frame-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

Deno.test("malformed requests are answered with a status of their own and a closed connection", async () => {
  await using fleet = await AdminFleet.start();
  const { port } = fleet.server;
  const host = "Host: localhost\r\nConnection: close\r\n";
  const cases: [what: string, status: number, request: string][] = [
    ["no Host", 400, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["two Hosts", 400, `GET /healthz HTTP/1.1\r\n${host}Host: localhost\r\n\r\n`],
    [
      "another's Host",
      421,
      "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
    [
      "another's Host on an unknown path",
      421,
      "GET /nope HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
    ["a URL as target", 400, `GET http://localhost/healthz HTTP/1.1\r\n${host}\r\n`],
    ["a star as target", 400, `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
    ["line feeds alone", 400, "GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n"],
    ["no HTTP at all", 400, "\x16\x03\x01\x00garbage\r\n\r\n"],
    [
      "two lengths of a body",
      400,
      `POST /d/1/sync HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      "headers beyond the limit",
      431,
      `GET /healthz HTTP/1.1\r\n${host}X-Long: ${"a".repeat(20_000)}\r\n\r\n`,
    ],
    [
      "an expectation",
      417,
      `POST /d/1/sync HTTP/1.1\r\n${host}Content-Type: application/cose\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc`,
    ],
    [
      "an unknown expectation",
      417,
      `POST /d/1/sync HTTP/1.1\r\n${host}Expect: miracles\r\nContent-Length: 3\r\n\r\nabc`,
    ],
    [
      "an upgrade",
      400,
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ],
    ["a tunnel", 400, "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    [
      "an encoded body",
      400,
      `POST /d/1/sync HTTP/1.1\r\n${host}Content-Type: application/cose\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc`,
    ],
  ];
  for (const [what, status, request] of cases) {
    const answer = await sendRaw(port, request);
    assert.equal(answer.status, status, `${what}: ${answer.head}`);
    assert.match(answer.head, /content-type: application\/(problem\+json|cbor)/i, what);
  }
  assert.equal((await fleet.send("GET", "/healthz")).status, 200, "the server is well");
});

Deno.test("a body beyond its route's limit is refused, declared or not, and the answer arrives", async () => {
  await using fleet = await AdminFleet.start();
  const { port } = fleet.server;
  const head =
    `POST /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  const declared = await sendRaw(port, `${head}Content-Length: 1025\r\n\r\n`, "x".repeat(1025));
  assert.equal(declared.status, 413);
  assert.match(declared.body, /"code":"request\.too_large"/);
  const chunk = "x".repeat(512);
  const chunked = await sendRaw(
    port,
    `${head}Transfer-Encoding: chunked\r\n\r\n`,
    ...Array(8).fill(`200\r\n${chunk}\r\n`),
  );
  assert.equal(chunked.status, 413);
  const huge = await sendRaw(port, `${head}Content-Length: 400000000\r\n\r\n`, "x".repeat(100_000));
  assert.equal(huge.status, 413);
  const unwanted = await fleet.send("GET", "/healthz", { body: { a: 1 } });
  assert.equal(unwanted.status, 413);
});

Deno.test("only JSON is taken where JSON is wanted, and every wrong field is named", async () => {
  await using fleet = await AdminFleet.start();
  const post = (body: unknown, type: string | undefined) =>
    fleet.send("POST", "/api/v1/enrolment-tokens", {
      token: fleet.admin,
      body: typeof body === "string" ? new TextEncoder().encode(body) : body,
      headers: type === undefined ? {} : { "content-type": type },
    });
  for (
    const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json5",
      "",
    ]
  ) {
    const { status, json } = await post("{}", type);
    assert.equal(status, 415, type);
    assert.equal(json.code, "request.unsupported_type");
  }
  assert.equal((await post("{}", "Application/JSON; charset=utf-8")).status, 201);
  for (const text of ["", "[]", "null", "1", "{", '{"uses":1,}', "\xff"]) {
    const bytes = text === "\xff"
      ? new Uint8Array([0x7b, 0xff, 0x7d])
      : new TextEncoder().encode(text);
    const { status } = await post(bytes, "application/json");
    assert.equal(status, text === "" ? 201 : 400, text);
  }
  const { status, json } = await fleet.send("POST", "/api/v1/api-tokens", {
    token: fleet.admin,
    body: { name: "", role: "king", ttlS: 1.5, __proto__x: 1 },
  });
  assert.equal(status, 400);
  assert.deepEqual(json.errors.map(({ field }: { field: string }) => field).sort(), [
    "body.__proto__x",
    "body.name",
    "body.role",
    "body.ttlS",
  ]);
});

Deno.test("half requests, slow bodies and idle connections are ended by their time limits", async () => {
  using folder = newFolder();
  const server = await startServer(
    readConfig({ port: 0, listen: "127.0.0.1", db: join(folder.path, "fleet.db"), mdns: false }),
    {
      log: SILENT_LOG,
      connectionLimits: {
        ...CONNECTION_LIMITS,
        headersTimeoutMs: 200,
        requestTimeoutMs: 400,
        keepAliveTimeoutMs: 200,
      },
    },
  );
  try {
    const half = await sendRaw(server.port, "GET /healthz HTTP/1.1\r\nHo");
    assert.equal(half.status, 408, half.head);
    const short = await sendRaw(
      server.port,
      "POST /d/1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cose\r\nContent-Length: 100\r\n\r\nabc",
    );
    assert.ok(
      short.status === 408 || short.status === 400 || short.status === undefined,
      short.head,
    );
    const idle = await sendRaw(server.port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.equal(idle.status, 200);
    const silent = await sendRaw(server.port);
    assert.ok(silent.status === 408 || silent.status === undefined);
  } finally {
    await server.close();
  }
});

Deno.test("connections beyond the limit are turned away, and those within it go on", async () => {
  using folder = newFolder();
  const server = await startServer(
    readConfig({ port: 0, listen: "127.0.0.1", db: join(folder.path, "fleet.db"), mdns: false }),
    { log: SILENT_LOG, connectionLimits: { ...CONNECTION_LIMITS, maxConnections: 4 } },
  );
  const opened = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () => resolve(socket));
      socket.on("error", reject);
    });
  try {
    const kept = [await opened(), await opened(), await opened(), await opened()];
    const answers = kept.map((socket) =>
      new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))))
    );
    // An answer on each proves that the server has counted it.
    for (const socket of kept) socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.ok((await Promise.all(answers)).every((text) => text.startsWith("HTTP/1.1 200")));
    const fifth = await opened();
    await new Promise<void>((resolve) => fifth.once("close", () => resolve()).resume());
    for (const socket of kept) socket.destroy();
  } finally {
    await server.close();
  }
});

Deno.test("every answer carries the security headers, and nothing allows another origin", async () => {
  await using fleet = await AdminFleet.start();
  for (
    const path of [
      "/",
      "/healthz",
      "/nope",
      "/api/v1/devices",
      "/metrics",
      "/api/v1/openapi.json",
    ]
  ) {
    const { headers } = await fleet.raw("GET", path, { token: fleet.admin });
    assert.match(headers["content-security-policy"] as string, /^default-src 'none'/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["referrer-policy"], "no-referrer", path);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin", path);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin", path);
    assert.equal(headers["cache-control"], "no-store", path);
    assert.equal(headers["access-control-allow-origin"], undefined, path);
    assert.equal(headers["x-powered-by"], undefined, path);
    assert.match(headers["x-request-id"] as string, /^[A-Za-z0-9_-]{16}$/, path);
    assert.ok(headers["content-length"] !== undefined, path);
  }
});

Deno.test("an answer to a device carries no header that it does not need", async () => {
  await using fleet = await AdminFleet.start();
  const { headers } = await fleet.raw("GET", "/d/hello");
  assert.deepEqual(Object.keys(headers).sort(), [
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "x-content-type-options",
  ]);
});

Deno.test("HEAD is GET without its body", async () => {
  await using fleet = await AdminFleet.start();
  for (const path of ["/healthz", "/api/v1/devices", "/"]) {
    const get = await fleet.raw("GET", path, { token: fleet.admin });
    const head = await fleet.raw("HEAD", path, { token: fleet.admin });
    assert.equal(head.status, get.status, path);
    assert.equal(head.headers["content-length"], get.headers["content-length"], path);
    assert.equal(head.text, "", path);
  }
  const stream = await fleet.raw("HEAD", "/api/v1/events/stream", { token: fleet.admin });
  assert.equal(stream.status, 200);
});

Deno.test("a port that is taken is named with what to do", async () => {
  await using fleet = await AdminFleet.start();
  using folder = newFolder();
  const { port } = fleet.server;
  const config = (port: number, listen = "127.0.0.1") =>
    readConfig({ port, listen, db: join(folder.path, "fleet.db"), mdns: false });
  await assert.rejects(startServer(config(port), { log: SILENT_LOG }), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(
      error.message,
      `Cannot listen on port ${port}: the port is taken by another program; choose another with --port, for example --port ${
        port + 1
      }`,
    );
    return true;
  });
  await assert.rejects(
    startServer(config(0, "192.0.2.1"), { log: SILENT_LOG }),
    /choose another with --listen/,
  );
  const second = await startServer(config(0), { log: SILENT_LOG });
  await second.close();
});

Deno.test("a database that cannot be opened is named with what to do", async () => {
  using folder = newFolder();
  const start = (db: string) =>
    startServer(readConfig({ port: 0, listen: "127.0.0.1", db, mdns: false }), { log: SILENT_LOG });
  await assert.rejects(start(folder.path), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^Cannot open the database .*choose another file with --db/);
    return true;
  });
  writeFileSync(join(folder.path, "text.txt"), "not a folder");
  await assert.rejects(start(join(folder.path, "text.txt", "fleet.db")), ConfigError);
  await assert.rejects(start(join(folder.path, "text.txt")), /Cannot open/);
});

Deno.test("on one address of a network the administrators' side is still on loopback, and only there", async () => {
  const lan = Object.values(networkInterfaces()).flatMap((links) => links ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  // A machine without a network has no such address.
  if (lan === undefined) return;
  using folder = newFolder();
  const server = await startServer(
    readConfig({ port: 0, listen: lan, db: join(folder.path, "fleet.db"), mdns: false }),
    { log: SILENT_LOG },
  );
  try {
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    assert.equal(server.address, lan);
    assert.ok(greeting(server)[0]!.endsWith(`, for devices at ${lan}`));
    const ask = async (host: string, path: string) => {
      const response = await fetch(`http://${host}:${server.port}${path}`, {
        headers: { connection: "close" },
        redirect: "manual",
      });
      const location = response.headers.get("location");
      return { status: response.status, location, text: await response.text() };
    };
    assert.equal((await ask("127.0.0.1", "/")).location, "/sign-in");
    assert.equal((await ask(lan, "/d/hello")).status, 200);
    assert.equal((await ask(lan, "/healthz")).status, 200);
    const page = await ask(lan, "/");
    assert.deepEqual([page.status, page.location], [307, `https://${lan}:${server.tls!.port}/`]);
    for (const path of ["/metrics", "/api/v1/devices", "/api/v1/openapi.json"]) {
      const { status, text } = await ask(lan, path);
      assert.equal(status, 403, path);
      assert.match(
        JSON.parse(text).detail,
        /answered on the server's own machine only; use HTTPS on port \d+, for example/,
      );
    }
  } finally {
    await server.close();
  }
});

Deno.test("rates hold: a caller that asks too often is told when to come back, others are not held up", async () => {
  await using fleet = await AdminFleet.start({ limited: true });
  const wrong = () => fleet.send("GET", "/api/v1/server", { token: "flt_wrong" });
  const statuses: number[] = [];
  for (let i = 0; i < 25; i++) statuses.push((await wrong()).status);
  assert.deepEqual([...new Set(statuses)], [401, 429], "guessing is slowed down");
  assert.equal(statuses.indexOf(429), 20);
  const limited = await wrong();
  assert.equal(limited.json.code, "request.rate_limited");
  assert.match(limited.headers["retry-after"] as string, /^\d+$/);
  assert.equal(
    (await fleet.send("GET", "/api/v1/server", { token: fleet.admin })).status,
    200,
    "a right token is not held up",
  );
});

Deno.test("stopping finishes the requests that run, ends waits and streams, and closes the database", async () => {
  const fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  const waiting = device.sync({ waitS: 50 });
  const stream = sendRaw(
    fleet.server.port,
    `GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${fleet.admin}\r\n\r\n`,
  );
  const hasBoth = (text: string) =>
    text.includes("\nfleets_waiting_polls 1\n") && text.includes("\nfleets_event_watchers 1\n");
  while (!hasBoth((await fleet.raw("GET", "/metrics", { token: fleet.admin })).text));
  const changes = Array.from(
    { length: 20 },
    (_, i) =>
      fleet.raw("PATCH", `/api/v1/devices/${device.handle}`, {
        token: fleet.admin,
        body: { name: `n${i}` },
      }).catch(() => undefined),
  );
  const first = await Promise.race(changes);
  const stopping = fleet.server.close();
  assert.equal(stopping, fleet.server.close(), "a second call waits for the same end");
  const reply = await waiting;
  assert.ok(reply.time > 0, "the waiting device got an answer");
  assert.equal((await stream).status, 200);
  const acknowledged = (await Promise.all(changes)).filter((answer) => answer?.status === 200);
  assert.ok(first === undefined || acknowledged.length >= 1);
  await stopping;
  await assert.rejects(fleet.raw("GET", "/healthz"), "nobody listens any more");
  const again = await AdminFleet.start({ folder: fleet.folder, admin: fleet.admin });
  const rows = await again.do("GET", `/api/v1/audit?target=device:${device.handle}&limit=500`);
  const edits =
    rows.items.filter(({ action }: { action: string }) => action === "device.edit").length;
  assert.ok(
    edits >= acknowledged.length,
    `${edits} changes kept, ${acknowledged.length} acknowledged`,
  );
  await again[Symbol.asyncDispose]();
});
