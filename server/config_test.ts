import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError, readConfig } from "./config.ts";

function withFile(text: string, use: (file: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "fleets-config-"));
  try {
    const file = join(folder, "server.json");
    writeFileSync(file, text);
    use(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("with nothing given the server is on port 8080 with fleet.db here, devices accepted by hand", () => {
  assert.deepEqual(readConfig({}), {
    port: 8080,
    tlsPort: 8443,
    tlsFiles: null,
    behindProxy: [],
    newSetupCode: false,
    listen: null,
    db: resolve("fleet.db"),
    dataDir: resolve("."),
    keyFile: resolve("fleet.db.key"),
    mdns: true,
    enrolment: "manual",
    allowHosts: [],
    name: null,
    logLevel: "info",
  });
});

Deno.test("HTTPS is served unless only this machine reaches the server or it is not wanted", () => {
  const tlsPort = (options: Parameters<typeof readConfig>[0]) => readConfig(options).tlsPort;
  assert.equal(tlsPort({ "tls-port": 9443 }), 9443);
  assert.equal(tlsPort({ port: 0 }), 0, "a free one beside a free one");
  assert.equal(tlsPort({ tls: false }), null);
  assert.equal(tlsPort({ listen: "127.0.0.1" }), null);
  assert.equal(tlsPort({ listen: "127.0.0.1", tls: true }), 8443);
  assert.equal(tlsPort({ listen: "::1", "tls-port": 0 }), 0);
  assert.equal(tlsPort({ listen: "192.0.2.1" }), 8443);
  assert.throws(() => readConfig({ tls: false, "tls-port": 1 }), /--no-tls together with/);
});

Deno.test("a certificate and its key belong together", () => {
  assert.deepEqual(readConfig({ "tls-cert": "/c.pem", "tls-key": "/k.pem" }).tlsFiles, {
    certificatePath: "/c.pem",
    keyPath: "/k.pem",
  });
  assert.throws(() => readConfig({ "tls-cert": "c.pem" }), /--tls-cert alone/);
  assert.throws(() => readConfig({ "tls-key": "k.pem" }), /--tls-key alone/);
});

Deno.test("proxies are addresses and networks", () => {
  const good = ["127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32"];
  assert.deepEqual(readConfig({ "behind-proxy": good }).behindProxy, good);
  for (const bad of ["proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", ""]) {
    assert.throws(
      () => readConfig({ "behind-proxy": [bad] }),
      /behind-proxy.*addresses and networks/,
    );
  }
});

Deno.test("the data folder is the database's unless it is given", () => {
  assert.equal(readConfig({ db: "/srv/fleet/f.db" }).dataDir, "/srv/fleet");
  assert.equal(readConfig({ db: "/srv/fleet/f.db", "data-dir": "/var/x" }).dataDir, "/var/x");
});

Deno.test("a PostgreSQL is named by its URL, and its files lie in a folder of their own", () => {
  const db = "postgres://fleet@db.example:5433/garden?sslmode=require";
  const config = readConfig({ db });
  assert.equal(config.db, db);
  assert.equal(config.dataDir, resolve("fleet-data"));
  assert.equal(config.keyFile, resolve("fleet-data/garden.key"));
  assert.equal(readConfig({ db, "data-dir": "/srv" }).keyFile, "/srv/garden.key");
  assert.equal(readConfig({ db, "key-file": "/run/secrets/k" }).keyFile, "/run/secrets/k");
  withFile(JSON.stringify({ db }), (file) => assert.equal(readConfig({}, file).db, db));
  for (const bad of ["mysql://u:secret@h/d", "postgres://u:secret@h:port/d", ""]) {
    assert.throws(() => readConfig({ db: bad }), (error: Error) => {
      assert.match(error.message, /--db .*a file name, or postgres:/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});

Deno.test("an option of the command line wins over the file, and the file over the default", () => {
  withFile('{"port": 9000, "enrolment": "open", "db": "inside.db"}', (file, folder) => {
    const config = readConfig({ port: 9001, enrolment: undefined }, file);
    assert.equal(config.port, 9001);
    assert.equal(config.enrolment, "open");
    assert.equal(config.db, join(folder, "inside.db"), "the file's paths start at the file");
  });
});

Deno.test("a setting that cannot be used is named with what it takes", () => {
  const refused = (given: Record<string, unknown>, text: RegExp) =>
    assert.throws(() => readConfig(given as never), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, text);
      return true;
    });
  refused({ port: 70_000 }, /^Cannot use --port 70000: it takes a whole number from 0 to 65535$/);
  refused({ port: 80.5 }, /--port 80\.5/);
  refused({ listen: "localhost" }, /--listen "localhost": it takes an IP address/);
  refused({ enrolment: "auto" }, /--enrolment "auto": it takes manual or open/);
  refused({ "allow-host": ["fleet.example:80"] }, /--allow-host .*host names without port/);
  refused({ prot: 1 }, /--prot: there is no such setting; there are port, .*listen, db/);
});

Deno.test("a configuration file that cannot be used is named", () => {
  assert.throws(
    () => readConfig({}, "/nowhere/server.json"),
    /Cannot read the configuration file \/nowhere\/server\.json/,
  );
  withFile("port: 80", (file) => assert.throws(() => readConfig({}, file), /it is not JSON/));
  withFile("[]", (file) => assert.throws(() => readConfig({}, file), ConfigError));
  withFile(
    '{"port": "80"}',
    (file) => assert.throws(() => readConfig({}, file), /port "80": it takes a whole number/),
  );
});
