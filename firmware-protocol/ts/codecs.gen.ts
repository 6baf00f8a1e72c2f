// Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
// Do not edit: change the schema and run `deno task gen`.

/**
 * Readers, writers and codecs of every message.
 *
 * @module
 */
import * as check from "./codec/checks.ts";
import { type Codec, fieldCodec, type FieldCodec, messageCodec } from "./codec/codec.ts";
import type { Range, TextRange } from "./codec/range.ts";
import type { Reader } from "./codec/reader.ts";
import {
  readColumns,
  readInventory,
  readSpacing,
  writeColumns,
  writeInventory,
  writeSpacing,
} from "./codec/special.ts";
import type { Writer } from "./codec/writer.ts";
import type {
  Ack,
  Bundle,
  Column,
  Command,
  CommandReport,
  Delta,
  DeploymentReport,
  DesiredConfig,
  DictionaryEntry,
  EnrolReply,
  EnrolRequest,
  ErrorReply,
  EventReport,
  Hello,
  Inventory,
  LabelPair,
  LogLine,
  LogsBatch,
  Manifest,
  ManifestComponent,
  MetricsBatch,
  Move,
  Offer,
  ProblemSection,
  RejectedSection,
  ReportItem,
  ReportedConfig,
  ReportsBatch,
  RootDocument,
  RootOffer,
  RunningComponent,
  SyncReply,
  SyncRequest,
  UpdateProgress,
} from "./messages.gen.ts";

const LABEL_PAIR_KEY: TextRange = { min: 1, max: 32, label: "LabelPair.key" };
const LABEL_PAIR_VALUE: TextRange = { min: 0, max: 64, label: "LabelPair.value" };
const RUNNING_COMPONENT_COMPONENT: Range = { min: 0, max: 9007199254740991, label: "RunningComponent.component" };
const RUNNING_COMPONENT_SHA256: Range = { min: 32, max: 32, label: "RunningComponent.sha256" };
const RUNNING_COMPONENT_SEQ: Range = { min: 0, max: 9007199254740991, label: "RunningComponent.seq" };
const UPDATE_PROGRESS_ATTEMPT: Range = { min: 0, max: 9007199254740991, label: "UpdateProgress.attempt" };
const UPDATE_PROGRESS_STATE: Range = { min: 0, max: 255, label: "UpdateProgress.state" };
const UPDATE_PROGRESS_BYTES: Range = { min: 0, max: 9007199254740991, label: "UpdateProgress.bytes" };
const ACK_STREAM: Range = { min: 0, max: 255, label: "Ack.stream" };
const ACK_EPOCH: Range = { min: 0, max: 4294967295, label: "Ack.epoch" };
const ACK_THROUGH: Range = { min: 0, max: 281474976710655, label: "Ack.through" };
const REJECTED_SECTION_SECTION: Range = { min: 0, max: 65535, label: "RejectedSection.section" };
const REJECTED_SECTION_CODE: Range = { min: 0, max: 255, label: "RejectedSection.code" };
const REJECTED_SECTION_EPOCH: Range = { min: 0, max: 4294967295, label: "RejectedSection.epoch" };
const REJECTED_SECTION_THROUGH: Range = { min: 0, max: 281474976710655, label: "RejectedSection.through" };
const DELTA_FROM: Range = { min: 32, max: 32, label: "Delta.from" };
const DELTA_SHA256: Range = { min: 32, max: 32, label: "Delta.sha256" };
const DELTA_SIZE: Range = { min: 0, max: 9007199254740991, label: "Delta.size" };
const DICTIONARY_ENTRY_ID: Range = { min: 128, max: 1023, label: "DictionaryEntry.id" };
const DICTIONARY_ENTRY_NAME: TextRange = { min: 1, max: 48, label: "DictionaryEntry.name" };
const DICTIONARY_ENTRY_UNIT: TextRange = { min: 0, max: 12, label: "DictionaryEntry.unit" };
const LOG_LINE_DT_MS: Range = { min: 0, max: 9007199254740991, label: "LogLine.dtMs" };
const LOG_LINE_LEVEL: Range = { min: 0, max: 7, label: "LogLine.level" };
const LOG_LINE_SOURCE: TextRange = { min: 1, max: 32, label: "LogLine.source" };
const LOG_LINE_TEXT: TextRange = { min: 0, max: 512, label: "LogLine.text", control: true };
const MANIFEST_COMPONENT_ID: Range = { min: 0, max: 9007199254740991, label: "ManifestComponent.id" };
const MANIFEST_COMPONENT_SHA256: Range = { min: 32, max: 32, label: "ManifestComponent.sha256" };
const MANIFEST_COMPONENT_SIZE: Range = { min: 0, max: 1099511627776, label: "ManifestComponent.size" };
const MANIFEST_COMPONENT_NAME: TextRange = { min: 1, max: 64, label: "ManifestComponent.name" };
const MANIFEST_COMPONENT_KIND: Range = { min: 0, max: 255, label: "ManifestComponent.kind" };
const HELLO_MAJOR_MIN: Range = { min: 0, max: 9007199254740991, label: "Hello.majorMin" };
const HELLO_MAJOR_MAX: Range = { min: 0, max: 9007199254740991, label: "Hello.majorMax" };
const HELLO_SERVER_KEY: Range = { min: 32, max: 32, label: "Hello.serverKey" };
const HELLO_NEXT_SERVER_KEY: Range = { min: 32, max: 32, label: "Hello.nextServerKey" };
const HELLO_FLEET_ID: Range = { min: 8, max: 8, label: "Hello.fleetId" };
const HELLO_ROOT_VERSION: Range = { min: 0, max: 9007199254740991, label: "Hello.rootVersion" };
const HELLO_ROOT_DIGEST: Range = { min: 32, max: 32, label: "Hello.rootDigest" };
const HELLO_NAME: TextRange = { min: 1, max: 64, label: "Hello.name" };
const ENROL_REQUEST_V: Range = { min: 0, max: 9007199254740991, label: "EnrolRequest.v" };
const ENROL_REQUEST_TOKEN_ID: Range = { min: 8, max: 8, label: "EnrolRequest.tokenId" };
const ENROL_REQUEST_HW_CLASS: TextRange = { min: 1, max: 32, label: "EnrolRequest.hwClass", pattern: /^[a-z0-9-]+$/ };
const ENROL_REQUEST_SERIAL: TextRange = { min: 1, max: 48, label: "EnrolRequest.serial" };
const ENROL_REQUEST_MODEL: TextRange = { min: 1, max: 64, label: "EnrolRequest.model" };
const ENROL_REQUEST_AGENT_VERSION: TextRange = { min: 1, max: 32, label: "EnrolRequest.agentVersion" };
const ENROL_REQUEST_NAME: TextRange = { min: 1, max: 63, label: "EnrolRequest.name" };
const ENROL_REQUEST_RX_MAX: Range = { min: 1024, max: 65536, label: "EnrolRequest.rxMax" };
const ENROL_REQUEST_HELLO_DIGEST: Range = { min: 32, max: 32, label: "EnrolRequest.helloDigest" };
const ENROL_REQUEST_REASON: Range = { min: 0, max: 255, label: "EnrolRequest.reason" };
const ENROL_REQUEST_LABELS: Range = { min: 0, max: 8, label: "EnrolRequest.labels" };
const ENROL_REQUEST_ROOT_VERSION: Range = { min: 0, max: 9007199254740991, label: "EnrolRequest.rootVersion" };
const ENROL_REQUEST_DEVICE_ID: Range = { min: 16, max: 16, label: "EnrolRequest.deviceId" };
const ENROL_REPLY_V: Range = { min: 0, max: 9007199254740991, label: "EnrolReply.v" };
const ENROL_REPLY_KID: Range = { min: 8, max: 8, label: "EnrolReply.kid" };
const ENROL_REPLY_STATE: Range = { min: 0, max: 255, label: "EnrolReply.state" };
const ENROL_REPLY_TIME: Range = { min: 0, max: 9007199254740991, label: "EnrolReply.time" };
const ENROL_REPLY_INTERVAL_S: Range = { min: 1, max: 604800, label: "EnrolReply.intervalS" };
const ENROL_REPLY_SERVER_EPOCH: Range = { min: 0, max: 4294967295, label: "EnrolReply.serverEpoch" };
const ENROL_REPLY_TOKEN_STATUS: Range = { min: 0, max: 255, label: "EnrolReply.tokenStatus" };
const ENROL_REPLY_TX_MAX: Range = { min: 1024, max: 16384, label: "EnrolReply.txMax" };
const ENROL_REPLY_WAIT_MAX: Range = { min: 0, max: 50, label: "EnrolReply.waitMax" };
const ERROR_REPLY_CODE: Range = { min: 0, max: 255, label: "ErrorReply.code" };
const ERROR_REPLY_RETRY_AFTER_S: Range = { min: 0, max: 9007199254740991, label: "ErrorReply.retryAfterS" };
const SYNC_REQUEST_V: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.v" };
const SYNC_REQUEST_UPTIME_MS: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.uptimeMs" };
const SYNC_REQUEST_BOOT_ID: Range = { min: 0, max: 4294967295, label: "SyncRequest.bootId" };
const SYNC_REQUEST_AGENT_VERSION: TextRange = { min: 1, max: 32, label: "SyncRequest.agentVersion" };
const SYNC_REQUEST_SERVER_EPOCH: Range = { min: 0, max: 4294967295, label: "SyncRequest.serverEpoch" };
const SYNC_REQUEST_CLOCK: Range = { min: 0, max: 255, label: "SyncRequest.clock" };
const SYNC_REQUEST_DEVICE_TIME: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.deviceTime" };
const SYNC_REQUEST_BOOT_REASON: Range = { min: 0, max: 255, label: "SyncRequest.bootReason" };
const SYNC_REQUEST_WAIT_S: Range = { min: 0, max: 50, label: "SyncRequest.waitS" };
const SYNC_REQUEST_RX_MAX: Range = { min: 1024, max: 65536, label: "SyncRequest.rxMax" };
const SYNC_REQUEST_RUNNING: Range = { min: 0, max: 4, label: "SyncRequest.running" };
const SYNC_REQUEST_COMMANDS_THROUGH: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.commandsThrough" };
const SYNC_REQUEST_ROOT_VERSION: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.rootVersion" };
const SYNC_REQUEST_INVENTORY_DIGEST: Range = { min: 8, max: 8, label: "SyncRequest.inventoryDigest" };
const SYNC_REQUEST_HOLDS: Range = { min: 0, max: 8, label: "SyncRequest.holds" };
const SYNC_REQUEST_HOLDS_EACH: Range = { min: 0, max: 255, label: "SyncRequest.holds" };
const SYNC_REQUEST_RESYNC_NONCE: Range = { min: 8, max: 8, label: "SyncRequest.resyncNonce" };
const SYNC_REQUEST_HIGHEST_ATTEMPT: Range = { min: 0, max: 9007199254740991, label: "SyncRequest.highestAttempt" };
const REPORTED_CONFIG_EPOCH: Range = { min: 0, max: 9007199254740991, label: "ReportedConfig.epoch" };
const REPORTED_CONFIG_DIGEST: Range = { min: 8, max: 8, label: "ReportedConfig.digest" };
const REPORTED_CONFIG_STATUS: Range = { min: 0, max: 255, label: "ReportedConfig.status" };
const REPORTED_CONFIG_TEXT: TextRange = { min: 0, max: 64, label: "ReportedConfig.text" };
const METRICS_BATCH_EPOCH: Range = { min: 0, max: 4294967295, label: "MetricsBatch.epoch" };
const METRICS_BATCH_FIRST: Range = { min: 0, max: 281474976710655, label: "MetricsBatch.first" };
const METRICS_BATCH_T0: Range = { min: 0, max: 9007199254740991, label: "MetricsBatch.t0" };
const METRICS_BATCH_BASE: Range = { min: 0, max: 1, label: "MetricsBatch.base" };
const METRICS_BATCH_BOOT_ID: Range = { min: 0, max: 4294967295, label: "MetricsBatch.bootId" };
const METRICS_BATCH_DICTIONARY: Range = { min: 8, max: 8, label: "MetricsBatch.dictionary" };
const METRICS_BATCH_DICTIONARY_ENTRIES: Range = { min: 1, max: 64, label: "MetricsBatch.dictionaryEntries" };
const METRICS_BATCH_COUNT: Range = { min: 1, max: 1024, label: "MetricsBatch.count" };
const LOGS_BATCH_EPOCH: Range = { min: 0, max: 4294967295, label: "LogsBatch.epoch" };
const LOGS_BATCH_FIRST: Range = { min: 0, max: 281474976710655, label: "LogsBatch.first" };
const LOGS_BATCH_T0: Range = { min: 0, max: 9007199254740991, label: "LogsBatch.t0" };
const LOGS_BATCH_BASE: Range = { min: 0, max: 1, label: "LogsBatch.base" };
const LOGS_BATCH_BOOT_ID: Range = { min: 0, max: 4294967295, label: "LogsBatch.bootId" };
const LOGS_BATCH_LINES: Range = { min: 1, max: 64, label: "LogsBatch.lines" };
const REPORTS_BATCH_EPOCH: Range = { min: 0, max: 4294967295, label: "ReportsBatch.epoch" };
const REPORTS_BATCH_FIRST: Range = { min: 0, max: 281474976710655, label: "ReportsBatch.first" };
const COMMAND_REPORT_ID: Range = { min: 0, max: 9007199254740991, label: "CommandReport.id" };
const COMMAND_REPORT_STATUS: Range = { min: 0, max: 255, label: "CommandReport.status" };
const COMMAND_REPORT_CODE: Range = { min: -9007199254740991, max: 9007199254740991, label: "CommandReport.code" };
const COMMAND_REPORT_OUTPUT: Range = { min: 0, max: 1024, label: "CommandReport.output" };
const COMMAND_REPORT_PART: Range = { min: 0, max: 9007199254740991, label: "CommandReport.part" };
const COMMAND_REPORT_FULL_SIZE: Range = { min: 0, max: 9007199254740991, label: "CommandReport.fullSize" };
const DEPLOYMENT_REPORT_ATTEMPT: Range = { min: 0, max: 9007199254740991, label: "DeploymentReport.attempt" };
const DEPLOYMENT_REPORT_STATE: Range = { min: 0, max: 255, label: "DeploymentReport.state" };
const DEPLOYMENT_REPORT_REASON: Range = { min: 0, max: 9007199254740991, label: "DeploymentReport.reason" };
const DEPLOYMENT_REPORT_RUNNING_DIGEST: Range = { min: 32, max: 32, label: "DeploymentReport.runningDigest" };
const DEPLOYMENT_REPORT_TEXT: TextRange = { min: 0, max: 256, label: "DeploymentReport.text" };
const EVENT_REPORT_NAME: TextRange = { min: 1, max: 48, label: "EventReport.name" };
const EVENT_REPORT_SEVERITY: Range = { min: 0, max: 7, label: "EventReport.severity" };
const EVENT_REPORT_TEXT: TextRange = { min: 0, max: 256, label: "EventReport.text" };
const SYNC_REPLY_V: Range = { min: 0, max: 9007199254740991, label: "SyncReply.v" };
const SYNC_REPLY_TIME: Range = { min: 0, max: 9007199254740991, label: "SyncReply.time" };
const SYNC_REPLY_STATE: Range = { min: 0, max: 255, label: "SyncReply.state" };
const SYNC_REPLY_INTERVAL_S: Range = { min: 1, max: 604800, label: "SyncReply.intervalS" };
const SYNC_REPLY_SERVER_EPOCH: Range = { min: 0, max: 4294967295, label: "SyncReply.serverEpoch" };
const SYNC_REPLY_ACKS: Range = { min: 0, max: 3, label: "SyncReply.acks" };
const SYNC_REPLY_NEED: Range = { min: 0, max: 8, label: "SyncReply.need" };
const SYNC_REPLY_NEED_EACH: Range = { min: 0, max: 255, label: "SyncReply.need" };
const SYNC_REPLY_COMMANDS: Range = { min: 0, max: 4, label: "SyncReply.commands" };
const SYNC_REPLY_HOLDS: Range = { min: 0, max: 8, label: "SyncReply.holds" };
const SYNC_REPLY_HOLDS_EACH: Range = { min: 0, max: 255, label: "SyncReply.holds" };
const SYNC_REPLY_REJECTED: Range = { min: 0, max: 3, label: "SyncReply.rejected" };
const SYNC_REPLY_RESYNC_NONCE: Range = { min: 8, max: 8, label: "SyncReply.resyncNonce" };
const SYNC_REPLY_TX_MAX: Range = { min: 1024, max: 16384, label: "SyncReply.txMax" };
const OFFER_ATTEMPT: Range = { min: 0, max: 9007199254740991, label: "Offer.attempt" };
const OFFER_ACTION: Range = { min: 0, max: 255, label: "Offer.action" };
const OFFER_MANIFEST: Range = { min: 0, max: 768, label: "Offer.manifest" };
const OFFER_MANIFEST_DIGEST: Range = { min: 32, max: 32, label: "Offer.manifestDigest" };
const OFFER_LEASE_S: Range = { min: 0, max: 9007199254740991, label: "Offer.leaseS" };
const OFFER_TICKET: Range = { min: 20, max: 20, label: "Offer.ticket" };
const OFFER_URLS: Range = { min: 0, max: 2, label: "Offer.urls" };
const OFFER_URLS_EACH: TextRange = { min: 1, max: 160, label: "Offer.urls" };
const OFFER_MAX_BYTES_PER_S: Range = { min: 0, max: 9007199254740991, label: "Offer.maxBytesPerS" };
const COMMAND_ID: Range = { min: 0, max: 9007199254740991, label: "Command.id" };
const COMMAND_NAME: TextRange = { min: 1, max: 32, label: "Command.name" };
const COMMAND_ARGS: Range = { min: 0, max: 512, label: "Command.args" };
const COMMAND_TTL_S: Range = { min: 0, max: 9007199254740991, label: "Command.ttlS" };
const DESIRED_CONFIG_EPOCH: Range = { min: 0, max: 9007199254740991, label: "DesiredConfig.epoch" };
const DESIRED_CONFIG_SHA256: Range = { min: 32, max: 32, label: "DesiredConfig.sha256" };
const DESIRED_CONFIG_BODY: Range = { min: 0, max: 512, label: "DesiredConfig.body" };
const DESIRED_CONFIG_TICKET: Range = { min: 20, max: 20, label: "DesiredConfig.ticket" };
const DESIRED_CONFIG_SIZE: Range = { min: 0, max: 9007199254740991, label: "DesiredConfig.size" };
const PROBLEM_SECTION_CODE: Range = { min: 0, max: 255, label: "ProblemSection.code" };
const PROBLEM_SECTION_RETRY_AFTER_S: Range = { min: 0, max: 9007199254740991, label: "ProblemSection.retryAfterS" };
const PROBLEM_SECTION_LAST_SEQ: Range = { min: 0, max: 9007199254740991, label: "ProblemSection.lastSeq" };
const PROBLEM_SECTION_SECTION: Range = { min: 0, max: 65535, label: "ProblemSection.section" };
const PROBLEM_SECTION_TEXT: TextRange = { min: 0, max: 64, label: "ProblemSection.text" };
const MOVE_URLS: Range = { min: 1, max: 4, label: "Move.urls" };
const MOVE_URLS_EACH: TextRange = { min: 1, max: 160, label: "Move.urls" };
const MOVE_NEXT_SERVER_KEY: Range = { min: 32, max: 32, label: "Move.nextServerKey" };
const ROOT_OFFER_VERSION: Range = { min: 0, max: 9007199254740991, label: "RootOffer.version" };
const ROOT_OFFER_SHA256: Range = { min: 32, max: 32, label: "RootOffer.sha256" };
const ROOT_OFFER_TICKET: Range = { min: 20, max: 20, label: "RootOffer.ticket" };
const ROOT_OFFER_SIZE: Range = { min: 0, max: 9007199254740991, label: "RootOffer.size" };
const MANIFEST_FORMAT: Range = { min: 1, max: 1, label: "Manifest.format" };
const MANIFEST_SEQUENCE: Range = { min: 0, max: 9007199254740991, label: "Manifest.sequence" };
const MANIFEST_VENDOR: Range = { min: 16, max: 16, label: "Manifest.vendor" };
const MANIFEST_CLASS: Range = { min: 16, max: 16, label: "Manifest.class" };
const MANIFEST_CREATED: Range = { min: 0, max: 9007199254740991, label: "Manifest.created" };
const MANIFEST_MIN_FLOOR: Range = { min: 0, max: 9007199254740991, label: "Manifest.minFloor" };
const MANIFEST_COMPONENTS: Range = { min: 1, max: 8, label: "Manifest.components" };
const MANIFEST_MIN_AGENT: TextRange = { min: 1, max: 32, label: "Manifest.minAgent" };
const MANIFEST_EXPIRES: Range = { min: 0, max: 9007199254740991, label: "Manifest.expires" };
const MANIFEST_VERSION: TextRange = { min: 1, max: 32, label: "Manifest.version" };
const ROOT_DOCUMENT_VERSION: Range = { min: 1, max: 9007199254740991, label: "RootDocument.version" };
const ROOT_DOCUMENT_FLEET_ID: Range = { min: 8, max: 8, label: "RootDocument.fleetId" };
const ROOT_DOCUMENT_THRESHOLD: Range = { min: 1, max: 8, label: "RootDocument.threshold" };
const ROOT_DOCUMENT_ROOT_KEYS: Range = { min: 1, max: 8, label: "RootDocument.rootKeys" };
const ROOT_DOCUMENT_ROOT_KEYS_EACH: Range = { min: 32, max: 32, label: "RootDocument.rootKeys" };
const ROOT_DOCUMENT_RELEASE_KEYS: Range = { min: 0, max: 8, label: "RootDocument.releaseKeys" };
const ROOT_DOCUMENT_RELEASE_KEYS_EACH: Range = { min: 32, max: 32, label: "RootDocument.releaseKeys" };
const ROOT_DOCUMENT_SERVER_KEYS: Range = { min: 0, max: 4, label: "RootDocument.serverKeys" };
const ROOT_DOCUMENT_SERVER_KEYS_EACH: Range = { min: 32, max: 32, label: "RootDocument.serverKeys" };
const ROOT_DOCUMENT_CREATED: Range = { min: 0, max: 9007199254740991, label: "RootDocument.created" };
const ROOT_DOCUMENT_REVOKED_KEYS: Range = { min: 0, max: 32, label: "RootDocument.revokedKeys" };
const ROOT_DOCUMENT_REVOKED_KEYS_EACH: Range = { min: 8, max: 8, label: "RootDocument.revokedKeys" };
const BUNDLE_V: Range = { min: 0, max: 9007199254740991, label: "Bundle.v" };
const BUNDLE_FLEET_ID: Range = { min: 8, max: 8, label: "Bundle.fleetId" };
const BUNDLE_DEVICE_ID: Range = { min: 16, max: 16, label: "Bundle.deviceId" };
const BUNDLE_SERVER_KEY: Range = { min: 32, max: 32, label: "Bundle.serverKey" };
const BUNDLE_ROOT_DIGEST: Range = { min: 32, max: 32, label: "Bundle.rootDigest" };
const BUNDLE_URLS: Range = { min: 0, max: 4, label: "Bundle.urls" };
const BUNDLE_URLS_EACH: TextRange = { min: 1, max: 160, label: "Bundle.urls" };
const BUNDLE_TOKEN: Range = { min: 24, max: 24, label: "Bundle.token" };
const BUNDLE_LABELS: Range = { min: 0, max: 8, label: "Bundle.labels" };
const BUNDLE_NAME: TextRange = { min: 1, max: 63, label: "Bundle.name" };

