// Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
// Do not edit: change the schema and run `deno task gen`.

/**
 * Constants, enumerations and types of every message.
 *
 * @module
 */

/** Version and limits; the unit is in the name. */
export const PROTOCOL = {
  major: 1,
  minor: 0,
  maxDepth: 6,
  maxItems: 4096,
  maxKey: 65535,
  helloMaxBytes: 256,
  message1MinBytes: 96,
  message1MaxBytes: 1024,
  txMaxBytes: 16384,
  rxMinBytes: 1024,
  rxMaxBytes: 65536,
  rxDefaultBytes: 16384,
  requestOverheadBytes: 56,
  replyOverheadBytes: 41,
  logsMaxBytes: 8192,
  inventoryMaxBytes: 4096,
  manifestInlineMaxBytes: 768,
  commandResultMaxBytes: 4096,
  samplesMax: 1024,
  columnsMax: 64,
  dictionaryEntriesMax: 64,
  standardIdMax: 127,
  customIdMin: 128,
  customIdMax: 1023,
  logLinesMax: 64,
  reportsMax: 16,
  waitMaxS: 50,
  intervalMaxS: 604800,
  pendingIntervalMinS: 30,
  retryAfterMaxS: 900,
} as const;

/** Admission as the server tells it; an unknown number means pending. */
export const DeviceStateCode = {
  active: 1,
  pending: 2,
  rejected: 3,
  quarantined: 4,
  decommissioned: 5,
} as const;
/** One of the numbers of `DeviceStateCode`. */
export type DeviceStateCode = (typeof DeviceStateCode)[keyof typeof DeviceStateCode];

/** Why a device runs a handshake. */
export const EnrolReason = {
  first: 0,
  unknownKid: 1,
  rekey: 2,
  storageLost: 3,
} as const;
/** One of the numbers of `EnrolReason`. */
export type EnrolReason = (typeof EnrolReason)[keyof typeof EnrolReason];

/** What became of the token named in message 1. */
export const TokenStatus = {
  used: 0,
  unknown: 1,
  expired: 2,
  spent: 3,
  otherClass: 4,
} as const;
/** One of the numbers of `TokenStatus`. */
export type TokenStatus = (typeof TokenStatus)[keyof typeof TokenStatus];

/** Where the device's wall clock comes from. */
export const ClockSource = {
  none: 0,
  server: 1,
  ntp: 2,
} as const;
/** One of the numbers of `ClockSource`. */
export type ClockSource = (typeof ClockSource)[keyof typeof ClockSource];

/** Why the device last started. */
export const BootReason = {
  unknown: 0,
  power: 1,
  software: 2,
  watchdog: 3,
  panic: 4,
  brownOut: 5,
  deepSleep: 6,
  update: 7,
} as const;
/** One of the numbers of `BootReason`. */
export type BootReason = (typeof BootReason)[keyof typeof BootReason];

/** What became of the desired configuration. */
export const ConfigStatus = {
  applied: 0,
  refused: 1,
  failed: 2,
} as const;
/** One of the numbers of `ConfigStatus`. */
export type ConfigStatus = (typeof ConfigStatus)[keyof typeof ConfigStatus];

/** A reason to leave a device alone for now; unknown numbers are ignored. */
export const HoldCode = {
  disk: 1,
  undervoltage: 2,
  battery: 3,
  hot: 4,
  heap: 5,
  locked: 6,
  window: 7,
} as const;
/** One of the numbers of `HoldCode`. */
export type HoldCode = (typeof HoldCode)[keyof typeof HoldCode];

/** What the server asks for again; unknown numbers are ignored. */
export const NeedCode = {
  dictionary: 1,
  inventory: 2,
  running: 3,
  config: 4,
  rekey: 5,
  commandsThrough: 6,
} as const;
/** One of the numbers of `NeedCode`. */
export type NeedCode = (typeof NeedCode)[keyof typeof NeedCode];

/** What the times of a batch count from: uptime of a boot id, or Unix time. */
export const TimeBase = {
  uptime: 0,
  unix: 1,
} as const;
/** One of the numbers of `TimeBase`. */
export type TimeBase = (typeof TimeBase)[keyof typeof TimeBase];

