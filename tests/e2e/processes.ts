/**
 * Real processes for tests: `fleets`, `fleetd`, the demo and small hosts, each started under this Deno with the permissions
 * that users get, its output kept by lines, and ended by its id at the latest when the test ends.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** True in the large run: more kills, longer outages. */
export const LARGE = Deno.env.get("FLEETD_CI") === "1";

const DENO = [Deno.execPath(), "run", "--quiet", "--no-check", "--no-prompt"];

/** The command of `fleetd` with arguments, as `deno task fleetd` runs it. */
export function fleetdCommand(...args: string[]): string[] {
  return [...DENO, "-P=fleetd", `${ROOT}agent/main.ts`, ...args];
}

/** The command of `fleets` with arguments, as `deno task fleets` runs it. */
export function fleetsCommand(...args: string[]): string[] {
  return [...DENO, "-P=fleets", `${ROOT}cli/main.ts`, ...args];
}

/** The command of a program below `tests/` with arguments. */
export function testProgram(path: string, ...args: string[]): string[] {
  return [...DENO, "-A", `${ROOT}tests/${path}`, ...args];
}

/** How a process ended, and all it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process is started with. */
export interface Surroundings {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Text for standard input; closed without it. */
  readonly input?: string;
}

/** A running process whose output is kept. */
export class RunningProcess {
  readonly #child: Deno.ChildProcess;
  readonly #done: Promise<number>;
  /** Everything said so far. */
  stdout = "";
  stderr = "";
  /** The exit code once it has ended. */
  code: number | undefined;

  constructor(readonly command: readonly string[], { env, cwd, input }: Surroundings = {}) {
    const [program, ...args] = command;
    this.#child = new Deno.Command(program!, {
      args,
      env: { NO_COLOR: "1", ...env },
      cwd: cwd ?? ROOT,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#done = this.#follow(input);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Lines of standard output so far. */
  get lines(): string[] {
    return this.stdout.split("\n");
  }

  /** Waits until the output holds the text or pattern; the match. @throws Error when it ends before, or at the deadline */
  async says(what: string | RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> {
    const pattern = typeof what === "string" ? new RegExp(escaped(what)) : what;
    const find = () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
    await eventually(() => find() !== null || this.code !== undefined, {
      deadlineMs,
      describe: () => `it did not say ${pattern}:\n${this.report()}`,
    });
    const match = find();
    if (match === null) {
      throw new Error(`it ended with ${this.code} before it said ${pattern}:\n${this.report()}`);
    }
    return match;
  }

  /** What it said, for a failure's message. */
  report(): string {
    return `${this.command.slice(-4).join(" ")}\n--- stdout\n${this.stdout}\n--- stderr\n${
      this.stderr.slice(-8_000)
    }`;
  }

  /** Sends a signal; a process that has ended is left alone. */
  signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch { /* it has ended */ }
  }

  /** Waits for the end. @throws Error at the deadline */
  async ended(deadlineMs = 60_000): Promise<Ended> {
    await eventually(() => this.code !== undefined, {
      deadlineMs,
      everyMs: 20,
      describe: () => `it did not end:\n${this.report()}`,
    });
    const { code, stdout, stderr } = this;
    return { code: code!, stdout, stderr };
  }

  /** Ends it: asks first when the signal is one that can be heard, and waits. */
  async end(signal: Deno.Signal = "SIGTERM", deadlineMs = 60_000): Promise<Ended> {
    this.signal(signal);
    return await this.ended(deadlineMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.#done;
  }

  async #follow(input: string | undefined): Promise<number> {
    const child = this.#child;
    await Promise.all([
      input === undefined ? undefined : write(child.stdin, input),
      collect(child.stdout, (text) => this.stdout += text),
      collect(child.stderr, (text) => this.stderr += text),
    ]);
    const { code } = await child.status;
    return this.code = code;
  }
}

/** Runs a command to its end. @throws Error at the deadline */
export async function run(
  command: readonly string[],
  surroundings: Surroundings & { readonly deadlineMs?: number } = {},
): Promise<Ended> {
  await using process = new RunningProcess(command, surroundings);
  return await process.ended(surroundings.deadlineMs);
}

/** A folder of the test, removed with all that is in it. */
export class Workplace {
  private constructor(readonly folder: string) {}

  static async open(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), "fleetd-test-")));
  }

  /** A path in it. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Where `fleets` keeps its sign-in: here, and not with the user's. */
  get env(): Record<string, string> {
    return {
      FLEETS_CONFIG: this.path("profiles.json"),
      FLEETS_TOKEN: "",
      FLEETS_URL: "",
      FLEETS_PROFILE: "",
      FLEETD_STORAGE_DIR: this.path("fleetd"),
    };
  }

  /** Runs `fleets` to its end with the sign-in of this folder. */
  fleets(...args: string[]): Promise<Ended> {
    return run(fleetsCommand(...args), { env: this.env, cwd: this.folder });
  }

  /** Runs `fleetd` to its end, its storage in this folder unless told otherwise. */
  fleetd(...args: string[]): Promise<Ended> {
    return run(fleetdCommand(...args), { env: this.env, cwd: this.folder });
  }

  /** Starts `fleets`. */
  startFleets(...args: string[]): RunningProcess {
    return new RunningProcess(fleetsCommand(...args), { env: this.env, cwd: this.folder });
  }

  /** Starts `fleetd`. */
  startFleetd(...args: string[]): RunningProcess {
    return new RunningProcess(fleetdCommand(...args), { env: this.env, cwd: this.folder });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the check gives something true. @throws Error with the description at the deadline */
export async function eventually<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  { deadlineMs = 60_000, everyMs = 100, describe = () => "the condition did not come true" }: {
    readonly deadlineMs?: number;
    readonly everyMs?: number;
    readonly describe?: () => string;
  } = {},
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  while (true) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > endMs) throw new Error(`after ${deadlineMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** The process's children and theirs (Linux). */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch { /* it has ended meanwhile */ }
  }
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0;) {
    const parent = queue.pop()!;
    for (const [child, its] of parents) {
      if (its !== parent) continue;
      found.push(child);
      queue.push(child);
    }
  }
  return found;
}

/** Whether a process with this id exists (Linux). */
export function exists(pid: number): boolean {
  try {
    return Deno.statSync(`/proc/${pid}`).isDirectory;
  } catch {
    return false;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function write(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch { /* it ended without reading all of it */ }
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
}
