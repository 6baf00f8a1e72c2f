/**
 * One realistic value of every message that an envelope carries, for golden vectors and tests.
 * The devices and figures are invented; the values are fixed, so that every run gives the same bytes.
 *
 * @module
 */
import {
  type EnrolReply,
  type EnrolRequest,
  type Manifest,
  type RootDocument,
  type SyncReply,
  type SyncRequest,
} from "../ts/mod.ts";

const BOOT_ID = 0x5eed_b007;
const SERVER_EPOCH = 0x0f1e_e7d0;
const TIME_MS = 1_767_225_600_000;
const STREAM_EPOCH = 4_097;

/** Bytes that count up from `first`, to be told apart in a dump. */
export function counting(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (first + at) & 0xff);
}

/** The session's kid in all samples. */
export const KID: Uint8Array = counting(0xc0, 8);

/** Message 1 payloads, by the situation. */
export const ENROL_REQUESTS = {
  "microcontroller with a token": {
    v: 0,
    tokenId: counting(0x10, 8),
    hwClass: "esp32-c3",
    agentVersion: "0.1.0",
    rxMax: 1_024,
    deviceId: counting(0x20, 16),
  },
  "Raspberry Pi that acted on a hello": {
    v: 0,
    hwClass: "rpi-4b",
    serial: "10000000abcdef01",
    model: "Raspberry Pi 4 Model B Rev 1.5",
    agentVersion: "0.1.0",
    name: "greenhouse-2",
    rxMax: 16_384,
    helloDigest: counting(0x40, 32),
    reason: 1,
    labels: [{ key: "site", value: "north" }],
    rootVersion: 1,
    deviceId: counting(0x30, 16),
  },
} satisfies Record<string, EnrolRequest>;

/** Message 2 payloads, by the situation. */
export const ENROL_REPLIES = {
  accepted: {
    v: 0,
    kid: KID,
    state: 1,
    time: TIME_MS,
    intervalS: 60,
    serverEpoch: SERVER_EPOCH,
    tokenStatus: 0,
    txMax: 16_384,
    waitMax: 50,
  },
  pending: {
    v: 0,
    kid: KID,
    state: 2,
    time: TIME_MS,
    intervalS: 30,
    serverEpoch: SERVER_EPOCH,
    tokenStatus: 3,
    txMax: 16_384,
  },
} satisfies Record<string, EnrolReply>;

const HEARTBEAT: SyncRequest = {
  v: 0,
  uptimeMs: 86_400_000,
  bootId: BOOT_ID,
  serverEpoch: SERVER_EPOCH,
};

/** Sync request payloads, by what they carry. */
export const SYNC_REQUESTS = {
  "bare heartbeat": HEARTBEAT,
  "first sync after a start": {
    ...HEARTBEAT,
    uptimeMs: 2_500,
    agentVersion: "0.1.0",
    clock: 2,
    deviceTime: TIME_MS,
    bootReason: 1,
    waitS: 50,
    rxMax: 16_384,
    running: [{ component: 1, sha256: counting(0x60, 32), seq: 7 }],
    config: { epoch: 3, digest: counting(0x70, 8), status: 0 },
    commandsThrough: 12,
    rootVersion: 1,
    inventoryDigest: counting(0x78, 8),
    highestAttempt: 2,
  },
  "six samples of four metrics": {
    ...HEARTBEAT,
    metrics: {
      epoch: STREAM_EPOCH,
      first: 120,
      t0: TIME_MS - 50_000,
      base: 1,
      dt: 10_000,
      columns: [
        { id: 0, scale: -3, values: [112, 5, -20, 3, 0, 14] },
        { id: 4, scale: 6, values: [412, 1, null, 0, 2, -1] },
        { id: 5, scale: 6, values: [3_884] },
        { id: 130, scale: null, values: [0.5, 1.5, null, -2, 0.25, 3] },
      ],
      dictionary: counting(0x80, 8),
      dictionaryEntries: [{ id: 130, name: "tank.level", unit: "m" }],
      count: 6,
    },
    more: true,
  },
  "log lines of a device without a clock": {
    ...HEARTBEAT,
    clock: 0,
    logs: {
      epoch: STREAM_EPOCH,
      first: 9,
      t0: 86_300_000,
      base: 0,
      bootId: BOOT_ID,
      lines: [
        { dtMs: 0, level: 6, source: "fleetd", text: "joined wifi channel 11" },
        { dtMs: 412, level: 3, source: "pump", text: "valve\tstuck: 24 °C" },
      ],
    },
    holds: [2, 7],
  },
  "one report of each kind": {
    ...HEARTBEAT,
    reports: {
      epoch: STREAM_EPOCH,
      first: 3,
      items: [
        {
          kind: 1,
          time: TIME_MS,
          body: { id: 12, status: 1, code: -1, output: counting(0x61, 26), part: 0, fullSize: 26 },
        },
        {
          kind: 2,
          time: TIME_MS,
          body: {
            attempt: 2,
            state: 8,
            reason: 4,
            runningDigest: counting(0x60, 32),
            text: "no link",
          },
        },
        { kind: 3, time: 0, body: { name: "undervoltage", severity: 4, text: "4.63 V" } },
      ],
    },
    update: { attempt: 2, state: 1, bytes: 65_536 },
  },
  "inventory after a restore": {
    ...HEARTBEAT,
    inventory: new Map<string, string | number | readonly string[]>([
      ["addresses", ["192.168.7.21", "fe80::1"]],
      ["disk.bytes", 31_914_983_424],
      ["os", "Debian GNU/Linux 12"],
    ]),
    resyncNonce: counting(0x88, 8),
  },
} satisfies Record<string, SyncRequest>;

