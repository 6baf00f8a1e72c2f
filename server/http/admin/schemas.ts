/**
 * @module
 * The shapes of the admin API's answers. Each named one is a component of the OpenAPI document, from
 * which the clients' types are made.
 */
import * as v from "valibot";
import { ROLES } from "../../access/role.ts";
import { ADMISSIONS } from "../../devices/device.ts";
import { handle, labels, moment } from "../schema_parts.ts";
import { sessionSchema, signedInSchema, userSchema } from "./user_schemas.ts";

const whole = v.pipe(v.number(), v.integer());

/** The fleet and its server. */
export const serverSchema = v.object({
  name: v.string(),
  fleetId: v.pipe(v.string(), v.description("16 hex digits")),
  fingerprint: v.pipe(
    v.string(),
    v.description("Of the server's key, 6×4 letters; for `fleetd trust`"),
  ),
  version: v.string(),
  protocol: v.pipe(v.string(), v.description("major.minor of the wire protocol")),
  serverEpoch: whole,
  tls: v.nullable(v.object({
    port: whole,
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, AB:CD:…")),
    own: v.pipe(v.boolean(), v.description("Made by the server itself, so clients must pin it")),
    expiresAtMs: moment("End of the certificate"),
  })),
  caller: v.object({
    kind: v.picklist(["token", "session"]),
    id: v.pipe(v.string(), v.description("Of the API token or session")),
    name: v.string(),
    role: v.picklist(ROLES),
    scope: v.object({ labels }),
    user: v.nullable(v.object({ id: v.string(), name: v.string() })),
  }),
});

const latest = v.pipe(
  v.record(v.string(), v.number()),
  v.description("Newest value of each metric by its name, in the metric's own unit"),
);

const deviceEntries = {
  handle,
  name: v.nullable(v.string()),
  model: v.nullable(v.string()),
  hwClass: v.string(),
  admission: v.picklist(ADMISSIONS),
  quarantined: v.pipe(v.boolean(), v.description("Held after a clone alarm, until it is released")),
  tofu: v.pipe(v.boolean(), v.description("Let in by its address alone; accept it to confirm")),
  online: v.boolean(),
  lastSeenMs: v.nullable(moment("Last sync")),
  agentVersion: v.string(),
  labels,
  intervalS: v.pipe(whole, v.description("Agreed time between syncs, s")),
  address: v.nullable(v.string()),
  acceptedAtMs: v.nullable(moment("Accepted")),
  createdAtMs: moment("First seen"),
  latest,
  latestAtMs: v.nullable(moment("When `latest` was measured")),
};

/** One device of a list. */
export const deviceSchema = v.object(deviceEntries);

/** A page of devices. */
export const devicePageSchema = v.object({
  items: v.array(deviceSchema),
  next: v.nullable(v.string()),
});

/** One event of a device. */
export const eventSchema = v.object({
  id: whole,
  atMs: moment("When it happened"),
  name: v.pipe(v.string(), v.description("area.what")),
  severity: v.pipe(whole, v.description("0 emergency … 7 debug")),
  text: v.nullable(v.string()),
  reported: v.pipe(v.boolean(), v.description("The device said it; otherwise the server did")),
});

/** A page of events, newest first. */
export const eventPageSchema = v.object({
  items: v.array(eventSchema),
  next: v.nullable(v.string()),
});

/** One value with everything needed to show it. */
export const latestValueSchema = v.object({
  metric: v.string(),
  unit: v.string(),
  value: v.number(),
  atMs: moment("When it was measured"),
});

/** What the inventory holds. */
export const inventorySchema = v.object({
  changedAtMs: moment("Last change"),
  fields: v.record(v.string(), v.union([v.string(), v.number(), v.array(v.string())])),
});

/** Everything about one device. */
export const deviceDetailSchema = v.object({
  ...deviceEntries,
  deviceId: v.optional(v.pipe(v.string(), v.description("32 hex digits; only for the role admin"))),
  fingerprint: v.pipe(
    v.string(),
    v.description("Of the device's key, 6×4 letters, to compare with the device itself"),
  ),
  serial: v.nullable(v.string()),
  uptimeMs: v.nullable(
    v.pipe(whole, v.description("Since the device's cold start, at its last sync")),
  ),
  inventory: v.nullable(inventorySchema),
  latestValues: v.array(latestValueSchema),
  alarms: v.array(v.object({ code: v.string(), text: v.string() })),
  streams: v.array(v.object({
    stream: v.picklist(["metrics", "logs", "reports"]),
    epoch: whole,
    through: v.pipe(whole, v.description("Everything up to this record is stored or counted lost")),
    lost: whole,
  })),
  events: v.array(eventSchema),
});

