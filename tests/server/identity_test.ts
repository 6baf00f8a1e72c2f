/**
 * The fleet's identity and the key outside the database that everything secret in it is wrapped with.
 *
 * @module
 */
import {
  FleetStore,
  keyWrap,
  loadKeyEncryptionKey,
  openDatabase,
  openFleetIdentity,
  SYSTEM_CLOCK,
} from "@fleetd/server";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { direct, TestDevice } from "./test_device.ts";
import { openTestFleet, random } from "./test_fleet.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleetd-identity-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("a wrapped secret opens under its key and for its purpose only", () => {
  const wrap = keyWrap(random(32), random);
  const secret = random(16);
  const wrapped = wrap.wrap(secret, "session 1");
  assert.deepEqual(wrap.unwrap(wrapped, "session 1"), secret);
  assert.notDeepEqual(
    wrap.wrap(secret, "session 1"),
    wrapped,
    "the same secret never looks the same",
  );
  const refused = { code: "identity.key_missing" };
  assert.throws(() => wrap.unwrap(wrapped, "session 2"), refused);
  assert.throws(() => keyWrap(random(32), random).unwrap(wrapped, "session 1"), refused);
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const altered = Uint8Array.from(wrapped);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(() => wrap.unwrap(altered, "session 1"), refused, `bit ${bit}`);
  }
});

Deno.test("the key file is made once, for its owner alone, and missed with words", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db.key");
    const key = loadKeyEncryptionKey({ path, mayCreate: true, random });
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match(await readFile(path, "utf8"), /^[0-9a-f]{64}\n$/);
    assert.deepEqual(loadKeyEncryptionKey({ path, mayCreate: false, random }), key);
    await writeFile(path, "damaged");
    assert.throws(() => loadKeyEncryptionKey({ path, mayCreate: true, random }), /damaged/);
    await rm(path);
    assert.throws(
      () => loadKeyEncryptionKey({ path, mayCreate: false, random }),
      { code: "identity.key_missing" },
    );
  }));

Deno.test("servers that start at once on one database are the same fleet", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    const wrap = keyWrap(random(32), random);
    const databases = [await openDatabase({ path }), await openDatabase({ path })];
    const [one, two] = await Promise.all(databases.map((database) =>
      openFleetIdentity({
        records: new FleetStore(database),
        transactions: database,
        wrap,
        random,
        clock: SYSTEM_CLOCK,
        name: "test",
      })
    ));
    assert.deepEqual(one, two);
    assert.ok(one!.hello.length <= 256);
    for (const database of databases) await database.close();
  }));

Deno.test("nothing in the database file opens without the key", () =>
  inFolder(async (folder) => {
    const path = join(folder, "fleet.db");
    const fleet = await openTestFleet({ path });
    const token = await fleet.token();
    const device = new TestDevice(direct(fleet.path), fleet.serverKey);
    await device.enrol({ token });
    await device.sync();
    const keys = { ...device.keys! };
    await fleet.close();
    const file = await readFile(path);
    const secrets = { token: token.secret, ...keys };
    for (const [name, secret] of Object.entries(secrets)) {
      assert.equal(file.includes(Buffer.from(secret)), false, name);
    }
    assert.ok(
      file.includes(Buffer.from(device.keyPair.publicKey)),
      "the search finds what is there in clear",
    );
    await assert.rejects(openTestFleet({ path, wrap: keyWrap(random(32), random) }), {
      code: "identity.key_missing",
    });
  }));
