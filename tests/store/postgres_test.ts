/**
 * The store suite on PostgreSQL, and what only a database of several servers can show.
 *
 * @module
 */
import {
  AuditTables,
  auditTo,
  checkAudit,
  type Database,
  EnrolmentTokensTable,
  openDatabase,
  queriesOf,
  SYSTEM_CLOCK,
  systemActor,
  TelemetryStore,
  type Tx,
  UsableTokenStore,
} from "@fleetd/server";
import assert from "node:assert/strict";
import { eventually, RunningProcess, testProgram } from "../e2e/processes.ts";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "./postgres_cluster.ts";
import { insertDevice, storeSuite } from "./store_suite.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);
const ignore = reason !== undefined;

let cluster: PostgresCluster;
Deno.test.beforeAll(async () => {
  if (!ignore) cluster = await PostgresCluster.start();
});
Deno.test.afterAll(async () => {
  await cluster?.stop();
});

storeSuite("PostgreSQL", async () => {
  const name = await cluster.createDatabase();
  const database = await openDatabase({ path: cluster.url(name) });
  return {
    database,
    async dispose() {
      await database.close().catch(() => {});
      await cluster.dropDatabase(name);
    },
  };
}, { ignore });

/** A test with two servers' views of one database. */
function test(
  name: string,
  body: (both: { one: Database; two: Database; name: string }) => Promise<void>,
): void {
  Deno.test(name, { ignore }, async () => {
    const name = await cluster.createDatabase();
    const [one, two] = await Promise.all([
      openDatabase({ path: cluster.url(name) }),
      openDatabase({ path: cluster.socketUrl(name) }),
    ]);
    try {
      await body({ one, two, name });
    } finally {
      await one.close();
      await two.close();
      await cluster.dropDatabase(name);
    }
  });
}

const run = (sql: string, ...values: (string | number)[]) => async (tx: Tx) =>
  await queriesOf(tx).raw.run(sql, values);

test("what two servers read and then write is as if there were one writer", async ({ one, two }) => {
  await one.write(
    run("INSERT INTO sign_in_failures VALUES ('x', 0, 0, 0)"),
  );
  const audits = [one, two].map((database) => auditTo(new AuditTables(database), SYSTEM_CLOCK));
  await Promise.all(Array.from({ length: 200 }, (_, i) => {
    const at = i % 2;
    return [one, two][at]!.write(async (tx) => {
      const { raw } = queriesOf(tx);
      const row = await raw.get<{ failures: number }>("SELECT failures FROM sign_in_failures", []);
      await raw.run("UPDATE sign_in_failures SET failures = ?", [row!.failures + 1]);
      await audits[at]!(tx, {
        actor: systemActor("t").name,
        address: null,
        action: "t.t",
        target: "x",
      });
    });
  }));
  const row = await two.read(({ raw }) =>
    raw.get<{ failures: number }>("SELECT failures FROM sign_in_failures", [])
  );
  assert.equal(row!.failures, 200);
  const { entries, brokenAtId } = await checkAudit(new AuditTables(one));
  assert.deepEqual([entries, brokenAtId], [200, null]);
});

test("of 200 uses of a one-use token at two servers at once exactly one succeeds", async ({ one, two }) => {
  const id = crypto.getRandomValues(new Uint8Array(8));
  await one.write((tx) =>
    new EnrolmentTokensTable(one).insert(tx, {
      id,
      name: null,
      hwClass: null,
      labels: {},
      maxUses: 1,
      used: 0,
      createdAtMs: 1,
      notAfterMs: 2,
      revokedAtMs: null,
      actor: "t",
      secretWrapped: new Uint8Array(64),
    })
  );
  const uses = await Promise.all(Array.from({ length: 200 }, (_, i) => {
    const database = [one, two][i % 2]!;
    return database.write((tx) => new UsableTokenStore(database).consume(tx, id, 1));
  }));
  assert.equal(uses.filter((use) => use !== undefined).length, 1);
});

test("a text with U+0000, which PostgreSQL cannot hold, is kept without it", async ({ one }) => {
  await one.write(run("INSERT INTO sign_in_failures VALUES (?, 0, 0, 0)", "a\0b"));
  await one.write((tx) =>
    queriesOf(tx).kysely.insertInto("sign_in_failures")
      .values({ key: "\0", failures: 0, last_ms: 0, locked_until_ms: 0 }).execute()
  );
  const rows = await one.read(({ raw }) =>
    raw.all<{ key: string }>("SELECT key FROM sign_in_failures ORDER BY key", [])
  );
  assert.deepEqual(rows.map(({ key }) => key), ["a\uFFFDb", "\uFFFD"]);
});

