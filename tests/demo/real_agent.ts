/**
 * The demo's real agent: `fleetd` on this machine as a process of its own, found by mDNS, admitted by a token.
 *
 * @module
 */
const ROOT = new URL("../../", import.meta.url).pathname;

/** A running agent. */
export interface RealAgent {
  readonly pid: number;
  /** Resolves with the exit code when it ends. */
  readonly ended: Promise<number>;
  /** What it has said so far, for a failure's message. */
  said(): string;
  /** Ends it as Ctrl-C would and waits. */
  stop(): Promise<void>;
}

/** Starts `fleetd agent` without `--server`: it has to find the server by itself. */
export function startRealAgent(
  { folder, tokenFile, lan }: { folder: string; tokenFile: string; lan: boolean },
): RealAgent {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-P=fleetd",
      "--quiet",
      "--no-check",
      `${ROOT}agent/main.ts`,
      "agent",
      "--storage-dir",
      folder,
      "--token-file",
      tokenFile,
    ]
      .concat("--rpc-port", "0", "--interval", "5", ...lan ? [] : ["--rpc-listen", "127.0.0.1"]),
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      log = (log + text).slice(-20_000);
    }
  })();
  const ended = child.status.then(async ({ code }) => {
    await reading;
    return code;
  });
  return {
    pid: child.pid,
    ended,
    said: () => log,
    async stop() {
      try {
        child.kill("SIGTERM");
      } catch { /* it has ended already */ }
      await ended;
    },
  };
}
