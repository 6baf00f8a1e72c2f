/**
 * The agent's own process, as a test wants it to be.
 *
 * @module
 */
import type { Process, ProcessUsage } from "@fleetd/agent";

/** {@linkcode Process} with everything settable. */
export class FakeProcess implements Process {
  readonly #stop = new AbortController();

  pid = 4_711;
  platform = "linux";
  architecture = "aarch64";
  isRoot = false;
  /** Variables of the environment. */
  variables: Record<string, string> = {};
  /** What {@linkcode FakeProcess.usage} tells. */
  used: ProcessUsage | null = { residentBytes: 45_000_000, cpuMs: 0 };

  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  environment(name: string): string | undefined {
    return this.variables[name];
  }

  usage(): ProcessUsage | null {
    return this.used;
  }

  /** What the first SIGINT or SIGTERM does. */
  stop(name = "SIGTERM"): void {
    this.#stop.abort(new Error(`Stopped by ${name}`));
  }
}