/** The three numbered record streams. */
export const Stream = {
  metrics: 1,
  logs: 2,
  reports: 3,
} as const;
/** One of the numbers of `Stream`. */
export type Stream = (typeof Stream)[keyof typeof Stream];

/** Severities of RFC 5424. */
export const LogLevel = {
  emergency: 0,
  alert: 1,
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
} as const;
/** One of the numbers of `LogLevel`. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** What a record of the reports stream says. */
export const ReportKind = {
  command: 1,
  deployment: 2,
  event: 3,
} as const;
/** One of the numbers of `ReportKind`. */
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind];

/** How a command ended. */
export const CommandStatus = {
  ok: 0,
  failed: 1,
  unsupported: 2,
  expired: 3,
  interrupted: 4,
  refused: 5,
} as const;
/** One of the numbers of `CommandStatus`. */
export type CommandStatus = (typeof CommandStatus)[keyof typeof CommandStatus];

/** Where a deployment stands on the device. */
export const DeploymentStateCode = {
  downloading: 1,
  verifying: 2,
  installing: 3,
  rebooting: 4,
  confirming: 5,
  succeeded: 6,
  failed: 7,
  rolledBack: 8,
  cancelled: 9,
  refused: 10,
} as const;
/** One of the numbers of `DeploymentStateCode`. */
export type DeploymentStateCode = (typeof DeploymentStateCode)[keyof typeof DeploymentStateCode];

/** State of the agent's update machine while it is not idle. */
export const UpdateStateCode = {
  idle: 0,
  downloading: 1,
  verifying: 2,
  installing: 3,
  rebooting: 4,
  confirming: 5,
  committing: 6,
  rollingBack: 7,
  failed: 8,
} as const;
/** One of the numbers of `UpdateStateCode`. */
export type UpdateStateCode = (typeof UpdateStateCode)[keyof typeof UpdateStateCode];

/** What an offer asks for; an unknown number is ignored and reported. */
export const OfferAction = {
  install: 1,
  cancel: 2,
} as const;
/** One of the numbers of `OfferAction`. */
export type OfferAction = (typeof OfferAction)[keyof typeof OfferAction];

/** What a component of a manifest is. */
export const ComponentKind = {
  agent: 1,
  bundle: 2,
  file: 3,
  config: 4,
  container: 5,
  esp32Image: 6,
} as const;
/** One of the numbers of `ComponentKind`. */
export type ComponentKind = (typeof ComponentKind)[keyof typeof ComponentKind];

/** Error codes of PROTOCOL §8: authenticated inside a sync reply, or a hint without a MAC. */
export const WireErrorCode = {
  malformed: 1,
  tooLarge: 2,
  unknownKid: 3,
  badMac: 4,
  staleSeq: 5,
  resync: 6,
  quarantined: 7,
  unsupportedVersion: 8,
  schema: 9,
  busy: 10,
  rateLimited: 11,
  pendingFull: 12,
  notFound: 13,
  badTicket: 14,
  internal: 15,
} as const;
/** One of the numbers of `WireErrorCode`. */
export type WireErrorCode = (typeof WireErrorCode)[keyof typeof WireErrorCode];

/** One metric of a batch, as it travels. */
export interface Column {
  /** Metric id, 0 to 1,023. */
  id: number;
  /** value = integer × 10^scale, -9 to 9; null for raw floats. */
  scale: number | null;
  /**
   * First value, then deltas to the last known value (raw floats with scale null); null is a missing
   * value. One entry stands for a constant column. Every sum of deltas is within ±(2^53 − 1).
   */
  values: readonly (number | null)[];
}

/** One fact of an inventory: text of at most 128 bytes, an unsigned integer, or at most 8 texts of 64. */
export type InventoryValue = string | number | readonly string[];

/** Slow facts by key of 1 to 32 bytes: at most 64 of them, at most 4 KiB encoded. */
export type Inventory = ReadonlyMap<string, InventoryValue>;