const LabelPairShape = function (this: LabelPair, key: string, value: string) {
  this.key = key;
  this.value = value;
} as unknown as {
  new (key: string, value: string): LabelPair;
};
(LabelPairShape as { prototype: unknown }).prototype = Object.prototype;

const LABEL_PAIR: Range = { min: 2, max: 2, label: "LabelPair" };

function readLabelPair(r: Reader): LabelPair {
  r.array(LABEL_PAIR);
  const key = r.text(LABEL_PAIR_KEY);
  const value = r.text(LABEL_PAIR_VALUE);
  r.leave();
  return new LabelPairShape(key, value);
}

function writeLabelPair(w: Writer, value: LabelPair): void {
  w.array(2, LABEL_PAIR);
  w.text(value.key, LABEL_PAIR_KEY);
  w.text(value.value, LABEL_PAIR_VALUE);
  w.leave();
}

const RunningComponentShape = function (this: RunningComponent, component: number, sha256: Uint8Array, seq: number) {
  this.component = component;
  this.sha256 = sha256;
  this.seq = seq;
} as unknown as {
  new (component: number, sha256: Uint8Array, seq: number): RunningComponent;
};
(RunningComponentShape as { prototype: unknown }).prototype = Object.prototype;

const RUNNING_COMPONENT: Range = { min: 3, max: 3, label: "RunningComponent" };

function readRunningComponent(r: Reader): RunningComponent {
  r.array(RUNNING_COMPONENT);
  const component = r.uint(RUNNING_COMPONENT_COMPONENT);
  const sha256 = r.byteString(RUNNING_COMPONENT_SHA256);
  const seq = r.uint(RUNNING_COMPONENT_SEQ);
  r.leave();
  return new RunningComponentShape(component, sha256, seq);
}

function writeRunningComponent(w: Writer, value: RunningComponent): void {
  w.array(3, RUNNING_COMPONENT);
  w.uint(value.component, RUNNING_COMPONENT_COMPONENT);
  w.byteString(value.sha256, RUNNING_COMPONENT_SHA256);
  w.uint(value.seq, RUNNING_COMPONENT_SEQ);
  w.leave();
}

const UpdateProgressShape = function (this: UpdateProgress, attempt: number, state: number, bytes: number) {
  this.attempt = attempt;
  this.state = state;
  this.bytes = bytes;
} as unknown as {
  new (attempt: number, state: number, bytes: number): UpdateProgress;
};
(UpdateProgressShape as { prototype: unknown }).prototype = Object.prototype;

const UPDATE_PROGRESS: Range = { min: 3, max: 3, label: "UpdateProgress" };

function readUpdateProgress(r: Reader): UpdateProgress {
  r.array(UPDATE_PROGRESS);
  const attempt = r.uint(UPDATE_PROGRESS_ATTEMPT);
  const state = r.uint(UPDATE_PROGRESS_STATE);
  const bytes = r.uint(UPDATE_PROGRESS_BYTES);
  r.leave();
  return new UpdateProgressShape(attempt, state, bytes);
}

function writeUpdateProgress(w: Writer, value: UpdateProgress): void {
  w.array(3, UPDATE_PROGRESS);
  w.uint(value.attempt, UPDATE_PROGRESS_ATTEMPT);
  w.uint(value.state, UPDATE_PROGRESS_STATE);
  w.uint(value.bytes, UPDATE_PROGRESS_BYTES);
  w.leave();
}

const AckShape = function (this: Ack, stream: number, epoch: number, through: number) {
  this.stream = stream;
  this.epoch = epoch;
  this.through = through;
} as unknown as {
  new (stream: number, epoch: number, through: number): Ack;
};
(AckShape as { prototype: unknown }).prototype = Object.prototype;

const ACK: Range = { min: 3, max: 3, label: "Ack" };

function readAck(r: Reader): Ack {
  r.array(ACK);
  const stream = r.uint(ACK_STREAM);
  const epoch = r.uint(ACK_EPOCH);
  const through = r.uint(ACK_THROUGH);
  r.leave();
  return new AckShape(stream, epoch, through);
}

function writeAck(w: Writer, value: Ack): void {
  w.array(3, ACK);
  w.uint(value.stream, ACK_STREAM);
  w.uint(value.epoch, ACK_EPOCH);
  w.uint(value.through, ACK_THROUGH);
  w.leave();
}

const RejectedSectionShape = function (this: RejectedSection, section: number, code: number, epoch: number, through: number) {
  this.section = section;
  this.code = code;
  this.epoch = epoch;
  this.through = through;
} as unknown as {
  new (section: number, code: number, epoch: number, through: number): RejectedSection;
};
(RejectedSectionShape as { prototype: unknown }).prototype = Object.prototype;

const REJECTED_SECTION: Range = { min: 4, max: 4, label: "RejectedSection" };

function readRejectedSection(r: Reader): RejectedSection {
  r.array(REJECTED_SECTION);
  const section = r.uint(REJECTED_SECTION_SECTION);
  const code = r.uint(REJECTED_SECTION_CODE);
  const epoch = r.uint(REJECTED_SECTION_EPOCH);
  const through = r.uint(REJECTED_SECTION_THROUGH);
  r.leave();
  return new RejectedSectionShape(section, code, epoch, through);
}

function writeRejectedSection(w: Writer, value: RejectedSection): void {
  w.array(4, REJECTED_SECTION);
  w.uint(value.section, REJECTED_SECTION_SECTION);
  w.uint(value.code, REJECTED_SECTION_CODE);
  w.uint(value.epoch, REJECTED_SECTION_EPOCH);
  w.uint(value.through, REJECTED_SECTION_THROUGH);
  w.leave();
}

const DeltaShape = function (this: Delta, from_: Uint8Array, sha256: Uint8Array, size: number) {
  this.from = from_;
  this.sha256 = sha256;
  this.size = size;
} as unknown as {
  new (from_: Uint8Array, sha256: Uint8Array, size: number): Delta;
};
(DeltaShape as { prototype: unknown }).prototype = Object.prototype;

const DELTA: Range = { min: 3, max: 3, label: "Delta" };

function readDelta(r: Reader): Delta {
  r.array(DELTA);
  const from_ = r.byteString(DELTA_FROM);
  const sha256 = r.byteString(DELTA_SHA256);
  const size = r.uint(DELTA_SIZE);
  r.leave();
  return new DeltaShape(from_, sha256, size);
}

function writeDelta(w: Writer, value: Delta): void {
  w.array(3, DELTA);
  w.byteString(value.from, DELTA_FROM);
  w.byteString(value.sha256, DELTA_SHA256);
  w.uint(value.size, DELTA_SIZE);
  w.leave();
}

const DictionaryEntryShape = function (this: DictionaryEntry, id: number, name: string, unit: string) {
  this.id = id;
  this.name = name;
  this.unit = unit;
} as unknown as {
  new (id: number, name: string, unit: string): DictionaryEntry;
};
(DictionaryEntryShape as { prototype: unknown }).prototype = Object.prototype;

const DICTIONARY_ENTRY: Range = { min: 3, max: 3, label: "DictionaryEntry" };

function readDictionaryEntry(r: Reader): DictionaryEntry {
  r.array(DICTIONARY_ENTRY);
  const id = r.uint(DICTIONARY_ENTRY_ID);
  const name = r.text(DICTIONARY_ENTRY_NAME);
  const unit = r.text(DICTIONARY_ENTRY_UNIT);
  r.leave();
  return new DictionaryEntryShape(id, name, unit);
}

function writeDictionaryEntry(w: Writer, value: DictionaryEntry): void {
  w.array(3, DICTIONARY_ENTRY);
  w.uint(value.id, DICTIONARY_ENTRY_ID);
  w.text(value.name, DICTIONARY_ENTRY_NAME);
  w.text(value.unit, DICTIONARY_ENTRY_UNIT);
  w.leave();
}

const LogLineShape = function (this: LogLine, dtMs: number, level: number, source: string, text: string) {
  this.dtMs = dtMs;
  this.level = level;
  this.source = source;
  this.text = text;
} as unknown as {
  new (dtMs: number, level: number, source: string, text: string): LogLine;
};
(LogLineShape as { prototype: unknown }).prototype = Object.prototype;

const LOG_LINE: Range = { min: 4, max: 4, label: "LogLine" };

function readLogLine(r: Reader): LogLine {
  r.array(LOG_LINE);
  const dtMs = r.uint(LOG_LINE_DT_MS);
  const level = r.uint(LOG_LINE_LEVEL);
  const source = r.text(LOG_LINE_SOURCE);
  const text = r.text(LOG_LINE_TEXT);
  r.leave();
  return new LogLineShape(dtMs, level, source, text);
}

function writeLogLine(w: Writer, value: LogLine): void {
  w.array(4, LOG_LINE);
  w.uint(value.dtMs, LOG_LINE_DT_MS);
  w.uint(value.level, LOG_LINE_LEVEL);
  w.text(value.source, LOG_LINE_SOURCE);
  w.text(value.text, LOG_LINE_TEXT);
  w.leave();
}

const ManifestComponentShape = function (this: ManifestComponent, id: number, sha256: Uint8Array, size: number, name: string, kind: number) {
  this.id = id;
  this.sha256 = sha256;
  this.size = size;
  this.name = name;
  this.kind = kind;
} as unknown as {
  new (id: number, sha256: Uint8Array, size: number, name: string, kind: number): ManifestComponent;
};
(ManifestComponentShape as { prototype: unknown }).prototype = Object.prototype;

const MANIFEST_COMPONENT: Range = { min: 5, max: 5, label: "ManifestComponent" };