const IDLE: SyncReply = {
  v: 0,
  time: TIME_MS,
  state: 1,
  intervalS: 60,
  serverEpoch: SERVER_EPOCH,
};

/** Sync reply payloads, by what they carry. */
export const SYNC_REPLIES = {
  idle: IDLE,
  "acks and needs": {
    ...IDLE,
    acks: [{ stream: 1, epoch: STREAM_EPOCH, through: 125 }, {
      stream: 3,
      epoch: STREAM_EPOCH,
      through: 5,
    }],
    need: [1, 2],
    more: true,
  },
  "two commands": {
    ...IDLE,
    commands: [
      { id: 13, name: "identify", ttlS: 60 },
      { id: 14, name: "reboot", args: counting(0x01, 8), ttlS: 600 },
    ],
  },
  configuration: {
    ...IDLE,
    config: { epoch: 4, sha256: counting(0x90, 32), body: counting(0x00, 40), sealed: true },
    txMax: 8_192,
  },
  "offer by digest, with a delta": {
    ...IDLE,
    offer: {
      attempt: 3,
      action: 1,
      manifestDigest: counting(0xa0, 32),
      leaseS: 3_600,
      ticket: counting(0xb0, 20),
      urls: ["https://cache.example/fleet/"],
      delta: { from: counting(0x60, 32), sha256: counting(0x50, 32), size: 40_000 },
      maxBytesPerS: 100_000,
    },
  },
  "stale sequence number": { ...IDLE, error: { code: 5, lastSeq: 1_024, text: "stale" } },
  "resync with a rejected section": {
    ...IDLE,
    rejected: [{ section: 12, code: 9, epoch: STREAM_EPOCH, through: 125 }],
    error: { code: 6, section: 12 },
    resyncNonce: counting(0x88, 8),
  },
  "move and new root document, held back": {
    ...IDLE,
    holds: [7],
    move: { urls: ["https://fleet.example/f/"], nextServerKey: counting(0xd0, 32) },
    root: { version: 2, sha256: counting(0xe0, 32), ticket: counting(0xb0, 20), size: 411 },
  },
} satisfies Record<string, SyncReply>;

/** A release of one component. */
export const MANIFEST: Manifest = {
  format: 1,
  sequence: 8,
  vendor: counting(0x00, 16),
  class: counting(0x10, 16),
  created: TIME_MS / 1_000,
  minFloor: 5,
  components: [
    { id: 1, sha256: counting(0x50, 32), size: 1_234_567, name: "fleetd", kind: 1 },
  ],
  version: "0.2.0",
};

/** The first root document of a fleet, without its root keys, which the caller signs with. */
export const ROOT_DOCUMENT: Omit<RootDocument, "rootKeys"> = {
  version: 1,
  fleetId: counting(0xf0, 8),
  threshold: 2,
  releaseKeys: [],
  serverKeys: [],
  created: TIME_MS / 1_000,
};