/** One record of the reports stream; `time` is Unix ms, 0 where unknown. */
export type ReportItem =
  | { kind: 1; time: number; body: CommandReport }
  | { kind: 2; time: number; body: DeploymentReport }
  | { kind: 3; time: number; body: EventReport };

/** One label. A fixed-length array on the wire. */
export interface LabelPair {
  /** At most 32 bytes. */
  key: string;
  /** At most 64 bytes. */
  value: string;
}

/** A component that runs. A fixed-length array on the wire. */
export interface RunningComponent {
  /** Component id of the manifest. */
  component: number;
  /** Its digest. */
  sha256: Uint8Array;
  /** Manifest sequence it came with, 0 for none. */
  seq: number;
}

/** Progress of the update under way. A fixed-length array on the wire. */
export interface UpdateProgress {
  /** Attempt of the offer. */
  attempt: number;
  /** State of the update machine. */
  state: number;
  /** Bytes downloaded. */
  bytes: number;
}

/** Everything of a stream up to and with `through` is stored. A fixed-length array on the wire. */
export interface Ack {
  /** 1 metrics, 2 logs, 3 reports. */
  stream: number;
  /** Epoch of the buffer. */
  epoch: number;
  /** Last counter stored. */
  through: number;
}

/** Records that failed their schema; the device counts and drops them. A fixed-length array on the wire. */
export interface RejectedSection {
  /** Key of the section in the request. */
  section: number;
  /** Why. */
  code: number;
  /** Epoch of the buffer, 0 where it could not be read. */
  epoch: number;
  /** Last counter rejected, 0 where unknown. */
  through: number;
}

/** A patch that makes the component from what runs. A fixed-length array on the wire. */
export interface Delta {
  /** Digest the patch applies to. */
  from: Uint8Array;
  /** Digest of the patch. */
  sha256: Uint8Array;
  /** Size of the patch in bytes. */
  size: number;
}

/** Name and unit of a custom metric. A fixed-length array on the wire. */
export interface DictionaryEntry {
  /** 128 to 1,023. */
  id: number;
  /** Dotted name, at most 48 bytes. */
  name: string;
  /** Unit, at most 12 bytes, empty for none. */
  unit: string;
}

/** One log line. A fixed-length array on the wire. */
export interface LogLine {
  /** Milliseconds after t0. */
  dtMs: number;
  /** RFC 5424 severity, 0 to 7. */
  level: number;
  /** Program or unit, at most 32 bytes. */
  source: string;
  /** The line, at most 512 bytes; the only text that may hold control characters. */
  text: string;
}

/** One file of a release. A fixed-length array on the wire. */
export interface ManifestComponent {
  /** Component id. */
  id: number;
  /** Digest of the payload. */
  sha256: Uint8Array;
  /** Size of the payload in bytes, at most 2^40. */
  size: number;
  /** File name or label. */
  name: string;
  /** What it is. */
  kind: number;
}

/** What a server says about itself before anything is proven: a hint, never trusted alone. */
export interface Hello {
  /** Lowest protocol major served. Key 1. */
  majorMin: number;
  /** Highest protocol major served. Key 2. */
  majorMax: number;
  /** X25519 public key of the server. Key 3; 32 bytes. */
  serverKey: Uint8Array;
  /** Key the server will change to. Key 4; 32 bytes. */
  nextServerKey?: Uint8Array;
  /** Fleet this server belongs to. Key 5; 8 bytes. */
  fleetId: Uint8Array;
  /** Version of the root document. Key 6. */
  rootVersion?: number;
  /** SHA-256 of the root document. Key 7; 32 bytes. */
  rootDigest?: Uint8Array;
  /** Name of the server, for people. Key 8; at most 64 bytes of UTF-8. */
  name?: string;
}

