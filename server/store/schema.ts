/**
 * @module
 * The tables as Kysely sees them. Times are Unix ms, truth values are 0 or 1, blobs are Uint8Array:
 * what every dialect can hold alike. The tables themselves are made by `migrations/`.
 */
import type { Generated } from "kysely";

/** 0 or 1. */
export type Flag = number;

/** One row: this fleet. */
export interface FleetTable {
  id: number;
  fleet_id: Uint8Array;
  name: string;
  /** uint32, ≥ 1; grows when the database is restored from a backup. */
  server_epoch: number;
  public_key: Uint8Array;
  secret_key_wrapped: Uint8Array;
  setup_code_hash: Uint8Array | null;
  created_at_ms: number;
}

/** `admission` of a device. */
export type AdmissionColumn = "pending" | "accepted" | "rejected" | "decommissioned";

/** A device; `id` is the key that the other tables' `device_id` names. */
export interface DevicesTable {
  id: Generated<number>;
  handle: string;
  public_key: Uint8Array;
  /** The 128-bit device id: administrators only. */
  device_id: Uint8Array;
  name: string | null;
  hw_class: string;
  model: string | null;
  serial: string | null;
  agent_version: string;
  admission: AdmissionColumn;
  quarantined: Generated<Flag>;
  tofu: Generated<Flag>;
  hello_mismatch: Generated<Flag>;
  interval_s: number;
  rx_max: number;
  created_at_ms: number;
  accepted_at_ms: number | null;
  last_seen_ms: number | null;
  last_address: string | null;
  boot_id: number | null;
  uptime_ms: number | null;
  /** The boot before, and how far it came: tells a replay from a clone. */
  previous_boot_id: number | null;
  previous_uptime_ms: number | null;
  /** 0 none, 1 from the server, 2 NTP. */
  clock: number | null;
  boot_reason: number | null;
  /** Highest command id the device said it has taken. */
  commands_through: Generated<number>;
  inventory_digest: Uint8Array | null;
  /** Of the active session. */
  kid: Uint8Array | null;
  /** Highest sequence number accepted under it; 0 = none yet. */
  last_seq: Generated<number>;
  /** First 16 bytes of that message's tag. */
  last_tag: Uint8Array | null;
  /** Stream positions, by stream: see the view `streams`. */
  metrics_epoch: number | null;
  metrics_through: number | null;
  metrics_lost: Generated<number>;
  logs_epoch: number | null;
  logs_through: number | null;
  logs_lost: Generated<number>;
  reports_epoch: number | null;
  reports_through: number | null;
  reports_lost: Generated<number>;
  /** Grows with every change that a remembered session must notice; triggers see to it. */
  revision: Generated<number>;
  /** Names of conditions, a space between. */
  conditions: Generated<string>;
}

/** Labels of devices. */
export interface DeviceLabelsTable {
  device_id: number;
  key: string;
  value: string;
}

/** A kid and its keys. */
export interface SessionsTable {
  kid: Uint8Array;
  device_id: number;
  keys_wrapped: Uint8Array;
  /** Where it stood when it was revoked; the active one's is in `devices`. */
  last_seq: Generated<number>;
  status: "active" | "revoked";
  created_at_ms: number;
  revoked_at_ms: number | null;
  /** Set while the kid must echo it (after a restore). */
  resync_nonce: Uint8Array | null;
  /** Stale messages counted since `stale_since_ms`. */
  stale_count: Generated<number>;
  stale_since_ms: number | null;
  /** The device is to run a new handshake (a release from quarantine wants one). */
  rekey_wanted: Generated<Flag>;
}

/** Handshakes not yet confirmed by a verified sync. */
export interface HandshakesTable {
  kid: Uint8Array;
  address: string;
  public_key: Uint8Array;
  /** Message 1's payload as received (canonical CBOR). */
  request: Uint8Array;
  keys_wrapped: Uint8Array;
  /** The token that answered message 1; null = zero PSK. */
  token_id: Uint8Array | null;
  token_status: number | null;
  hello_mismatch: Generated<Flag>;
  created_at_ms: number;
  expires_at_ms: number;
}

/** How far each stream of each device is stored: a view of `devices`. */
export interface StreamsView {
  device_id: number;
  /** 1 metrics, 2 logs, 3 reports. */
  stream: number;
  epoch: number;
  /** Everything up to this counter is stored or counted lost. */
  through: number;
  lost: number;
}

/** Telemetry batches as they arrive. Only the telemetry stores touch it. */
export interface TelemetryLogTable {
  /** Only grows: blocks name how far they go by it, and the newest row is never dropped. */
  id: Generated<number>;
  device_id: number;
  received_at_ms: number;
  from_ms: number | null;
  to_ms: number | null;
  suspect: Generated<Flag>;
  body: Uint8Array;
}

/** Batches of one device put together. Only the telemetry stores touch it. */
export interface TelemetryBlocksTable {
  id: Generated<number>;
  device_id: number;
  /** The last row of the log that is in it. */
  through_id: number;
  /** When its last batch arrived. */
  received_at_ms: number;
  /** Of its dated batches; of their arrival where none is dated. */
  from_ms: number;
  to_ms: number;
  /** Batches in it that are not dated. */
  undated: Generated<number>;
  body: Uint8Array;
}

