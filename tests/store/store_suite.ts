/**
 * What every database of the server must do, written once: a dialect joins by giving a way to open an
 * empty one.
 *
 * @module
 */
import {
  CommandsStore,
  Conflict,
  type Database,
  EnrolmentStore,
  EnrolmentTokensTable,
  EventsStore,
  handshakeStore,
  HousekeepingStore,
  InventoryStore,
  queriesOf,
  SyncStore,
  TelemetryStore,
  type Tx,
  UsableTokenStore,
  WHOLE_FLEET,
} from "@fleetd/server";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { surveySuite } from "./survey_suite.ts";

/** Opens an empty, migrated database. */
export type DatabaseFactory = () => Promise<{ database: Database; dispose(): Promise<void> }>;

const random = (length: number) => new Uint8Array(randomBytes(length));
const NOW = Date.UTC(2030, 0, 1);

/** A device row with nothing special about it. */
export async function insertDevice(
  database: Database,
  overrides: {
    publicKey?: Uint8Array;
    serial?: string;
    admission?: "pending" | "accepted";
    nowMs?: number;
  } = {},
): Promise<number> {
  const publicKey = overrides.publicKey ?? random(32);
  return await database.write((tx) =>
    new EnrolmentStore(database).insert(tx, {
      handle: publicKey.slice(0, 10).join("."),
      publicKey,
      deviceId: random(16),
      hwClass: "test",
      model: null,
      serial: overrides.serial ?? null,
      agentVersion: "1",
      name: null,
      rxMax: 1_024,
      helloMismatch: false,
      admission: overrides.admission ?? "accepted",
      tofu: false,
      intervalS: 60,
      address: "192.0.2.1",
      nowMs: overrides.nowMs ?? NOW,
    })
  );
}

const apiToken = (id: string) => ({
  id,
  name: "x",
  secret_hash: new Uint8Array(32),
  role: "admin",
  scope: "{}",
  created_at_ms: NOW,
});

const insertApiToken = (tx: Tx, id: string) =>
  queriesOf(tx).kysely.insertInto("api_tokens").values(apiToken(id)).execute();

const apiTokenIds = async (database: Database) =>
  (await database.read(({ kysely }) =>
    kysely.selectFrom("api_tokens").select("id").orderBy("id").execute()
  )).map(({ id }) => id);

/** Stands for the merge of newest values: counts the batches that went into it. */
const counting = (body: Uint8Array, batches: readonly unknown[]) => {
  const before = body.length === 0 ? 0 : new DataView(body.buffer, body.byteOffset).getUint32(0);
  const after = new Uint8Array(4);
  new DataView(after.buffer).setUint32(0, before + batches.length);
  return after;
};

/** Registers the tests of one dialect. */
export function storeSuite(
  dialect: string,
  open: DatabaseFactory,
  { ignore = false }: { readonly ignore?: boolean } = {},
): void {
  const test = (name: string, body: (database: Database) => Promise<void>) =>
    Deno.test(`${dialect}: ${name}`, { ignore }, async () => {
      const { database, dispose } = await open();
      try {
        await body(database);
      } finally {
        await dispose();
      }
    });
  transactions(test);
  enrolment(test);
  devicePath(test);
  surveySuite(test, insertDevice);
}

type Register = (name: string, body: (database: Database) => Promise<void>) => void;