function readManifestComponent(r: Reader): ManifestComponent {
  r.array(MANIFEST_COMPONENT);
  const id = r.uint(MANIFEST_COMPONENT_ID);
  const sha256 = r.byteString(MANIFEST_COMPONENT_SHA256);
  const size = r.uint(MANIFEST_COMPONENT_SIZE);
  const name = r.text(MANIFEST_COMPONENT_NAME);
  const kind = r.uint(MANIFEST_COMPONENT_KIND);
  r.leave();
  return new ManifestComponentShape(id, sha256, size, name, kind);
}

function writeManifestComponent(w: Writer, value: ManifestComponent): void {
  w.array(5, MANIFEST_COMPONENT);
  w.uint(value.id, MANIFEST_COMPONENT_ID);
  w.byteString(value.sha256, MANIFEST_COMPONENT_SHA256);
  w.uint(value.size, MANIFEST_COMPONENT_SIZE);
  w.text(value.name, MANIFEST_COMPONENT_NAME);
  w.uint(value.kind, MANIFEST_COMPONENT_KIND);
  w.leave();
}

const HelloShape = function (this: Hello, majorMin: number, majorMax: number, serverKey: Uint8Array, fleetId: Uint8Array) {
  this.majorMin = majorMin;
  this.majorMax = majorMax;
  this.serverKey = serverKey;
  this.fleetId = fleetId;
} as unknown as {
  new (majorMin: number, majorMax: number, serverKey: Uint8Array, fleetId: Uint8Array): Hello;
};
(HelloShape as { prototype: unknown }).prototype = Object.prototype;

function readHello(r: Reader): Hello {
  const start = r.pos;
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: Uint8Array | undefined;
  let f4: Uint8Array | undefined;
  let f5: Uint8Array | undefined;
  let f6: number | undefined;
  let f7: Uint8Array | undefined;
  let f8: string | undefined;
  let key = -1;
  for (let left = r.map("Hello"); left > 0; left--) {
    key = r.key(key, "Hello");
    switch (key) {
      case 1:
        f1 = r.uint(HELLO_MAJOR_MIN);
        break;
      case 2:
        f2 = r.uint(HELLO_MAJOR_MAX);
        break;
      case 3:
        f3 = r.byteString(HELLO_SERVER_KEY);
        break;
      case 4:
        f4 = r.byteString(HELLO_NEXT_SERVER_KEY);
        break;
      case 5:
        f5 = r.byteString(HELLO_FLEET_ID);
        break;
      case 6:
        f6 = r.uint(HELLO_ROOT_VERSION);
        break;
      case 7:
        f7 = r.byteString(HELLO_ROOT_DIGEST);
        break;
      case 8:
        f8 = r.text(HELLO_NAME);
        break;
      default:
        r.skip("Hello");
    }
  }
  r.leave();
  r.limit(start, 256, "Hello");
  if (f1 === undefined) return r.missing("Hello.majorMin");
  if (f2 === undefined) return r.missing("Hello.majorMax");
  if (f3 === undefined) return r.missing("Hello.serverKey");
  if (f5 === undefined) return r.missing("Hello.fleetId");
  const value = new HelloShape(f1, f2, f3, f5);
  if (f4 !== undefined) value.nextServerKey = f4;
  if (f6 !== undefined) value.rootVersion = f6;
  if (f7 !== undefined) value.rootDigest = f7;
  if (f8 !== undefined) value.name = f8;
  const wrong = check.checkHello(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "Hello", wrong);
  return value;
}

function writeHello(w: Writer, value: Hello): void {
  const start = w.size;
  let count = 4;
  if (value.nextServerKey !== undefined) count++;
  if (value.rootVersion !== undefined) count++;
  if (value.rootDigest !== undefined) count++;
  if (value.name !== undefined) count++;
  w.map(count, "Hello");
  w.key(1);
  w.uint(value.majorMin, HELLO_MAJOR_MIN);
  w.key(2);
  w.uint(value.majorMax, HELLO_MAJOR_MAX);
  w.key(3);
  w.byteString(value.serverKey, HELLO_SERVER_KEY);
  if (value.nextServerKey !== undefined) {
  w.key(4);
    w.byteString(value.nextServerKey, HELLO_NEXT_SERVER_KEY);
  }
  w.key(5);
  w.byteString(value.fleetId, HELLO_FLEET_ID);
  if (value.rootVersion !== undefined) {
  w.key(6);
    w.uint(value.rootVersion, HELLO_ROOT_VERSION);
  }
  if (value.rootDigest !== undefined) {
  w.key(7);
    w.byteString(value.rootDigest, HELLO_ROOT_DIGEST);
  }
  if (value.name !== undefined) {
  w.key(8);
    w.text(value.name, HELLO_NAME);
  }
  w.leave();
  w.limit(start, 256, "Hello");
  const wrong = check.checkHello(value);
  if (wrong !== undefined) w.fail("Hello", wrong);
}

/** What a server says about itself before anything is proven: a hint, never trusted alone. At most 256 bytes. */
export const helloCodec: Codec<Hello> = messageCodec({
  name: "Hello",
  read: readHello,
  write: writeHello,
  maxBytes: 256,
});

const EnrolRequestShape = function (this: EnrolRequest, v: number, hwClass: string, agentVersion: string, rxMax: number, deviceId: Uint8Array) {
  this.v = v;
  this.hwClass = hwClass;
  this.agentVersion = agentVersion;
  this.rxMax = rxMax;
  this.deviceId = deviceId;
} as unknown as {
  new (v: number, hwClass: string, agentVersion: string, rxMax: number, deviceId: Uint8Array): EnrolRequest;
};
(EnrolRequestShape as { prototype: unknown }).prototype = Object.prototype;

function readEnrolRequest(r: Reader): EnrolRequest {
  const start = r.pos;
  let f0: number | undefined;
  let f1: Uint8Array | undefined;
  let f2: string | undefined;
  let f3: string | undefined;
  let f4: string | undefined;
  let f5: string | undefined;
  let f6: string | undefined;
  let f7: number | undefined;
  let f8: Uint8Array | undefined;
  let f9: number | undefined;
  let f10: readonly LabelPair[] | undefined;
  let f11: number | undefined;
  let f12: Uint8Array | undefined;
  let key = -1;
  for (let left = r.map("EnrolRequest"); left > 0; left--) {
    key = r.key(key, "EnrolRequest");
    switch (key) {
      case 0:
        f0 = r.uint(ENROL_REQUEST_V);
        break;
      case 1:
        f1 = r.byteString(ENROL_REQUEST_TOKEN_ID);
        break;
      case 2:
        f2 = r.text(ENROL_REQUEST_HW_CLASS);
        break;
      case 3:
        f3 = r.text(ENROL_REQUEST_SERIAL);
        break;
      case 4:
        f4 = r.text(ENROL_REQUEST_MODEL);
        break;
      case 5:
        f5 = r.text(ENROL_REQUEST_AGENT_VERSION);
        break;
      case 6:
        f6 = r.text(ENROL_REQUEST_NAME);
        break;
      case 7:
        f7 = r.uint(ENROL_REQUEST_RX_MAX);
        break;
      case 8:
        f8 = r.byteString(ENROL_REQUEST_HELLO_DIGEST);
        break;
      case 9:
        f9 = r.uint(ENROL_REQUEST_REASON);
        break;
      case 10:
        f10 = r.list(ENROL_REQUEST_LABELS, readLabelPair);
        break;
      case 11:
        f11 = r.uint(ENROL_REQUEST_ROOT_VERSION);
        break;
      case 12:
        f12 = r.byteString(ENROL_REQUEST_DEVICE_ID);
        break;
      default:
        r.skip("EnrolRequest");
    }
  }
  r.leave();
  r.limit(start, 900, "EnrolRequest");
  if (f0 === undefined) return r.missing("EnrolRequest.v");
  if (f2 === undefined) return r.missing("EnrolRequest.hwClass");
  if (f5 === undefined) return r.missing("EnrolRequest.agentVersion");
  if (f7 === undefined) return r.missing("EnrolRequest.rxMax");
  if (f12 === undefined) return r.missing("EnrolRequest.deviceId");
  const value = new EnrolRequestShape(f0, f2, f5, f7, f12);
  if (f1 !== undefined) value.tokenId = f1;
  if (f3 !== undefined) value.serial = f3;
  if (f4 !== undefined) value.model = f4;
  if (f6 !== undefined) value.name = f6;
  if (f8 !== undefined) value.helloDigest = f8;
  if (f9 !== undefined) value.reason = f9;
  if (f10 !== undefined) value.labels = f10;
  if (f11 !== undefined) value.rootVersion = f11;
  return value;
}

function writeEnrolRequest(w: Writer, value: EnrolRequest): void {
  const start = w.size;
  let count = 5;
  if (value.tokenId !== undefined) count++;
  if (value.serial !== undefined) count++;
  if (value.model !== undefined) count++;
  if (value.name !== undefined) count++;
  if (value.helloDigest !== undefined) count++;
  if (value.reason !== undefined) count++;
  if (value.labels !== undefined) count++;
  if (value.rootVersion !== undefined) count++;
  w.map(count, "EnrolRequest");
  w.key(0);
  w.uint(value.v, ENROL_REQUEST_V);
  if (value.tokenId !== undefined) {
  w.key(1);
    w.byteString(value.tokenId, ENROL_REQUEST_TOKEN_ID);
  }
  w.key(2);
  w.text(value.hwClass, ENROL_REQUEST_HW_CLASS);
  if (value.serial !== undefined) {
  w.key(3);
    w.text(value.serial, ENROL_REQUEST_SERIAL);
  }
  if (value.model !== undefined) {
  w.key(4);
    w.text(value.model, ENROL_REQUEST_MODEL);
  }
  w.key(5);
  w.text(value.agentVersion, ENROL_REQUEST_AGENT_VERSION);
  if (value.name !== undefined) {
  w.key(6);
    w.text(value.name, ENROL_REQUEST_NAME);
  }
  w.key(7);
  w.uint(value.rxMax, ENROL_REQUEST_RX_MAX);
  if (value.helloDigest !== undefined) {
  w.key(8);
    w.byteString(value.helloDigest, ENROL_REQUEST_HELLO_DIGEST);
  }
  if (value.reason !== undefined) {
  w.key(9);
    w.uint(value.reason, ENROL_REQUEST_REASON);
  }
  if (value.labels !== undefined) {
  w.key(10);
    w.list(value.labels, ENROL_REQUEST_LABELS, writeLabelPair);
  }
  if (value.rootVersion !== undefined) {
  w.key(11);
    w.uint(value.rootVersion, ENROL_REQUEST_ROOT_VERSION);
  }
  w.key(12);
  w.byteString(value.deviceId, ENROL_REQUEST_DEVICE_ID);
  w.leave();
  w.limit(start, 900, "EnrolRequest");
}

/** Encrypted payload of Noise message 1. At most 900 bytes. */
export const enrolRequestCodec: Codec<EnrolRequest> = messageCodec({
  name: "EnrolRequest",
  read: readEnrolRequest,
  write: writeEnrolRequest,
  maxBytes: 900,
});

const EnrolReplyShape = function (this: EnrolReply, v: number, kid: Uint8Array, state: number, time: number, intervalS: number, serverEpoch: number) {
  this.v = v;
  this.kid = kid;
  this.state = state;
  this.time = time;
  this.intervalS = intervalS;
  this.serverEpoch = serverEpoch;
} as unknown as {
  new (v: number, kid: Uint8Array, state: number, time: number, intervalS: number, serverEpoch: number): EnrolReply;
};
(EnrolReplyShape as { prototype: unknown }).prototype = Object.prototype;

function readEnrolReply(r: Reader): EnrolReply {
  const start = r.pos;
  let f0: number | undefined;
  let f1: Uint8Array | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: number | undefined;
  let f5: number | undefined;
  let f6: number | undefined;
  let f7: number | undefined;
  let f8: number | undefined;
  let key = -1;
  for (let left = r.map("EnrolReply"); left > 0; left--) {
    key = r.key(key, "EnrolReply");
    switch (key) {
      case 0:
        f0 = r.uint(ENROL_REPLY_V);
        break;
      case 1:
        f1 = r.byteString(ENROL_REPLY_KID);
        break;
      case 2:
        f2 = r.uint(ENROL_REPLY_STATE);
        break;
      case 3:
        f3 = r.uint(ENROL_REPLY_TIME);
        break;
      case 4:
        f4 = r.uint(ENROL_REPLY_INTERVAL_S);
        break;
      case 5:
        f5 = r.uint(ENROL_REPLY_SERVER_EPOCH);
        break;
      case 6:
        f6 = r.uint(ENROL_REPLY_TOKEN_STATUS);
        break;
      case 7:
        f7 = r.uint(ENROL_REPLY_TX_MAX);
        break;
      case 8:
        f8 = r.uint(ENROL_REPLY_WAIT_MAX);
        break;
      default:
        r.skip("EnrolReply");
    }
  }
  r.leave();
  r.limit(start, 256, "EnrolReply");
  if (f0 === undefined) return r.missing("EnrolReply.v");
  if (f1 === undefined) return r.missing("EnrolReply.kid");
  if (f2 === undefined) return r.missing("EnrolReply.state");
  if (f3 === undefined) return r.missing("EnrolReply.time");
  if (f4 === undefined) return r.missing("EnrolReply.intervalS");
  if (f5 === undefined) return r.missing("EnrolReply.serverEpoch");
  const value = new EnrolReplyShape(f0, f1, f2, f3, f4, f5);
  if (f6 !== undefined) value.tokenStatus = f6;
  if (f7 !== undefined) value.txMax = f7;
  if (f8 !== undefined) value.waitMax = f8;
  return value;
}

function writeEnrolReply(w: Writer, value: EnrolReply): void {
  const start = w.size;
  let count = 6;
  if (value.tokenStatus !== undefined) count++;
  if (value.txMax !== undefined) count++;
  if (value.waitMax !== undefined) count++;
  w.map(count, "EnrolReply");
  w.key(0);
  w.uint(value.v, ENROL_REPLY_V);
  w.key(1);
  w.byteString(value.kid, ENROL_REPLY_KID);
  w.key(2);
  w.uint(value.state, ENROL_REPLY_STATE);
  w.key(3);
  w.uint(value.time, ENROL_REPLY_TIME);
  w.key(4);
  w.uint(value.intervalS, ENROL_REPLY_INTERVAL_S);
  w.key(5);
  w.uint(value.serverEpoch, ENROL_REPLY_SERVER_EPOCH);
  if (value.tokenStatus !== undefined) {
  w.key(6);
    w.uint(value.tokenStatus, ENROL_REPLY_TOKEN_STATUS);
  }
  if (value.txMax !== undefined) {
  w.key(7);
    w.uint(value.txMax, ENROL_REPLY_TX_MAX);
  }
  if (value.waitMax !== undefined) {
  w.key(8);
    w.uint(value.waitMax, ENROL_REPLY_WAIT_MAX);
  }
  w.leave();
  w.limit(start, 256, "EnrolReply");
}

/** Encrypted payload of Noise message 2. At most 256 bytes. */
export const enrolReplyCodec: Codec<EnrolReply> = messageCodec({
  name: "EnrolReply",
  read: readEnrolReply,
  write: writeEnrolReply,
  maxBytes: 256,
});

const ErrorReplyShape = function (this: ErrorReply, code: number) {
  this.code = code;
} as unknown as {
  new (code: number): ErrorReply;
};
(ErrorReplyShape as { prototype: unknown }).prototype = Object.prototype;

function readErrorReply(r: Reader): ErrorReply {
  const start = r.pos;
  let f1: number | undefined;
  let f2: number | undefined;
  let key = -1;
  for (let left = r.map("ErrorReply"); left > 0; left--) {
    key = r.key(key, "ErrorReply");
    switch (key) {
      case 1:
        f1 = r.uint(ERROR_REPLY_CODE);
        break;
      case 2:
        f2 = r.uint(ERROR_REPLY_RETRY_AFTER_S);
        break;
      default:
        r.skip("ErrorReply");
    }
  }
  r.leave();
  r.limit(start, 64, "ErrorReply");
  if (f1 === undefined) return r.missing("ErrorReply.code");
  const value = new ErrorReplyShape(f1);
  if (f2 !== undefined) value.retryAfterS = f2;
  return value;
}

function writeErrorReply(w: Writer, value: ErrorReply): void {
  const start = w.size;
  let count = 1;
  if (value.retryAfterS !== undefined) count++;
  w.map(count, "ErrorReply");
  w.key(1);
  w.uint(value.code, ERROR_REPLY_CODE);
  if (value.retryAfterS !== undefined) {
  w.key(2);
    w.uint(value.retryAfterS, ERROR_REPLY_RETRY_AFTER_S);
  }
  w.leave();
  w.limit(start, 64, "ErrorReply");
}

