/**
 * HTTPS: the server's own certificate and a given one, what is answered where, limits, and named proxies.
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
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { AdminFleet } from "./admin_fleet.ts";

const OTHER_MACHINE = "192.0.2.7";

/** A connection of TLS to the server, whatever its certificate. */
function open(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Reads until the server closes. */
function readAll(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => text += chunk);
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

async function fingerprintAt(port: number): Promise<string> {
  const socket = await open(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  const closed = readAll(socket);
  socket.destroy();
  await closed;
  return fingerprint256;
}

const certificateFile = (folder: string) => join(folder, "fleet.db.tls.pem");

Deno.test("the server makes its own certificate once, for its owner alone, and shows its fingerprint", async () => {
  await using fleet = await AdminFleet.start({
    tls: true,
    settings: { "allow-host": ["fleet.example"] },
  });
  const { tls } = fleet.server;
  const path = certificateFile(fleet.folder);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const certificate = new X509Certificate(
    /-----BEGIN CERT[^]*$/.exec(readFileSync(path, "utf8"))![0],
  );
  assert.equal(certificate.fingerprint256, tls!.fingerprint);
  const names = certificate.subjectAltName!;
  const own = hostname().toLowerCase();
  for (
    const name of [
      `DNS:${own}`,
      `DNS:${own.split(".")[0]}.local`,
      "DNS:localhost",
      "DNS:fleet.example",
      "IP Address:127.0.0.1",
    ]
  ) {
    assert.ok(names.split(", ").includes(name), `${name} in ${names}`);
  }
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  const years = (Date.parse(certificate.validTo) - Date.now()) / 31_557_600_000;
  assert.ok(years > 9 && years < 11, `${years} years`);
  assert.ok(Date.parse(certificate.validFrom) < Date.now() - 3_600_000, "clocks differ");
  assert.equal(await fingerprintAt(tls!.port), tls!.fingerprint);
  assert.ok(greeting(fleet.server).some((line) => line.includes(tls!.fingerprint)));
  assert.ok(
    greeting(fleet.server).some((line) =>
      line.includes(`https://fleet.example:${tls!.port}/setup#`)
    ),
  );
  assert.deepEqual((await fleet.do("GET", "/api/v1/server")).tls, tls);
  await fleet.stop();
  const again = await AdminFleet.start({ folder: fleet.folder, admin: fleet.admin, tls: true });
  assert.equal(again.server.tls!.fingerprint, tls!.fingerprint, "a restart keeps it");
  await again.stop();
});

Deno.test("the certificate is made anew when it nears its end, and when its file is damaged", async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  const first = fleet.server.tls!.fingerprint;
  await fleet.stop();
  const path = certificateFile(fleet.folder);
  const fingerprint = async (nowMs: number) => {
    const server = await startServer(
      readConfig({
        port: 0,
        listen: "127.0.0.1",
        "tls-port": 0,
        db: join(fleet.folder, "fleet.db"),
        mdns: false,
      }),
      { log: SILENT_LOG, clock: { nowMs: () => nowMs, monotonicMs: () => performance.now() } },
    );
    const found = server.tls!.fingerprint;
    await server.close();
    return found;
  };
  const end = fleet.server.tls!.expiresAtMs, month = 30 * 86_400_000;
  assert.equal(await fingerprint(end - month - 3_600_000), first);
  const second = await fingerprint(end - month + 3_600_000);
  assert.notEqual(second, first);
  writeFileSync(path, readFileSync(path, "utf8").replace(/\nMI/, "\nMJ"));
  assert.notEqual(await fingerprint(Date.now()), second);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

Deno.test("a given certificate is used, taken up again when its files change, and half-written files change nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleets-tls-"));
  const cert = join(folder, "cert.pem"), key = join(folder, "key.pem");
  const give = (pem: string) => {
    writeFileSync(key, /-----BEGIN PRIVATE[^]*END PRIVATE KEY-----\n/.exec(pem)![0]);
    writeFileSync(cert, /-----BEGIN CERT[^]*$/.exec(pem)![0]);
  };
  try {
    const pems: string[] = [];
    for (let i = 0; i < 2; i++) {
      await using maker = await AdminFleet.start({ tls: true });
      pems.push(readFileSync(certificateFile(maker.folder), "utf8"));
    }
    give(pems[0]!);
    await using fleet = await AdminFleet.start({
      settings: { "tls-port": 0, "tls-cert": cert, "tls-key": key },
    });
    const { port, own, fingerprint } = fleet.server.tls!;
    assert.equal(own, false);
    assert.equal(await fingerprintAt(port), fingerprint);
    const changed = async (stop: (now: string) => boolean) => {
      process.kill(process.pid, "SIGHUP");
      for (let i = 0; i < 200; i++) {
        const now = await fingerprintAt(port);
        if (stop(now)) return now;
      }
      throw new Error("the certificate stays");
    };
    writeFileSync(cert, "-----BEGIN CERTIFICATE-----\nMII");
    utimesSync(cert, new Date(), new Date(Date.now() + 5_000));
    assert.equal(await changed(() => true), fingerprint);
    give(pems[1]!);
    utimesSync(cert, new Date(), new Date(Date.now() + 10_000));
    const second = await changed((now) => now !== fingerprint);
    assert.equal(fleet.server.tls!.fingerprint, second);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("certificates that cannot be used are named with what they must be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleets-tls-"));
  const start = (settings: { "tls-cert": string; "tls-key": string }) =>
    startServer(
      readConfig({
        port: 0,
        listen: "127.0.0.1",
        "tls-port": 0,
        db: join(folder, "fleet.db"),
        mdns: false,
        ...settings,
      }),
      { log: SILENT_LOG },
    );
  try {
    const missing = join(folder, "missing.pem"), text = join(folder, "text.pem");
    writeFileSync(text, "hello");
    const [one, other] = [join(folder, "one.pem"), join(folder, "other.pem")];
    for (const path of [one, other]) {
      await using maker = await AdminFleet.start({ tls: true });
      writeFileSync(path, readFileSync(certificateFile(maker.folder)));
    }
    await assert.rejects(start({ "tls-cert": missing, "tls-key": missing }), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^Cannot read --tls-cert .*missing\.pem/);
      return true;
    });
    await assert.rejects(
      start({ "tls-cert": text, "tls-key": text }),
      /must be PEM files that belong together/,
    );
    await assert.rejects(
      start({ "tls-cert": one, "tls-key": other }),
      /the key is not the certificate's; both must be PEM files/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("a taken port of HTTPS is named with its own option, and plain HTTP is let go again", async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  const { port } = fleet.server.tls!;
  await using other = await AdminFleet.start();
  await other.stop();
  await assert.rejects(
    AdminFleet.start({ folder: other.folder, admin: "", settings: { "tls-port": port } }),
    new RegExp(`Cannot listen on port ${port}.*choose another with --tls-port`),
  );
});

