/**
 * @module
 * The composition root of the server: opens the database, builds every feature over its store, and says
 * in one place what stands on what. Nothing listens yet.
 */
import { PROTOCOL, type RandomBytes } from "@fleetd/firmware-protocol";
import { Buffer } from "node:buffer";
import { hostname } from "node:os";
import { ApiTokens } from "./access/api_tokens.ts";
import { Lockout } from "./access/lockout.ts";
import { type PasswordCost, Passwords } from "./access/password.ts";
import { Sessions } from "./access/sessions.ts";
import { SetupCode } from "./access/setup_code.ts";
import { SignIn } from "./access/sign_in.ts";
import { Users } from "./access/users.ts";
import type { Audit } from "./audit/audit.ts";
import { auditTo } from "./audit/audit_log.ts";
import type { Clock } from "./clock.ts";
import type { ServerConfig } from "./config.ts";
import { createDevicePath, type DevicePath } from "./device_path.ts";
import { Devices } from "./devices/devices.ts";
import { LAST_SEEN_BOUNDS_MS } from "./devices/survey_devices.ts";
import { NetworkAgents, type NetworkAgentsOptions } from "./discovery/network_agents.ts";
import { EnrolmentTokens } from "./enrolment/enrolment_tokens.ts";
import { EventFeed } from "./events/event_feed.ts";
import { inProcessLiveEvents, type LiveEvents } from "./events/live_events.ts";
import { sharedLiveEvents } from "./events/shared_live_events.ts";
import { COMPONENTS } from "./http/admin/schemas.ts";
import type { Features, ServerFacts, ServerFigures } from "./http/features.ts";
import { openApiDocument } from "./http/openapi.ts";
import { ROUTES } from "./http/routes.ts";
import { type FleetIdentity, openFleetIdentity } from "./identity/fleet_identity.ts";
import { type KeyWrap, keyWrap, loadKeyEncryptionKey } from "./identity/key_wrap.ts";
import type { Log } from "./log.ts";
import { answers, clockOf, openFleetDatabase } from "./open_fleet_database.ts";
import { AccessStore } from "./store/access_store.ts";
import { AuditTables } from "./store/audit_store.ts";
import type { Database } from "./store/database.ts";
import { DevicesStore } from "./store/devices_store.ts";
import { DevicesSurveyStore } from "./store/devices_survey_store.ts";
import { EnrolmentTokensTable } from "./store/enrolment_tokens_store.ts";
import { EventsStore } from "./store/events_store.ts";
import { FleetStore } from "./store/fleet_store.ts";
import { SignInFailures, UserSessionsStore } from "./store/user_sessions_store.ts";
import { UsersTableStore } from "./store/users_store.ts";
import { VERSION } from "./version.ts";

/** What composing stands on. */
export interface ComposeOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly figures: Omit<ServerFigures, "waitingPolls" | "commits" | "telemetryBatches">;
  /** False once the server stops. */
  readonly isRunning: () => boolean;
  /** HTTPS as it is served now. */
  readonly tls: Features["tls"];
  /** Where people elsewhere reach this server. */
  readonly publicUrl: Features["publicUrl"];
  /** Where devices elsewhere reach it. */
  readonly deviceUrl: Features["deviceUrl"];
  /** What hashing a password costs; default: `PASSWORD_COST`. */
  readonly passwordCost?: PasswordCost;
  readonly browse: NetworkAgentsOptions["browse"];
}

/** A server with everything but its socket. */
export interface Composition {
  readonly features: Features;
  readonly identity: FleetIdentity;
  /** Ends subscriptions, finishes commits, closes the database. */
  close(): Promise<void>;
}

/** What features share. */
export interface Foundation extends ComposeOptions {
  readonly database: Database;
  readonly identity: FleetIdentity;
  readonly wrap: KeyWrap;
  readonly audit: Audit;
  readonly auditStore: AuditTables;
  readonly live: LiveEvents;
}