/** The newest values of a device as of its last fold. Only the telemetry stores touch it. */
export interface TelemetryLatestTable {
  device_id: number;
  /** The last row of the log that is folded. */
  through_id: number;
  body: Uint8Array;
}

/** Custom metrics a device declared. Only the telemetry stores touch it. */
export interface TelemetryDictionariesTable {
  device_id: number;
  digest: Uint8Array;
  entries: Uint8Array;
  declared_at_ms: number;
}

/** Slow facts, JSON text. */
export interface InventoryTable {
  device_id: number;
  digest: Uint8Array;
  body: string;
  changed_at_ms: number;
}

/** One field of the inventory that changed; JSON texts, null = absent. */
export interface InventoryChangesTable {
  id: Generated<number>;
  device_id: number;
  at_ms: number;
  field: string;
  before: string | null;
  after: string | null;
}

/** Commands to devices. */
export interface CommandsTable {
  device_id: number;
  /** Grows per device. */
  command_id: number;
  name: string;
  args: Uint8Array | null;
  state: "waiting" | "delivered" | "finished" | "expired";
  created_at_ms: number;
  expires_at_ms: number;
  finished_at_ms: number | null;
  /** Of the report: 0 ok, 1 failed, 2 unsupported, 3 expired, 4 interrupted, 5 refused. */
  status: number | null;
  code: number | null;
  output: Uint8Array | null;
  actor: string;
}

/** What happened: to a device or to the fleet. */
export interface EventsTable {
  id: Generated<number>;
  at_ms: number;
  device_id: number | null;
  name: string;
  /** 0 emergency … 7 debug (RFC 5424 §6.2.1). */
  severity: number;
  text: string | null;
  /** Of stream 3, when a device said it; both or neither. */
  report_epoch: number | null;
  report_counter: number | null;
}

/** Tokens that admit devices. */
export interface EnrolmentTokensTable {
  id: Uint8Array;
  name: string | null;
  secret_wrapped: Uint8Array;
  hw_class: string | null;
  /** JSON object. */
  labels: string;
  max_uses: number;
  used: Generated<number>;
  created_at_ms: number;
  not_after_ms: number;
  revoked_at_ms: number | null;
  actor: string;
}

/** Tokens of administrators. */
export interface ApiTokensTable {
  id: string;
  name: string;
  secret_hash: Uint8Array;
  role: string;
  /** JSON DeviceScope. */
  scope: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  last_used_ms: number | null;
  revoked_at_ms: number | null;
  /** Who signed in for it; null = it stands for itself. */
  user_id: string | null;
}

/** People who sign in. */
export interface UsersTable {
  id: string;
  name: string;
  /** The name in lower case: what must be unique. */
  name_key: string;
  role: string;
  /** JSON DeviceScope. */
  scope: string;
  /** PHC string of Argon2id; null = no password set yet. */
  password_hash: string | null;
  password_at_ms: number | null;
  /** SHA-256 of the code of an open sign-in link. */
  link_hash: Uint8Array | null;
  link_expires_at_ms: number | null;
  created_at_ms: number;
  disabled_at_ms: number | null;
  last_sign_in_ms: number | null;
}

/** Users signed in with a browser. */
export interface UserSessionsTable {
  id: string;
  user_id: string;
  secret_hash: Uint8Array;
  created_at_ms: number;
  expires_at_ms: number;
  last_used_ms: number;
  address: string | null;
  /** What the browser calls itself, shortened. */
  agent: string | null;
}

/** Wrong passwords, counted by user and by address. */
export interface SignInFailuresTable {
  key: string;
  failures: number;
  last_ms: number;
  /** Nobody is let try before this; 0 = no pause. */
  locked_until_ms: number;
}

/** Hash-chained log of changes. */
export interface AuditTable {
  id: Generated<number>;
  at_ms: number;
  actor: string;
  address: string | null;
  action: string;
  target: string;
  before: string | null;
  after: string | null;
  previous_hash: Uint8Array;
  hash: Uint8Array;
}

/** Every table. */
export interface Schema {
  fleet: FleetTable;
  devices: DevicesTable;
  device_labels: DeviceLabelsTable;
  sessions: SessionsTable;
  handshakes: HandshakesTable;
  streams: StreamsView;
  telemetry_log: TelemetryLogTable;
  telemetry_blocks: TelemetryBlocksTable;
  telemetry_latest: TelemetryLatestTable;
  telemetry_dictionaries: TelemetryDictionariesTable;
  inventory: InventoryTable;
  inventory_changes: InventoryChangesTable;
  commands: CommandsTable;
  events: EventsTable;
  enrolment_tokens: EnrolmentTokensTable;
  api_tokens: ApiTokensTable;
  users: UsersTable;
  user_sessions: UserSessionsTable;
  sign_in_failures: SignInFailuresTable;
  audit: AuditTable;
}
