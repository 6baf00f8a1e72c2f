/**
 * @module
 * The pieces of a server that tests and benches put together without a socket: a database, a fleet's
 * identity, the devices' side. `startServer` is the whole.
 */
export { deviceActor, systemActor } from "./audit/actor.ts";
export { auditTo, checkAudit } from "./audit/audit_log.ts";
export { type DeviceScope, WHOLE_FLEET } from "./access/device_scope.ts";
export type { Audit } from "./audit/audit.ts";
export { type Clock, SYSTEM_CLOCK } from "./clock.ts";
export type { Command, CommandRecords } from "./commands/commands.ts";
export { identifyDevice } from "./commands/identify.ts";
export { createDevicePath, type DevicePath, type DevicePathOptions } from "./device_path.ts";
export { Devices } from "./devices/devices.ts";
export { ENROLMENT_SETTINGS, type EnrolmentSettings } from "./enrolment/enrolment_settings.ts";
export { EnrolmentTokens } from "./enrolment/enrolment_tokens.ts";
export { inProcessLiveEvents, type LiveEvent, type LiveEvents } from "./events/live_events.ts";
export { isOnline, offlineAfterMs } from "./events/online.ts";
export { type FleetIdentity, openFleetIdentity } from "./identity/fleet_identity.ts";
export { type KeyWrap, keyWrap, loadKeyEncryptionKey } from "./identity/key_wrap.ts";
export { AuditTables } from "./store/audit_store.ts";
export { CommandsStore } from "./store/commands_store.ts";
export { type Database, type OpenOptions, queriesOf } from "./store/database.ts";
export { DevicesStore } from "./store/devices_store.ts";
export { DevicesSurveyStore } from "./store/devices_survey_store.ts";
export { LAST_SEEN_BOUNDS_MS } from "./devices/survey_devices.ts";
export { EnrolmentStore, UsableTokenStore } from "./store/enrolment_store.ts";
export { EnrolmentTokensTable } from "./store/enrolment_tokens_store.ts";
export { EventsStore } from "./store/events_store.ts";
export { FleetStore } from "./store/fleet_store.ts";
export { handshakeStore } from "./store/handshake_store.ts";
export { HousekeepingStore } from "./store/housekeeping_store.ts";
export { InventoryStore } from "./store/inventory_store.ts";
export { migrate, migrationChecksum } from "./store/migrate.ts";
export type { Migration } from "./store/migrations/migration.ts";
export { MIGRATIONS } from "./store/migrations/mod.ts";
export { openDatabase } from "./store/open_database.ts";
export { SyncStore } from "./store/sync_store.ts";
export { TelemetryStore } from "./store/telemetry_store.ts";
export { Conflict, type Transactions, type Tx } from "./transaction.ts";
export { WireRefusal } from "./wire_refusal.ts";
