/**
 * The program on a real terminal, made by util-linux' `script`.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AdminFleet } from "../server/admin_fleet.ts";
import { API_TOKEN, FakeAdminServer, fakeDevice, SETUP_CODE } from "./fake_admin_server.ts";
import { ROOT, Workbench } from "./run_fleets.ts";

const ESCAPE = "\x1b";
const WAITING = "zzzz-yyyy-xxxx-wwww";
const ignore = Deno.build.os !== "linux" || !existsSync("/usr/bin/script");

/** A running program with a terminal of 100 × 30 cells. */
class TerminalSession {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  text = "";

  constructor(bench: Workbench, args: readonly string[], env: Record<string, string> = {}) {
    const command = bench.command(args).map((word) => `'${word}'`).join(" ");
    this.#child = new Deno.Command("script", {
      args: ["-qec", `stty cols 100 rows 30; exec ${command}`, "/dev/null"],
      cwd: ROOT,
      env: { ...bench.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#writer = this.#child.stdin.getWriter();
  }

  /** Reads until the text so far matches. */
  async until(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.text)) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`${wanted} never came; the terminal showed:\n${this.text}`);
      this.text += value;
    }
  }

  async type(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /** The exit code, after the rest was read. */
  async end(): Promise<number> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      this.text += value;
    }
    await this.#writer.close().catch(() => {/* the program closed it */});
    return (await this.#child.status).code;
  }
}

Deno.test("login asks for the code and does not show it", { ignore }, async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const session = new TerminalSession(bench, ["login", server.url]);
  await session.until(/Setup code/);
  await session.type(`${SETUP_CODE}\r`);
  equal(await session.end(), 0, session.text);
  match(session.text, /Signed in to "workbench"/);
  ok(!session.text.includes(SETUP_CODE) && !session.text.includes(API_TOKEN));
  ok(readFileSync(join(bench.folder, "fleets", "profiles.json"), "utf8").includes(API_TOKEN));
});

Deno.test("where users have passwords login asks for a name and a password, and does not show it", {
  ignore,
}, async () => {
  await using server = await FakeAdminServer.start();
  server.answers.set("GET /api/v1/sign-in", {
    status: 200,
    body: { setupOpen: false, users: true },
  });
  const made = { token: API_TOKEN, role: "admin", id: "abcdefghijkl" };
  server.answers.set("POST /api/v1/sign-in/token", { status: 201, body: made });
  using bench = new Workbench();
  const session = new TerminalSession(bench, ["login", server.url]);
  await session.until(/User name/);
  await session.type("ada\r");
  await session.until(/Password of ada/);
  await session.type("correct horse battery\r");
  equal(await session.end(), 0, session.text);
  ok(!session.text.includes("correct horse"));
  const sent = server.seen.find(({ path }) => path === "/api/v1/sign-in/token")!.body;
  const { name, password } = sent as { name: string; password: string };
  deepEqual([name, password], ["ada", "correct horse battery"]);
});

Deno.test("a certificate that the server made is shown and trusted only when the user says so", {
  ignore,
}, async () => {
  await using fleet = await AdminFleet.start({ tls: true });
  using bench = new Workbench();
  const { port, fingerprint } = fleet.server.tls!;
  const url = `https://127.0.0.1:${port}`;
  const file = join(bench.folder, "token");
  writeFileSync(file, fleet.admin);
  const answer = async (key: string) => {
    const session = new TerminalSession(bench, ["login", url, "--token-file", file]);
    await session.until(/Trust it from now on/);
    ok(session.text.includes(fingerprint), session.text);
    await session.type(key);
    return { code: await session.end(), text: session.text };
  };
  const no = await answer("n");
  equal(no.code, 6, no.text);
  match(no.text, /was not confirmed; nothing was sent/);
  equal(existsSync(join(bench.folder, "fleets", "profiles.json")), false);
  const yes = await answer("y");
  equal(yes.code, 0, yes.text);
  equal((await bench.fleets("devices", "list")).code, 0);
});

Deno.test("Ctrl-C at a question changes nothing and ends with 130", { ignore }, async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench();
  const session = new TerminalSession(bench, ["login", server.url]);
  await session.until(/Setup code/);
  await session.type("\x03");
  equal(await session.end(), 130, session.text);
  ok(!existsSync(join(bench.folder, "fleets")));
});

Deno.test(
  "register lets the user choose, shows the fingerprint, asks, and accepts",
  { ignore },
  async () => {
    await using server = await FakeAdminServer.start();
    server.devices.push(
      fakeDevice("k7pq-2222-3333-4444", { admission: "pending" }),
      fakeDevice(WAITING, { admission: "pending", name: "cellar" }),
    );
    using bench = new Workbench().signedInTo(server);
    const session = new TerminalSession(bench, ["devices", "register"]);
    await session.until(/2 devices wait[\s\S]*cellar/);
    await session.type("\x1b[B\r");
    await session.until(/Fingerprint +zzzz-yyyy-xxxx-wwww-aaaa-bbbb[\s\S]*into the fleet/);
    await session.type("y");
    equal(await session.end(), 0, session.text);
    match(session.text, /Registered zzzz-yyyy-xxxx-wwww \(cellar\)/);
    equal(server.devices[1]!.admission, "accepted");
    equal(server.devices[0]!.admission, "pending");
  },
);

Deno.test("a device is not accepted by no, nor by Enter alone", { ignore }, async () => {
  await using server = await FakeAdminServer.start();
  server.devices.push(fakeDevice(WAITING, { admission: "pending" }));
  using bench = new Workbench().signedInTo(server);
  for (const keys of ["n", "\r"]) {
    const session = new TerminalSession(bench, ["devices", "register", "zzzz"]);
    await session.until(/into the fleet/);
    await session.type(keys);
    equal(await session.end(), 0, session.text);
    match(session.text, /Nothing was changed\. To turn it away: fleets devices reject/);
    equal(server.devices[0]!.admission, "pending");
  }
});

Deno.test(
  "watch draws the table again in place and leaves the terminal as it was",
  { ignore },
  async () => {
    await using server = await FakeAdminServer.start();
    server.devices.push(fakeDevice(WAITING, { name: "cellar", online: false }));
    using bench = new Workbench().signedInTo(server);
    const session = new TerminalSession(bench, ["devices", "watch"]);
    await session.until(/cellar.*offline[\s\S]*Ctrl-C ends/);
    server.devices[0]!["online"] = true;
    server.ring(WAITING);
    await session.until(new RegExp(`${ESCAPE}\\[\\d+A[^]*cellar.*online`));
    await session.type("\x03");
    equal(await session.end(), 0, session.text);
    ok(session.text.includes("\x1b[?25l") && session.text.trimEnd().endsWith("\x1b[?25h"));
  },
);

Deno.test("colour is used on a terminal unless NO_COLOR is set", { ignore }, async () => {
  await using server = await FakeAdminServer.start();
  server.devices.push(fakeDevice(WAITING));
  using bench = new Workbench().signedInTo(server);
  const plain = new TerminalSession(bench, ["devices", "list"]);
  equal(await plain.end(), 0);
  ok(!plain.text.includes("\x1b["));
  const coloured = new TerminalSession(bench, ["devices", "list"], { NO_COLOR: "" });
  equal(await coloured.end(), 0);
  ok(coloured.text.includes("\x1b[32monline\x1b[39m"));
  for (const line of plain.text.split("\r\n")) ok(line.length <= 100);
});
