/**
 * A fleet without a socket: database, identity, devices' side and a clock under the test's control.
 *
 * @module
 */
import { parseToken } from "@fleetd/firmware-protocol";
import {
  AuditTables,
  auditTo,
  type Clock,
  createDevicePath,
  type Database,
  type DevicePath,
  Devices,
  DevicesStore,
  EnrolmentTokens,
  EnrolmentTokensTable,
  FleetStore,
  inProcessLiveEvents,
  type KeyWrap,
  keyWrap,
  type LiveEvents,
  openDatabase,
  openFleetIdentity,
  systemActor,
  WHOLE_FLEET,
} from "@fleetd/server";
import { randomBytes } from "node:crypto";

export const random = (length: number) => new Uint8Array(randomBytes(length));

/** Options of a test fleet. */
export interface TestFleetOptions {
  /** `:memory:` by default. */
  readonly path?: string;
  readonly clock?: Clock;
  readonly settings?: Parameters<typeof createDevicePath>[0]["settings"];
  readonly lookEveryMs?: number;
  readonly wrap?: KeyWrap;
}

/** Everything a test may want to touch. */
export interface TestFleet extends AsyncDisposable {
  readonly database: Database;
  readonly path: DevicePath;
  readonly serverKey: Uint8Array;
  readonly helloDigest: Uint8Array;
  readonly live: LiveEvents;
  readonly wrap: KeyWrap;
  readonly clock: Clock;
  readonly devices: DevicesStore;
  readonly admin: Devices;
  /** Makes an enrolment token. */
  token(
    wanted?: { uses?: number; ttlS?: number; labels?: Record<string, string>; hwClass?: string },
  ): Promise<{ id: Uint8Array; secret: Uint8Array }>;
  /** Runs a query and returns its rows. */
  rows<T = Record<string, unknown>>(
    sql: string,
    ...parameters: (string | number | Uint8Array)[]
  ): Promise<T[]>;
  /** Accepts a device as an administrator does. */
  accept(handle: string): Promise<void>;
  close(): Promise<void>;
}

/** A clock that moves only when told to. */
export class HandClock implements Clock {
  #nowMs = Date.UTC(2030, 0, 1);
  nowMs(): number {
    return this.#nowMs;
  }
  monotonicMs(): number {
    return this.#nowMs;
  }
  /** Moves both clocks. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Opens a fleet. */
export async function openTestFleet(options: TestFleetOptions = {}): Promise<TestFleet> {
  const clock = options.clock ?? new HandClock();
  const database = await openDatabase({ path: options.path ?? ":memory:" });
  const wrap = options.wrap ?? keyWrap(new Uint8Array(32).fill(7), random);
  const identity = await openFleetIdentity({
    records: new FleetStore(database),
    transactions: database,
    wrap,
    random,
    clock,
    name: "test",
  }).catch(async (error) => {
    await database.close();
    throw error;
  });
  const live = inProcessLiveEvents();
  const audit = auditTo(new AuditTables(database), clock);
  const path = createDevicePath({
    database,
    identity,
    wrap,
    audit,
    live,
    clock,
    random,
    settings: options.settings,
    lookEveryMs: options.lookEveryMs,
  });
  const devices = new DevicesStore(database);
  const admin = new Devices({ writer: devices, audit, live, clock, quarantine: path.quarantine });
  const tokens = new EnrolmentTokens({
    store: new EnrolmentTokensTable(database),
    audit,
    clock,
    random,
    wrap,
    serverKey: identity.keyPair.publicKey,
  });
  const actor = systemActor("test");
  const close = async () => {
    await path.close();
    await database.close();
  };
  return {
    database,
    path,
    serverKey: identity.keyPair.publicKey,
    helloDigest: identity.helloDigest,
    live,
    wrap,
    clock,
    devices,
    admin,
    async token({ uses = 1, ttlS = 3_600, labels = {}, hwClass } = {}) {
      const { text } = await database.write((tx) =>
        tokens.create(tx, actor, { name: null, uses, ttlS, labels, hwClass: hwClass ?? null })
      );
      const { id, secret } = parseToken(text);
      return { id, secret };
    },
    async rows<T>(sql: string, ...parameters: (string | number | Uint8Array)[]) {
      const found = await database.read(({ raw }) => raw.all<T>(sql, parameters));
      return found.map((row) => ({ ...row }));
    },
    async accept(handle) {
      await database.write((tx) =>
        admin.accept(tx, actor, { ref: { scope: WHOLE_FLEET, handle }, proof: handle })
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
