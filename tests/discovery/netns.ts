/**
 * Networks for tests: hosts are network namespaces, links are bridges in one more namespace. Nothing
 * of it touches the interfaces of the machine, and all of it is gone when the laboratory is closed.
 *
 * @module
 */

/** Why no laboratory can be built here, with the remedy; undefined when it can. */
export async function reasonForNoLab(
  programs: readonly string[] = [],
): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "network namespaces are a thing of Linux";
  if (Deno.uid() !== 0) return "network namespaces need root";
  const missing = ["ip", "unshare", "mount", ...programs].filter((program) =>
    !isInstalled(program)
  );
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  const name = uniqueName();
  const added = await attempt(["ip", "netns", "add", name]);
  if (added !== undefined) return `no network namespace can be made (${added})`;
  const entered = await attempt([
    "ip",
    "netns",
    "exec",
    name,
    "unshare",
    "-m",
    "mount",
    "-t",
    "tmpfs",
    "tmpfs",
    "/run",
  ]);
  await attempt(["ip", "netns", "del", name]);
  return entered === undefined ? undefined : `no mount namespace can be made (${entered})`;
}

/** A process in a namespace, with its output by lines. */
export class LabProcess {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  /** Lines of standard output so far. */
  readonly lines: string[] = [];
  /** Standard error so far. */
  errors = "";

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = Promise.all([
      readLines(child.stdout, (line) => this.lines.push(line)),
      readLines(child.stderr, (line) => this.errors += `${line}\n`),
    ]).then(() => {});
  }

  /** Waits for a line of standard output. */
  line(matches: (line: string) => boolean, deadlineMs = 60_000): Promise<string> {
    return eventually(
      () => this.lines.find(matches),
      { deadlineMs, describe: () => `no such line in:\n${this.lines.join("\n")}\n${this.errors}` },
    );
  }

  /** Sends the signal and waits for the end; a process that has ended is left alone. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    await this.ended();
  }

  /** Waits for the end; returns the exit code. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#reading;
    return code;
  }
}

/** One simulated host. */
export class LabHost {
  readonly #lab: NetworkLab;
  readonly name: string;

  constructor(lab: NetworkLab, name: string) {
    this.#lab = lab;
    this.name = name;
  }

  /** Runs a program on the host to its end; returns its output. @throws Error when it fails. */
  run(argv: readonly string[], env: Record<string, string> = {}): Promise<string> {
    return execute(["ip", "netns", "exec", this.name, ...argv], env);
  }

