/**
 * Server processes of one fleet on one PostgreSQL, with an administrator signed in.
 *
 * @module
 */
import { AdminClient } from "@fleetd/cli/kit";
import { RunningProcess, testProgram, type Workplace } from "../e2e/processes.ts";

/** One of them. */
export class OneServer {
  #process: RunningProcess | undefined;
  /** 0 before the first start; the same at every further one. */
  port = 0;
  setupCode: string | null = null;

  constructor(
    readonly fleet: Pick<SeveralServers, "database" | "place">,
    /** How far the clock of its machine is wrong, ms. */
    readonly skewMs = 0,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts a process without waiting for it. */
  spawn(): RunningProcess {
    const { database, place } = this.fleet;
    const args = [database, place.folder, String(this.port), String(this.skewMs)];
    return this.#process = new RunningProcess(
      testProgram("server/programs/one_of_several.ts", ...args),
    );
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<this> {
    const [line] = await this.spawn().says(/^\{.*\}$/m);
    ({ port: this.port, setupCode: this.setupCode } = JSON.parse(line));
    return this;
  }

  /** kill -9; whether it had said that it serves. */
  async kill(): Promise<boolean> {
    const { stdout } = await this.#process!.end("SIGKILL");
    return stdout.includes("\n");
  }

  /** Ends it in order. @throws Error when it does not end with 0 */
  async stop(): Promise<void> {
    const { code, stderr } = await this.#process!.end("SIGTERM");
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${stderr}`);
  }

  /** Status of an unauthenticated GET. */
  async status(path: string): Promise<number> {
    const answer = await fetch(this.url + path);
    await answer.body?.cancel();
    return answer.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}

/** Two of them. */
export class SeveralServers implements AsyncDisposable {
  readonly a: OneServer;
  readonly b: OneServer;
  /** API token of the administrator. */
  admin = "";

  private constructor(readonly place: Workplace, readonly database: string, skewMs: number) {
    this.a = new OneServer(this);
    this.b = new OneServer(this, skewMs);
  }

  /** Starts both at the same moment on an empty database, and signs in. */
  static async start(
    place: Workplace,
    database: string,
    { skewMs = 0 }: { readonly skewMs?: number } = {},
  ): Promise<SeveralServers> {
    const fleet = new SeveralServers(place, database, skewMs);
    try {
      await Promise.all([fleet.a.start(), fleet.b.start()]);
      await fleet.#signIn();
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As the administrator, at one of them. */
  api(server: OneServer): AdminClient {
    return new AdminClient({ url: server.url, token: this.admin });
  }

  /** Text of an enrolment token. */
  async enrolmentToken(uses: number): Promise<string> {
    const { token } = await this.api(this.a).request<{ token: string }>(
      "POST",
      "/api/v1/enrolment-tokens",
      { act: "make a token", body: { name: "test", uses, ttlS: 86_400 } },
    );
    return token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.a[Symbol.asyncDispose](), this.b[Symbol.asyncDispose]()]);
  }

  /** Of two codes the one made last counts, and both servers take it. */
  async #signIn(): Promise<void> {
    const client = new AdminClient({ url: this.b.url });
    for (const code of [this.a.setupCode, this.b.setupCode]) {
      try {
        const { token } = await client.request<{ token: string }>("POST", "/api/v1/setup", {
          act: "sign in",
          body: { code, name: "test" },
        });
        this.admin = token;
        return;
      } catch { /* the other one */ }
    }
    throw new Error("neither setup code was taken");
  }
}