/** Encrypted payload of Noise message 1. */
export interface EnrolRequest {
  /** Minor of the sender. Key 0. */
  v: number;
  /** Id of the enrolment token; absent means no token. Key 1; 8 bytes. */
  tokenId?: Uint8Array;
  /** Hardware class, [a-z0-9-]. Key 2; at most 32 bytes of UTF-8. */
  hwClass: string;
  /** Serial number of the hardware. Key 3; at most 48 bytes of UTF-8. */
  serial?: string;
  /** Model of the hardware, for people. Key 4; at most 64 bytes of UTF-8. */
  model?: string;
  /** Version of the agent or firmware. Key 5; at most 32 bytes of UTF-8. */
  agentVersion: string;
  /** Name the device wishes for. Key 6; at most 63 bytes of UTF-8. */
  name?: string;
  /** Largest body the device can take, in bytes. Key 7. */
  rxMax: number;
  /** SHA-256 of the hello the device acted on; required if it used one. Key 8; 32 bytes. */
  helloDigest?: Uint8Array;
  /** Why it enrols; absent means first. See {@link EnrolReason}. Key 9. */
  reason?: number;
  /** Wished labels; those of a token win. Key 10; 0 to 8 entries. */
  labels?: readonly LabelPair[];
  /** Version of the root document held. Key 11. */
  rootVersion?: number;
  /** Random device id, shown to administrators only. Key 12; 16 bytes. */
  deviceId: Uint8Array;
}

/** Encrypted payload of Noise message 2. */
export interface EnrolReply {
  /** Minor of the sender. Key 0. */
  v: number;
  /** Id of the session keys just agreed. Key 1; 8 bytes. */
  kid: Uint8Array;
  /** Admission; unknown means pending. See {@link DeviceStateCode}. Key 2. */
  state: number;
  /** Server's Unix time in ms. Key 3. */
  time: number;
  /** Seconds between syncs, 1 to 604,800. Key 4. */
  intervalS: number;
  /** Changes when the server was restored from a backup. Key 5. */
  serverEpoch: number;
  /** What became of the token. See {@link TokenStatus}. Key 6. */
  tokenStatus?: number;
  /** Largest request the server takes, in bytes; absent means 16,384. Key 7. */
  txMax?: number;
  /** Longest wait in seconds; absent means 50. Key 8. */
  waitMax?: number;
}

/** Unauthenticated error: plain CBOR, a hint that changes only the sender's back-off. */
export interface ErrorReply {
  /** What went wrong. See {@link WireErrorCode}. Key 1. */
  code: number;
  /** Seconds to wait; honoured up to 900. Key 2. */
  retryAfterS?: number;
}

/** Payload of a sync request. */
export interface SyncRequest {
  /** Minor of the sender. Key 0. */
  v: number;
  /** Milliseconds since the cold start, deep sleep included. Key 1. */
  uptimeMs: number;
  /** Random, new at each cold start. Key 2. */
  bootId: number;
  /** Version of the agent or firmware. Told after a start, after a change, and on need. Key 3; at most 32 bytes of UTF-8. */
  agentVersion?: string;
  /** Server epoch last seen, 0 for none. Key 4. */
  serverEpoch: number;
  /** Where the wall clock comes from. See {@link ClockSource}. Told after a start, after a change, and on need. Key 5. */
  clock?: number;
  /** The device's Unix time in ms; only with a clock. Key 6. */
  deviceTime?: number;
  /** Why the device last started. See {@link BootReason}. Told after a start, after a change, and on need. Key 7. */
  bootReason?: number;
  /** Seconds to hold the reply, at most 50. Key 8. */
  waitS?: number;
  /** Largest body the device can take, in bytes. Told after a start, after a change, and on need. Key 9. */
  rxMax?: number;
  /** What runs. Told after a start, after a change, and on need. Key 10; 0 to 4 entries. */
  running?: readonly RunningComponent[];
  /** What became of the desired configuration. Told after a start, after a change, and on need. Key 11. */
  config?: ReportedConfig;
  /** Metrics stream. Key 12. */
  metrics?: MetricsBatch;
  /** Logs stream. Key 13. */
  logs?: LogsBatch;
  /** Reports stream. Key 14. */
  reports?: ReportsBatch;
  /** Highest command id taken. Told after a start, after a change, and on need. Key 15. */
  commandsThrough?: number;
  /** Version of the root document held. Told after a start, after a change, and on need. Key 16. */
  rootVersion?: number;
  /** First 8 bytes of SHA-256 of the inventory's encoding. Told after a start, after a change, and on need. Key 17; 8 bytes. */
  inventoryDigest?: Uint8Array;
  /** Slow facts, at most 64, at most 4 KiB; on need. Key 18. */
  inventory?: Inventory;
  /** Why the device wants to be left alone. Key 19; 0 to 8 entries. */
  holds?: readonly number[];
  /** Present while an update is not idle. Key 20. */
  update?: UpdateProgress;
  /** Echo of the reply's nonce. Key 21; 8 bytes. */
  resyncNonce?: Uint8Array;
  /** More records wait than fitted. Key 22. */
  more?: true;
  /** Highest deployment attempt accepted. Told after a start, after a change, and on need. Key 23. */
  highestAttempt?: number;
}

