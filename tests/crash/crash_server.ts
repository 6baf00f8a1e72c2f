/**
 * A server process that can be killed and started again on the same port and database, with an administrator signed in.
 *
 * @module
 */
import { AdminClient } from "@fleetd/cli/kit";
import { RunningProcess, testProgram, type Workplace } from "../e2e/processes.ts";

/** The server of one test. At most one process of it runs at a time. */
export class CrashServer {
  #process: RunningProcess | undefined;
  /** API token of the administrator. */
  adminToken = "";
  /** 0 before the first start. */
  port = 0;

  constructor(readonly place: Workplace) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Path of the database. */
  get database(): string {
    return this.place.path("fleet.db");
  }

  get api(): AdminClient {
    return new AdminClient({ url: this.url, token: this.adminToken });
  }

  /** Starts a process without waiting for it. */
  spawn(): RunningProcess {
    return this.#process = new RunningProcess(
      testProgram("crash/hosts/crash_server.ts", this.place.folder, String(this.port)),
    );
  }

  /** Starts it and waits until it serves; how long that took, in ms. @throws Error when it does not start */
  async start(): Promise<number> {
    const startedMs = performance.now();
    const [line] = await this.spawn().says(/^\{.*\}$/m);
    const tookMs = performance.now() - startedMs;
    const { port, setupCode } = JSON.parse(line);
    this.port = port;
    if (setupCode !== null) {
      const { token } = await new AdminClient({ url: this.url })
        .request<{ token: string }>("POST", "/api/v1/setup", {
          act: "sign in",
          body: { code: setupCode, name: "test" },
        });
      this.adminToken = token;
    }
    return tookMs;
  }

  /** Text of an enrolment token. */
  async enrolmentToken(uses: number): Promise<string> {
    const { token } = await this.api.request<{ token: string }>(
      "POST",
      "/api/v1/enrolment-tokens",
      {
        act: "make a token",
        body: { name: "test", uses, ttlS: 86_400 },
      },
    );
    return token;
  }

  /** kill -9; whether it had said that it serves. */
  async kill(): Promise<boolean> {
    const process = this.#process!;
    const ended = await process.end("SIGKILL");
    return ended.stdout.includes("\n");
  }

  /** Ends it in order. @throws Error when it does not end with 0 */
  async stop(): Promise<void> {
    const { code, stderr } = await this.#process!.end("SIGTERM");
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}