test("a work whose connection is cut is run again; one whose database is gone is told to come back", async ({ one, name }) => {
  let runs = 0;
  const cut = () =>
    cluster.query(
      "postgres",
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'fleets write' AND datname = $1`,
      [name],
    );
  await one.write(async (tx) => {
    await queriesOf(tx).raw.run("INSERT INTO sign_in_failures VALUES ('x', 0, 0, 0)", []);
    runs += 1;
    if (runs >= 4) return;
    await cut();
    await queriesOf(tx).raw.run("SELECT 1", []);
  });
  assert.ok(runs >= 4, String(runs));
  const [{ n }] = await one.read(({ raw }) =>
    raw.all<{ n: number }>("SELECT count(*) AS n FROM sign_in_failures", [])
  ) as [{ n: number }];
  assert.equal(n, 1);
  // Between two transactions as well, for readers too.
  await cut();
  await insertDevice(one);
  await cluster.query(
    name,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'fleets read' AND datname = $1`,
    [name],
  );
  assert.equal((await one.read(({ raw }) => raw.all("SELECT 1 AS one", []))).length, 1);
  await cluster.query("postgres", `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await cut();
  await assert.rejects(one.write(run("SELECT 1")), { code: "store.unavailable" });
  await cluster.query("postgres", `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await insertDevice(one);
});

test("a lock that somebody holds too long is an error that says so, and nothing is half done", async ({ one, two, name }) => {
  const hasty = await openDatabase({
    path: `${cluster.socketUrl(name)}&options=-c%20lock_timeout%3D100`,
  });
  const held = Promise.withResolvers<void>(), started = Promise.withResolvers<void>();
  const holding = one.write(async (tx) => {
    await queriesOf(tx).raw.run("INSERT INTO sign_in_failures VALUES ('x', 0, 0, 0)", []);
    started.resolve();
    await held.promise;
  });
  await started.promise;
  await assert.rejects(insertDevice(hasty), { code: "store.unavailable" });
  await hasty.close();
  held.resolve();
  await holding;
  await insertDevice(two);
});

test("of two servers one leads, and the other when it is gone", async ({ one, two }) => {
  assert.equal(await one.shared!.leads(), true);
  assert.equal(await two.shared!.leads(), false);
  assert.equal(await one.shared!.leads(), true);
  await one.close();
  assert.equal(await two.shared!.leads(), true);
});

test("signals of a transaction arrive with its commit, at every server, and not otherwise", async ({ one, two }) => {
  const heard: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const ends = [one, two].map(({ shared }, at) =>
    shared!.signals.subscribe((text) => {
      heard.push(`${at} ${text}`);
      if (heard.length === 4) arrived.resolve();
    }, () => {})
  );
  await assert.rejects(one.write(async (tx) => {
    await one.shared!.signals.sendIn(tx, "never");
    await queriesOf(tx).raw.run("INSERT INTO nothing VALUES (1)", []);
  }));
  await one.write(async (tx) => void await one.shared!.signals.sendIn(tx, "alone"));
  await two.write(async (tx) => {
    await queriesOf(tx).raw.run("INSERT INTO sign_in_failures VALUES ('x', 0, 0, 0)", []);
    await two.shared!.signals.sendIn(tx, "with others");
  });
  await arrived.promise;
  assert.deepEqual(heard.sort(), ["0 alone", "0 with others", "1 alone", "1 with others"]);
  for (const end of ends) end();
});

test("nothing is acknowledged before its commit is, in a group or alone", async ({ one, name }) => {
  const deviceId = await insertDevice(one);
  const batch = {
    deviceId,
    receivedAtMs: 1,
    fromMs: 1,
    toMs: 1,
    suspect: false,
    body: new Uint8Array(1),
  };
  const telemetry = new TelemetryStore(one, (body) => body);
  const set = async (standby: string) => {
    // A commit waits for this standby, which there is not.
    await cluster.query(name, `ALTER SYSTEM SET synchronous_standby_names = '${standby}'`);
    await cluster.query(name, "SELECT pg_reload_conf()");
  };
  const works: ((tx: Tx) => unknown)[] = [
    (tx) => telemetry.append(tx, [batch]),
    run("INSERT INTO sign_in_failures VALUES ('x', 0, 0, 0)"),
  ];
  for (const work of works) {
    await set("nobody");
    let effects = 0;
    const written = one.write(async (tx) => {
      tx.afterCommit(() => effects += 1);
      await work(tx);
    }).then(() => "acknowledged");
    await eventually(async () =>
      (await cluster.query(
        name,
        "SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'SyncRep'",
        [name],
      )).length === 1
    );
    assert.equal(await Promise.race([written, Promise.resolve("waiting")]), "waiting");
    assert.equal(effects, 0);
    await set("");
    assert.equal(await written, "acknowledged");
    assert.equal(effects, 1);
  }
});

Deno.test("what a crash of PostgreSQL finds acknowledged is there, once", { ignore }, async () => {
  await using durable = await PostgresCluster.start({ fsync: true });
  const url = durable.url(await durable.createDatabase());
  await (await openDatabase({ path: url })).close();
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    await using writer = new RunningProcess(
      testProgram("store/programs/write_for_ever.ts", url, String(acknowledged + 1)),
    );
    await writer.says(new RegExp(`^${acknowledged + 100}$`, "m"));
    // Half of the rounds end the writer, the others the database under it.
    if (round % 2 === 0) await durable.restart();
    await writer.end("SIGKILL");
    const lines = writer.stdout.slice(0, writer.stdout.lastIndexOf("\n")).split("\n");
    const said = lines.map(Number);
    const database = await openDatabase({ path: url });
    const rows = await database.read(({ raw }) =>
      raw.all<{ at_ms: number }>("SELECT at_ms FROM events ORDER BY at_ms", [])
    );
    await database.close();
    const stored = rows.map(({ at_ms }) => at_ms);
    assert.equal(new Set(stored).size, stored.length, "each once");
    const kept = new Set(stored);
    assert.deepEqual(said.filter((number) => !kept.has(number)), []);
    acknowledged = Math.max(...stored);
  }
});
