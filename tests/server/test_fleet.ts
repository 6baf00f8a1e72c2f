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
import { join } from "node:path";
import { StatementSync } from "node:sqlite";

export const random = (length: number) => new Uint8Array(randomBytes(length));

/** Options of a test fleet. */
export interface TestFleetOptions {
  /** A database; without it one of {@link fleetDatabases}. */
  readonly path?: string;
  readonly clock?: Clock;
  readonly settings?: Parameters<typeof createDevicePath>[0]["settings"];
  readonly lookEveryMs?: number;
  readonly wrap?: KeyWrap;
}

/** A database for one fleet. */
export interface FleetDatabase {
  readonly path: string;
  /** Removes it once it is closed. */
  drop(): Promise<void>;
}

/** Where fleets come from; `postgres_fleet_test.ts` has the same tests run on PostgreSQL. */
export const fleetDatabases: {
  /** @param wanted `lasting`: it can be opened again, and by two at once */
  make(wanted?: { readonly lasting?: boolean }): Promise<FleetDatabase>;
  /** Names the one that belongs to a folder. */
  beside(folder: string): Promise<string>;
  /** Whether they are files. */
  areFiles: boolean;
  /** Everything that a closed one holds, as text. */
  contents(path: string): Promise<string>;
  /** Tells each statement that reads, until the function it returns is called. */
  spy(tell: (sql: string) => void): () => void;
} = {
  areFiles: true,
  contents: async (path) => new TextDecoder("latin1").decode(await Deno.readFile(path)),
  spy(tell) {
    const undo = (["all", "get"] as const).map((name) => {
      const real = StatementSync.prototype[name];
      StatementSync.prototype[name] = function (this: StatementSync, ...given: never[]) {
        tell(this.sourceSQL);
        return (real as (...given: unknown[]) => never).apply(this, given);
      } as never;
      return () => StatementSync.prototype[name] = real as never;
    });
    return () => undo.forEach((one) => one());
  },
  beside: (folder) => Promise.resolve(join(folder, "fleet.db")),
  async make({ lasting = false } = {}) {
    if (!lasting) return { path: ":memory:", drop: () => Promise.resolve() };
    const path = await Deno.makeTempFile({ suffix: ".db" });
    return {
      path,
      async drop() {
        for (const end of ["", "-wal", "-shm"]) await Deno.remove(path + end).catch(() => {});
      },
    };
  },
};

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
  const { path: name, drop } = options.path === undefined
    ? await fleetDatabases.make()
    : { path: options.path, drop: () => Promise.resolve() };
  const database = await openDatabase({ path: name });
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
    await drop();
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
