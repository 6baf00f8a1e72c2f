/**
 * The devices' side over real HTTP: what a device sends and gets, and what the door refuses.
 *
 * @module
 */
import {
  DeviceStateCode,
  encodeSamples,
  errorReplyCodec,
  helloCodec,
  parseToken,
  tokenMatchesServer,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import { readConfig, type RunningServer, SILENT_LOG, startServer } from "@fleetd/server";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { Buffer } from "node:buffer";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { TestDevice, type Transport } from "./test_device.ts";

interface HttpAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: Uint8Array;
}

/** One HTTP exchange with exactly these headers. */
function exchange(
  url: string,
  { method = "POST", headers = {}, body, agent, signal }: {
    method?: string;
    headers?: Record<string, string>;
    body?: Uint8Array;
    agent?: Agent;
    signal?: AbortSignal;
  } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      agent,
      signal,
      headers: {
        ...(body === undefined ? {} : { "content-length": String(body.length) }),
        ...headers,
      },
    }, (incoming) => {
      const chunks: Uint8Array[] = [];
      incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode!,
          type: incoming.headers["content-type"],
          headers: incoming.headers,
          body: new Uint8Array(Buffer.concat(chunks)),
        }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

class HttpRefusal extends Error {
  constructor(readonly answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
  }
}

function overHttp(url: string, agent: Agent): Transport {
  const post = async (
    path: string,
    { type, body, signal }: { type: string; body: Uint8Array; signal?: AbortSignal },
  ) => {
    const answer = await exchange(url + path, {
      headers: { "content-type": type },
      body,
      agent,
      signal,
    });
    if (answer.status !== 200) throw new HttpRefusal(answer);
    assert.equal(answer.type, type);
    assert.equal(answer.headers["content-length"], String(answer.body.length));
    return answer.body;
  };
  return {
    enrol: (body) => post("/d/1/enrol", { type: "application/octet-stream", body }),
    sync: (body, signal) => post("/d/1/sync", { type: "application/cose", body, signal }),
  };
}

interface HttpFleet {
  readonly server: RunningServer;
  readonly transport: Transport;
  readonly serverKey: Uint8Array;
  /** An API call as the first administrator. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** The server's figures as Prometheus text. */
  metrics(): Promise<string>;
}