/** A change of one inventory field. */
export const inventoryChangeSchema = v.object({
  id: whole,
  atMs: moment("When the server learned of it"),
  field: v.string(),
  before: v.unknown(),
  after: v.unknown(),
});

/** A page of inventory changes, newest first. */
export const inventoryChangePageSchema = v.object({
  items: v.array(inventoryChangeSchema),
  next: v.nullable(v.string()),
});

/** A command and what became of it. */
export const commandSchema = v.object({
  id: whole,
  name: v.string(),
  state: v.picklist(["waiting", "delivered", "finished", "expired"]),
  createdAtMs: moment("Given"),
  expiresAtMs: moment("Not begun after this"),
  finishedAtMs: v.nullable(moment("Reported")),
  status: v.nullable(
    v.picklist(["ok", "failed", "unsupported", "expired", "interrupted", "refused"]),
  ),
  code: v.nullable(whole),
  output: v.nullable(v.string()),
  actor: v.string(),
});

/** One metric over time. */
export const telemetrySchema = v.object({
  fromMs: moment("Start, inclusive"),
  toMs: moment("End, exclusive"),
  resolutionMs: v.pipe(whole, v.description("Width of a point as used, ms")),
  series: v.array(v.object({
    metric: v.string(),
    unit: v.string(),
    points: v.array(v.object({
      atMs: moment("Start of the point"),
      mean: v.number(),
      min: v.number(),
      max: v.number(),
      count: whole,
    })),
  })),
  undatedBatches: v.pipe(
    whole,
    v.description("Batches received in the range that could not be dated"),
  ),
});

/** An enrolment token; its secret is not here. */
export const enrolmentTokenSchema = v.object({
  id: v.pipe(v.string(), v.description("16 hex digits")),
  name: v.nullable(v.string()),
  uses: v.pipe(whole, v.description("Devices it admits in all")),
  used: whole,
  hwClass: v.nullable(v.string()),
  labels,
  createdAtMs: moment("Made"),
  expiresAtMs: moment("Ends"),
  revokedAtMs: v.nullable(moment("Revoked")),
  state: v.picklist(["usable", "spent", "expired", "revoked"]),
  actor: v.string(),
});

/** An enrolment token at its making: the only time its text is shown. */
export const newEnrolmentTokenSchema = v.object({
  ...enrolmentTokenSchema.entries,
  token: v.pipe(v.string(), v.description("FT1-…, shown once")),
});

/** An API token; its secret is not here. */
export const apiTokenSchema = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(ROLES),
  scope: v.object({ labels }),
  createdAtMs: moment("Made"),
  expiresAtMs: v.nullable(moment("Ends")),
  lastUsedMs: v.nullable(moment("Last use, exact to a minute")),
  revokedAtMs: v.nullable(moment("Revoked")),
  userId: v.nullable(v.pipe(v.string(), v.description("The user who signed in for it"))),
});

/** An API token at its making: the only time its text is shown. */
export const newApiTokenSchema = v.object({
  ...apiTokenSchema.entries,
  token: v.pipe(v.string(), v.description("flt_…, shown once")),
});

/** One row of the audit log. */
export const auditEntrySchema = v.object({
  id: whole,
  atMs: moment("When"),
  actor: v.string(),
  address: v.nullable(v.string()),
  action: v.string(),
  target: v.string(),
  before: v.unknown(),
  after: v.unknown(),
  hash: v.pipe(v.string(), v.description("64 hex digits; covers this row and the one before it")),
});

/** A page of the audit log, newest first. */
export const auditPageSchema = v.object({
  items: v.array(auditEntrySchema),
  next: v.nullable(v.string()),
});

/** The components of the document, by name. */
export const COMPONENTS: Readonly<Record<string, v.GenericSchema>> = {
  ApiToken: apiTokenSchema,
  AuditEntry: auditEntrySchema,
  AuditPage: auditPageSchema,
  Command: commandSchema,
  Device: deviceSchema,
  DeviceDetail: deviceDetailSchema,
  DevicePage: devicePageSchema,
  EnrolmentToken: enrolmentTokenSchema,
  Event: eventSchema,
  EventPage: eventPageSchema,
  Inventory: inventorySchema,
  InventoryChange: inventoryChangeSchema,
  InventoryChangePage: inventoryChangePageSchema,
  LatestValue: latestValueSchema,
  NewApiToken: newApiTokenSchema,
  NewEnrolmentToken: newEnrolmentTokenSchema,
  Server: serverSchema,
  Session: sessionSchema,
  SignedIn: signedInSchema,
  Telemetry: telemetrySchema,
  User: userSchema,
};
