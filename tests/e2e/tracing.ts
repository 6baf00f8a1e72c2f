/**
 * strace: what a process asks of the kernel, and answers that the kernel would give on a bad day.
 *
 * @module
 */
import { descendants, RunningProcess, type Surroundings } from "./processes.ts";

/** Why nothing can be traced here, with the remedy; undefined when it can. */
export async function reasonForNoTrace(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "system calls are traced on Linux only";
  try {
    const args = ["-qq", "-e", "trace=none", "true"];
    const { success, stderr } = await new Deno.Command("strace", { args, stdin: "null" }).output();
    return success
      ? undefined
      : `strace does not work (${new TextDecoder().decode(stderr).trim()})`;
  } catch {
    return "not installed: strace";
  }
}

/** Says once that tests are skipped, and how to have them. */
export function saySkipped(what: string, reason: string | undefined): void {
  if (reason === undefined) return;
  console.error(`SKIPPED ${what}: ${reason}; install with: apt-get install -y strace`);
}

/** A process under strace. Signals go to the process itself. */
export class TracedProcess {
  /** strace, with the output of the process. */
  readonly tracer: RunningProcess;

  /** Starts a command with options of strace (`-e …`), its findings in the file. */
  constructor(
    command: readonly string[],
    { options, file, ...surroundings }:
      & { readonly options: readonly string[]; readonly file: string }
      & Surroundings,
  ) {
    this.tracer = new RunningProcess(
      ["strace", "-f", "-qq", "--seccomp-bpf", "-o", file, ...options, ...command],
      surroundings,
    );
  }

  /** Ends it as a service manager does; the exit code. */
  async end(): Promise<number> {
    this.#signal("SIGTERM");
    return (await this.tracer.ended()).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGKILL");
    await this.tracer[Symbol.asyncDispose]();
  }

  #signal(signal: Deno.Signal): void {
    for (const pid of descendants(this.tracer.pid)) {
      try {
        Deno.kill(pid, signal);
      } catch { /* it has ended */ }
    }
  }
}
