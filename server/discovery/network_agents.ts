/**
 * @module
 * Agents that announce themselves on the server's own links (mDNS). Looking starts when somebody asks and ends when
 * nobody has asked for a while, so a server without watchers is silent. What is found is a hint: nothing here proves
 * who an agent is.
 */
import { AGENT_SERVICE, type BrowseEvent, parseAgentTxt } from "@fleetd/firmware-protocol";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

/** An agent on the network; every text is its own word. */
export interface NetworkAgent {
  /** Public handle. */
  readonly handle: string;
  readonly model: string;
  readonly version: string;
  /** `unenrolled`, `waiting`, `pending`, `accepted`, `rejected`, `quarantined` or `decommissioned`. */
  readonly state: string;
  /** First 16 letters of the fingerprint of the server it belongs to; null = it has none. */
  readonly serverFingerprintPrefix: string | null;
  /** Best first. */
  readonly addresses: readonly string[];
  /** Of its local interface. */
  readonly port: number;
}

/** What is known of the network now. */
export interface NetworkView {
  /** `off`: the server was started without mDNS; `failed`: its sockets could not be opened. */
  readonly looking: "yes" | "off" | "failed";
  /** Ms since looking began: agents need up to two seconds to answer. */
  readonly forMs: number;
  /** By handle. */
  readonly agents: readonly NetworkAgent[];
}

/** What looking stands on. */
export interface NetworkAgentsOptions {
  /** Null = never look. */
  readonly browse:
    | ((options: { types: string[]; signal: AbortSignal }) => AsyncIterable<BrowseEvent>)
    | null;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly log: Log;
  /** Looking ends this long after the last question, ms. */
  readonly restAfterMs?: number;
}

const REST_AFTER_MS = 120_000;
/** Most agents remembered: a stranger on the link can announce as many as he likes. */
const MOST_AGENTS = 500;

/** The agents of the network. */
export class NetworkAgents {
  readonly #with: NetworkAgentsOptions;
  readonly #found = new Map<string, NetworkAgent>();
  #looking:
    | { readonly sinceMs: number; readonly stop: AbortController; ended: Promise<void> }
    | null = null;
  #failed = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(options: NetworkAgentsOptions) {
    this.#with = options;
  }

  /** What is seen now; looking begins with the first question. */
  look(): NetworkView {
    const { browse, clock, restAfterMs = REST_AFTER_MS } = this.#with;
    if (browse === null) return { looking: "off", forMs: 0, agents: [] };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.close(), restAfterMs);
    this.#looking ??= this.#begin(browse);
    return {
      looking: this.#failed ? "failed" : "yes",
      forMs: clock.monotonicMs() - this.#looking.sinceMs,
      agents: [...this.#found.values()].sort((a, b) => a.handle < b.handle ? -1 : 1),
    };
  }

  /** Ends looking; a later question begins it again. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const looking = this.#looking;
    this.#looking = null;
    this.#found.clear();
    looking?.stop.abort();
    await looking?.ended;
  }

  #begin(browse: NonNullable<NetworkAgentsOptions["browse"]>) {
    const stop = new AbortController();
    this.#failed = false;
    return {
      sinceMs: this.#with.clock.monotonicMs(),
      stop,
      ended: this.#follow(browse({ types: [AGENT_SERVICE], signal: stop.signal }), stop.signal),
    };
  }

  async #follow(events: AsyncIterable<BrowseEvent>, signal: AbortSignal): Promise<void> {
    try {
      for await (const { kind, service } of events) {
        if (signal.aborted) return;
        const key = JSON.stringify([service.instance, service.host, service.port]);
        const agent = kind === "down" ? undefined : agentOf(service);
        if (agent === undefined) this.#found.delete(key);
        else if (this.#found.has(key) || this.#found.size < MOST_AGENTS) {
          this.#found.set(key, agent);
        }
      }
    } catch (error) {
      this.#failed = true;
      this.#with.log.warn("discovery.browse_failed", { error: String(error) });
    }
  }
}

function agentOf({ txt, addresses, port }: BrowseEvent["service"]): NetworkAgent | undefined {
  const said = parseAgentTxt(txt);
  if (said === undefined) return undefined;
  return {
    handle: said.h,
    model: said.model,
    version: said.ver,
    state: said.state,
    serverFingerprintPrefix: said.fp ?? null,
    addresses,
    port,
  };
}
