/**
 * The store suite on SQLite, and what only a file can show: locks, power cuts, permissions.
 *
 * @module
 */
import { openDatabase, queriesOf } from "@fleetd/server";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insertDevice, storeSuite } from "./store_suite.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleetd-store-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

storeSuite("SQLite in memory", async () => {
  const database = await openDatabase({ path: ":memory:" });
  return { database, dispose: () => database.close().catch(() => {}) };
});

storeSuite("SQLite in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fleetd-store-"));
  const database = await openDatabase({ path: join(folder, "fleet.db") });
  return {
    database,
    async dispose() {
      await database.close().catch(() => {});
      await rm(folder, { recursive: true });
    },
  };
});

Deno.test("a database file and its side files are for its owner alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    const database = await openDatabase({ path });
    await insertDevice(database);
    for (const end of ["", "-wal", "-shm"]) {
      assert.equal((await stat(path + end)).mode & 0o777, 0o600, `fleet.db${end}`);
    }
    await database.close();
  }));

Deno.test("writers of two processes wait for each other without stopping either", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    const [one, two] = [await openDatabase({ path }), await openDatabase({ path })];
    await Promise.all(Array.from({ length: 100 }, (_, i) => insertDevice(i % 2 === 0 ? one : two)));
    const [row] = await one.read(({ raw }) =>
      raw.all<{ n: number }>("SELECT count(*) AS n FROM devices", [])
    );
    assert.equal(row?.n, 100);
    await one.close();
    await two.close();
  }));

Deno.test("a lock that is held too long is an error that says so, and nothing is half done", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    const one = await openDatabase({ path });
    const two = await openDatabase({ path, limits: { windowMs: 1, works: 10, busyMs: 20 } });
    const started = Promise.withResolvers<void>(), held = Promise.withResolvers<void>();
    const holding = one.write(() => {
      started.resolve();
      return held.promise;
    });
    await started.promise;
    await assert.rejects(insertDevice(two), { code: "store.unavailable" });
    held.resolve();
    await holding;
    await insertDevice(two);
    await one.close();
    await two.close();
  }));

Deno.test("readers see committed data only", () =>
  inFolder(async (folder) => {
    const database = await openDatabase({ path: join(folder, "fleet.db") });
    const count = () =>
      database.read(({ raw }) =>
        raw.get<{ n: number }>("SELECT count(*) AS n FROM api_tokens", [])
      );
    let during: number | undefined;
    await database.write(async (tx) => {
      await queriesOf(tx).raw.run(
        `INSERT INTO api_tokens (id, name, secret_hash, role, scope, created_at_ms)
         VALUES ('a', 'x', ?, 'admin', '{}', 1)`,
        [new Uint8Array(32)],
      );
      during = (await count())?.n;
    });
    assert.equal(during, 0);
    assert.equal((await count())?.n, 1);
    await database.close();
  }));

Deno.test("a process killed at any moment loses nothing it acknowledged", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    await (await openDatabase({ path })).close();
    const rounds = Deno.env.get("FLEETD_CI") === "1" ? 100 : 5;
    let acknowledged = 0;
    for (let round = 0; round < rounds; round++) {
      acknowledged = await killedWriter(path, {
        from: acknowledged + 1,
        afterLines: 20 + round * 7,
      });
      const database = await openDatabase({ path });
      const [row] = await database.read(({ raw }) =>
        raw.all<{ stored: number; top: number }>(
          "SELECT count(*) AS stored, max(at_ms) AS top FROM events",
          [],
        )
      );
      await database.close();
      assert.ok(row!.top >= acknowledged, `stored ${row!.top}, acknowledged ${acknowledged}`);
      assert.equal(row!.stored, row!.top, "each once, without holes");
      acknowledged = row!.top;
    }
  }));

/** Starts a writer, kills it after some acknowledgements, returns the last number it acknowledged. */
async function killedWriter(
  path: string,
  { from, afterLines }: { from: number; afterLines: number },
): Promise<number> {
  const program = new URL("./programs/write_for_ever.ts", import.meta.url).pathname;
  const child = spawn(Deno.execPath(), ["run", "--quiet", "-A", program, path, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdout.on("data", (chunk: Uint8Array) => {
    text += new TextDecoder().decode(chunk);
    if (text.split("\n").length > afterLines) child.kill("SIGKILL");
  });
  await ended;
  const whole = text.slice(0, text.lastIndexOf("\n") + 1).trim().split("\n");
  return Math.max(...whole.map(Number));
}
