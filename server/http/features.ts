/**
 * @module
 * What the routes may use: the features, built once in mod.ts and handed to every handler. Handlers hold
 * nothing of their own, so the table of routes is plain data and can be read without a server.
 */
import type { ApiTokens } from "../access/api_tokens.ts";
import type { Sessions } from "../access/sessions.ts";
import type { SetupCode } from "../access/setup_code.ts";
import type { SignIn } from "../access/sign_in.ts";
import type { Users } from "../access/users.ts";
import type { AuditStore } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import type { Commands } from "../commands/commands.ts";
import type { DevicePath } from "../device_path.ts";
import type { Devices } from "../devices/devices.ts";
import type { DevicesReader } from "../devices/list_devices.ts";
import type { DevicesSurvey } from "../devices/survey_devices.ts";
import type { NetworkAgents } from "../discovery/network_agents.ts";
import type { EnrolmentTokens } from "../enrolment/enrolment_tokens.ts";
import type { DeviceEvents, FleetEvents } from "../events/device_events.ts";
import type { EventFeed } from "../events/event_feed.ts";
import type { InventoryRecords } from "../inventory/inventory.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Transactions } from "../transaction.ts";
import type { RequestFigures } from "./request_figures.ts";

/** What is known of the server itself. */
export interface ServerFacts {
  readonly name: string;
  /** 16 hex digits. */
  readonly fleetId: string;
  readonly fingerprint: string;
  readonly version: string;
  /** major.minor. */
  readonly protocol: string;
  readonly serverEpoch: number;
}

/** How HTTPS is served. */
export interface TlsFacts {
  readonly port: number;
  /** SHA-256 of the certificate, `AB:CD:…`: what a browser shows and `fleets login` pins. */
  readonly fingerprint: string;
  /** The server made it itself; otherwise it was given with `--tls-cert`. */
  readonly own: boolean;
  /** Unix ms. */
  readonly expiresAtMs: number;
}

/** What the server counts of itself. */
export interface ServerFigures {
  readonly requests: RequestFigures;
  /** Unix ms. */
  readonly startedAtMs: number;
  /** Open connections. */
  connections(): number;
  /** Devices waiting in a long poll. */
  waitingPolls(): number;
  /** Transactions committed since the start, and the units of work in them. */
  commits(): { readonly commits: number; readonly works: number };
  /** Batches of telemetry stored since the start. */
  telemetryBatches(): number;
}

/** Every feature a route calls. A feature adds itself here and in mod.ts. */
export interface Features {
  readonly server: ServerFacts;
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly apiTokens: ApiTokens;
  readonly setupCode: SetupCode;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly auditStore: AuditStore;
  readonly devices: Devices;
  readonly devicesReader: DevicesReader;
  readonly devicesSurvey: DevicesSurvey;
  readonly enrolmentTokens: EnrolmentTokens;
  readonly telemetry: Telemetry;
  readonly deviceEvents: DeviceEvents;
  readonly fleetEvents: FleetEvents;
  readonly networkAgents: Pick<NetworkAgents, "look">;
  readonly inventory: Pick<InventoryRecords, "get" | "changes">;
  readonly commands: Commands;
  /** What devices call. */
  readonly devicePath: Pick<DevicePath, "hello" | "enrol" | "sync">;
  readonly eventFeed: EventFeed;
  /** HTTPS as it is served now; null = it is not. */
  tls(): TlsFacts | null;
  /** Where people elsewhere reach this server: `https://host.local:8443`. */
  publicUrl(): string;
  /** Where devices elsewhere reach it: `http://192.168.1.7:8080`. */
  deviceUrl(): string;
  readonly figures: ServerFigures;
  /** The OpenAPI document. */
  readonly openApi: unknown;
  /** Whether devices' messages can be taken now. */
  isReady(): Promise<boolean>;
}