/** What became of the desired configuration. */
export interface ReportedConfig {
  /** Epoch of the configuration, for display. Key 1. */
  epoch: number;
  /** First 8 bytes of its SHA-256. Key 2; 8 bytes. */
  digest: Uint8Array;
  /** Applied, refused or failed. See {@link ConfigStatus}. Key 3. */
  status: number;
  /** Why not, for people. Key 4; at most 64 bytes of UTF-8. */
  text?: string;
}

/** Consecutive samples in delta columns; value = integer × 10^scale. */
export interface MetricsBatch {
  /** Epoch of the stream's buffer. Key 1. */
  epoch: number;
  /** Counter of the first sample. Key 2. */
  first: number;
  /** Time of the first sample: Unix ms (base 1) or uptime ms (base 0). Key 3. */
  t0: number;
  /** 1 Unix time, 0 uptime of bootId. Key 4. */
  base: number;
  /** Boot the uptime belongs to; required with base 0. Key 5. */
  bootId?: number;
  /** Constant spacing in ms, or the count − 1 spacings. Key 6. */
  dt: number | readonly number[];
  /** Digest of the custom dictionary; required with ids of 128 and more. Key 7; 8 bytes. */
  dictionary?: Uint8Array;
  /** The dictionary itself, ids ascending. Key 8; 1 to 64 entries. */
  dictionaryEntries?: readonly DictionaryEntry[];
  /** One column for each metric, at most 64, ids ascending. Key 9. */
  columns: readonly Column[];
  /** Number of samples, 1 to 1,024. Key 10. */
  count: number;
}

/** Consecutive log lines. */
export interface LogsBatch {
  /** Epoch of the stream's buffer. Key 1. */
  epoch: number;
  /** Counter of the first line. Key 2. */
  first: number;
  /** Time the lines count from: Unix ms (base 1) or uptime ms (base 0). Key 3. */
  t0: number;
  /** 1 Unix time, 0 uptime of bootId. Key 4. */
  base: number;
  /** Boot the uptime belongs to; required with base 0. Key 5. */
  bootId?: number;
  /** 1 to 64 lines. Key 6; 1 to 64 entries. */
  lines: readonly LogLine[];
}

/** Consecutive reports: command results, deployment reports, events. */
export interface ReportsBatch {
  /** Epoch of the stream's buffer. Key 1. */
  epoch: number;
  /** Counter of the first report. Key 2. */
  first: number;
  /** 1 to 16 reports. Key 3. */
  items: readonly ReportItem[];
}

/** Result of one command, or one part of it. */
export interface CommandReport {
  /** Id of the command. Key 1. */
  id: number;
  /** How it ended. See {@link CommandStatus}. Key 2. */
  status: number;
  /** Exit code or what the command calls its result. Key 3. */
  code?: number;
  /** Output, or this part of it. Key 4; at most 1024 bytes. */
  output?: Uint8Array;
  /** Number of this part, from 0. Key 5. */
  part?: number;
  /** Size of the whole output in bytes. Key 6. */
  fullSize?: number;
}

/** Where one attempt of a deployment stands. */
export interface DeploymentReport {
  /** Attempt of the offer. Key 1. */
  attempt: number;
  /** State reached. See {@link DeploymentStateCode}. Key 2. */
  state: number;
  /** Why, as the update machine numbers it. Key 3. */
  reason?: number;
  /** Digest that runs now; required when succeeded or rolled back. Key 4; 32 bytes. */
  runningDigest?: Uint8Array;
  /** What happened, for people. Key 5; at most 256 bytes of UTF-8. */
  text?: string;
}

