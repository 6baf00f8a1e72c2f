import assert from "node:assert/strict";
import {
  bundleCodec,
  encodeSamples,
  enrolReplyCodec,
  errorReplyCodec,
  helloCodec,
  manifestCodec,
  metricsBatchCodec,
  rootDocumentCodec,
  type Sample,
  type SyncReply,
  syncReplyCodec,
  type SyncRequest,
  syncRequestCodec,
} from "@fleetd/firmware-protocol";
import { walkingSamples } from "../bench/data.ts";

const HEARTBEAT: SyncRequest = { v: 0, uptimeMs: 86_400_000, bootId: 0xdead_beef, serverEpoch: 1 };
const IDLE: SyncReply = { v: 0, time: 1_760_000_000_000, state: 1, intervalS: 60, serverEpoch: 1 };

function filled(length: number, first = 1): Uint8Array {
  return new Uint8Array(length).fill(first);
}

function request(change: Partial<SyncRequest>): number {
  return syncRequestCodec.encode({ ...HEARTBEAT, ...change }).length;
}

function reply(change: Partial<SyncReply>): number {
  return syncReplyCodec.encode({ ...IDLE, ...change }).length;
}

function batch(samples: Sample[]) {
  return encodeSamples({ epoch: 513, first: 40_000, base: "unix", samples });
}

function manifest(components: number): number {
  return manifestCodec.encode({
    format: 1,
    sequence: 9,
    vendor: filled(16),
    class: filled(16),
    created: 1_760_000_000,
    minFloor: 8,
    components: Array.from({ length: components }, (_, at) => ({
      id: at + 1,
      sha256: filled(32),
      size: 41_943_040,
      name: "fleetd-2026.10-arm64x",
      kind: 1,
    })),
    version: "2026.10",
  }).length;
}

Deno.test("messages have the sizes the protocol promises", () => {
  const stored = { stream: 1, epoch: 513, through: 40_005 };
  const sizes: [what: string, ours: number, promised: number][] = [
    ["hello", hello(), 87],
    ["message 2", message2(), 34],
    ["bare heartbeat", request({}), 17],
    ["batch of 6×12", metricsBatchCodec.encode(batch(walkingSamples({ count: 6 }))).length, 154],
    ["heartbeat and 6×12", request({ metrics: batch(walkingSamples({ count: 6 })) }), 172],
    ["heartbeat and 60×12", request({ metrics: batch(walkingSamples({ count: 60 })) }), 668],
    ["reply, idle", reply({}), 20],
    ["reply with one ack", reply({ acks: [stored] }), 30],
    [
      "reply with an ack and an offer, manifest inside",
      reply({
        acks: [stored],
        offer: { attempt: 3, action: 1, manifest: filled(208), leaseS: 3_600, ticket: filled(20) },
      }),
      273,
    ],
    [
      "reply with a configuration of 200 bytes",
      reply({
        config: { epoch: 3, sha256: filled(32), body: filled(200) },
      }),
      262,
    ],
    ["reply, stale_seq", reply({ error: { code: 5, lastSeq: 100_000 } }), 30],
    ["unauthenticated error", errorReplyCodec.encode({ code: 11, retryAfterS: 30 }).length, 6],
    ["manifest of one component", manifest(1), 124],
    ["manifest of three components", manifest(3), 252],
    ["manifest of eight components", manifest(8), 572],
  ];
  for (const [what, ours, promised] of sizes) assert.equal(ours, promised, what);
});

Deno.test("messages whose texts the protocol leaves open are near what it promises", () => {
  const sizes: [what: string, ours: number, promised: number][] = [
    ["heartbeat and 1×12", request({ metrics: batch(walkingSamples({ count: 1 })) }), 127],
    [
      "heartbeat and eight log lines of 43 characters",
      request({
        logs: {
          epoch: 513,
          first: 40_000,
          t0: 1_760_000_000_000,
          base: 1,
          lines: Array.from({ length: 8 }, (_, at) => ({
            dtMs: at * 40,
            level: 6,
            source: "wifi",
            text: "x".repeat(43),
          })),
        },
      }),
      454,
    ],
    [
      "deployment report with a digest",
      request({
        reports: {
          epoch: 513,
          first: 7,
          items: [{
            kind: 2,
            time: 1_760_000_000_000,
            body: { attempt: 3, state: 6, runningDigest: filled(32) },
          }],
        },
      }),
      78,
    ],
    [
      "command result with 100 bytes of output",
      request({
        reports: {
          epoch: 513,
          first: 7,
          items: [{
            kind: 1,
            time: 1_760_000_000_000,
            body: { id: 12, status: 0, code: 0, output: filled(100) },
          }],
        },
      }),
      148,
    ],
    ["root document of three keys", rootDocument(), 199],
    ["bundle", bundle(), 177],
  ];
  for (const [what, ours, promised] of sizes) {
    assert.ok(Math.abs(ours / promised - 1) < 0.05, `${what}: ${ours}, promised ${promised}`);
  }
});

Deno.test("93 records of twelve mildly changing metrics fit a request of 1,024 bytes", () => {
  assert.ok(request({ metrics: batch(walkingSamples({ count: 93 })) }) <= 1_024 - 56);
});

function hello(): number {
  return helloCodec.encode({
    majorMin: 1,
    majorMax: 1,
    serverKey: filled(32),
    fleetId: filled(8),
    rootVersion: 1,
    rootDigest: filled(32),
  }).length;
}

function message2(): number {
  return enrolReplyCodec.encode({
    v: 0,
    kid: filled(8),
    state: 1,
    time: 1_760_000_000_000,
    intervalS: 60,
    serverEpoch: 1,
    txMax: 16_384,
  }).length;
}

function rootDocument(): number {
  return rootDocumentCodec.encode({
    version: 1,
    fleetId: filled(8),
    threshold: 2,
    rootKeys: [1, 2, 3].map((first) => filled(32, first)),
    releaseKeys: [filled(32)],
    serverKeys: [filled(32)],
    created: 1_760_000_000,
  }).length;
}

function bundle(): number {
  return bundleCodec.encode({
    v: 0,
    fleetId: filled(8),
    deviceId: filled(16),
    serverKey: filled(32),
    rootDigest: filled(32),
    urls: ["http://192.168.1.20:8080"],
    token: filled(24),
    labels: [{ key: "site", value: "lab-north" }],
  }).length;
}
