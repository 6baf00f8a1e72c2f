/**
 * The real `fleetd` as a process: its commands, its end, and what kill -9 leaves behind.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { DeviceStateCode } from "@fleetd/firmware-protocol";
import { type ServedOverHttp, serveOverHttp } from "./served_over_http.ts";

const MAIN = new URL("../../agent/main.ts", import.meta.url).pathname;
/** Nothing here takes this long; it only keeps a failing test from hanging. */
const PATIENCE_MS = 60_000;

class Fleetd implements AsyncDisposable {
  readonly storage: string;
  private readonly running: Deno.ChildProcess[] = [];

  constructor(readonly served: ServedOverHttp) {
    this.storage = Deno.makeTempDirSync({ prefix: "fleetd-test-" });
  }

  command(args: readonly string[], stdin: "piped" | "null" = "null"): Deno.Command {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", MAIN, ...args, ...this.storageOption(args)],
      stdin,
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    });
  }

  private storageOption(args: readonly string[]): string[] {
    return args[0] === "version" ? [] : ["--storage-dir", this.storage];
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], input?: string) {
    const child = this.command(args, input === undefined ? "null" : "piped").spawn();
    if (input !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(input));
      await writer.close();
    }
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }

  /** Starts an agent that samples every second. */
  agent(
    ...args: string[]
  ): { readonly child: Deno.ChildProcess; readonly ended: Promise<{ code: number; err: string }> } {
    const plain = ["agent", "--no-mdns", "--rpc-port", "0", "--rpc-listen", "127.0.0.1"];
    const all = [...plain, "--server", this.served.url, "--interval", "1", ...args];
    const child = this.command(all).spawn();
    this.running.push(child);
    const ended = child.output().then(({ code, stderr }) => ({
      code,
      err: new TextDecoder().decode(stderr),
    }));
    return { child, ended };
  }

  async status(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.run(["status", "-o", "json"])).out);
  }

  async [Symbol.asyncDispose]() {
    for (const child of this.running) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      await child.status;
    }
    await Deno.remove(this.storage, { recursive: true });
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  while (!await condition()) {
    ok(Date.now() < endMs, "it never came to pass");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const samples = ({ server }: ServedOverHttp) => [...server.devices.values()][0]?.samples ?? [];

Deno.test("version says what it is", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  const { code, out } = await fleetd.run(["version", "-o", "json"]);
  equal(code, 0);
  match(JSON.parse(out).version, /^\d+\.\d+\.\d+/);
  equal(JSON.parse(out).protocol, "1.0");
});

Deno.test("--once with a token on stdin: one sample, one sync, exit code 0", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  const args = ["agent", "--once", "--no-mdns", "--server", served.url, "--token-file", "-"];
  const { code, err } = await fleetd.run(args, served.server.makeToken());
  equal(code, 0, err);
  equal(served.server.device.state, DeviceStateCode.active);
  equal(samples(served).length, 1);
  deepEqual(served.server.breaches, []);
});

Deno.test("a running agent has its storage for itself, shows its status, and ends cleanly at SIGTERM", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  const { child, ended } = fleetd.agent();
  await until(() => served.server.devices.size === 1);
  await until(async () => (await fleetd.status()).state === "pending");
  const status = await fleetd.status();
  equal(status.running, true);
  equal(status.pid, child.pid);
  deepEqual(status.server, { url: served.url, fingerprint: served.server.fingerprint });
  const second = await fleetd.run(["agent", "--no-mdns"]);
  equal(second.code, 6);
  match(second.err, /another agent runs with the storage directory/);
  child.kill("SIGTERM");
  const { code, err } = await ended;
  equal(code, 0, err);
  equal((await fleetd.status()).running, false);
});

Deno.test("an explicit port that is taken is an error that says so", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  const port = new URL(served.url).port;
  const { code, err } = await fleetd.run([
    "agent",
    "--no-mdns",
    "--rpc-listen",
    "127.0.0.1",
    "--rpc-port",
    port,
  ]);
  equal(code, 1);
  match(err, new RegExp(`port ${port} is taken`));
});

Deno.test("enroll with a token from stdin admits an agent that runs already; trust compares first", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  fleetd.agent();
  await until(async () => (await fleetd.status()).state === "pending");
  const wrong = await fleetd.run(["trust", "aaaa-bbbb-cccc-dddd-eeee-ffff"]);
  equal(wrong.code, 6, wrong.err);
  const { code, err } = await fleetd.run(
    ["enroll", "--token-file", "-"],
    served.server.makeToken(),
  );
  equal(code, 0, err);
  await until(async () => (await fleetd.status()).state === "accepted");
  equal((await fleetd.status()).trust, "token");
});

Deno.test("a token has no place in an argument, a wrong one is named without being shown", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  equal((await fleetd.run(["agent", "--token", "FT1-X"])).code, 2);
  const { code, err } = await fleetd.run(["enroll", "--token-file", "-"], "FT1-SECRET");
  equal(code, 2);
  match(err, /enrolment token/);
  ok(!err.includes("SECRET"));
});

Deno.test("doctor says what is wrong and ends with an error", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  const { code, out } = await fleetd.run(["doctor", "--no-mdns", "-o", "json"]);
  equal(code, 1);
  const checks = JSON.parse(out) as { name: string; ok: unknown; advice: string }[];
  const enrolment = checks.find(({ name }) => name === "enrolment")!;
  equal(enrolment.ok, false);
  match(enrolment.advice, /--server/);
});

Deno.test("kill -9 and outages of the server lose no sample and double none", async () => {
  await using served = await serveOverHttp();
  await using fleetd = new Fleetd(served);
  served.server.intervalS = 1;
  served.server.waitMaxS = 1;
  const token = served.server.makeToken();
  await fleetd.run(["enroll", "--token-file", "-"], token);
  for (let life = 0; life < 4; life++) {
    const { child, ended } = fleetd.agent();
    const before = samples(served).length;
    if (life % 2 === 1) await served.vanish();
    if (life % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 3_500));
    else await until(() => samples(served).length >= before + 2);
    child.kill("SIGKILL");
    await ended;
    if (life % 2 === 1) await served.appear();
  }
  const { child, ended } = fleetd.agent();
  const before = samples(served).length;
  await until(() => samples(served).length >= before + 4);
  child.kill("SIGTERM");
  await ended;
  deepEqual(served.server.breaches, []);
  equal(served.server.device.streams.get(1)!.lost, 0);
  const ids = samples(served).map(({ id }) => id);
  equal(new Set(ids).size, ids.length);
  equal(served.server.device.requests.length, 1, "it enrolled once");
});
