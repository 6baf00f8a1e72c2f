/**
 * A real `fleets server` with the limits that users get, in a process of its own, to be attacked over loopback.
 *
 * @module
 */
import { equal, match } from "node:assert/strict";
import { AdminClient } from "@fleetd/cli/kit";
import { residentBytes } from "../bench/measure.ts";
import { fleetsCommand, RunningProcess, type Workplace } from "../e2e/processes.ts";
import { type Door, exchangeRaw } from "./raw_exchange.ts";

/** The server of one test. */
export class AttackedServer {
  private constructor(
    readonly process: RunningProcess,
    readonly plain: Door,
    readonly secure: Door,
    /** API token of the administrator. */
    readonly adminToken: string,
  ) {}

  /** Starts it on a fresh database and signs in. */
  static async start(
    place: Workplace,
    { openFiles }: {
      /** The system's limit of files that it may have open; default: as it is here. */
      readonly openFiles?: number;
    } = {},
  ): Promise<AttackedServer> {
    const limited = openFiles === undefined
      ? []
      : ["sh", "-c", `ulimit -n ${openFiles} && exec "$@"`, "sh"];
    const command = fleetsCommand(
      ..."server --port 0 --listen 127.0.0.1 --tls-port 0 --db fleet.db --no-mdns".split(" "),
      ..."--log-level warn".split(" "),
    );
    const process = new RunningProcess([...limited, ...command], {
      env: place.env,
      cwd: place.folder,
    });
    const [, port] = await process.says(/running at http:\/\/127\.0\.0\.1:(\d+)/);
    const [, tlsPort] = await process.says(/HTTPS +port (\d+)/);
    const [, code] = await process.says(/^ {2}(\S+)\n {2}fleets login/m);
    const { token } = await new AdminClient({ url: `http://127.0.0.1:${port}` })
      .request<{ token: string }>("POST", "/api/v1/setup", {
        act: "sign in",
        body: { code, name: "test" },
      });
    return new AttackedServer(
      process,
      { port: Number(port), tls: false },
      { port: Number(tlsPort), tls: true },
      token,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.plain.port}`;
  }

  get api(): AdminClient {
    return new AdminClient({ url: this.url, token: this.adminToken });
  }

  /** An enrolment token. */
  async enrolmentToken(uses: number): Promise<string> {
    const { token } = await this.api.request<{ token: string }>(
      "POST",
      "/api/v1/enrolment-tokens",
      { act: "make a token", body: { name: "test", uses, ttlS: 86_400 } },
    );
    return token;
  }

  /** Connections open now, as the server counts them. */
  async connections(): Promise<number> {
    const answer = await fetch(`${this.url}/metrics`, {
      headers: { authorization: `Bearer ${this.adminToken}`, connection: "close" },
    });
    return Number(/^fleets_connections (\d+)$/m.exec(await answer.text())![1]);
  }

  /** Resident memory now. */
  get residentBytes(): number {
    return residentBytes(this.process.pid);
  }

  /**
   * @param said what it may have written down
   * @throws AssertionError when it does not answer on both doors, or has written down a failure of its own
   */
  async checkIsWell(said: RegExp = /^$/): Promise<void> {
    for (const door of [this.plain, this.secure]) {
      const { statuses } = await exchangeRaw(door, {
        bytes: "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        deadlineMs: 10_000,
      });
      equal(statuses.join(), "200", "it is ready");
    }
    match(this.process.stderr, said, "it has nothing else to say of itself");
  }

  /** Ends it in order. @throws AssertionError when it does not end well */
  async stop(): Promise<void> {
    const { code, stderr } = await this.process.end("SIGTERM");
    equal(code, 0, stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}