/** Unauthenticated error: plain CBOR, a hint that changes only the sender's back-off. At most 64 bytes. */
export const errorReplyCodec: Codec<ErrorReply> = messageCodec({
  name: "ErrorReply",
  read: readErrorReply,
  write: writeErrorReply,
  maxBytes: 64,
});

const SyncRequestShape = function (this: SyncRequest, v: number, uptimeMs: number, bootId: number, serverEpoch: number) {
  this.v = v;
  this.uptimeMs = uptimeMs;
  this.bootId = bootId;
  this.serverEpoch = serverEpoch;
} as unknown as {
  new (v: number, uptimeMs: number, bootId: number, serverEpoch: number): SyncRequest;
};
(SyncRequestShape as { prototype: unknown }).prototype = Object.prototype;

function readSyncRequest(r: Reader): SyncRequest {
  const start = r.pos;
  let f0: number | undefined;
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: string | undefined;
  let f4: number | undefined;
  let f5: number | undefined;
  let f6: number | undefined;
  let f7: number | undefined;
  let f8: number | undefined;
  let f9: number | undefined;
  let f10: readonly RunningComponent[] | undefined;
  let f11: ReportedConfig | undefined;
  let f12: MetricsBatch | undefined;
  let f13: LogsBatch | undefined;
  let f14: ReportsBatch | undefined;
  let f15: number | undefined;
  let f16: number | undefined;
  let f17: Uint8Array | undefined;
  let f18: Inventory | undefined;
  let f19: readonly number[] | undefined;
  let f20: UpdateProgress | undefined;
  let f21: Uint8Array | undefined;
  let f22: true | undefined;
  let f23: number | undefined;
  let key = -1;
  for (let left = r.map("SyncRequest"); left > 0; left--) {
    key = r.key(key, "SyncRequest");
    switch (key) {
      case 0:
        f0 = r.uint(SYNC_REQUEST_V);
        break;
      case 1:
        f1 = r.uint(SYNC_REQUEST_UPTIME_MS);
        break;
      case 2:
        f2 = r.uint(SYNC_REQUEST_BOOT_ID);
        break;
      case 3:
        f3 = r.text(SYNC_REQUEST_AGENT_VERSION);
        break;
      case 4:
        f4 = r.uint(SYNC_REQUEST_SERVER_EPOCH);
        break;
      case 5:
        f5 = r.uint(SYNC_REQUEST_CLOCK);
        break;
      case 6:
        f6 = r.uint(SYNC_REQUEST_DEVICE_TIME);
        break;
      case 7:
        f7 = r.uint(SYNC_REQUEST_BOOT_REASON);
        break;
      case 8:
        f8 = r.uint(SYNC_REQUEST_WAIT_S);
        break;
      case 9:
        f9 = r.uint(SYNC_REQUEST_RX_MAX);
        break;
      case 10:
        f10 = r.list(SYNC_REQUEST_RUNNING, readRunningComponent);
        break;
      case 11:
        f11 = readReportedConfig(r);
        break;
      case 12:
        f12 = readMetricsBatch(r);
        break;
      case 13:
        f13 = readLogsBatch(r);
        break;
      case 14:
        f14 = readReportsBatch(r);
        break;
      case 15:
        f15 = r.uint(SYNC_REQUEST_COMMANDS_THROUGH);
        break;
      case 16:
        f16 = r.uint(SYNC_REQUEST_ROOT_VERSION);
        break;
      case 17:
        f17 = r.byteString(SYNC_REQUEST_INVENTORY_DIGEST);
        break;
      case 18:
        f18 = readInventory(r);
        break;
      case 19:
        f19 = r.list(SYNC_REQUEST_HOLDS, (r) => r.uint(SYNC_REQUEST_HOLDS_EACH));
        break;
      case 20:
        f20 = readUpdateProgress(r);
        break;
      case 21:
        f21 = r.byteString(SYNC_REQUEST_RESYNC_NONCE);
        break;
      case 22:
        f22 = r.flag("SyncRequest.more");
        break;
      case 23:
        f23 = r.uint(SYNC_REQUEST_HIGHEST_ATTEMPT);
        break;
      default:
        r.skip("SyncRequest");
    }
  }
  r.leave();
  r.limit(start, 16328, "SyncRequest");
  if (f0 === undefined) return r.missing("SyncRequest.v");
  if (f1 === undefined) return r.missing("SyncRequest.uptimeMs");
  if (f2 === undefined) return r.missing("SyncRequest.bootId");
  if (f4 === undefined) return r.missing("SyncRequest.serverEpoch");
  const value = new SyncRequestShape(f0, f1, f2, f4);
  if (f3 !== undefined) value.agentVersion = f3;
  if (f5 !== undefined) value.clock = f5;
  if (f6 !== undefined) value.deviceTime = f6;
  if (f7 !== undefined) value.bootReason = f7;
  if (f8 !== undefined) value.waitS = f8;
  if (f9 !== undefined) value.rxMax = f9;
  if (f10 !== undefined) value.running = f10;
  if (f11 !== undefined) value.config = f11;
  if (f12 !== undefined) value.metrics = f12;
  if (f13 !== undefined) value.logs = f13;
  if (f14 !== undefined) value.reports = f14;
  if (f15 !== undefined) value.commandsThrough = f15;
  if (f16 !== undefined) value.rootVersion = f16;
  if (f17 !== undefined) value.inventoryDigest = f17;
  if (f18 !== undefined) value.inventory = f18;
  if (f19 !== undefined) value.holds = f19;
  if (f20 !== undefined) value.update = f20;
  if (f21 !== undefined) value.resyncNonce = f21;
  if (f22 !== undefined) value.more = f22;
  if (f23 !== undefined) value.highestAttempt = f23;
  const wrong = check.checkSyncRequest(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "SyncRequest", wrong);
  return value;
}

function writeSyncRequest(w: Writer, value: SyncRequest): void {
  const start = w.size;
  let count = 4;
  if (value.agentVersion !== undefined) count++;
  if (value.clock !== undefined) count++;
  if (value.deviceTime !== undefined) count++;
  if (value.bootReason !== undefined) count++;
  if (value.waitS !== undefined) count++;
  if (value.rxMax !== undefined) count++;
  if (value.running !== undefined) count++;
  if (value.config !== undefined) count++;
  if (value.metrics !== undefined) count++;
  if (value.logs !== undefined) count++;
  if (value.reports !== undefined) count++;
  if (value.commandsThrough !== undefined) count++;
  if (value.rootVersion !== undefined) count++;
  if (value.inventoryDigest !== undefined) count++;
  if (value.inventory !== undefined) count++;
  if (value.holds !== undefined) count++;
  if (value.update !== undefined) count++;
  if (value.resyncNonce !== undefined) count++;
  if (value.more !== undefined) count++;
  if (value.highestAttempt !== undefined) count++;
  w.map(count, "SyncRequest");
  w.key(0);
  w.uint(value.v, SYNC_REQUEST_V);
  w.key(1);
  w.uint(value.uptimeMs, SYNC_REQUEST_UPTIME_MS);
  w.key(2);
  w.uint(value.bootId, SYNC_REQUEST_BOOT_ID);
  if (value.agentVersion !== undefined) {
  w.key(3);
    w.text(value.agentVersion, SYNC_REQUEST_AGENT_VERSION);
  }
  w.key(4);
  w.uint(value.serverEpoch, SYNC_REQUEST_SERVER_EPOCH);
  if (value.clock !== undefined) {
  w.key(5);
    w.uint(value.clock, SYNC_REQUEST_CLOCK);
  }
  if (value.deviceTime !== undefined) {
  w.key(6);
    w.uint(value.deviceTime, SYNC_REQUEST_DEVICE_TIME);
  }
  if (value.bootReason !== undefined) {
  w.key(7);
    w.uint(value.bootReason, SYNC_REQUEST_BOOT_REASON);
  }
  if (value.waitS !== undefined) {
  w.key(8);
    w.uint(value.waitS, SYNC_REQUEST_WAIT_S);
  }
  if (value.rxMax !== undefined) {
  w.key(9);
    w.uint(value.rxMax, SYNC_REQUEST_RX_MAX);
  }
  if (value.running !== undefined) {
  w.key(10);
    w.list(value.running, SYNC_REQUEST_RUNNING, writeRunningComponent);
  }
  if (value.config !== undefined) {
  w.key(11);
    writeReportedConfig(w, value.config);
  }
  if (value.metrics !== undefined) {
  w.key(12);
    writeMetricsBatch(w, value.metrics);
  }
  if (value.logs !== undefined) {
  w.key(13);
    writeLogsBatch(w, value.logs);
  }
  if (value.reports !== undefined) {
  w.key(14);
    writeReportsBatch(w, value.reports);
  }
  if (value.commandsThrough !== undefined) {
  w.key(15);
    w.uint(value.commandsThrough, SYNC_REQUEST_COMMANDS_THROUGH);
  }
  if (value.rootVersion !== undefined) {
  w.key(16);
    w.uint(value.rootVersion, SYNC_REQUEST_ROOT_VERSION);
  }
  if (value.inventoryDigest !== undefined) {
  w.key(17);
    w.byteString(value.inventoryDigest, SYNC_REQUEST_INVENTORY_DIGEST);
  }
  if (value.inventory !== undefined) {
  w.key(18);
    writeInventory(w, value.inventory);
  }
  if (value.holds !== undefined) {
  w.key(19);
    w.list(value.holds, SYNC_REQUEST_HOLDS, (w, value) => w.uint(value, SYNC_REQUEST_HOLDS_EACH));
  }
  if (value.update !== undefined) {
  w.key(20);
    writeUpdateProgress(w, value.update);
  }
  if (value.resyncNonce !== undefined) {
  w.key(21);
    w.byteString(value.resyncNonce, SYNC_REQUEST_RESYNC_NONCE);
  }
  if (value.more !== undefined) {
  w.key(22);
    w.flag(value.more, "SyncRequest.more");
  }
  if (value.highestAttempt !== undefined) {
  w.key(23);
    w.uint(value.highestAttempt, SYNC_REQUEST_HIGHEST_ATTEMPT);
  }
  w.leave();
  w.limit(start, 16328, "SyncRequest");
  const wrong = check.checkSyncRequest(value);
  if (wrong !== undefined) w.fail("SyncRequest", wrong);
}

/** Payload of a sync request. At most 16328 bytes. */
export const syncRequestCodec: Codec<SyncRequest> = messageCodec({
  name: "SyncRequest",
  read: readSyncRequest,
  write: writeSyncRequest,
  maxBytes: 16328,
});

/** Each field of SyncRequest by itself, for sections that are judged one by one. */
export const syncRequestFields: {
  readonly v: FieldCodec<number>;
  readonly uptimeMs: FieldCodec<number>;
  readonly bootId: FieldCodec<number>;
  readonly agentVersion: FieldCodec<string>;
  readonly serverEpoch: FieldCodec<number>;
  readonly clock: FieldCodec<number>;
  readonly deviceTime: FieldCodec<number>;
  readonly bootReason: FieldCodec<number>;
  readonly waitS: FieldCodec<number>;
  readonly rxMax: FieldCodec<number>;
  readonly running: FieldCodec<readonly RunningComponent[]>;
  readonly config: FieldCodec<ReportedConfig>;
  readonly metrics: FieldCodec<MetricsBatch>;
  readonly logs: FieldCodec<LogsBatch>;
  readonly reports: FieldCodec<ReportsBatch>;
  readonly commandsThrough: FieldCodec<number>;
  readonly rootVersion: FieldCodec<number>;
  readonly inventoryDigest: FieldCodec<Uint8Array>;
  readonly inventory: FieldCodec<Inventory>;
  readonly holds: FieldCodec<readonly number[]>;
  readonly update: FieldCodec<UpdateProgress>;
  readonly resyncNonce: FieldCodec<Uint8Array>;
  readonly more: FieldCodec<true>;
  readonly highestAttempt: FieldCodec<number>;
} = {
  v: fieldCodec({
    key: 0,
    required: true,
    name: "SyncRequest.v",
    read: (r): number => r.uint(SYNC_REQUEST_V),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_V),
  }),
  uptimeMs: fieldCodec({
    key: 1,
    required: true,
    name: "SyncRequest.uptimeMs",
    read: (r): number => r.uint(SYNC_REQUEST_UPTIME_MS),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_UPTIME_MS),
  }),
  bootId: fieldCodec({
    key: 2,
    required: true,
    name: "SyncRequest.bootId",
    read: (r): number => r.uint(SYNC_REQUEST_BOOT_ID),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_BOOT_ID),
  }),
  agentVersion: fieldCodec({
    key: 3,
    required: false,
    name: "SyncRequest.agentVersion",
    read: (r): string => r.text(SYNC_REQUEST_AGENT_VERSION),
    write: (w, value: string) => w.text(value, SYNC_REQUEST_AGENT_VERSION),
  }),
  serverEpoch: fieldCodec({
    key: 4,
    required: true,
    name: "SyncRequest.serverEpoch",
    read: (r): number => r.uint(SYNC_REQUEST_SERVER_EPOCH),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_SERVER_EPOCH),
  }),
  clock: fieldCodec({
    key: 5,
    required: false,
    name: "SyncRequest.clock",
    read: (r): number => r.uint(SYNC_REQUEST_CLOCK),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_CLOCK),
  }),
  deviceTime: fieldCodec({
    key: 6,
    required: false,
    name: "SyncRequest.deviceTime",
    read: (r): number => r.uint(SYNC_REQUEST_DEVICE_TIME),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_DEVICE_TIME),
  }),
  bootReason: fieldCodec({
    key: 7,
    required: false,
    name: "SyncRequest.bootReason",
    read: (r): number => r.uint(SYNC_REQUEST_BOOT_REASON),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_BOOT_REASON),
  }),
  waitS: fieldCodec({
    key: 8,
    required: false,
    name: "SyncRequest.waitS",
    read: (r): number => r.uint(SYNC_REQUEST_WAIT_S),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_WAIT_S),
  }),
  rxMax: fieldCodec({
    key: 9,
    required: false,
    name: "SyncRequest.rxMax",
    read: (r): number => r.uint(SYNC_REQUEST_RX_MAX),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_RX_MAX),
  }),
  running: fieldCodec({
    key: 10,
    required: false,
    name: "SyncRequest.running",
    read: (r): readonly RunningComponent[] => r.list(SYNC_REQUEST_RUNNING, readRunningComponent),
    write: (w, value: readonly RunningComponent[]) => w.list(value, SYNC_REQUEST_RUNNING, writeRunningComponent),
  }),
  config: fieldCodec({
    key: 11,
    required: false,
    name: "SyncRequest.config",
    read: (r): ReportedConfig => readReportedConfig(r),
    write: (w, value: ReportedConfig) => writeReportedConfig(w, value),
  }),
  metrics: fieldCodec({
    key: 12,
    required: false,
    name: "SyncRequest.metrics",
    read: (r): MetricsBatch => readMetricsBatch(r),
    write: (w, value: MetricsBatch) => writeMetricsBatch(w, value),
  }),
  logs: fieldCodec({
    key: 13,
    required: false,
    name: "SyncRequest.logs",
    read: (r): LogsBatch => readLogsBatch(r),
    write: (w, value: LogsBatch) => writeLogsBatch(w, value),
  }),
  reports: fieldCodec({
    key: 14,
    required: false,
    name: "SyncRequest.reports",
    read: (r): ReportsBatch => readReportsBatch(r),
    write: (w, value: ReportsBatch) => writeReportsBatch(w, value),
  }),
  commandsThrough: fieldCodec({
    key: 15,
    required: false,
    name: "SyncRequest.commandsThrough",
    read: (r): number => r.uint(SYNC_REQUEST_COMMANDS_THROUGH),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_COMMANDS_THROUGH),
  }),
  rootVersion: fieldCodec({
    key: 16,
    required: false,
    name: "SyncRequest.rootVersion",
    read: (r): number => r.uint(SYNC_REQUEST_ROOT_VERSION),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_ROOT_VERSION),
  }),
  inventoryDigest: fieldCodec({
    key: 17,
    required: false,
    name: "SyncRequest.inventoryDigest",
    read: (r): Uint8Array => r.byteString(SYNC_REQUEST_INVENTORY_DIGEST),
    write: (w, value: Uint8Array) => w.byteString(value, SYNC_REQUEST_INVENTORY_DIGEST),
  }),
  inventory: fieldCodec({
    key: 18,
    required: false,
    name: "SyncRequest.inventory",
    read: (r): Inventory => readInventory(r),
    write: (w, value: Inventory) => writeInventory(w, value),
  }),
  holds: fieldCodec({
    key: 19,
    required: false,
    name: "SyncRequest.holds",
    read: (r): readonly number[] => r.list(SYNC_REQUEST_HOLDS, (r) => r.uint(SYNC_REQUEST_HOLDS_EACH)),
    write: (w, value: readonly number[]) => w.list(value, SYNC_REQUEST_HOLDS, (w, value) => w.uint(value, SYNC_REQUEST_HOLDS_EACH)),
  }),
  update: fieldCodec({
    key: 20,
    required: false,
    name: "SyncRequest.update",
    read: (r): UpdateProgress => readUpdateProgress(r),
    write: (w, value: UpdateProgress) => writeUpdateProgress(w, value),
  }),
  resyncNonce: fieldCodec({
    key: 21,
    required: false,
    name: "SyncRequest.resyncNonce",
    read: (r): Uint8Array => r.byteString(SYNC_REQUEST_RESYNC_NONCE),
    write: (w, value: Uint8Array) => w.byteString(value, SYNC_REQUEST_RESYNC_NONCE),
  }),
  more: fieldCodec({
    key: 22,
    required: false,
    name: "SyncRequest.more",
    read: (r): true => r.flag("SyncRequest.more"),
    write: (w, value: true) => w.flag(value, "SyncRequest.more"),
  }),
  highestAttempt: fieldCodec({
    key: 23,
    required: false,
    name: "SyncRequest.highestAttempt",
    read: (r): number => r.uint(SYNC_REQUEST_HIGHEST_ATTEMPT),
    write: (w, value: number) => w.uint(value, SYNC_REQUEST_HIGHEST_ATTEMPT),
  }),
};

