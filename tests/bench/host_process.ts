/**
 * Starts one side of a bench as a process of its own and learns its port from its first line of output.
 *
 * @module
 */

/** A running side. */
export interface HostProcess {
  readonly pid: number;
  /** What it printed on its first line, as JSON. */
  readonly hello: { readonly port: number } & Record<string, unknown>;
  stop(): Promise<void>;
}

/** Starts a script of `hosts/` under this Deno and waits for its first line. */
export async function startHost(
  script: string,
  args: readonly string[] = [],
): Promise<HostProcess> {
  const path = new URL(`hosts/${script}`, import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", path, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${script} ended before it said its port`);
    text += value;
  }
  return {
    pid: child.pid,
    hello: JSON.parse(text.slice(0, text.indexOf("\n"))),
    async stop() {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    },
  };
}
