/**
 * The one engine of this process: opened by its first user, closed with its last.
 *
 * @module
 */
import { type DiscoveryCounters, MulticastEngine } from "./engine.ts";
import type { Clock } from "./link.ts";
import { NetworkLinks } from "./network_links.ts";

/** The right to use the engine until it is given back. */
export interface EngineLease {
  readonly engine: MulticastEngine;
  release(): Promise<void>;
}

const clock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    // A delay beyond 2^31-1 ms would fire at once.
    const timer = setTimeout(run, Math.min(delayMs, 0x7fffffff));
    return () => clearTimeout(timer);
  },
};

let shared: { opening: Promise<MulticastEngine>; users: number } | undefined;

/** Opens the engine or joins its users; `log` counts for the first. */
export async function useEngine(log: (line: string) => void = () => {}): Promise<EngineLease> {
  shared ??= {
    users: 0,
    opening: MulticastEngine.open({
      clock,
      log,
      random: Math.random,
      links: new NetworkLinks({ log }),
    }),
  };
  const mine = shared;
  mine.users++;
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    if (--mine.users > 0) return;
    if (shared === mine) shared = undefined;
    await (await mine.opening).close();
  };
  try {
    return { engine: await mine.opening, release };
  } catch (error) {
    if (shared === mine) shared = undefined;
    throw error;
  }
}

/** What the engine of this process has heard; undefined while nothing uses it. */
export async function discoveryCounters(): Promise<DiscoveryCounters | undefined> {
  return shared && { ...(await shared.opening).counters };
}
