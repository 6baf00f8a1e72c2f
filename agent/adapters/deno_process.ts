/**
 * The agent's own process on Deno. The first SIGINT or SIGTERM aborts the stop signal and takes the handlers away again,
 * so that a second Ctrl-C ends an agent that hangs while it stops.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import type { Process, ProcessUsage } from "../ports.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** {@linkcode Process} on Deno. Listens for signals from its construction until the first one, or {@linkcode DenoProcess.close}. */
export class DenoProcess implements Process {
  readonly pid = Deno.pid;
  readonly platform = Deno.build.os;
  readonly architecture = Deno.build.arch;
  readonly isRoot = userId() === 0;
  readonly stopSignal: AbortSignal;
  readonly #handlers = new Map<typeof STOP_SIGNALS[number], () => void>();

  constructor() {
    const stop = new AbortController();
    this.stopSignal = stop.signal;
    for (const name of STOP_SIGNALS) {
      const handler = () => {
        this.close();
        stop.abort(new Error(`Stopped by ${name}`));
      };
      this.#handlers.set(name, handler);
      Deno.addSignalListener(name, handler);
    }
  }

  environment(name: string): string | undefined {
    try {
      return Deno.env.get(name);
    } catch {
      return undefined;
    }
  }

  usage(): ProcessUsage | null {
    try {
      const cpu = cpuUsage();
      return { residentBytes: Deno.memoryUsage().rss, cpuMs: (cpu.user + cpu.system) / 1000 };
    } catch {
      return null;
    }
  }

  /** Stops listening for signals; from then on they have their usual effect. */
  close(): void {
    for (const [name, handler] of this.#handlers) Deno.removeSignalListener(name, handler);
    this.#handlers.clear();
  }
}

function userId(): number | null {
  try {
    return Deno.uid();
  } catch {
    return null;
  }
}