function transactions(test: Register): void {
  test("works that arrive together are all committed", async (database) => {
    const results = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        database.write(async (tx) => {
          await insertApiToken(tx, String(i).padStart(3, "0"));
          return i;
        })),
    );
    assert.deepEqual(results, Array.from({ length: 600 }, (_, i) => i));
    assert.equal((await apiTokenIds(database)).length, 600);
  });

  test("only the culprit of a group fails, with its own error", async (database) => {
    const works = ["a", "b", "boom", "a", "c"].map((id) =>
      database.write(async (tx) => {
        await insertApiToken(tx, id);
        if (id === "boom") throw new RangeError("boom");
      })
    );
    const outcomes = await Promise.allSettled(works);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"],
    );
    assert.ok((outcomes[2] as PromiseRejectedResult).reason instanceof RangeError);
    assert.deepEqual(await apiTokenIds(database), ["a", "b", "c"]);
  });

  test("a work that meets a conflict is undone and run again, the others with it", async (database) => {
    const runs: string[] = [];
    const effects: string[] = [];
    const works = ["a", "b", "c"].map((id) =>
      database.write(async (tx) => {
        runs.push(id);
        await insertApiToken(tx, id);
        tx.afterCommit(() => effects.push(id));
        if (id === "b" && runs.filter((run) => run === "b").length < 3) throw new Conflict("moved");
      })
    );
    await Promise.all(works);
    assert.ok(runs.filter((run) => run === "b").length >= 3, runs.join(" "));
    assert.deepEqual(effects, ["a", "b", "c"]);
    assert.deepEqual(await apiTokenIds(database), ["a", "b", "c"]);
    await assert.rejects(
      database.write(() => {
        throw new Conflict("for ever");
      }),
      { code: "store.unavailable" },
    );
  });

  test("effects run once, after the commit, and not for what was rolled back", async (database) => {
    const effects: string[] = [];
    await Promise.allSettled(["a", "boom", "b"].map((id) =>
      database.write(async (tx) => {
        await insertApiToken(tx, id);
        tx.afterCommit(() => effects.push(id));
        if (id === "boom") throw new Error("boom");
      })
    ));
    assert.deepEqual(effects, ["a", "b"]);
  });

  test("a transaction cannot be used after its work", async (database) => {
    let leaked: Tx | undefined;
    await database.write((tx) => void (leaked = tx));
    assert.throws(() => queriesOf(leaked!), TypeError);
  });

  test("close finishes what was queued and refuses more", async (database) => {
    const queued = Promise.all(
      ["a", "b"].map((id) => database.write((tx) => insertApiToken(tx, id))),
    );
    const closing = database.close();
    await queued;
    await closing;
    await assert.rejects(database.write(() => {}), { code: "store.closed" });
  });

  test("the audit log can neither be changed nor shortened", async (database) => {
    await database.write((tx) =>
      queriesOf(tx).kysely.insertInto("audit").values({
        at_ms: NOW,
        actor: "a",
        address: null,
        action: "x.y",
        target: "t",
        before: null,
        after: null,
        previous_hash: new Uint8Array(32),
        hash: new Uint8Array(32),
      }).execute()
    );
    const change = (sql: string) => database.write((tx) => queriesOf(tx).raw.run(sql, []));
    await assert.rejects(change("UPDATE audit SET actor = 'b'"), /append-only/);
    await assert.rejects(change("DELETE FROM audit"), /append-only/);
  });
}

function enrolment(test: Register): void {
  test("of many uses at once no more succeed than a token has", async (database) => {
    const id = random(8);
    await database.write((tx) =>
      new EnrolmentTokensTable(database).insert(tx, {
        id,
        name: null,
        hwClass: null,
        labels: { site: "x" },
        maxUses: 3,
        used: 0,
        createdAtMs: NOW,
        notAfterMs: NOW + 1_000,
        revokedAtMs: null,
        actor: "t",
        secretWrapped: random(64),
      })
    );
    const tokens = new UsableTokenStore(database);
    const uses = await Promise.all(
      Array.from({ length: 200 }, () => database.write((tx) => tokens.consume(tx, id, NOW))),
    );
    const successes = uses.filter((use) => use !== undefined);
    assert.deepEqual(successes, Array.from({ length: 3 }, () => ({ labels: { site: "x" } })));
    assert.equal((await tokens.find(id))?.used, 3);
  });

  test("an expired token has no use left", async (database) => {
    const id = random(8);
    const table = new EnrolmentTokensTable(database);
    await database.write((tx) =>
      table.insert(tx, {
        id,
        name: null,
        hwClass: null,
        labels: {},
        maxUses: 3,
        used: 0,
        createdAtMs: NOW,
        notAfterMs: NOW,
        revokedAtMs: null,
        actor: "t",
        secretWrapped: random(64),
      })
    );
    const used = await database.write((tx) => new UsableTokenStore(database).consume(tx, id, NOW));
    assert.equal(used, undefined);
  });

  test("a handshake is taken once, and not after its time", async (database) => {
    const handshake = (kid: Uint8Array) => ({
      kid,
      address: "a",
      publicKey: random(32),
      request: random(20),
      keysWrapped: random(64),
      tokenId: null,
      tokenStatus: null,
      helloMismatch: true,
      createdAtMs: NOW,
      expiresAtMs: NOW + 100,
    });
    const limits = { total: 10, perAddress: 10, lifetimeMs: 100 };
    const [one, two] = [random(8), random(8)];
    await database.write(async (tx) => {
      await handshakeStore.insert(tx, handshake(one), limits);
      await handshakeStore.insert(tx, handshake(two), limits);
    });
    const take = (kid: Uint8Array, nowMs: number) =>
      database.write((tx) => handshakeStore.take(tx, kid, nowMs));
    assert.deepEqual((await take(one, NOW))?.kid, one);
    assert.equal(await take(one, NOW), undefined);
    assert.equal(await take(two, NOW + 100), undefined);
  });

  test("a device has one active kid; opening another revokes it", async (database) => {
    const store = new EnrolmentStore(database);
    const deviceId = await insertDevice(database);
    const openSession = (nowMs: number) =>
      database.write((tx) =>
        store.openSession(tx, { kid: random(8), deviceId, keysWrapped: random(8), nowMs })
      );
    assert.deepEqual(await openSession(NOW), { replaced: false, reenrolments: 0 });
    assert.deepEqual(await openSession(NOW + 1), { replaced: true, reenrolments: 1 });
    assert.deepEqual(await openSession(NOW + 2), { replaced: true, reenrolments: 2 });
    assert.deepEqual(await openSession(NOW + 90_000_000), { replaced: true, reenrolments: 1 });
  });

  test("a removed device takes everything of it along", async (database) => {
    const deviceId = await insertDevice(database, { admission: "pending" });
    await database.write(async (tx) => {
      await new EnrolmentStore(database).label(tx, deviceId, { a: "b" });
      await new EnrolmentStore(database).openSession(tx, {
        kid: random(8),
        deviceId,
        keysWrapped: random(8),
        nowMs: NOW,
      });
    });
    const removed = await database.write((tx) =>
      new HousekeepingStore(database).removePending(tx, NOW + 1)
    );
    assert.deepEqual(removed.map(({ id }) => id), [deviceId]);
    const left = await database.read(({ raw }) =>
      raw.all("SELECT device_id FROM device_labels UNION ALL SELECT device_id FROM sessions", [])
    );
    assert.deepEqual(left, []);
  });
}