const ReportedConfigShape = function (this: ReportedConfig, epoch: number, digest: Uint8Array, status: number) {
  this.epoch = epoch;
  this.digest = digest;
  this.status = status;
} as unknown as {
  new (epoch: number, digest: Uint8Array, status: number): ReportedConfig;
};
(ReportedConfigShape as { prototype: unknown }).prototype = Object.prototype;

function readReportedConfig(r: Reader): ReportedConfig {
  let f1: number | undefined;
  let f2: Uint8Array | undefined;
  let f3: number | undefined;
  let f4: string | undefined;
  let key = -1;
  for (let left = r.map("ReportedConfig"); left > 0; left--) {
    key = r.key(key, "ReportedConfig");
    switch (key) {
      case 1:
        f1 = r.uint(REPORTED_CONFIG_EPOCH);
        break;
      case 2:
        f2 = r.byteString(REPORTED_CONFIG_DIGEST);
        break;
      case 3:
        f3 = r.uint(REPORTED_CONFIG_STATUS);
        break;
      case 4:
        f4 = r.text(REPORTED_CONFIG_TEXT);
        break;
      default:
        r.skip("ReportedConfig");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("ReportedConfig.epoch");
  if (f2 === undefined) return r.missing("ReportedConfig.digest");
  if (f3 === undefined) return r.missing("ReportedConfig.status");
  const value = new ReportedConfigShape(f1, f2, f3);
  if (f4 !== undefined) value.text = f4;
  return value;
}

function writeReportedConfig(w: Writer, value: ReportedConfig): void {
  let count = 3;
  if (value.text !== undefined) count++;
  w.map(count, "ReportedConfig");
  w.key(1);
  w.uint(value.epoch, REPORTED_CONFIG_EPOCH);
  w.key(2);
  w.byteString(value.digest, REPORTED_CONFIG_DIGEST);
  w.key(3);
  w.uint(value.status, REPORTED_CONFIG_STATUS);
  if (value.text !== undefined) {
  w.key(4);
    w.text(value.text, REPORTED_CONFIG_TEXT);
  }
  w.leave();
}

/** What became of the desired configuration. */
export const reportedConfigCodec: Codec<ReportedConfig> = messageCodec({
  name: "ReportedConfig",
  read: readReportedConfig,
  write: writeReportedConfig,
});

const MetricsBatchShape = function (this: MetricsBatch, epoch: number, first: number, t0: number, base: number, dt: number | readonly number[], columns: readonly Column[], count: number) {
  this.epoch = epoch;
  this.first = first;
  this.t0 = t0;
  this.base = base;
  this.dt = dt;
  this.columns = columns;
  this.count = count;
} as unknown as {
  new (epoch: number, first: number, t0: number, base: number, dt: number | readonly number[], columns: readonly Column[], count: number): MetricsBatch;
};
(MetricsBatchShape as { prototype: unknown }).prototype = Object.prototype;

function readMetricsBatch(r: Reader): MetricsBatch {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: number | undefined;
  let f5: number | undefined;
  let f6: number | readonly number[] | undefined;
  let f7: Uint8Array | undefined;
  let f8: readonly DictionaryEntry[] | undefined;
  let f9: readonly Column[] | undefined;
  let f10: number | undefined;
  let key = -1;
  for (let left = r.map("MetricsBatch"); left > 0; left--) {
    key = r.key(key, "MetricsBatch");
    switch (key) {
      case 1:
        f1 = r.uint(METRICS_BATCH_EPOCH);
        break;
      case 2:
        f2 = r.uint(METRICS_BATCH_FIRST);
        break;
      case 3:
        f3 = r.uint(METRICS_BATCH_T0);
        break;
      case 4:
        f4 = r.uint(METRICS_BATCH_BASE);
        break;
      case 5:
        f5 = r.uint(METRICS_BATCH_BOOT_ID);
        break;
      case 6:
        f6 = readSpacing(r);
        break;
      case 7:
        f7 = r.byteString(METRICS_BATCH_DICTIONARY);
        break;
      case 8:
        f8 = r.list(METRICS_BATCH_DICTIONARY_ENTRIES, readDictionaryEntry);
        break;
      case 9:
        f9 = readColumns(r);
        break;
      case 10:
        f10 = r.uint(METRICS_BATCH_COUNT);
        break;
      default:
        r.skip("MetricsBatch");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("MetricsBatch.epoch");
  if (f2 === undefined) return r.missing("MetricsBatch.first");
  if (f3 === undefined) return r.missing("MetricsBatch.t0");
  if (f4 === undefined) return r.missing("MetricsBatch.base");
  if (f6 === undefined) return r.missing("MetricsBatch.dt");
  if (f9 === undefined) return r.missing("MetricsBatch.columns");
  if (f10 === undefined) return r.missing("MetricsBatch.count");
  const value = new MetricsBatchShape(f1, f2, f3, f4, f6, f9, f10);
  if (f5 !== undefined) value.bootId = f5;
  if (f7 !== undefined) value.dictionary = f7;
  if (f8 !== undefined) value.dictionaryEntries = f8;
  const wrong = check.checkMetricsBatch(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "MetricsBatch", wrong);
  return value;
}

function writeMetricsBatch(w: Writer, value: MetricsBatch): void {
  let count = 7;
  if (value.bootId !== undefined) count++;
  if (value.dictionary !== undefined) count++;
  if (value.dictionaryEntries !== undefined) count++;
  w.map(count, "MetricsBatch");
  w.key(1);
  w.uint(value.epoch, METRICS_BATCH_EPOCH);
  w.key(2);
  w.uint(value.first, METRICS_BATCH_FIRST);
  w.key(3);
  w.uint(value.t0, METRICS_BATCH_T0);
  w.key(4);
  w.uint(value.base, METRICS_BATCH_BASE);
  if (value.bootId !== undefined) {
  w.key(5);
    w.uint(value.bootId, METRICS_BATCH_BOOT_ID);
  }
  w.key(6);
  writeSpacing(w, value.dt);
  if (value.dictionary !== undefined) {
  w.key(7);
    w.byteString(value.dictionary, METRICS_BATCH_DICTIONARY);
  }
  if (value.dictionaryEntries !== undefined) {
  w.key(8);
    w.list(value.dictionaryEntries, METRICS_BATCH_DICTIONARY_ENTRIES, writeDictionaryEntry);
  }
  w.key(9);
  writeColumns(w, value.columns);
  w.key(10);
  w.uint(value.count, METRICS_BATCH_COUNT);
  w.leave();
  const wrong = check.checkMetricsBatch(value);
  if (wrong !== undefined) w.fail("MetricsBatch", wrong);
}

/** Consecutive samples in delta columns; value = integer × 10^scale. */
export const metricsBatchCodec: Codec<MetricsBatch> = messageCodec({
  name: "MetricsBatch",
  read: readMetricsBatch,
  write: writeMetricsBatch,
});

const LogsBatchShape = function (this: LogsBatch, epoch: number, first: number, t0: number, base: number, lines: readonly LogLine[]) {
  this.epoch = epoch;
  this.first = first;
  this.t0 = t0;
  this.base = base;
  this.lines = lines;
} as unknown as {
  new (epoch: number, first: number, t0: number, base: number, lines: readonly LogLine[]): LogsBatch;
};
(LogsBatchShape as { prototype: unknown }).prototype = Object.prototype;

function readLogsBatch(r: Reader): LogsBatch {
  const start = r.pos;
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: number | undefined;
  let f5: number | undefined;
  let f6: readonly LogLine[] | undefined;
  let key = -1;
  for (let left = r.map("LogsBatch"); left > 0; left--) {
    key = r.key(key, "LogsBatch");
    switch (key) {
      case 1:
        f1 = r.uint(LOGS_BATCH_EPOCH);
        break;
      case 2:
        f2 = r.uint(LOGS_BATCH_FIRST);
        break;
      case 3:
        f3 = r.uint(LOGS_BATCH_T0);
        break;
      case 4:
        f4 = r.uint(LOGS_BATCH_BASE);
        break;
      case 5:
        f5 = r.uint(LOGS_BATCH_BOOT_ID);
        break;
      case 6:
        f6 = r.list(LOGS_BATCH_LINES, readLogLine);
        break;
      default:
        r.skip("LogsBatch");
    }
  }
  r.leave();
  r.limit(start, 8192, "LogsBatch");
  if (f1 === undefined) return r.missing("LogsBatch.epoch");
  if (f2 === undefined) return r.missing("LogsBatch.first");
  if (f3 === undefined) return r.missing("LogsBatch.t0");
  if (f4 === undefined) return r.missing("LogsBatch.base");
  if (f6 === undefined) return r.missing("LogsBatch.lines");
  const value = new LogsBatchShape(f1, f2, f3, f4, f6);
  if (f5 !== undefined) value.bootId = f5;
  const wrong = check.checkLogsBatch(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "LogsBatch", wrong);
  return value;
}

function writeLogsBatch(w: Writer, value: LogsBatch): void {
  const start = w.size;
  let count = 5;
  if (value.bootId !== undefined) count++;
  w.map(count, "LogsBatch");
  w.key(1);
  w.uint(value.epoch, LOGS_BATCH_EPOCH);
  w.key(2);
  w.uint(value.first, LOGS_BATCH_FIRST);
  w.key(3);
  w.uint(value.t0, LOGS_BATCH_T0);
  w.key(4);
  w.uint(value.base, LOGS_BATCH_BASE);
  if (value.bootId !== undefined) {
  w.key(5);
    w.uint(value.bootId, LOGS_BATCH_BOOT_ID);
  }
  w.key(6);
  w.list(value.lines, LOGS_BATCH_LINES, writeLogLine);
  w.leave();
  w.limit(start, 8192, "LogsBatch");
  const wrong = check.checkLogsBatch(value);
  if (wrong !== undefined) w.fail("LogsBatch", wrong);
}

/** Consecutive log lines. At most 8192 bytes. */
export const logsBatchCodec: Codec<LogsBatch> = messageCodec({
  name: "LogsBatch",
  read: readLogsBatch,
  write: writeLogsBatch,
  maxBytes: 8192,
});

const ReportsBatchShape = function (this: ReportsBatch, epoch: number, first: number, items: readonly ReportItem[]) {
  this.epoch = epoch;
  this.first = first;
  this.items = items;
} as unknown as {
  new (epoch: number, first: number, items: readonly ReportItem[]): ReportsBatch;
};
(ReportsBatchShape as { prototype: unknown }).prototype = Object.prototype;

function readReportsBatch(r: Reader): ReportsBatch {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: readonly ReportItem[] | undefined;
  let key = -1;
  for (let left = r.map("ReportsBatch"); left > 0; left--) {
    key = r.key(key, "ReportsBatch");
    switch (key) {
      case 1:
        f1 = r.uint(REPORTS_BATCH_EPOCH);
        break;
      case 2:
        f2 = r.uint(REPORTS_BATCH_FIRST);
        break;
      case 3:
        f3 = readReportItems(r);
        break;
      default:
        r.skip("ReportsBatch");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("ReportsBatch.epoch");
  if (f2 === undefined) return r.missing("ReportsBatch.first");
  if (f3 === undefined) return r.missing("ReportsBatch.items");
  const value = new ReportsBatchShape(f1, f2, f3);
  const wrong = check.checkReportsBatch(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "ReportsBatch", wrong);
  return value;
}

function writeReportsBatch(w: Writer, value: ReportsBatch): void {
  let count = 3;
  w.map(count, "ReportsBatch");
  w.key(1);
  w.uint(value.epoch, REPORTS_BATCH_EPOCH);
  w.key(2);
  w.uint(value.first, REPORTS_BATCH_FIRST);
  w.key(3);
  writeReportItems(w, value.items);
  w.leave();
  const wrong = check.checkReportsBatch(value);
  if (wrong !== undefined) w.fail("ReportsBatch", wrong);
}

/** Consecutive reports: command results, deployment reports, events. */
export const reportsBatchCodec: Codec<ReportsBatch> = messageCodec({
  name: "ReportsBatch",
  read: readReportsBatch,
  write: writeReportsBatch,
});

const CommandReportShape = function (this: CommandReport, id: number, status: number) {
  this.id = id;
  this.status = status;
} as unknown as {
  new (id: number, status: number): CommandReport;
};
(CommandReportShape as { prototype: unknown }).prototype = Object.prototype;

function readCommandReport(r: Reader): CommandReport {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: Uint8Array | undefined;
  let f5: number | undefined;
  let f6: number | undefined;
  let key = -1;
  for (let left = r.map("CommandReport"); left > 0; left--) {
    key = r.key(key, "CommandReport");
    switch (key) {
      case 1:
        f1 = r.uint(COMMAND_REPORT_ID);
        break;
      case 2:
        f2 = r.uint(COMMAND_REPORT_STATUS);
        break;
      case 3:
        f3 = r.int(COMMAND_REPORT_CODE);
        break;
      case 4:
        f4 = r.byteString(COMMAND_REPORT_OUTPUT);
        break;
      case 5:
        f5 = r.uint(COMMAND_REPORT_PART);
        break;
      case 6:
        f6 = r.uint(COMMAND_REPORT_FULL_SIZE);
        break;
      default:
        r.skip("CommandReport");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("CommandReport.id");
  if (f2 === undefined) return r.missing("CommandReport.status");
  const value = new CommandReportShape(f1, f2);
  if (f3 !== undefined) value.code = f3;
  if (f4 !== undefined) value.output = f4;
  if (f5 !== undefined) value.part = f5;
  if (f6 !== undefined) value.fullSize = f6;
  return value;
}

function writeCommandReport(w: Writer, value: CommandReport): void {
  let count = 2;
  if (value.code !== undefined) count++;
  if (value.output !== undefined) count++;
  if (value.part !== undefined) count++;
  if (value.fullSize !== undefined) count++;
  w.map(count, "CommandReport");
  w.key(1);
  w.uint(value.id, COMMAND_REPORT_ID);
  w.key(2);
  w.uint(value.status, COMMAND_REPORT_STATUS);
  if (value.code !== undefined) {
  w.key(3);
    w.int(value.code, COMMAND_REPORT_CODE);
  }
  if (value.output !== undefined) {
  w.key(4);
    w.byteString(value.output, COMMAND_REPORT_OUTPUT);
  }
  if (value.part !== undefined) {
  w.key(5);
    w.uint(value.part, COMMAND_REPORT_PART);
  }
  if (value.fullSize !== undefined) {
  w.key(6);
    w.uint(value.fullSize, COMMAND_REPORT_FULL_SIZE);
  }
  w.leave();
}

/** Result of one command, or one part of it. */
export const commandReportCodec: Codec<CommandReport> = messageCodec({
  name: "CommandReport",
  read: readCommandReport,
  write: writeCommandReport,
});

const DeploymentReportShape = function (this: DeploymentReport, attempt: number, state: number) {
  this.attempt = attempt;
  this.state = state;
} as unknown as {
  new (attempt: number, state: number): DeploymentReport;
};
(DeploymentReportShape as { prototype: unknown }).prototype = Object.prototype;

function readDeploymentReport(r: Reader): DeploymentReport {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: Uint8Array | undefined;
  let f5: string | undefined;
  let key = -1;
  for (let left = r.map("DeploymentReport"); left > 0; left--) {
    key = r.key(key, "DeploymentReport");
    switch (key) {
      case 1:
        f1 = r.uint(DEPLOYMENT_REPORT_ATTEMPT);
        break;
      case 2:
        f2 = r.uint(DEPLOYMENT_REPORT_STATE);
        break;
      case 3:
        f3 = r.uint(DEPLOYMENT_REPORT_REASON);
        break;
      case 4:
        f4 = r.byteString(DEPLOYMENT_REPORT_RUNNING_DIGEST);
        break;
      case 5:
        f5 = r.text(DEPLOYMENT_REPORT_TEXT);
        break;
      default:
        r.skip("DeploymentReport");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("DeploymentReport.attempt");
  if (f2 === undefined) return r.missing("DeploymentReport.state");
  const value = new DeploymentReportShape(f1, f2);
  if (f3 !== undefined) value.reason = f3;
  if (f4 !== undefined) value.runningDigest = f4;
  if (f5 !== undefined) value.text = f5;
  const wrong = check.checkDeploymentReport(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "DeploymentReport", wrong);
  return value;
}

function writeDeploymentReport(w: Writer, value: DeploymentReport): void {
  let count = 2;
  if (value.reason !== undefined) count++;
  if (value.runningDigest !== undefined) count++;
  if (value.text !== undefined) count++;
  w.map(count, "DeploymentReport");
  w.key(1);
  w.uint(value.attempt, DEPLOYMENT_REPORT_ATTEMPT);
  w.key(2);
  w.uint(value.state, DEPLOYMENT_REPORT_STATE);
  if (value.reason !== undefined) {
  w.key(3);
    w.uint(value.reason, DEPLOYMENT_REPORT_REASON);
  }
  if (value.runningDigest !== undefined) {
  w.key(4);
    w.byteString(value.runningDigest, DEPLOYMENT_REPORT_RUNNING_DIGEST);
  }
  if (value.text !== undefined) {
  w.key(5);
    w.text(value.text, DEPLOYMENT_REPORT_TEXT);
  }
  w.leave();
  const wrong = check.checkDeploymentReport(value);
  if (wrong !== undefined) w.fail("DeploymentReport", wrong);
}

/** Where one attempt of a deployment stands. */
export const deploymentReportCodec: Codec<DeploymentReport> = messageCodec({
  name: "DeploymentReport",
  read: readDeploymentReport,
  write: writeDeploymentReport,
});

const EventReportShape = function (this: EventReport, name: string, severity: number) {
  this.name = name;
  this.severity = severity;
} as unknown as {
  new (name: string, severity: number): EventReport;
};
(EventReportShape as { prototype: unknown }).prototype = Object.prototype;

function readEventReport(r: Reader): EventReport {
  let f1: string | undefined;
  let f2: number | undefined;
  let f3: string | undefined;
  let key = -1;
  for (let left = r.map("EventReport"); left > 0; left--) {
    key = r.key(key, "EventReport");
    switch (key) {
      case 1:
        f1 = r.text(EVENT_REPORT_NAME);
        break;
      case 2:
        f2 = r.uint(EVENT_REPORT_SEVERITY);
        break;
      case 3:
        f3 = r.text(EVENT_REPORT_TEXT);
        break;
      default:
        r.skip("EventReport");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("EventReport.name");
  if (f2 === undefined) return r.missing("EventReport.severity");
  const value = new EventReportShape(f1, f2);
  if (f3 !== undefined) value.text = f3;
  return value;
}

function writeEventReport(w: Writer, value: EventReport): void {
  let count = 2;
  if (value.text !== undefined) count++;
  w.map(count, "EventReport");
  w.key(1);
  w.text(value.name, EVENT_REPORT_NAME);
  w.key(2);
  w.uint(value.severity, EVENT_REPORT_SEVERITY);
  if (value.text !== undefined) {
  w.key(3);
    w.text(value.text, EVENT_REPORT_TEXT);
  }
  w.leave();
}

/** Something that happened once. */
export const eventReportCodec: Codec<EventReport> = messageCodec({
  name: "EventReport",
  read: readEventReport,
  write: writeEventReport,
});

const SyncReplyShape = function (this: SyncReply, v: number, time: number, state: number, intervalS: number, serverEpoch: number) {
  this.v = v;
  this.time = time;
  this.state = state;
  this.intervalS = intervalS;
  this.serverEpoch = serverEpoch;
} as unknown as {
  new (v: number, time: number, state: number, intervalS: number, serverEpoch: number): SyncReply;
};
(SyncReplyShape as { prototype: unknown }).prototype = Object.prototype;

function readSyncReply(r: Reader): SyncReply {
  const start = r.pos;
  let f0: number | undefined;
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: number | undefined;
  let f5: readonly Ack[] | undefined;
  let f6: readonly number[] | undefined;
  let f7: Offer | undefined;
  let f8: readonly Command[] | undefined;
  let f9: DesiredConfig | undefined;
  let f10: readonly number[] | undefined;
  let f11: readonly RejectedSection[] | undefined;
  let f12: ProblemSection | undefined;
  let f13: true | undefined;
  let f14: Move | undefined;
  let f15: RootOffer | undefined;
  let f16: Uint8Array | undefined;
  let f17: number | undefined;
  let key = -1;
  for (let left = r.map("SyncReply"); left > 0; left--) {
    key = r.key(key, "SyncReply");
    switch (key) {
      case 0:
        f0 = r.uint(SYNC_REPLY_V);
        break;
      case 1:
        f1 = r.uint(SYNC_REPLY_TIME);
        break;
      case 2:
        f2 = r.uint(SYNC_REPLY_STATE);
        break;
      case 3:
        f3 = r.uint(SYNC_REPLY_INTERVAL_S);
        break;
      case 4:
        f4 = r.uint(SYNC_REPLY_SERVER_EPOCH);
        break;
      case 5:
        f5 = r.list(SYNC_REPLY_ACKS, readAck);
        break;
      case 6:
        f6 = r.list(SYNC_REPLY_NEED, (r) => r.uint(SYNC_REPLY_NEED_EACH));
        break;
      case 7:
        f7 = readOffer(r);
        break;
      case 8:
        f8 = r.list(SYNC_REPLY_COMMANDS, readCommand);
        break;
      case 9:
        f9 = readDesiredConfig(r);
        break;
      case 10:
        f10 = r.list(SYNC_REPLY_HOLDS, (r) => r.uint(SYNC_REPLY_HOLDS_EACH));
        break;
      case 11:
        f11 = r.list(SYNC_REPLY_REJECTED, readRejectedSection);
        break;
      case 12:
        f12 = readProblemSection(r);
        break;
      case 13:
        f13 = r.flag("SyncReply.more");
        break;
      case 14:
        f14 = readMove(r);
        break;
      case 15:
        f15 = readRootOffer(r);
        break;
      case 16:
        f16 = r.byteString(SYNC_REPLY_RESYNC_NONCE);
        break;
      case 17:
        f17 = r.uint(SYNC_REPLY_TX_MAX);
        break;
      default:
        r.skip("SyncReply");
    }
  }
  r.leave();
  r.limit(start, 65495, "SyncReply");
  if (f0 === undefined) return r.missing("SyncReply.v");
  if (f1 === undefined) return r.missing("SyncReply.time");
  if (f2 === undefined) return r.missing("SyncReply.state");
  if (f3 === undefined) return r.missing("SyncReply.intervalS");
  if (f4 === undefined) return r.missing("SyncReply.serverEpoch");
  const value = new SyncReplyShape(f0, f1, f2, f3, f4);
  if (f5 !== undefined) value.acks = f5;
  if (f6 !== undefined) value.need = f6;
  if (f7 !== undefined) value.offer = f7;
  if (f8 !== undefined) value.commands = f8;
  if (f9 !== undefined) value.config = f9;
  if (f10 !== undefined) value.holds = f10;
  if (f11 !== undefined) value.rejected = f11;
  if (f12 !== undefined) value.error = f12;
  if (f13 !== undefined) value.more = f13;
  if (f14 !== undefined) value.move = f14;
  if (f15 !== undefined) value.root = f15;
  if (f16 !== undefined) value.resyncNonce = f16;
  if (f17 !== undefined) value.txMax = f17;
  const wrong = check.checkSyncReply(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "SyncReply", wrong);
  return value;
}

function writeSyncReply(w: Writer, value: SyncReply): void {
  const start = w.size;
  let count = 5;
  if (value.acks !== undefined) count++;
  if (value.need !== undefined) count++;
  if (value.offer !== undefined) count++;
  if (value.commands !== undefined) count++;
  if (value.config !== undefined) count++;
  if (value.holds !== undefined) count++;
  if (value.rejected !== undefined) count++;
  if (value.error !== undefined) count++;
  if (value.more !== undefined) count++;
  if (value.move !== undefined) count++;
  if (value.root !== undefined) count++;
  if (value.resyncNonce !== undefined) count++;
  if (value.txMax !== undefined) count++;
  w.map(count, "SyncReply");
  w.key(0);
  w.uint(value.v, SYNC_REPLY_V);
  w.key(1);
  w.uint(value.time, SYNC_REPLY_TIME);
  w.key(2);
  w.uint(value.state, SYNC_REPLY_STATE);
  w.key(3);
  w.uint(value.intervalS, SYNC_REPLY_INTERVAL_S);
  w.key(4);
  w.uint(value.serverEpoch, SYNC_REPLY_SERVER_EPOCH);
  if (value.acks !== undefined) {
  w.key(5);
    w.list(value.acks, SYNC_REPLY_ACKS, writeAck);
  }
  if (value.need !== undefined) {
  w.key(6);
    w.list(value.need, SYNC_REPLY_NEED, (w, value) => w.uint(value, SYNC_REPLY_NEED_EACH));
  }
  if (value.offer !== undefined) {
  w.key(7);
    writeOffer(w, value.offer);
  }
  if (value.commands !== undefined) {
  w.key(8);
    w.list(value.commands, SYNC_REPLY_COMMANDS, writeCommand);
  }
  if (value.config !== undefined) {
  w.key(9);
    writeDesiredConfig(w, value.config);
  }
  if (value.holds !== undefined) {
  w.key(10);
    w.list(value.holds, SYNC_REPLY_HOLDS, (w, value) => w.uint(value, SYNC_REPLY_HOLDS_EACH));
  }
  if (value.rejected !== undefined) {
  w.key(11);
    w.list(value.rejected, SYNC_REPLY_REJECTED, writeRejectedSection);
  }
  if (value.error !== undefined) {
  w.key(12);
    writeProblemSection(w, value.error);
  }
  if (value.more !== undefined) {
  w.key(13);
    w.flag(value.more, "SyncReply.more");
  }
  if (value.move !== undefined) {
  w.key(14);
    writeMove(w, value.move);
  }
  if (value.root !== undefined) {
  w.key(15);
    writeRootOffer(w, value.root);
  }
  if (value.resyncNonce !== undefined) {
  w.key(16);
    w.byteString(value.resyncNonce, SYNC_REPLY_RESYNC_NONCE);
  }
  if (value.txMax !== undefined) {
  w.key(17);
    w.uint(value.txMax, SYNC_REPLY_TX_MAX);
  }
  w.leave();
  w.limit(start, 65495, "SyncReply");
  const wrong = check.checkSyncReply(value);
  if (wrong !== undefined) w.fail("SyncReply", wrong);
}

/** Payload of a sync reply. Every item is level-triggered: repeated until it was taken. At most 65495 bytes. */
export const syncReplyCodec: Codec<SyncReply> = messageCodec({
  name: "SyncReply",
  read: readSyncReply,
  write: writeSyncReply,
  maxBytes: 65495,
});

/** Each field of SyncReply by itself, for sections that are judged one by one. */
export const syncReplyFields: {
  readonly v: FieldCodec<number>;
  readonly time: FieldCodec<number>;
  readonly state: FieldCodec<number>;
  readonly intervalS: FieldCodec<number>;
  readonly serverEpoch: FieldCodec<number>;
  readonly acks: FieldCodec<readonly Ack[]>;
  readonly need: FieldCodec<readonly number[]>;
  readonly offer: FieldCodec<Offer>;
  readonly commands: FieldCodec<readonly Command[]>;
  readonly config: FieldCodec<DesiredConfig>;
  readonly holds: FieldCodec<readonly number[]>;
  readonly rejected: FieldCodec<readonly RejectedSection[]>;
  readonly error: FieldCodec<ProblemSection>;
  readonly more: FieldCodec<true>;
  readonly move: FieldCodec<Move>;
  readonly root: FieldCodec<RootOffer>;
  readonly resyncNonce: FieldCodec<Uint8Array>;
  readonly txMax: FieldCodec<number>;
} = {
  v: fieldCodec({
    key: 0,
    required: true,
    name: "SyncReply.v",
    read: (r): number => r.uint(SYNC_REPLY_V),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_V),
  }),
  time: fieldCodec({
    key: 1,
    required: true,
    name: "SyncReply.time",
    read: (r): number => r.uint(SYNC_REPLY_TIME),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_TIME),
  }),
  state: fieldCodec({
    key: 2,
    required: true,
    name: "SyncReply.state",
    read: (r): number => r.uint(SYNC_REPLY_STATE),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_STATE),
  }),
  intervalS: fieldCodec({
    key: 3,
    required: true,
    name: "SyncReply.intervalS",
    read: (r): number => r.uint(SYNC_REPLY_INTERVAL_S),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_INTERVAL_S),
  }),
  serverEpoch: fieldCodec({
    key: 4,
    required: true,
    name: "SyncReply.serverEpoch",
    read: (r): number => r.uint(SYNC_REPLY_SERVER_EPOCH),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_SERVER_EPOCH),
  }),
  acks: fieldCodec({
    key: 5,
    required: false,
    name: "SyncReply.acks",
    read: (r): readonly Ack[] => r.list(SYNC_REPLY_ACKS, readAck),
    write: (w, value: readonly Ack[]) => w.list(value, SYNC_REPLY_ACKS, writeAck),
  }),
  need: fieldCodec({
    key: 6,
    required: false,
    name: "SyncReply.need",
    read: (r): readonly number[] => r.list(SYNC_REPLY_NEED, (r) => r.uint(SYNC_REPLY_NEED_EACH)),
    write: (w, value: readonly number[]) => w.list(value, SYNC_REPLY_NEED, (w, value) => w.uint(value, SYNC_REPLY_NEED_EACH)),
  }),
  offer: fieldCodec({
    key: 7,
    required: false,
    name: "SyncReply.offer",
    read: (r): Offer => readOffer(r),
    write: (w, value: Offer) => writeOffer(w, value),
  }),
  commands: fieldCodec({
    key: 8,
    required: false,
    name: "SyncReply.commands",
    read: (r): readonly Command[] => r.list(SYNC_REPLY_COMMANDS, readCommand),
    write: (w, value: readonly Command[]) => w.list(value, SYNC_REPLY_COMMANDS, writeCommand),
  }),
  config: fieldCodec({
    key: 9,
    required: false,
    name: "SyncReply.config",
    read: (r): DesiredConfig => readDesiredConfig(r),
    write: (w, value: DesiredConfig) => writeDesiredConfig(w, value),
  }),
  holds: fieldCodec({
    key: 10,
    required: false,
    name: "SyncReply.holds",
    read: (r): readonly number[] => r.list(SYNC_REPLY_HOLDS, (r) => r.uint(SYNC_REPLY_HOLDS_EACH)),
    write: (w, value: readonly number[]) => w.list(value, SYNC_REPLY_HOLDS, (w, value) => w.uint(value, SYNC_REPLY_HOLDS_EACH)),
  }),
  rejected: fieldCodec({
    key: 11,
    required: false,
    name: "SyncReply.rejected",
    read: (r): readonly RejectedSection[] => r.list(SYNC_REPLY_REJECTED, readRejectedSection),
    write: (w, value: readonly RejectedSection[]) => w.list(value, SYNC_REPLY_REJECTED, writeRejectedSection),
  }),
  error: fieldCodec({
    key: 12,
    required: false,
    name: "SyncReply.error",
    read: (r): ProblemSection => readProblemSection(r),
    write: (w, value: ProblemSection) => writeProblemSection(w, value),
  }),
  more: fieldCodec({
    key: 13,
    required: false,
    name: "SyncReply.more",
    read: (r): true => r.flag("SyncReply.more"),
    write: (w, value: true) => w.flag(value, "SyncReply.more"),
  }),
  move: fieldCodec({
    key: 14,
    required: false,
    name: "SyncReply.move",
    read: (r): Move => readMove(r),
    write: (w, value: Move) => writeMove(w, value),
  }),
  root: fieldCodec({
    key: 15,
    required: false,
    name: "SyncReply.root",
    read: (r): RootOffer => readRootOffer(r),
    write: (w, value: RootOffer) => writeRootOffer(w, value),
  }),
  resyncNonce: fieldCodec({
    key: 16,
    required: false,
    name: "SyncReply.resyncNonce",
    read: (r): Uint8Array => r.byteString(SYNC_REPLY_RESYNC_NONCE),
    write: (w, value: Uint8Array) => w.byteString(value, SYNC_REPLY_RESYNC_NONCE),
  }),
  txMax: fieldCodec({
    key: 17,
    required: false,
    name: "SyncReply.txMax",
    read: (r): number => r.uint(SYNC_REPLY_TX_MAX),
    write: (w, value: number) => w.uint(value, SYNC_REPLY_TX_MAX),
  }),
};

const OfferShape = function (this: Offer, attempt: number, action: number, leaseS: number) {
  this.attempt = attempt;
  this.action = action;
  this.leaseS = leaseS;
} as unknown as {
  new (attempt: number, action: number, leaseS: number): Offer;
};
(OfferShape as { prototype: unknown }).prototype = Object.prototype;

function readOffer(r: Reader): Offer {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: Uint8Array | undefined;
  let f4: Uint8Array | undefined;
  let f5: number | undefined;
  let f6: Uint8Array | undefined;
  let f7: readonly string[] | undefined;
  let f8: Delta | undefined;
  let f9: number | undefined;
  let key = -1;
  for (let left = r.map("Offer"); left > 0; left--) {
    key = r.key(key, "Offer");
    switch (key) {
      case 1:
        f1 = r.uint(OFFER_ATTEMPT);
        break;
      case 2:
        f2 = r.uint(OFFER_ACTION);
        break;
      case 3:
        f3 = r.byteString(OFFER_MANIFEST);
        break;
      case 4:
        f4 = r.byteString(OFFER_MANIFEST_DIGEST);
        break;
      case 5:
        f5 = r.uint(OFFER_LEASE_S);
        break;
      case 6:
        f6 = r.byteString(OFFER_TICKET);
        break;
      case 7:
        f7 = r.list(OFFER_URLS, (r) => r.text(OFFER_URLS_EACH));
        break;
      case 8:
        f8 = readDelta(r);
        break;
      case 9:
        f9 = r.uint(OFFER_MAX_BYTES_PER_S);
        break;
      default:
        r.skip("Offer");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("Offer.attempt");
  if (f2 === undefined) return r.missing("Offer.action");
  if (f5 === undefined) return r.missing("Offer.leaseS");
  const value = new OfferShape(f1, f2, f5);
  if (f3 !== undefined) value.manifest = f3;
  if (f4 !== undefined) value.manifestDigest = f4;
  if (f6 !== undefined) value.ticket = f6;
  if (f7 !== undefined) value.urls = f7;
  if (f8 !== undefined) value.delta = f8;
  if (f9 !== undefined) value.maxBytesPerS = f9;
  const wrong = check.checkOffer(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "Offer", wrong);
  return value;
}

function writeOffer(w: Writer, value: Offer): void {
  let count = 3;
  if (value.manifest !== undefined) count++;
  if (value.manifestDigest !== undefined) count++;
  if (value.ticket !== undefined) count++;
  if (value.urls !== undefined) count++;
  if (value.delta !== undefined) count++;
  if (value.maxBytesPerS !== undefined) count++;
  w.map(count, "Offer");
  w.key(1);
  w.uint(value.attempt, OFFER_ATTEMPT);
  w.key(2);
  w.uint(value.action, OFFER_ACTION);
  if (value.manifest !== undefined) {
  w.key(3);
    w.byteString(value.manifest, OFFER_MANIFEST);
  }
  if (value.manifestDigest !== undefined) {
  w.key(4);
    w.byteString(value.manifestDigest, OFFER_MANIFEST_DIGEST);
  }
  w.key(5);
  w.uint(value.leaseS, OFFER_LEASE_S);
  if (value.ticket !== undefined) {
  w.key(6);
    w.byteString(value.ticket, OFFER_TICKET);
  }
  if (value.urls !== undefined) {
  w.key(7);
    w.list(value.urls, OFFER_URLS, (w, value) => w.text(value, OFFER_URLS_EACH));
  }
  if (value.delta !== undefined) {
  w.key(8);
    writeDelta(w, value.delta);
  }
  if (value.maxBytesPerS !== undefined) {
  w.key(9);
    w.uint(value.maxBytesPerS, OFFER_MAX_BYTES_PER_S);
  }
  w.leave();
  const wrong = check.checkOffer(value);
  if (wrong !== undefined) w.fail("Offer", wrong);
}

/** One attempt of a deployment; the same offer repeats until a report for it arrived. */
export const offerCodec: Codec<Offer> = messageCodec({
  name: "Offer",
  read: readOffer,
  write: writeOffer,
});

const CommandShape = function (this: Command, id: number, name: string, ttlS: number) {
  this.id = id;
  this.name = name;
  this.ttlS = ttlS;
} as unknown as {
  new (id: number, name: string, ttlS: number): Command;
};
(CommandShape as { prototype: unknown }).prototype = Object.prototype;

function readCommand(r: Reader): Command {
  let f1: number | undefined;
  let f2: string | undefined;
  let f3: Uint8Array | undefined;
  let f4: number | undefined;
  let f5: true | undefined;
  let key = -1;
  for (let left = r.map("Command"); left > 0; left--) {
    key = r.key(key, "Command");
    switch (key) {
      case 1:
        f1 = r.uint(COMMAND_ID);
        break;
      case 2:
        f2 = r.text(COMMAND_NAME);
        break;
      case 3:
        f3 = r.byteString(COMMAND_ARGS);
        break;
      case 4:
        f4 = r.uint(COMMAND_TTL_S);
        break;
      case 5:
        f5 = r.flag("Command.sealed");
        break;
      default:
        r.skip("Command");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("Command.id");
  if (f2 === undefined) return r.missing("Command.name");
  if (f4 === undefined) return r.missing("Command.ttlS");
  const value = new CommandShape(f1, f2, f4);
  if (f3 !== undefined) value.args = f3;
  if (f5 !== undefined) value.sealed = f5;
  return value;
}

function writeCommand(w: Writer, value: Command): void {
  let count = 3;
  if (value.args !== undefined) count++;
  if (value.sealed !== undefined) count++;
  w.map(count, "Command");
  w.key(1);
  w.uint(value.id, COMMAND_ID);
  w.key(2);
  w.text(value.name, COMMAND_NAME);
  if (value.args !== undefined) {
  w.key(3);
    w.byteString(value.args, COMMAND_ARGS);
  }
  w.key(4);
  w.uint(value.ttlS, COMMAND_TTL_S);
  if (value.sealed !== undefined) {
  w.key(5);
    w.flag(value.sealed, "Command.sealed");
  }
  w.leave();
}

/** One command; ids grow per device. */
export const commandCodec: Codec<Command> = messageCodec({
  name: "Command",
  read: readCommand,
  write: writeCommand,
});

const DesiredConfigShape = function (this: DesiredConfig, epoch: number, sha256: Uint8Array) {
  this.epoch = epoch;
  this.sha256 = sha256;
} as unknown as {
  new (epoch: number, sha256: Uint8Array): DesiredConfig;
};
(DesiredConfigShape as { prototype: unknown }).prototype = Object.prototype;

function readDesiredConfig(r: Reader): DesiredConfig {
  let f1: number | undefined;
  let f2: Uint8Array | undefined;
  let f3: Uint8Array | undefined;
  let f4: Uint8Array | undefined;
  let f5: number | undefined;
  let f6: true | undefined;
  let key = -1;
  for (let left = r.map("DesiredConfig"); left > 0; left--) {
    key = r.key(key, "DesiredConfig");
    switch (key) {
      case 1:
        f1 = r.uint(DESIRED_CONFIG_EPOCH);
        break;
      case 2:
        f2 = r.byteString(DESIRED_CONFIG_SHA256);
        break;
      case 3:
        f3 = r.byteString(DESIRED_CONFIG_BODY);
        break;
      case 4:
        f4 = r.byteString(DESIRED_CONFIG_TICKET);
        break;
      case 5:
        f5 = r.uint(DESIRED_CONFIG_SIZE);
        break;
      case 6:
        f6 = r.flag("DesiredConfig.sealed");
        break;
      default:
        r.skip("DesiredConfig");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("DesiredConfig.epoch");
  if (f2 === undefined) return r.missing("DesiredConfig.sha256");
  const value = new DesiredConfigShape(f1, f2);
  if (f3 !== undefined) value.body = f3;
  if (f4 !== undefined) value.ticket = f4;
  if (f5 !== undefined) value.size = f5;
  if (f6 !== undefined) value.sealed = f6;
  const wrong = check.checkDesiredConfig(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "DesiredConfig", wrong);
  return value;
}

function writeDesiredConfig(w: Writer, value: DesiredConfig): void {
  let count = 2;
  if (value.body !== undefined) count++;
  if (value.ticket !== undefined) count++;
  if (value.size !== undefined) count++;
  if (value.sealed !== undefined) count++;
  w.map(count, "DesiredConfig");
  w.key(1);
  w.uint(value.epoch, DESIRED_CONFIG_EPOCH);
  w.key(2);
  w.byteString(value.sha256, DESIRED_CONFIG_SHA256);
  if (value.body !== undefined) {
  w.key(3);
    w.byteString(value.body, DESIRED_CONFIG_BODY);
  }
  if (value.ticket !== undefined) {
  w.key(4);
    w.byteString(value.ticket, DESIRED_CONFIG_TICKET);
  }
  if (value.size !== undefined) {
  w.key(5);
    w.uint(value.size, DESIRED_CONFIG_SIZE);
  }
  if (value.sealed !== undefined) {
  w.key(6);
    w.flag(value.sealed, "DesiredConfig.sealed");
  }
  w.leave();
  const wrong = check.checkDesiredConfig(value);
  if (wrong !== undefined) w.fail("DesiredConfig", wrong);
}

/** Desired configuration; applied if and only if sha256 differs from what is applied. */
export const desiredConfigCodec: Codec<DesiredConfig> = messageCodec({
  name: "DesiredConfig",
  read: readDesiredConfig,
  write: writeDesiredConfig,
});

const ProblemSectionShape = function (this: ProblemSection, code: number) {
  this.code = code;
} as unknown as {
  new (code: number): ProblemSection;
};
(ProblemSectionShape as { prototype: unknown }).prototype = Object.prototype;

function readProblemSection(r: Reader): ProblemSection {
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: number | undefined;
  let f4: number | undefined;
  let f5: string | undefined;
  let key = -1;
  for (let left = r.map("ProblemSection"); left > 0; left--) {
    key = r.key(key, "ProblemSection");
    switch (key) {
      case 1:
        f1 = r.uint(PROBLEM_SECTION_CODE);
        break;
      case 2:
        f2 = r.uint(PROBLEM_SECTION_RETRY_AFTER_S);
        break;
      case 3:
        f3 = r.uint(PROBLEM_SECTION_LAST_SEQ);
        break;
      case 4:
        f4 = r.uint(PROBLEM_SECTION_SECTION);
        break;
      case 5:
        f5 = r.text(PROBLEM_SECTION_TEXT);
        break;
      default:
        r.skip("ProblemSection");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("ProblemSection.code");
  const value = new ProblemSectionShape(f1);
  if (f2 !== undefined) value.retryAfterS = f2;
  if (f3 !== undefined) value.lastSeq = f3;
  if (f4 !== undefined) value.section = f4;
  if (f5 !== undefined) value.text = f5;
  return value;
}

function writeProblemSection(w: Writer, value: ProblemSection): void {
  let count = 1;
  if (value.retryAfterS !== undefined) count++;
  if (value.lastSeq !== undefined) count++;
  if (value.section !== undefined) count++;
  if (value.text !== undefined) count++;
  w.map(count, "ProblemSection");
  w.key(1);
  w.uint(value.code, PROBLEM_SECTION_CODE);
  if (value.retryAfterS !== undefined) {
  w.key(2);
    w.uint(value.retryAfterS, PROBLEM_SECTION_RETRY_AFTER_S);
  }
  if (value.lastSeq !== undefined) {
  w.key(3);
    w.uint(value.lastSeq, PROBLEM_SECTION_LAST_SEQ);
  }
  if (value.section !== undefined) {
  w.key(4);
    w.uint(value.section, PROBLEM_SECTION_SECTION);
  }
  if (value.text !== undefined) {
  w.key(5);
    w.text(value.text, PROBLEM_SECTION_TEXT);
  }
  w.leave();
}

/** Authenticated error. */
export const problemSectionCodec: Codec<ProblemSection> = messageCodec({
  name: "ProblemSection",
  read: readProblemSection,
  write: writeProblemSection,
});

const MoveShape = function (this: Move, urls: readonly string[]) {
  this.urls = urls;
} as unknown as {
  new (urls: readonly string[]): Move;
};
(MoveShape as { prototype: unknown }).prototype = Object.prototype;

function readMove(r: Reader): Move {
  let f1: readonly string[] | undefined;
  let f2: Uint8Array | undefined;
  let key = -1;
  for (let left = r.map("Move"); left > 0; left--) {
    key = r.key(key, "Move");
    switch (key) {
      case 1:
        f1 = r.list(MOVE_URLS, (r) => r.text(MOVE_URLS_EACH));
        break;
      case 2:
        f2 = r.byteString(MOVE_NEXT_SERVER_KEY);
        break;
      default:
        r.skip("Move");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("Move.urls");
  const value = new MoveShape(f1);
  if (f2 !== undefined) value.nextServerKey = f2;
  return value;
}

function writeMove(w: Writer, value: Move): void {
  let count = 1;
  if (value.nextServerKey !== undefined) count++;
  w.map(count, "Move");
  w.key(1);
  w.list(value.urls, MOVE_URLS, (w, value) => w.text(value, MOVE_URLS_EACH));
  if (value.nextServerKey !== undefined) {
  w.key(2);
    w.byteString(value.nextServerKey, MOVE_NEXT_SERVER_KEY);
  }
  w.leave();
}

/** New addresses of the server, and its next key. */
export const moveCodec: Codec<Move> = messageCodec({
  name: "Move",
  read: readMove,
  write: writeMove,
});

const RootOfferShape = function (this: RootOffer, version: number, sha256: Uint8Array, ticket: Uint8Array, size: number) {
  this.version = version;
  this.sha256 = sha256;
  this.ticket = ticket;
  this.size = size;
} as unknown as {
  new (version: number, sha256: Uint8Array, ticket: Uint8Array, size: number): RootOffer;
};
(RootOfferShape as { prototype: unknown }).prototype = Object.prototype;

function readRootOffer(r: Reader): RootOffer {
  let f1: number | undefined;
  let f2: Uint8Array | undefined;
  let f3: Uint8Array | undefined;
  let f4: number | undefined;
  let key = -1;
  for (let left = r.map("RootOffer"); left > 0; left--) {
    key = r.key(key, "RootOffer");
    switch (key) {
      case 1:
        f1 = r.uint(ROOT_OFFER_VERSION);
        break;
      case 2:
        f2 = r.byteString(ROOT_OFFER_SHA256);
        break;
      case 3:
        f3 = r.byteString(ROOT_OFFER_TICKET);
        break;
      case 4:
        f4 = r.uint(ROOT_OFFER_SIZE);
        break;
      default:
        r.skip("RootOffer");
    }
  }
  r.leave();
  if (f1 === undefined) return r.missing("RootOffer.version");
  if (f2 === undefined) return r.missing("RootOffer.sha256");
  if (f3 === undefined) return r.missing("RootOffer.ticket");
  if (f4 === undefined) return r.missing("RootOffer.size");
  const value = new RootOfferShape(f1, f2, f3, f4);
  return value;
}

function writeRootOffer(w: Writer, value: RootOffer): void {
  let count = 4;
  w.map(count, "RootOffer");
  w.key(1);
  w.uint(value.version, ROOT_OFFER_VERSION);
  w.key(2);
  w.byteString(value.sha256, ROOT_OFFER_SHA256);
  w.key(3);
  w.byteString(value.ticket, ROOT_OFFER_TICKET);
  w.key(4);
  w.uint(value.size, ROOT_OFFER_SIZE);
  w.leave();
}

/** Where a newer root document is found. */
export const rootOfferCodec: Codec<RootOffer> = messageCodec({
  name: "RootOffer",
  read: readRootOffer,
  write: writeRootOffer,
});

const ManifestShape = function (this: Manifest, format: number, sequence: number, vendor: Uint8Array, class_: Uint8Array, created: number, minFloor: number, components: readonly ManifestComponent[]) {
  this.format = format;
  this.sequence = sequence;
  this.vendor = vendor;
  this.class = class_;
  this.created = created;
  this.minFloor = minFloor;
  this.components = components;
} as unknown as {
  new (format: number, sequence: number, vendor: Uint8Array, class_: Uint8Array, created: number, minFloor: number, components: readonly ManifestComponent[]): Manifest;
};
(ManifestShape as { prototype: unknown }).prototype = Object.prototype;

function readManifest(r: Reader): Manifest {
  const start = r.pos;
  let f1: number | undefined;
  let f2: number | undefined;
  let f3: Uint8Array | undefined;
  let f4: Uint8Array | undefined;
  let f5: number | undefined;
  let f6: number | undefined;
  let f7: readonly ManifestComponent[] | undefined;
  let f8: string | undefined;
  let f9: number | undefined;
  let f10: string | undefined;
  let key = -1;
  for (let left = r.map("Manifest"); left > 0; left--) {
    key = r.key(key, "Manifest");
    switch (key) {
      case 1:
        f1 = r.uint(MANIFEST_FORMAT);
        break;
      case 2:
        f2 = r.uint(MANIFEST_SEQUENCE);
        break;
      case 3:
        f3 = r.byteString(MANIFEST_VENDOR);
        break;
      case 4:
        f4 = r.byteString(MANIFEST_CLASS);
        break;
      case 5:
        f5 = r.uint(MANIFEST_CREATED);
        break;
      case 6:
        f6 = r.uint(MANIFEST_MIN_FLOOR);
        break;
      case 7:
        f7 = r.list(MANIFEST_COMPONENTS, readManifestComponent);
        break;
      case 8:
        f8 = r.text(MANIFEST_MIN_AGENT);
        break;
      case 9:
        f9 = r.uint(MANIFEST_EXPIRES);
        break;
      case 10:
        f10 = r.text(MANIFEST_VERSION);
        break;
      default:
        if (key >= 16) r.fail("schema.critical_key", "Manifest", `key ${key} is not known`);
        r.skip("Manifest");
    }
  }
  r.leave();
  r.limit(start, 4096, "Manifest");
  if (f1 === undefined) return r.missing("Manifest.format");
  if (f2 === undefined) return r.missing("Manifest.sequence");
  if (f3 === undefined) return r.missing("Manifest.vendor");
  if (f4 === undefined) return r.missing("Manifest.class");
  if (f5 === undefined) return r.missing("Manifest.created");
  if (f6 === undefined) return r.missing("Manifest.minFloor");
  if (f7 === undefined) return r.missing("Manifest.components");
  const value = new ManifestShape(f1, f2, f3, f4, f5, f6, f7);
  if (f8 !== undefined) value.minAgent = f8;
  if (f9 !== undefined) value.expires = f9;
  if (f10 !== undefined) value.version = f10;
  const wrong = check.checkManifest(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "Manifest", wrong);
  return value;
}

function writeManifest(w: Writer, value: Manifest): void {
  const start = w.size;
  let count = 7;
  if (value.minAgent !== undefined) count++;
  if (value.expires !== undefined) count++;
  if (value.version !== undefined) count++;
  w.map(count, "Manifest");
  w.key(1);
  w.uint(value.format, MANIFEST_FORMAT);
  w.key(2);
  w.uint(value.sequence, MANIFEST_SEQUENCE);
  w.key(3);
  w.byteString(value.vendor, MANIFEST_VENDOR);
  w.key(4);
  w.byteString(value.class, MANIFEST_CLASS);
  w.key(5);
  w.uint(value.created, MANIFEST_CREATED);
  w.key(6);
  w.uint(value.minFloor, MANIFEST_MIN_FLOOR);
  w.key(7);
  w.list(value.components, MANIFEST_COMPONENTS, writeManifestComponent);
  if (value.minAgent !== undefined) {
  w.key(8);
    w.text(value.minAgent, MANIFEST_MIN_AGENT);
  }
  if (value.expires !== undefined) {
  w.key(9);
    w.uint(value.expires, MANIFEST_EXPIRES);
  }
  if (value.version !== undefined) {
  w.key(10);
    w.text(value.version, MANIFEST_VERSION);
  }
  w.leave();
  w.limit(start, 4096, "Manifest");
  const wrong = check.checkManifest(value);
  if (wrong !== undefined) w.fail("Manifest", wrong);
}

/** What an offline release key signs: one release for one class of devices. At most 4096 bytes. */
export const manifestCodec: Codec<Manifest> = messageCodec({
  name: "Manifest",
  read: readManifest,
  write: writeManifest,
  maxBytes: 4096,
});

const RootDocumentShape = function (this: RootDocument, version: number, fleetId: Uint8Array, threshold: number, rootKeys: readonly Uint8Array[], releaseKeys: readonly Uint8Array[], serverKeys: readonly Uint8Array[], created: number) {
  this.version = version;
  this.fleetId = fleetId;
  this.threshold = threshold;
  this.rootKeys = rootKeys;
  this.releaseKeys = releaseKeys;
  this.serverKeys = serverKeys;
  this.created = created;
} as unknown as {
  new (version: number, fleetId: Uint8Array, threshold: number, rootKeys: readonly Uint8Array[], releaseKeys: readonly Uint8Array[], serverKeys: readonly Uint8Array[], created: number): RootDocument;
};
(RootDocumentShape as { prototype: unknown }).prototype = Object.prototype;

function readRootDocument(r: Reader): RootDocument {
  const start = r.pos;
  let f1: number | undefined;
  let f2: Uint8Array | undefined;
  let f3: number | undefined;
  let f4: readonly Uint8Array[] | undefined;
  let f5: readonly Uint8Array[] | undefined;
  let f6: readonly Uint8Array[] | undefined;
  let f7: number | undefined;
  let f8: readonly Uint8Array[] | undefined;
  let key = -1;
  for (let left = r.map("RootDocument"); left > 0; left--) {
    key = r.key(key, "RootDocument");
    switch (key) {
      case 1:
        f1 = r.uint(ROOT_DOCUMENT_VERSION);
        break;
      case 2:
        f2 = r.byteString(ROOT_DOCUMENT_FLEET_ID);
        break;
      case 3:
        f3 = r.uint(ROOT_DOCUMENT_THRESHOLD);
        break;
      case 4:
        f4 = r.list(ROOT_DOCUMENT_ROOT_KEYS, (r) => r.byteString(ROOT_DOCUMENT_ROOT_KEYS_EACH));
        break;
      case 5:
        f5 = r.list(ROOT_DOCUMENT_RELEASE_KEYS, (r) => r.byteString(ROOT_DOCUMENT_RELEASE_KEYS_EACH));
        break;
      case 6:
        f6 = r.list(ROOT_DOCUMENT_SERVER_KEYS, (r) => r.byteString(ROOT_DOCUMENT_SERVER_KEYS_EACH));
        break;
      case 7:
        f7 = r.uint(ROOT_DOCUMENT_CREATED);
        break;
      case 8:
        f8 = r.list(ROOT_DOCUMENT_REVOKED_KEYS, (r) => r.byteString(ROOT_DOCUMENT_REVOKED_KEYS_EACH));
        break;
      default:
        if (key >= 16) r.fail("schema.critical_key", "RootDocument", `key ${key} is not known`);
        r.skip("RootDocument");
    }
  }
  r.leave();
  r.limit(start, 4096, "RootDocument");
  if (f1 === undefined) return r.missing("RootDocument.version");
  if (f2 === undefined) return r.missing("RootDocument.fleetId");
  if (f3 === undefined) return r.missing("RootDocument.threshold");
  if (f4 === undefined) return r.missing("RootDocument.rootKeys");
  if (f5 === undefined) return r.missing("RootDocument.releaseKeys");
  if (f6 === undefined) return r.missing("RootDocument.serverKeys");
  if (f7 === undefined) return r.missing("RootDocument.created");
  const value = new RootDocumentShape(f1, f2, f3, f4, f5, f6, f7);
  if (f8 !== undefined) value.revokedKeys = f8;
  const wrong = check.checkRootDocument(value);
  if (wrong !== undefined) r.fail("schema.inconsistent", "RootDocument", wrong);
  return value;
}

function writeRootDocument(w: Writer, value: RootDocument): void {
  const start = w.size;
  let count = 7;
  if (value.revokedKeys !== undefined) count++;
  w.map(count, "RootDocument");
  w.key(1);
  w.uint(value.version, ROOT_DOCUMENT_VERSION);
  w.key(2);
  w.byteString(value.fleetId, ROOT_DOCUMENT_FLEET_ID);
  w.key(3);
  w.uint(value.threshold, ROOT_DOCUMENT_THRESHOLD);
  w.key(4);
  w.list(value.rootKeys, ROOT_DOCUMENT_ROOT_KEYS, (w, value) => w.byteString(value, ROOT_DOCUMENT_ROOT_KEYS_EACH));
  w.key(5);
  w.list(value.releaseKeys, ROOT_DOCUMENT_RELEASE_KEYS, (w, value) => w.byteString(value, ROOT_DOCUMENT_RELEASE_KEYS_EACH));
  w.key(6);
  w.list(value.serverKeys, ROOT_DOCUMENT_SERVER_KEYS, (w, value) => w.byteString(value, ROOT_DOCUMENT_SERVER_KEYS_EACH));
  w.key(7);
  w.uint(value.created, ROOT_DOCUMENT_CREATED);
  if (value.revokedKeys !== undefined) {
  w.key(8);
    w.list(value.revokedKeys, ROOT_DOCUMENT_REVOKED_KEYS, (w, value) => w.byteString(value, ROOT_DOCUMENT_REVOKED_KEYS_EACH));
  }
  w.leave();
  w.limit(start, 4096, "RootDocument");
  const wrong = check.checkRootDocument(value);
  if (wrong !== undefined) w.fail("RootDocument", wrong);
}

/** Keys of a fleet; signed by a threshold of the old and of the new root keys. At most 4096 bytes. */
export const rootDocumentCodec: Codec<RootDocument> = messageCodec({
  name: "RootDocument",
  read: readRootDocument,
  write: writeRootDocument,
  maxBytes: 4096,
});

const BundleShape = function (this: Bundle, v: number, fleetId: Uint8Array, deviceId: Uint8Array, serverKey: Uint8Array, urls: readonly string[]) {
  this.v = v;
  this.fleetId = fleetId;
  this.deviceId = deviceId;
  this.serverKey = serverKey;
  this.urls = urls;
} as unknown as {
  new (v: number, fleetId: Uint8Array, deviceId: Uint8Array, serverKey: Uint8Array, urls: readonly string[]): Bundle;
};
(BundleShape as { prototype: unknown }).prototype = Object.prototype;

function readBundle(r: Reader): Bundle {
  const start = r.pos;
  let f0: number | undefined;
  let f1: Uint8Array | undefined;
  let f2: Uint8Array | undefined;
  let f3: Uint8Array | undefined;
  let f4: Uint8Array | undefined;
  let f5: readonly string[] | undefined;
  let f6: Uint8Array | undefined;
  let f7: readonly LabelPair[] | undefined;
  let f8: string | undefined;
  let key = -1;
  for (let left = r.map("Bundle"); left > 0; left--) {
    key = r.key(key, "Bundle");
    switch (key) {
      case 0:
        f0 = r.uint(BUNDLE_V);
        break;
      case 1:
        f1 = r.byteString(BUNDLE_FLEET_ID);
        break;
      case 2:
        f2 = r.byteString(BUNDLE_DEVICE_ID);
        break;
      case 3:
        f3 = r.byteString(BUNDLE_SERVER_KEY);
        break;
      case 4:
        f4 = r.byteString(BUNDLE_ROOT_DIGEST);
        break;
      case 5:
        f5 = r.list(BUNDLE_URLS, (r) => r.text(BUNDLE_URLS_EACH));
        break;
      case 6:
        f6 = r.byteString(BUNDLE_TOKEN);
        break;
      case 7:
        f7 = r.list(BUNDLE_LABELS, readLabelPair);
        break;
      case 8:
        f8 = r.text(BUNDLE_NAME);
        break;
      default:
        r.skip("Bundle");
    }
  }
  r.leave();
  r.limit(start, 2048, "Bundle");
  if (f0 === undefined) return r.missing("Bundle.v");
  if (f1 === undefined) return r.missing("Bundle.fleetId");
  if (f2 === undefined) return r.missing("Bundle.deviceId");
  if (f3 === undefined) return r.missing("Bundle.serverKey");
  if (f5 === undefined) return r.missing("Bundle.urls");
  const value = new BundleShape(f0, f1, f2, f3, f5);
  if (f4 !== undefined) value.rootDigest = f4;
  if (f6 !== undefined) value.token = f6;
  if (f7 !== undefined) value.labels = f7;
  if (f8 !== undefined) value.name = f8;
  return value;
}

function writeBundle(w: Writer, value: Bundle): void {
  const start = w.size;
  let count = 5;
  if (value.rootDigest !== undefined) count++;
  if (value.token !== undefined) count++;
  if (value.labels !== undefined) count++;
  if (value.name !== undefined) count++;
  w.map(count, "Bundle");
  w.key(0);
  w.uint(value.v, BUNDLE_V);
  w.key(1);
  w.byteString(value.fleetId, BUNDLE_FLEET_ID);
  w.key(2);
  w.byteString(value.deviceId, BUNDLE_DEVICE_ID);
  w.key(3);
  w.byteString(value.serverKey, BUNDLE_SERVER_KEY);
  if (value.rootDigest !== undefined) {
  w.key(4);
    w.byteString(value.rootDigest, BUNDLE_ROOT_DIGEST);
  }
  w.key(5);
  w.list(value.urls, BUNDLE_URLS, (w, value) => w.text(value, BUNDLE_URLS_EACH));
  if (value.token !== undefined) {
  w.key(6);
    w.byteString(value.token, BUNDLE_TOKEN);
  }
  if (value.labels !== undefined) {
  w.key(7);
    w.list(value.labels, BUNDLE_LABELS, writeLabelPair);
  }
  if (value.name !== undefined) {
  w.key(8);
    w.text(value.name, BUNDLE_NAME);
  }
  w.leave();
  w.limit(start, 2048, "Bundle");
}

/** What provisioning leaves on a device so that it never trusts on first use. At most 2048 bytes. */
export const bundleCodec: Codec<Bundle> = messageCodec({
  name: "Bundle",
  read: readBundle,
  write: writeBundle,
  maxBytes: 2048,
});

const REPORT_ITEMS: Range = { min: 1, max: 16, label: "ReportsBatch.items" };
const REPORT_ITEM: Range = { min: 3, max: 3, label: "ReportsBatch.items" };
const REPORT_KIND: Range = { min: 0, max: 255, label: "ReportsBatch.items" };
const REPORT_TIME: Range = { min: 0, max: 9007199254740991, label: "ReportsBatch.items" };

function readReportItems(r: Reader): ReportItem[] {
  return r.list(REPORT_ITEMS, readReportItem);
}

function readReportItem(r: Reader): ReportItem {
  r.array(REPORT_ITEM);
  const kind = r.uint(REPORT_KIND);
  const time = r.uint(REPORT_TIME);
  let item: ReportItem;
  switch (kind) {
    case 1:
      item = { kind, time, body: readCommandReport(r) };
      break;
    case 2:
      item = { kind, time, body: readDeploymentReport(r) };
      break;
    case 3:
      item = { kind, time, body: readEventReport(r) };
      break;
    default:
      return r.fail("schema.out_of_range", "ReportsBatch.items", `kind ${kind} is not known`);
  }
  r.leave();
  return item;
}

function writeReportItems(w: Writer, items: readonly ReportItem[]): void {
  w.list(items, REPORT_ITEMS, writeReportItem);
}

function writeReportItem(w: Writer, value: ReportItem): void {
  w.array(3, REPORT_ITEM);
  w.uint(value.kind, REPORT_KIND);
  w.uint(value.time, REPORT_TIME);
  switch (value.kind) {
    case 1:
      writeCommandReport(w, value.body);
      break;
    case 2:
      writeDeploymentReport(w, value.body);
      break;
    case 3:
      writeEventReport(w, value.body);
      break;
    default:
      value satisfies never;
      w.fail("ReportsBatch.items", "a kind that is not known");
  }
  w.leave();
}
