/**
 * @module
 * Puts the devices' side of the server together over one database: enrolment, syncs with all their
 * sections, and what they leave behind for the administrators' side to read. A new feature adds its
 * sections to the list here; the order is the filling order of replies (PROTOCOL §5).
 */
import type { RandomBytes } from "@fleetd/firmware-protocol";
import type { Audit } from "./audit/audit.ts";
import type { Clock } from "./clock.ts";
import { Commands } from "./commands/commands.ts";
import { commandReports, commandsSection } from "./commands/commands_section.ts";
import type { QuarantineRecords } from "./enrolment/clone_alarm.ts";
import { ENROLMENT_SETTINGS, type EnrolmentSettings } from "./enrolment/enrolment_settings.ts";
import { answerHandshake } from "./enrolment/handshake.ts";
import type { DeviceEvents } from "./events/device_events.ts";
import { eventReports, unclaimedReports } from "./events/event_reports.ts";
import type { LiveEvents } from "./events/live_events.ts";
import { Housekeeping } from "./housekeeping.ts";
import type { FleetIdentity } from "./identity/fleet_identity.ts";
import type { KeyWrap } from "./identity/key_wrap.ts";
import type { InventoryRecords } from "./inventory/inventory.ts";
import { inventoryDigestSection, inventorySection } from "./inventory/inventory_sections.ts";
import { type Log, SILENT_LOG } from "./log.ts";
import { reportsSection } from "./reports/reports_section.ts";
import { CommandsStore } from "./store/commands_store.ts";
import type { Database } from "./store/database.ts";
import { EnrolmentStore, UsableTokenStore } from "./store/enrolment_store.ts";
import { EventsStore } from "./store/events_store.ts";
import { handshakeStore } from "./store/handshake_store.ts";
import { HousekeepingStore } from "./store/housekeeping_store.ts";
import { InventoryStore } from "./store/inventory_store.ts";
import { SyncStore } from "./store/sync_store.ts";
import { TelemetryStore } from "./store/telemetry_store.ts";
import { acksSection, needSection, rejectedSection } from "./sync/engine_sections.ts";
import type { SyncSections } from "./sync/section.ts";
import { type Peer, SyncEngine } from "./sync/sync_engine.ts";
import { mergeBatches } from "./telemetry/latest_values.ts";
import { metricsSection } from "./telemetry/metrics_section.ts";
import { storedTelemetry } from "./telemetry/query_telemetry.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** What the devices' side stands on. */
export interface DevicePathOptions {
  readonly database: Database;
  readonly identity: FleetIdentity;
  readonly wrap: KeyWrap;
  readonly audit: Audit;
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log?: Log;
  readonly settings?: Partial<EnrolmentSettings>;
  /** How long a waiting poll sleeps before it looks by itself, ms; default 10,000. */
  readonly lookEveryMs?: number;
  /** How long telemetry is kept, ms; default 30 days. */
  readonly keepTelemetryMs?: number;
}

/** The devices' side of a server. */
export interface DevicePath {
  /** The constant answer to hello, ≤ 256 bytes. */
  readonly hello: Uint8Array;
  /** Message 1 in, message 2 out. @throws WireRefusal */
  enrol(message1: Uint8Array, peer: Pick<Peer, "address">): Promise<Uint8Array>;
  /** One sync. @throws WireRefusal */
  sync(body: Uint8Array, peer: Peer): Promise<Uint8Array>;
  /** Polls waiting now. */
  waiting(): number;
  readonly commands: Commands;
  readonly telemetry: Telemetry;
  readonly inventory: InventoryRecords;
  readonly deviceEvents: DeviceEvents;
  readonly quarantine: QuarantineRecords;
  readonly housekeeping: Housekeeping;
  /** Ends waits and rounds. The database is closed by whoever opened it, after this. */
  close(): Promise<void>;
}

/** Puts the devices' side together; `housekeeping.start()` is the caller's. */
export function createDevicePath(options: DevicePathOptions): DevicePath {
  const { database, identity, wrap, audit, live, clock, random } = options;
  const settings = { ...ENROLMENT_SETTINGS, ...options.settings };
  const devices = new EnrolmentStore(database);
  const tokens = new UsableTokenStore(database);
  const deviceEvents = new EventsStore(database);
  const syncStore = new SyncStore(database);
  const telemetryStore = new TelemetryStore(database, mergeBatches);
  const inventory = new InventoryStore(database);
  const commandRecords = new CommandsStore(database);
  const stores = { telemetryStore, inventory, commandRecords, deviceEvents, live };
  const engine = new SyncEngine({
    records: syncStore,
    sections: allSections(stores),
    enrolment: {
      handshakes: handshakeStore,
      devices,
      tokens,
      quarantine: devices,
      events: deviceEvents,
      live,
      audit,
      settings,
    },
    serverEpoch: identity.serverEpoch,
    wrap,
    transactions: database,
    clock,
    lookEveryMs: options.lookEveryMs,
  });
  const housekeeping = new Housekeeping({
    records: new HousekeepingStore(database),
    telemetry: telemetryStore,
    commands: commandRecords,
    transactions: database,
    live,
    audit,
    clock,
    log: options.log ?? SILENT_LOG,
    keepTelemetryMs: options.keepTelemetryMs,
    leads: database.shared && (() => database.shared!.leads()),
  });
  const handshake = {
    identity,
    wrap,
    transactions: database,
    handshakes: handshakeStore,
    devices,
    tokens,
    settings,
    clock,
    random,
  };
  return {
    hello: identity.hello,
    enrol: (message1, { address }) => answerHandshake(message1, { ...handshake, address }),
    sync: (body, peer) => engine.answer(body, peer),
    waiting: () => engine.waiting,
    commands: new Commands({ records: commandRecords, live, audit, clock }),
    telemetry: storedTelemetry(telemetryStore),
    inventory,
    deviceEvents,
    quarantine: devices,
    housekeeping,
    async close() {
      engine.close();
      await housekeeping.close();
    },
  };
}

/** Every section, in the filling order of replies. */
function allSections(
  { telemetryStore, inventory, commandRecords, deviceEvents, live }: {
    readonly telemetryStore: TelemetryStore;
    readonly inventory: InventoryStore;
    readonly commandRecords: CommandsStore;
    readonly deviceEvents: DeviceEvents;
    readonly live: LiveEvents;
  },
): SyncSections {
  const events = { events: deviceEvents, live };
  return [
    metricsSection({ records: telemetryStore, ...events }),
    reportsSection({
      readers: [commandReports({ records: commandRecords, live }), eventReports(events)],
      other: unclaimedReports(events),
    }),
    inventoryDigestSection,
    inventorySection({ records: inventory, live }),
    rejectedSection,
    acksSection,
    needSection,
    commandsSection({ records: commandRecords }),
  ];
}
