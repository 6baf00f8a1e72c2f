/**
 * A PostgreSQL of the test's own: initialised in a temporary folder, reached by a Unix socket and on a free port of
 * 127.0.0.1, ended by its process. Root lends it the user `postgres`, which Debian's package brings.
 *
 * @module
 */
import { createServer } from "node:net";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** What a cluster is started with. */
export interface ClusterOptions {
  /** Wait for the disk at each commit; off unless durability itself is tested or measured. */
  readonly fsync?: boolean;
}

/** Superuser of the clusters of tests; over TCP it needs the password. */
export const USER = "fleet";
export const PASSWORD = "only for tests";

const FOLDER = "/usr/lib/postgresql";

/** Where `initdb` and `postgres` are: the newest version's folder, or undefined when there is none. */
async function binaries(): Promise<string | undefined> {
  const versions = await readdir(FOLDER).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const folder = join(FOLDER, version, "bin");
    const programs: string[] = await readdir(folder).catch(() => []);
    if (programs.includes("initdb")) return folder;
  }
  return undefined;
}

/** Why there can be no cluster here, or undefined when there can. */
export async function reasonForNoPostgres(): Promise<string | undefined> {
  if (await binaries() === undefined) return `no PostgreSQL server below ${FOLDER}`;
  return Deno.uid() === 0 && await postgresUser() === undefined
    ? "PostgreSQL does not run as root, and there is no user postgres to lend it to"
    : undefined;
}

/** Says why tests were skipped, in the words that the test runner collects. */
export function sayNoPostgres(reason: string | undefined): void {
  if (reason === undefined) return;
  console.error(`SKIPPED postgresql: ${reason}; install with: apt-get install -y postgresql`);
}

async function postgresUser(): Promise<{ uid: number; gid: number } | undefined> {
  const line = (await Deno.readTextFile("/etc/passwd")).split("\n")
    .find((one) => one.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** A running cluster. */
export class PostgresCluster {
  #child: Deno.ChildProcess | undefined;
  #guard: Deno.ChildProcess | undefined;
  #databases = 0;

  private constructor(
    private readonly folder: string,
    private readonly program: (name: string, ...args: string[]) => Deno.Command,
    private readonly fsync: boolean,
    /** Port on 127.0.0.1, and in the name of the socket. */
    readonly port: number,
  ) {}

  /** Initialises and starts one. @throws Error with PostgreSQL's own words */
  static async start({ fsync = false }: ClusterOptions = {}): Promise<PostgresCluster> {
    const bin = await binaries();
    if (bin === undefined) throw new Error("PostgreSQL is not installed");
    const folder = await mkdtemp(join(tmpdir(), "fleetd-pg-"));
    const user = Deno.uid() === 0 ? await postgresUser() : undefined;
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    const program = (name: string, ...args: string[]) =>
      new Deno.Command(join(bin, name), {
        args,
        ...user,
        cwd: folder,
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH") ?? "", LC_ALL: "C" },
        stdin: "null",
        stdout: name === "postgres" ? "null" : "piped",
        stderr: name === "postgres" ? "null" : "piped",
      });
    const cluster = new PostgresCluster(folder, program, fsync, await freePort());
    try {
      await cluster.#init();
      await cluster.restart();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Process id of the postmaster. */
  get pid(): number {
    return this.#child!.pid;
  }

  /** URL of a database over TCP, without the password unless asked for. */
  url(database: string, { password = true }: { readonly password?: boolean } = {}): string {
    const secret = password ? `:${encodeURIComponent(PASSWORD)}` : "";
    return `postgres://${USER}${secret}@127.0.0.1:${this.port}/${database}`;
  }

  /** URL of a database over the Unix socket, where no password is asked for. */
  socketUrl(database: string): string {
    return `postgres://${USER}@/${database}?host=${
      encodeURIComponent(this.folder)
    }&port=${this.port}`;
  }

  /** Makes an empty database and returns its name. */
  async createDatabase(): Promise<string> {
    const name = `fleet_${++this.#databases}`;
    await this.query("postgres", `CREATE DATABASE ${name}`);
    return name;
  }

  /** Removes a database with everybody who is connected to it. */
  async dropDatabase(name: string): Promise<void> {
    await this.query("postgres", `DROP DATABASE ${name} WITH (FORCE)`);
  }

  /** Everything that a database holds, as `pg_dump` writes it, and then all its bytes as Latin-1. */
  async dump(database: string): Promise<string> {
    const { code, stdout, stderr } = await this.program(
      "pg_dump",
      ...["-h", this.folder, "-p", String(this.port), "-U", USER, database],
    ).output();
    if (code !== 0) throw new Error(`pg_dump failed: ${new TextDecoder().decode(stderr)}`);
    const text = new TextDecoder().decode(stdout), latin1 = new TextDecoder("latin1");
    const bytes = text.matchAll(/\\\\x([0-9a-f]*)/g);
    return [text, ...bytes.map(([, hex]) => latin1.decode(Uint8Array.fromHex(hex!)))].join("\n");
  }

  /** Runs one statement on a connection of its own. */
  async query<Row extends pg.QueryResultRow>(
    database: string,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.socketUrl(database) });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it in order, its files kept: {@link restart} brings it back. */
  async stopServing(): Promise<void> {
    await this.#end("SIGINT");
  }

  /** Ends it as a crash would and starts it again on the same files and port: it recovers from its log. */
  async restart(): Promise<void> {
    // An immediate shutdown writes nothing and waits for nobody but the end of the backends.
    await this.#end("SIGQUIT");
    const child = this.#child = this.program(
      "postgres",
      ...["-D", join(this.folder, "data"), "-k", this.folder, "-p", String(this.port)],
      ...["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"],
      ...["-c", `fsync=${this.fsync ? "on" : "off"}`, "-c", "logging_collector=on"],
      ...["-c", `log_directory=${this.folder}`, "-c", "log_filename=log"],
    ).spawn();
    this.#guard = guard(child.pid, this.folder);
    let ended = false;
    void child.status.then(() => ended = true);
    const endMs = performance.now() + 60_000;
    for (;;) {
      try {
        await this.query("postgres", "SELECT 1");
        return;
      } catch (cause) {
        if (ended || performance.now() > endMs) {
          const log = await Deno.readTextFile(join(this.folder, "log")).catch(() => "");
          throw new Error(`PostgreSQL does not start: ${log.slice(-4_000)}`, { cause });
        }
        await delay(50);
      }
    }
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    await this.#end("SIGINT");
    await rm(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    try {
      this.#guard?.kill("SIGKILL");
      await this.#guard?.stdin.close();
    } catch { /* it has ended */ }
    await this.#guard?.status;
    try {
      child.kill(signal);
    } catch { /* it has ended */ }
    await child.status;
  }

  async #init(): Promise<void> {
    const passwords = join(this.folder, "password");
    await Deno.writeTextFile(passwords, `${PASSWORD}\n`);
    const { code, stderr } = await this.program(
      "initdb",
      ...["-D", join(this.folder, "data"), "-U", USER, "--pwfile", passwords, "--no-sync"],
      ...["-E", "UTF8", "--no-locale", "--auth-local=trust", "--auth-host=scram-sha-256"],
    ).output();
    if (code !== 0) throw new Error(`initdb failed: ${new TextDecoder().decode(stderr)}`);
  }
}

/** Ends a cluster when this process ends without doing so: its end of the pipe is closed then. */
function guard(pid: number, folder: string): Deno.ChildProcess {
  return new Deno.Command("sh", {
    args: ["-c", 'cat; kill -QUIT "$1"; sleep 2; rm -rf "$2"', "sh", String(pid), folder],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
