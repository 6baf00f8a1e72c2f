/**
 * Devices that go on reporting whatever happens around them, each exchange over a connection of its own, as devices that sync
 * once a minute do; and how long each exchange took.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { TWELVE_METRICS } from "../bench/twelve_metrics.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";

/** How a stretch of time went. */
export interface Stretch {
  readonly exchanges: number;
  /** What went wrong, a line each. */
  readonly failures: readonly string[];
  /** Of each exchange, sorted. */
  readonly latenciesMs: readonly number[];
}

/** A device that waits longer than this for an answer has failed. */
const PATIENCE_MS = 10_000;

/** A group of devices that reports until it is disposed of. */
export class HonestDevices {
  readonly #stopping = new AbortController();
  readonly #client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  #latenciesMs: number[] = [];
  #failures: string[] = [];
  #running: Promise<unknown> = Promise.resolve();

  private constructor(readonly devices: readonly SimulatedDevice[], readonly everyMs: number) {}

  /** Enrols them with a token and lets each report every so often. */
  static async start(
    { url, token, count, everyMs }: {
      readonly url: string;
      readonly token: string;
      readonly count: number;
      readonly everyMs: number;
    },
  ): Promise<HonestDevices> {
    const devices: SimulatedDevice[] = [];
    const all = new HonestDevices(devices, everyMs);
    const client = all.#client;
    for (let i = 0; i < count; i++) {
      const device = new SimulatedDevice({
        url,
        token,
        model: TWELVE_METRICS,
        now: Date.now,
        timeoutMs: PATIENCE_MS,
        fetch: (input, init) => fetch(input, { ...init, client }),
      });
      await device.enrol();
      do await device.sync(); while (device.eager);
      devices.push(device);
    }
    all.#running = Promise.all(devices.map((device, nth) => all.#report(device, nth / count)));
    return all;
  }

  async #report(device: SimulatedDevice, phase: number): Promise<void> {
    const { signal } = this.#stopping;
    const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => {});
    await pause(phase * this.everyMs);
    while (!signal.aborted) {
      device.take();
      const startedMs = performance.now();
      try {
        await device.sync();
        this.#latenciesMs.push(performance.now() - startedMs);
      } catch (error) {
        this.#failures.push(`${device.handle}: ${error}: ${(error as Error).cause ?? ""}`);
      }
      await pause(this.everyMs * (0.75 + Math.random() / 2));
    }
  }

  /** What happened since the last call. */
  stretch(): Stretch {
    const latenciesMs = this.#latenciesMs.sort((a, b) => a - b);
    const stretch = { exchanges: latenciesMs.length, failures: this.#failures, latenciesMs };
    this.#latenciesMs = [];
    this.#failures = [];
    return stretch;
  }

  /** Ends the reporting; every exchange under way comes to its end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#client.close();
  }
}

/** The value below which this share of a sorted list lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