Deno.test("over HTTPS everything is answered that plain HTTP answers on this machine, and devices' routes too", async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  const ask = (path: string, token?: string) => fleet.raw("GET", path, { secure: true, token });
  assert.equal((await ask("/healthz")).status, 200);
  assert.equal((await ask("/api/v1/devices", fleet.admin)).status, 200);
  assert.equal((await ask("/api/v1/devices")).status, 401);
  assert.equal((await ask("/api/v1/openapi.json")).status, 200);
  const page = await ask("/");
  assert.deepEqual([page.status, page.headers.location], [303, "/sign-in"]);
  const hello = [await ask("/d/hello"), await fleet.raw("GET", "/d/hello")].map(({ text }) => text);
  assert.equal(hello[0], hello[1]);
  const name = await fleet.raw("GET", "/healthz", {
    secure: true,
    headers: { host: "evil.example" },
  });
  assert.equal(name.status, 421);
});

Deno.test("TLS below 1.2 and plain HTTP get nothing on the port of HTTPS", async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  const { port } = fleet.server.tls!;
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const socket = await open(port, { minVersion: version, maxVersion: version });
    assert.equal(socket.getProtocol(), version);
    const closed = readAll(socket);
    socket.destroy();
    await closed;
  }
  await assert.rejects(open(port, { minVersion: "TLSv1", maxVersion: "TLSv1.1" }));
  const answer = await new Promise<string>((resolve) => {
    const socket = connectPlain(
      port,
      "127.0.0.1",
      () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    );
    let text = "";
    socket.on("data", (chunk) => text += chunk.toString("latin1"));
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
  assert.equal(answer.includes("HTTP/1.1"), false);
});