function devicePath(test: Register): void {
  test("a sequence number is compared and set; of two that race one wins", async (database) => {
    const kid = random(8);
    const deviceId = await insertDevice(database);
    const sync = new SyncStore(database);
    await database.write((tx) =>
      new EnrolmentStore(database).openSession(tx, {
        kid,
        deviceId,
        keysWrapped: random(8),
        nowMs: NOW,
      })
    );
    const before = (await sync.load(null, kid))!;
    const advance = (lastSeq: number) =>
      database.write((tx) =>
        sync.take(tx, kid, {
          before,
          after: { ...before, lastSeq, lastTag: random(16) },
          isChecked: true,
        })
      );
    assert.deepEqual(
      await Promise.all([advance(5), advance(5), advance(6)]),
      [true, false, false],
    );
    const row = (await sync.load(null, kid))!;
    assert.deepEqual(
      [row.lastSeq, row.deviceId, row.metricsEpoch, row.hasOpenCommands, row.admission],
      [5, deviceId, null, 0, "accepted"],
    );
  });

  test("a remembered row stands until something it must notice changes", async (database) => {
    const kid = random(8);
    const deviceId = await insertDevice(database);
    const sync = new SyncStore(database), enrolled = new EnrolmentStore(database);
    await database.write((tx) =>
      enrolled.openSession(tx, { kid, deviceId, keysWrapped: random(8), nowMs: NOW })
    );
    const command = {
      deviceId,
      name: "x",
      args: null,
      createdAtMs: NOW,
      expiresAtMs: NOW + 9,
      actor: "a",
    };
    const commands = new CommandsStore(database);
    const change = (sql: string) => (tx: Tx) => queriesOf(tx).raw.run(sql, [deviceId]);
    const noticed: Record<string, (tx: Tx) => unknown> = {
      admission: change("UPDATE devices SET admission = 'rejected' WHERE id = ?"),
      quarantine: (tx) => enrolled.quarantine(tx, deviceId),
      release: (tx) => enrolled.release(tx, deviceId),
      interval: change("UPDATE devices SET interval_s = 7 WHERE id = ?"),
      "a command": (tx) => commands.insert(tx, command),
      "a command taken": (tx) => commands.markTaken(tx, { deviceId, through: 1 }),
      "a command expired": (tx) => commands.expire(tx, NOW + 90_000_000),
      inventory: (tx) =>
        new InventoryStore(database).put(tx, {
          deviceId,
          digest: random(8),
          facts: {},
          changedAtMs: NOW,
          changes: [],
        }),
      "a restore": change("UPDATE sessions SET resync_nonce = kid WHERE device_id = ?"),
      "new keys": (tx) =>
        enrolled.openSession(tx, { kid: random(8), deviceId, keysWrapped: random(8), nowMs: NOW }),
    };
    for (const [what, work] of Object.entries(noticed)) {
      let before = (await sync.load(null, kid))!;
      const goesOn = async () => {
        const after = { ...before, lastSeq: before.lastSeq + 1, lastTag: random(16) };
        const isTaken = await database.write((tx) =>
          sync.take(tx, kid, { before, after, isChecked: false })
        );
        before = after;
        return isTaken;
      };
      assert.deepEqual([await goesOn(), await goesOn()], [true, true], what);
      await database.write((tx) => work(tx));
      assert.equal(await goesOn(), false, what);
    }
  });

  test("batches are read once, before, during and after they are folded", async (database) => {
    const [mine, others] = [await insertDevice(database), await insertDevice(database)];
    const telemetry = new TelemetryStore(database, counting);
    const batch = (deviceId: number, number: number, fromMs: number | null) => ({
      deviceId,
      receivedAtMs: NOW + number,
      fromMs,
      toMs: fromMs === null ? null : fromMs + 5,
      suspect: number % 7 === 0,
      body: Uint8Array.of(number >> 8, number & 255),
    });
    const DAY_MS = 86_400_000;
    await Promise.all(
      Array.from({ length: 700 }, (_, number) =>
        database.write((tx) =>
          telemetry.append(tx, [
            batch(others, number, NOW),
            batch(mine, number, number % 50 === 3 ? null : NOW + number * (DAY_MS / 100)),
          ])
        )),
    );
    const range = { deviceId: mine, fromMs: NOW + DAY_MS, toMs: NOW + 6 * DAY_MS };
    const expected = Array.from({ length: 700 }, (_, i) => i).filter((i) =>
      i % 50 !== 3 && i >= 100 && i < 600
    );
    const read = async () => {
      const numbers: number[] = [];
      for await (const batches of telemetry.read(range)) {
        for (const { body, fromMs, suspect } of batches) {
          const number = body[0]! * 256 + body[1]!;
          assert.equal(fromMs, NOW + number * (DAY_MS / 100));
          assert.equal(suspect, number % 7 === 0);
          // A block holds neighbours of what was asked for.
          if (fromMs + 5 >= range.fromMs && fromMs < range.toMs) numbers.push(number);
        }
      }
      return numbers.sort((a, b) => a - b);
    };
    const undated = () => telemetry.countUndated({ deviceId: mine, fromMs: NOW, toMs: NOW + 700 });
    assert.deepEqual(await read(), expected);
    for (const beforeMs of [NOW, NOW + 100, NOW + 101, NOW + 450, NOW + 1_000]) {
      const [during] = await Promise.all([read(), telemetry.fold(beforeMs)]);
      assert.deepEqual(during, expected);
      assert.deepEqual(await read(), expected);
      assert.equal(await undated(), 14);
      const [newest] = await telemetry.latestOf([mine]);
      assert.deepEqual(newest?.body, counting(new Uint8Array(), Array.from({ length: 686 })));
      const [elsewhere] = await new TelemetryStore(database, counting).latestOf([mine]);
      assert.deepEqual(elsewhere?.body, newest?.body);
    }
    const log = await database.read(({ raw }) => raw.all("SELECT id FROM telemetry_log", []));
    assert.ok(log.length <= 1, "at most the newest row stays");
    // A fold right between the log and the blocks: what was read from the log is not read again.
    await database.write((tx) =>
      telemetry.append(tx, [batch(mine, 300, NOW + 3 * DAY_MS), batch(others, 1, NOW)])
    );
    const numbers: number[] = [];
    for await (const batches of telemetry.read({ ...range, fromMs: NOW + 3 * DAY_MS })) {
      numbers.push(...batches.map(({ body }) => body[0]! * 256 + body[1]!));
      await telemetry.fold(NOW + 2_000);
    }
    assert.equal(numbers.filter((number) => number === 300).length, 2);
    await database.write((tx) => telemetry.append(tx, [batch(mine, 500, NOW + 5 * DAY_MS + 1)]));
    assert.equal(
      await new TelemetryStore(database, counting).countUndated({ ...range, fromMs: 0 }),
      14,
    );
  });

  test("a fold that is cut off goes on where it was, in another process", async (database) => {
    const deviceId = await insertDevice(database);
    const append = (from: number, count: number) =>
      database.write((tx) =>
        new TelemetryStore(database, counting).append(
          tx,
          Array.from({ length: count }, (_, i) => ({
            deviceId,
            receivedAtMs: NOW + from + i,
            fromMs: NOW + from + i,
            toMs: NOW + from + i,
            suspect: false,
            body: Uint8Array.of(from + i),
          })),
        )
      );
    await append(0, 10);
    const first = new TelemetryStore(database, counting);
    // The blocks are written, the log is not dropped yet: as if the process had ended there.
    const cutOff = {
      ...database,
      read: database.read.bind(database),
      write: async <T>(work: (tx: Tx) => T | Promise<T>) => {
        if (cut) throw new Error("power cut");
        cut = true;
        return await database.write(work);
      },
    } as unknown as Database;
    let cut = false;
    await new TelemetryStore(cutOff, counting).fold(NOW + 5).catch((error) =>
      assert.match(error.message, /power cut/)
    );
    assert.equal(cut, true);
    await append(10, 5);
    const numbers = async (telemetry: TelemetryStore) => {
      const all: number[] = [];
      for await (const batches of telemetry.read({ deviceId, fromMs: NOW, toMs: NOW + 99 })) {
        all.push(...batches.map(({ body }) => body[0]!));
      }
      return all.sort((a, b) => a - b);
    };
    const expected = Array.from({ length: 15 }, (_, i) => i);
    assert.deepEqual(await numbers(first), expected);
    await new TelemetryStore(database, counting).fold(NOW + 12);
    assert.deepEqual(await numbers(first), expected);
    assert.deepEqual(await numbers(new TelemetryStore(database, counting)), expected);
  });

  test("open commands are seen with the sync, finished ones are not", async (database) => {
    const kid = random(8);
    const deviceId = await insertDevice(database);
    await database.write((tx) =>
      new EnrolmentStore(database).openSession(tx, {
        kid,
        deviceId,
        keysWrapped: random(8),
        nowMs: NOW,
      })
    );
    const commands = new CommandsStore(database), sync = new SyncStore(database);
    const command = {
      deviceId,
      name: "x",
      args: null,
      createdAtMs: NOW,
      expiresAtMs: NOW + 9,
      actor: "a",
    };
    const ids = await database.write(async (tx) => [
      await commands.insert(tx, command),
      await commands.insert(tx, command),
    ]);
    assert.deepEqual(ids, [1, 2]);
    assert.equal((await sync.load(null, kid))?.hasOpenCommands, 1);
    await database.write(async (tx) => {
      await commands.markTaken(tx, { deviceId, through: 1 });
      await commands.expire(tx, NOW + 9);
    });
    assert.equal((await commands.get(deviceId, 1))?.state, "delivered");
    assert.equal((await commands.get(deviceId, 2))?.state, "expired");
    const result = {
      deviceId,
      id: 1,
      status: 0,
      code: null,
      output: null,
      isPartial: false,
      atMs: NOW,
    };
    assert.equal(await database.write((tx) => commands.finish(tx, result)), true);
    assert.equal(await database.write((tx) => commands.finish(tx, result)), false);
    assert.equal((await sync.load(null, kid))?.hasOpenCommands, 0);
  });

  test("a reported event is one row however often it comes, and lists obey the scope", async (database) => {
    const deviceId = await insertDevice(database);
    await database.write((tx) => new EnrolmentStore(database).label(tx, deviceId, { site: "x" }));
    const events = new EventsStore(database);
    const event = { deviceId, atMs: NOW, name: "n", severity: 6, text: null };
    const record = () =>
      database.write((tx) => events.record(tx, { ...event, report: { epoch: 1, counter: 1 } }));
    assert.deepEqual([await record(), await record()], [true, false]);
    const count = async (labels: Record<string, string>) =>
      (await events.list({ labels }, { deviceId, limit: 10 })).length;
    assert.deepEqual([await count({}), await count({ site: "x" }), await count({ site: "y" })], [
      1,
      1,
      0,
    ]);
  });

  test("a device keeps its newest 1,000 inventory changes and events", async (database) => {
    const deviceId = await insertDevice(database);
    const inventory = new InventoryStore(database), events = new EventsStore(database);
    await database.write(async (tx) => {
      for (let i = 0; i < 1_050; i++) {
        await events.record(tx, { deviceId, atMs: i, name: "n", severity: 6, text: null });
        await inventory.put(tx, {
          deviceId,
          digest: random(8),
          facts: { i },
          changedAtMs: i,
          changes: [{ field: "i", before: i - 1, after: i }],
        });
      }
    });
    for (const table of ["inventory_changes", "events"]) {
      const rows = await database.read(({ raw }) =>
        raw.all<{ n: number; oldest: number }>(
          `SELECT count(*) AS n, min(at_ms) AS oldest FROM ${table}`,
          [],
        )
      );
      assert.deepEqual({ ...rows[0] }, { n: 1_000, oldest: 50 });
    }
    const newest = await inventory.changes(WHOLE_FLEET, { deviceId, limit: 1 });
    assert.equal(newest[0]?.after, 1_049);
  });
}