/** Something that happened once. */
export interface EventReport {
  /** Name of the event. Key 1; at most 48 bytes of UTF-8. */
  name: string;
  /** 0 emergency to 7 debug. Key 2. */
  severity: number;
  /** What happened, for people. Key 3; at most 256 bytes of UTF-8. */
  text?: string;
}

/** Payload of a sync reply. Every item is level-triggered: repeated until it was taken. */
export interface SyncReply {
  /** Minor of the sender. Key 0. */
  v: number;
  /** Server's Unix time in ms. Key 1. */
  time: number;
  /** Admission; unknown means pending. See {@link DeviceStateCode}. Key 2. */
  state: number;
  /** Seconds between syncs, 1 to 604,800. Key 3. */
  intervalS: number;
  /** Changes when the server was restored from a backup. Key 4. */
  serverEpoch: number;
  /** What is stored for good. Key 5; 0 to 3 entries. */
  acks?: readonly Ack[];
  /** What the server asks for again. Key 6; 0 to 8 entries. */
  need?: readonly number[];
  /** A deployment. Key 7. */
  offer?: Offer;
  /** Commands, ids ascending. Key 8; 0 to 4 entries. */
  commands?: readonly Command[];
  /** Desired configuration. Key 9. */
  config?: DesiredConfig;
  /** Why nothing is offered. Key 10; 0 to 8 entries. */
  holds?: readonly number[];
  /** Sections that failed their schema. Key 11; 0 to 3 entries. */
  rejected?: readonly RejectedSection[];
  /** Authenticated error. Key 12. */
  error?: ProblemSection;
  /** More waits than fitted. Key 13. */
  more?: true;
  /** New addresses of the server. Key 14. */
  move?: Move;
  /** A newer root document. Key 15. */
  root?: RootOffer;
  /** Only with error resync, which requires it. Key 16; 8 bytes. */
  resyncNonce?: Uint8Array;
  /** Largest request the server takes, in bytes. Key 17. */
  txMax?: number;
}

/** One attempt of a deployment; the same offer repeats until a report for it arrived. */
export interface Offer {
  /** Per-device number that only grows. Key 1. */
  attempt: number;
  /** Install or cancel. See {@link OfferAction}. Key 2. */
  action: number;
  /** Signed manifest, at most 768 bytes. Key 3; at most 768 bytes. */
  manifest?: Uint8Array;
  /** SHA-256 of a larger one, fetched by ticket. Key 4; 32 bytes. */
  manifestDigest?: Uint8Array;
  /** Seconds the offer holds, from when the request was sent. Key 5. */
  leaseS: number;
  /** Download ticket. Key 6; 20 bytes. */
  ticket?: Uint8Array;
  /** Other sources, absolute. Key 7; 0 to 2 entries. */
  urls?: readonly string[];
  /** A patch from what runs. Key 8. */
  delta?: Delta;
  /** Bandwidth cap. Key 9. */
  maxBytesPerS?: number;
}

/** One command; ids grow per device. */
export interface Command {
  /** Id of the command. Key 1. */
  id: number;
  /** Name of the command. Key 2; at most 32 bytes of UTF-8. */
  name: string;
  /** Arguments, as the command says. Key 3; at most 512 bytes. */
  args?: Uint8Array;
  /** Seconds from the reply's server time. Key 4. */
  ttlS: number;
  /** args is a COSE_Encrypt0. Key 5. */
  sealed?: true;
}

/** Desired configuration; applied if and only if sha256 differs from what is applied. */
export interface DesiredConfig {
  /** For display. Key 1. */
  epoch: number;
  /** Digest of the body. Key 2; 32 bytes. */
  sha256: Uint8Array;
  /** The configuration, when small. Key 3; at most 512 bytes. */
  body?: Uint8Array;
  /** Download ticket, when not. Key 4; 20 bytes. */
  ticket?: Uint8Array;
  /** Size of the body in bytes. Key 5. */
  size?: number;
  /** body is a COSE_Encrypt0. Key 6. */
  sealed?: true;
}