/**
 * Opens and builds.
 * @throws DomainError `store.*`, `identity.key_missing`
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { config } = options;
  const database = await openFleetDatabase(config);
  try {
    const foundation = await lay(database, {
      ...options,
      clock: clockOf(database, options.clock),
    });
    const devicePath = createDevicePath({ ...foundation, settings: { mode: config.enrolment } });
    const eventFeed = new EventFeed(
      foundation.live,
      Buffer.from(options.random(6)).toString("hex"),
    );
    const networkAgents = new NetworkAgents(options);
    devicePath.housekeeping.start();
    return {
      features: featuresOn(foundation, { devicePath, eventFeed, networkAgents }),
      identity: foundation.identity,
      close: async () => {
        await networkAgents.close();
        await devicePath.close();
        eventFeed.close();
        foundation.live.close?.();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function lay(database: Database, options: ComposeOptions): Promise<Foundation> {
  const { config, clock, random } = options;
  const records = new FleetStore(database);
  const key = loadKeyEncryptionKey({
    path: config.keyFile,
    mayCreate: await records.load() === undefined,
    random,
  });
  const wrap = keyWrap(key, random);
  const name = config.name ?? fleetNameOf(hostname());
  const identity = await openFleetIdentity({
    records,
    transactions: database,
    wrap,
    random,
    clock,
    name,
  });
  const auditStore = new AuditTables(database);
  const audit = auditTo(auditStore, clock);
  const live = database.shared === undefined
    ? inProcessLiveEvents()
    : sharedLiveEvents(database.shared.signals, Buffer.from(random(8)).toString("hex"));
  return { ...options, database, identity, wrap, audit, auditStore, live };
}

/** Everything about who may come in. */
function accessOn(
  { database, audit, clock, random, passwordCost }: Foundation,
): Pick<Features, "apiTokens" | "setupCode" | "users" | "sessions" | "signIn"> {
  const transactions = database;
  const accessStore = new AccessStore(database);
  const store = new UsersTableStore(database);
  const sessionsStore = new UserSessionsStore(database);
  const apiTokens = new ApiTokens({ store: accessStore, transactions, audit, clock, random });
  const setupCode = new SetupCode({ store: accessStore, apiTokens, transactions, clock, random });
  const users = new Users({ store, sessions: sessionsStore, audit, clock, random });
  const sessions = new Sessions({ store: sessionsStore, transactions, audit, clock, random });
  const signIn = new SignIn({
    store,
    sessionsStore,
    users,
    sessions,
    apiTokens,
    setupCode,
    passwords: new Passwords({ random, cost: passwordCost }),
    lockout: new Lockout({ store: new SignInFailures(), audit, clock }),
    transactions,
    audit,
    clock,
  });
  return { apiTokens, setupCode, users, sessions, signIn };
}

function featuresOn(
  foundation: Foundation,
  { devicePath, eventFeed, networkAgents }: {
    readonly devicePath: DevicePath;
    readonly eventFeed: EventFeed;
    readonly networkAgents: NetworkAgents;
  },
): Features {
  const { database, identity, wrap, audit, auditStore, live, clock, random, figures } = foundation;
  const devicesStore = new DevicesStore(database);
  const { quarantine, commands, telemetry, inventory, deviceEvents } = devicePath;
  return {
    ...accessOn(foundation),
    server: factsOf(identity),
    tls: foundation.tls,
    publicUrl: foundation.publicUrl,
    deviceUrl: foundation.deviceUrl,
    clock,
    transactions: database,
    auditStore,
    devices: new Devices({ writer: devicesStore, audit, live, clock, quarantine }),
    devicesReader: devicesStore,
    devicesSurvey: new DevicesSurveyStore(database, LAST_SEEN_BOUNDS_MS),
    networkAgents,
    enrolmentTokens: new EnrolmentTokens({
      store: new EnrolmentTokensTable(database),
      audit,
      clock,
      random,
      wrap,
      serverKey: identity.keyPair.publicKey,
    }),
    telemetry,
    deviceEvents,
    fleetEvents: new EventsStore(database),
    inventory,
    commands,
    eventFeed,
    devicePath,
    figures: {
      ...figures,
      waitingPolls: () => devicePath.waiting(),
      commits: () => database.commitCounts,
      telemetryBatches: countBatches(live),
    },
    openApi: openApiDocument({ routes: ROUTES, components: COMPONENTS, version: VERSION }),
    isReady: async () => foundation.isRunning() && await answers(database),
  };
}

/** Counts stored batches; what a rolled-back transaction said is never heard. */
function countBatches(live: LiveEvents): () => number {
  let batches = 0;
  live.subscribe(({ kind, elsewhere }) => {
    if (kind === "device.telemetry" && !elsewhere) batches += 1;
  });
  return () => batches;
}

function factsOf(identity: FleetIdentity): ServerFacts {
  return {
    name: identity.name,
    fleetId: Buffer.from(identity.fleetId).toString("hex"),
    fingerprint: identity.fingerprint,
    version: VERSION,
    protocol: `${PROTOCOL.major}.${PROTOCOL.minor}`,
    serverEpoch: identity.serverEpoch,
  };
}

/** What of the machine's name can be the fleet's. */
function fleetNameOf(machine: string): string {
  const name = machine.split(".")[0]!.replaceAll(/[^A-Za-z0-9._-]/g, "").replace(/^[._-]+/, "")
    .slice(0, 63);
  return name === "" ? "fleet" : name;
}