  /** Starts a program on the host; it is ended with the laboratory at the latest. */
  spawn(argv: readonly string[], env: Record<string, string> = {}): LabProcess {
    const child = new Deno.Command("ip", {
      args: ["netns", "exec", this.name, ...argv],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const process = new LabProcess(child);
    this.#lab.onClose(() => process.stop("SIGKILL"));
    return process;
  }

  /** Gives the host an interface on a segment, with addresses such as `10.77.0.1/24`. */
  async connect(
    segment: LabSegment,
    options: { interfaceName: string; addresses: readonly string[] },
  ): Promise<void> {
    const { interfaceName, addresses } = options;
    const port = `p${uniqueSuffix()}`;
    const { switchName, bridge } = segment;
    const onSwitch = (...args: string[]) => execute(["ip", "-n", switchName, ...args]);
    const onHost = (...args: string[]) => execute(["ip", "-n", this.name, ...args]);
    await onSwitch(
      "link",
      "add",
      port,
      "type",
      "veth",
      "peer",
      "name",
      interfaceName,
      "netns",
      this.name,
    );
    await onSwitch("link", "set", port, "master", bridge, "up");
    for (const address of addresses) {
      const noDad = address.includes(":") ? ["nodad"] : [];
      await onHost("address", "add", address, "dev", interfaceName, ...noDad);
    }
    await onHost("link", "set", interfaceName, "up");
  }

  /** Takes an interface away. */
  async disconnect(interfaceName: string): Promise<void> {
    await execute(["ip", "-n", this.name, "link", "del", interfaceName]);
  }
}

/** What hosts are connected to: a bridge. */
export interface LabSegment {
  readonly switchName: string;
  readonly bridge: string;
}

/** Hosts and segments of one test. */
export class NetworkLab {
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #switchName = uniqueName();

  /** Builds an empty laboratory; the caller closes it. */
  static async open(): Promise<NetworkLab> {
    await removeAbandoned();
    const lab = new NetworkLab();
    await lab.#addNamespace(lab.#switchName);
    return lab;
  }

  /** Adds a host with loopback only. */
  async addHost(): Promise<LabHost> {
    const name = uniqueName();
    await this.#addNamespace(name);
    await execute(["ip", "-n", name, "link", "set", "lo", "up"]);
    return new LabHost(this, name);
  }

  /** Adds a segment that nobody is connected to. */
  async addSegment(): Promise<LabSegment> {
    const bridge = `b${uniqueSuffix()}`;
    const onSwitch = (...args: string[]) => execute(["ip", "-n", this.#switchName, ...args]);
    // Snooping would hold multicast back until it has learnt who listens.
    await onSwitch("link", "add", bridge, "type", "bridge", "mcast_snooping", "0");
    await onSwitch("link", "set", bridge, "up");
    return { switchName: this.#switchName, bridge };
  }

  /** A directory that goes with the laboratory. */
  async temporaryDirectory(): Promise<string> {
    const path = await Deno.makeTempDir({ prefix: "fleetd-lab-" });
    this.#closers.push(() => Deno.remove(path, { recursive: true }));
    return path;
  }

  /** Has something done when the laboratory closes, the latest first. */
  onClose(act: () => Promise<unknown>): void {
    this.#closers.push(act);
  }

  /** Ends all processes, removes all namespaces. */
  async close(): Promise<void> {
    for (const act of this.#closers.splice(0).reverse()) await act().catch(() => {});
  }

  async #addNamespace(name: string): Promise<void> {
    await execute(["ip", "netns", "add", name]);
    this.#closers.push(() => execute(["ip", "netns", "del", name]));
  }
}

/** Runs a test in a laboratory and cleans up whatever happens. */
export async function withLab(act: (lab: NetworkLab) => Promise<void>): Promise<void> {
  const lab = await NetworkLab.open();
  try {
    await act(lab);
  } finally {
    await lab.close();
  }
}

/** Waits until the check gives something true; @throws Error with the description at the deadline. */
export async function eventually<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  options: { deadlineMs?: number; describe?: () => string } = {},
): Promise<T> {
  const { deadlineMs = 60_000, describe = () => "the condition did not come true" } = options;
  const endMs = performance.now() + deadlineMs;
  while (true) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > endMs) throw new Error(`after ${deadlineMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isInstalled(program: string): boolean {
  const path = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`;
  return path.split(":").some((directory) => {
    try {
      return directory !== "" && Deno.statSync(`${directory}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

async function execute(argv: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const [program, ...args] = argv;
  const output = await new Deno.Command(program!, { args, env, stdin: "null" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (output.success) return text(output.stdout);
  throw new Error(`${argv.join(" ")}: ${text(output.stderr).trim() || `exit code ${output.code}`}`);
}

/** Undefined when it worked, else why not. */
async function attempt(argv: readonly string[]): Promise<string | undefined> {
  try {
    await execute(argv);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readLines(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}

/** Named after this process, so that what it leaves when it is killed can be told from what is in use. */
function uniqueName(): string {
  return `fleetd-${Deno.pid}-${uniqueSuffix()}`;
}

/** A test that is killed cleans nothing up: the next one does. */
async function removeAbandoned(): Promise<void> {
  const list = await execute(["ip", "netns", "list"]);
  for (const [, name, pid] of list.matchAll(/^(fleetd-(\d+)-[0-9a-f]{10})(?: |$)/gm)) {
    if (await Deno.stat(`/proc/${pid}`).then(() => true, () => false)) continue;
    // Its programs are in no other namespace.
    const left = await execute(["ip", "netns", "pids", name!]).catch(() => "");
    for (const own of left.split("\n").filter(Boolean)) await attempt(["kill", "-9", own]);
    await attempt(["ip", "netns", "del", name!]);
  }
}

/** Interface names have at most 15 letters. */
function uniqueSuffix(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 10);
}