/** Authenticated error. */
export interface ProblemSection {
  /** What went wrong. See {@link WireErrorCode}. Key 1. */
  code: number;
  /** Seconds to wait; honoured up to 900. Key 2. */
  retryAfterS?: number;
  /** Highest sequence number accepted, with staleSeq. Key 3. */
  lastSeq?: number;
  /** Key of the section meant. Key 4. */
  section?: number;
  /** For people. Key 5; at most 64 bytes of UTF-8. */
  text?: string;
}

/** New addresses of the server, and its next key. */
export interface Move {
  /** 1 to 4 base URLs. Key 1; 1 to 4 entries. */
  urls: readonly string[];
  /** Must be in the pinned root document, if one is pinned. Key 2; 32 bytes. */
  nextServerKey?: Uint8Array;
}

/** Where a newer root document is found. */
export interface RootOffer {
  /** Its version. Key 1. */
  version: number;
  /** Its digest. Key 2; 32 bytes. */
  sha256: Uint8Array;
  /** Download ticket. Key 3; 20 bytes. */
  ticket: Uint8Array;
  /** Its size in bytes. Key 4. */
  size: number;
}

/** What an offline release key signs: one release for one class of devices. */
export interface Manifest {
  /** 1. Key 1. */
  format: number;
  /** Grows with each release; the anti-rollback order. Key 2. */
  sequence: number;
  /** Vendor id. Key 3; 16 bytes. */
  vendor: Uint8Array;
  /** Class of devices it may run on. Key 4; 16 bytes. */
  class: Uint8Array;
  /** Unix time in seconds. Key 5. */
  created: number;
  /** Anti-rollback floor once the release proved good. Key 6. */
  minFloor: number;
  /** 1 to 8 components, ids ascending. Key 7; 1 to 8 entries. */
  components: readonly ManifestComponent[];
  /** Oldest agent that can install it. Key 8; at most 32 bytes of UTF-8. */
  minAgent?: string;
  /** Unix time in seconds; advice at installation only. Key 9. */
  expires?: number;
  /** Version, for people. Key 10; at most 32 bytes of UTF-8. */
  version?: string;
}

/** Keys of a fleet; signed by a threshold of the old and of the new root keys. */
export interface RootDocument {
  /** Grows with each document. Key 1. */
  version: number;
  /** Fleet it is for. Key 2; 8 bytes. */
  fleetId: Uint8Array;
  /** Root signatures needed, at most the number of root keys. Key 3. */
  threshold: number;
  /** Ed25519 root keys, ascending. Key 4; 1 to 8 entries. */
  rootKeys: readonly Uint8Array[];
  /** Ed25519 keys that may sign manifests, ascending. Key 5; 0 to 8 entries. */
  releaseKeys: readonly Uint8Array[];
  /** X25519 keys of the servers, ascending. Key 6; 0 to 4 entries. */
  serverKeys: readonly Uint8Array[];
  /** Unix time in seconds. Key 7. */
  created: number;
  /** Key ids never to be accepted again, ascending. Key 8; 0 to 32 entries. */
  revokedKeys?: readonly Uint8Array[];
}

/** What provisioning leaves on a device so that it never trusts on first use. */
export interface Bundle {
  /** Minor of the writer. Key 0. */
  v: number;
  /** Fleet the device belongs to. Key 1; 8 bytes. */
  fleetId: Uint8Array;
  /** Random device id. Key 2; 16 bytes. */
  deviceId: Uint8Array;
  /** X25519 public key of the server. Key 3; 32 bytes. */
  serverKey: Uint8Array;
  /** SHA-256 of the root document. Key 4; 32 bytes. */
  rootDigest?: Uint8Array;
  /** Base URLs; empty means find it by mDNS. Key 5; 0 to 4 entries. */
  urls: readonly string[];
  /** Enrolment token: id (8) and secret (16). Key 6; 24 bytes. */
  token?: Uint8Array;
  /** Wished labels. Key 7; 0 to 8 entries. */
  labels?: readonly LabelPair[];
  /** Name the device wishes for. Key 8; at most 63 bytes of UTF-8. */
  name?: string;
}
