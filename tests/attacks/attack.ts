/**
 * Attacks by many connections at once, run by a process of their own.
 *
 * @module
 */
import { RunningProcess, testProgram } from "../e2e/processes.ts";

/** What the connections of an attack do. */
export type AttackKind =
  /** Headers that never end, a line a second. */
  | "slow headers"
  /** Bodies that never end, declared and in chunks, a byte a second, nearly as large as the server takes. */
  | "slow bodies"
  /** Silence: at once, or after one good request. */
  | "idle connections"
  /** Bodies of 400 MB, declared and in chunks, as fast as they are taken. */
  | "huge bodies"
  /** Twenty requests at once for a file of some size, whose answers nobody reads. */
  | "answers nobody reads";

/** What became of an attack's connections. */
export interface AttackReport {
  readonly opened: number;
  readonly mostOpen: number;
  readonly endedByServer: number;
  /** First status heard on connections that the server ended; `none` = it said nothing. */
  readonly statuses: Record<string, number>;
}

/** An attack that runs. */
export class Attack {
  readonly #process: RunningProcess;

  constructor(
    { port, kind, connections, seconds }: {
      readonly port: number;
      readonly kind: AttackKind;
      readonly connections: number;
      readonly seconds: number;
    },
  ) {
    this.#process = new RunningProcess(
      [
        // Attackers have machines of their own: they must not take this one's time from the server.
        ..."nice -n 10".split(" "),
        ...testProgram(
          "attacks/hosts/attacker.ts",
          ...[port, kind, connections, seconds].map(String),
        ),
      ],
    );
  }

  /** Waits for its end. @throws Error when it failed by itself */
  async report(): Promise<AttackReport> {
    const { code, stdout, stderr } = await this.#process.ended(120_000);
    const last = stdout.trimEnd().split("\n").at(-1);
    if (code !== 0 || last === undefined) {
      throw new Error(`the attacker ended with ${code}:\n${stderr}`);
    }
    return JSON.parse(last);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}