async function withServer(body: (fleet: HttpFleet) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleetd-http-"));
  const server = await startServer(
    readConfig({ port: 0, listen: "127.0.0.1", db: join(folder, "fleet.db"), mdns: false }),
    { log: SILENT_LOG },
  );
  const agent = new Agent({ keepAlive: true });
  try {
    const hello = await exchange(`${server.url}/d/hello`, { method: "GET", agent });
    const { serverKey } = helloCodec.decode(hello.body);
    const call = async (
      method: string,
      path: string,
      { value, token }: { value?: unknown; token?: string },
    ) => {
      const answer = await exchange(`${server.url}/api/v1${path}`, {
        method,
        agent,
        headers: {
          ...(value === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value)),
      });
      const text = new TextDecoder().decode(answer.body);
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    };
    const setup = await call("POST", "/setup", { value: { code: server.setupCode, name: "test" } });
    const { token } = setup.body as { token: string };
    await body({
      server,
      serverKey,
      transport: overHttp(server.url, agent),
      api: (method, path, value) => call(method, path, { value, token }),
      async metrics() {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await exchange(`${server.url}/metrics`, { method: "GET", agent, headers });
        return new TextDecoder().decode(answer.body);
      },
    });
  } finally {
    agent.destroy();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

Deno.test("hello is small, constant and names the key that tokens are bound to", () =>
  withServer(async ({ server, api }) => {
    const [one, two] = [
      await exchange(`${server.url}/d/hello`, { method: "GET" }),
      await exchange(`${server.url}/d/hello`, { method: "GET" }),
    ];
    assert.deepEqual(one.body, two.body);
    assert.ok(one.body.length <= 256);
    const made = await api("POST", "/enrolment-tokens", { uses: 1, ttlS: 3_600 });
    const { token } = made.body as { token: string };
    assert.ok(tokenMatchesServer(parseToken(token), helloCodec.decode(one.body).serverKey));
  }));

Deno.test("a device enrols, syncs and is seen by an administrator", () =>
  withServer(async ({ transport, serverKey, api }) => {
    const made = await api("POST", "/enrolment-tokens", {
      uses: 1,
      ttlS: 3_600,
      labels: { site: "x" },
    });
    const device = new TestDevice(transport, serverKey);
    await device.enrol({
      token: parseToken((made.body as { token: string }).token),
      model: "Test 1",
    });
    const metrics = encodeSamples({
      epoch: 1,
      first: 1,
      base: "unix",
      samples: [{ atMs: Date.now(), values: new Map([[0, 0.123]]) }],
    });
    const reply = await device.sync({ metrics });
    assert.equal(reply.state, DeviceStateCode.active);
    assert.deepEqual(reply.acks, [{ stream: 1, epoch: 1, through: 1 }]);
    const list = await api("GET", "/devices");
    const [item] = (list.body as { items: Record<string, unknown>[] }).items;
    assert.deepEqual(
      [item?.handle, item?.model, item?.online, item?.labels, item?.latest],
      [device.handle, "Test 1", true, { site: "x" }, { "cpu.use": 0.123 }],
    );
  }));

Deno.test("a command reaches a device that waits over HTTP", () =>
  withServer(async ({ transport, serverKey, api }) => {
    const device = new TestDevice(transport, serverKey);
    await device.enrol();
    await device.sync();
    const accepted = await api("POST", `/devices/${device.handle}/accept`, {
      fingerprint: device.handle,
    });
    assert.ok(accepted.status < 300, JSON.stringify(accepted));
    assert.equal((await device.sync({ waitS: 50 })).state, DeviceStateCode.active);
    const held = device.sync({ waitS: 50 });
    const queued = await api("POST", `/devices/${device.handle}/identify`);
    assert.equal(queued.status, 202);
    assert.equal((await held).commands?.[0]?.name, "identify");
  }));

Deno.test("what the door refuses, it refuses in the devices' own words", () =>
  withServer(async ({ server, transport, serverKey }) => {
    const cose = { "content-type": "application/cose" };
    const device = new TestDevice(transport, serverKey);
    await device.enrol();
    await device.sync();
    const altered = Uint8Array.from(device.lastBody);
    altered[altered.length - 1]! ^= 1;
    const cases: [string, number, number, Parameters<typeof exchange>[1]][] = [
      ["too large", 413, WireErrorCode.tooLarge, { headers: cose, body: new Uint8Array(16_385) }],
      ["no envelope", 400, WireErrorCode.malformed, { headers: cose, body: new Uint8Array(80) }],
      ["wrong MAC", 401, WireErrorCode.badMac, { headers: cose, body: altered }],
      ["wrong type", 400, WireErrorCode.malformed, {
        headers: { "content-type": "application/json" },
        body: device.lastBody,
      }],
      ["an encoding", 400, WireErrorCode.malformed, {
        headers: { ...cose, "content-encoding": "gzip" },
        body: device.lastBody,
      }],
    ];
    for (const [what, status, code, options] of cases) {
      const answer = await exchange(`${server.url}/d/1/sync`, options);
      assert.equal(answer.status, status, what);
      assert.equal(answer.type, "application/cbor", what);
      assert.deepEqual(errorReplyCodec.decode(answer.body), { code }, what);
    }
    const chunked = await exchange(`${server.url}/d/1/sync`, {
      headers: { ...cose, "transfer-encoding": "chunked" },
      body: new Uint8Array(20_000),
    }).catch(() => undefined);
    assert.notEqual(chunked?.status, 200);
    const expecting = await exchange(`${server.url}/d/1/sync`, {
      headers: { ...cose, expect: "100-continue" },
      body: device.lastBody,
    });
    assert.notEqual(expecting.status, 200);
    assert.equal((await device.sync()).error, undefined, "none of it touched the session");
  }));

Deno.test("an address that runs handshakes without end is told to wait", () =>
  withServer(async ({ server }) => {
    let answer: HttpAnswer | undefined;
    for (let i = 0; i < 400 && answer?.status !== 429; i++) {
      answer = await exchange(`${server.url}/d/1/enrol`, {
        headers: { "content-type": "application/octet-stream" },
        body: new Uint8Array(100),
      });
    }
    assert.equal(answer?.status, 429);
    assert.equal(errorReplyCodec.decode(answer!.body).code, WireErrorCode.rateLimited);
    assert.ok(Number(answer!.headers["retry-after"]) >= 1);
  }));

Deno.test("a stop answers those who wait", () =>
  withServer(async ({ server, transport, serverKey, metrics }) => {
    const device = new TestDevice(transport, serverKey);
    await device.enrol();
    await device.sync();
    const held = device.sync({ waitS: 50 });
    while (!/^fleets_waiting_polls 1$/m.test(await metrics())) await setImmediate();
    await server.close();
    assert.equal((await held).state, DeviceStateCode.pending);
  }));