Deno.test("silent handshakes and half requests are ended by their time limits, and the server is well", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleets-tls-"));
  const server = await startServer(
    readConfig({
      port: 0,
      listen: "127.0.0.1",
      "tls-port": 0,
      db: join(folder, "fleet.db"),
      mdns: false,
    }),
    {
      log: SILENT_LOG,
      connectionLimits: { ...CONNECTION_LIMITS, handshakeTimeoutMs: 300, headersTimeoutMs: 300 },
    },
  );
  try {
    const { port } = server.tls!;
    const silent = Array.from({ length: 20 }, () =>
      new Promise<void>((resolve) => {
        const socket = connectPlain(port, "127.0.0.1");
        socket.on("error", () => {});
        socket.on("data", () => {});
        socket.on("close", () => resolve());
      }));
    const half = await open(port);
    const answer = readAll(half);
    half.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    assert.match(await answer, /^HTTP\/1\.1 408 /);
    const started = performance.now();
    await Promise.all(silent);
    assert.ok(performance.now() - started < 60_000, "by their own limit, not node's two minutes");
    const well = await open(port);
    const good = readAll(well);
    well.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert.match(await good, /^HTTP\/1\.1 200 /);
    const malformed = await open(port);
    const refused = readAll(malformed);
    malformed.write("nonsense\r\n\r\n");
    assert.match(await refused, /^HTTP\/1\.1 400 [^]*application\/problem\+json/);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

Deno.test("stopping closes idle connections of TLS at once and lets a running request end", async () => {
  const fleet = await AdminFleet.start({ tls: true });
  const { port } = fleet.server.tls!;
  const idle = await open(port);
  const idleEnd = readAll(idle);
  const stream = await open(port);
  const streamed = readAll(stream);
  stream.write(
    `GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${fleet.admin}\r\n\r\n`,
  );
  while (
    !(await fleet.raw("GET", "/metrics", { token: fleet.admin })).text.includes(
      "\nfleets_event_watchers 1\n",
    )
  );
  await fleet.server.close();
  await idleEnd;
  assert.match(await streamed, /retry: 2000[^]*0\r\n\r\n$/, "the stream was ended, not cut");
  await fleet[Symbol.asyncDispose]();
});

Deno.test("a named proxy that was asked over HTTPS may send administrators' requests on", async () => {
  await using fleet = await AdminFleet.start({
    settings: { "behind-proxy": ["127.0.0.1"], "allow-host": ["fleet.example"] },
  });
  const forwarded = {
    "x-forwarded-for": OTHER_MACHINE,
    "x-forwarded-proto": "https",
    "x-forwarded-host": "fleet.example",
  };
  const ask = (headers: Record<string, string>) =>
    fleet.send("GET", "/api/v1/server", { token: fleet.admin, headers });
  assert.equal((await ask(forwarded)).status, 200);
  const plain = await ask({ ...forwarded, "x-forwarded-proto": "http" });
  assert.equal(plain.status, 403);
  assert.match(plain.json.detail, /let the proxy speak HTTPS/);
  assert.equal((await ask({ ...forwarded, "x-forwarded-host": "evil.example" })).status, 421);
  assert.equal((await ask({})).status, 200, "the machine's own programs go on as before");
  await fleet.user("ada", "operator");
  const signIn = await fleet.send("POST", "/api/v1/sign-in", {
    headers: { ...forwarded, origin: "https://fleet.example" },
    body: { name: "ada", password: "correct horse battery" },
  });
  assert.match(signIn.headers["set-cookie"]![0]!, /^__Host-fleetd-.*Secure$/);
  const cookie = signIn.headers["set-cookie"]![0]!.split(";")[0]!;
  const change = (origin: string) =>
    fleet.send("POST", "/api/v1/enrolment-tokens", {
      body: {},
      headers: { ...forwarded, cookie, origin },
    });
  assert.equal((await change("https://fleet.example")).status, 201);
  assert.equal((await change("http://fleet.example")).status, 403, "the exact scheme");
  assert.equal((await change("https://fleet.example:8443")).status, 403, "the exact port");
  const [row] = (await fleet.do("GET", "/api/v1/audit?target=user:ada")).items;
  assert.deepEqual([row.action, row.address], ["session.create", OTHER_MACHINE]);
});
