/**
 * Which servers can be seen: mDNS as long as the machine wants to look, and invitations. Addresses only, nothing proven.
 *
 * @module
 */
import { type BrowseEvent, parseServerTxt } from "@fleetd/firmware-protocol";
import type { Candidate } from "../agent_state.ts";
import type { Log } from "../log.ts";
import type { Clock, Network } from "../ports.ts";

/** Invitations are forgotten after this. */
const INVITATION_MS = 10 * 60_000;
/** Most invitations remembered; a newer one takes the place of the oldest. */
const INVITATIONS_MAX = 8;

/** What the watch needs. */
export interface ServerWatchParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether mDNS may be used. */
  readonly mdns: boolean;
  /** Takes all candidates whenever they changed. */
  readonly onSeen: (seen: readonly Candidate[]) => void;
}

/** The watch of one agent. */
export class ServerWatch {
  private readonly services = new Map<string, readonly Candidate[]>();
  private readonly invitations = new Map<string, { candidate: Candidate; untilMs: number }>();
  private browsing: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;

  constructor(private readonly parts: ServerWatchParts) {}

  /** Begins to look; what is known is told again at once. */
  look(): void {
    if (this.browsing === null && this.parts.mdns) {
      const stop = new AbortController();
      this.browsing = { stop, done: this.browse(stop.signal) };
    }
    const seen = this.candidates();
    if (seen.length > 0) this.parts.onSeen(seen);
  }

  /** Ends looking and forgets what was seen. */
  async stop(): Promise<void> {
    const { browsing } = this;
    this.browsing = null;
    this.services.clear();
    this.invitations.clear();
    browsing?.stop.abort();
    await browsing?.done;
  }

  /** Somebody on the network says where a server is. */
  invite(candidate: Candidate): void {
    this.invitations.delete(candidate.url);
    if (this.invitations.size >= INVITATIONS_MAX) {
      this.invitations.delete(this.invitations.keys().next().value!);
    }
    const untilMs = this.parts.clock.monotonicMs() + INVITATION_MS;
    this.invitations.set(candidate.url, { candidate, untilMs });
    this.parts.onSeen(this.candidates());
  }

  private candidates(): Candidate[] {
    const now = this.parts.clock.monotonicMs();
    const invited = [...this.invitations.values()].filter(({ untilMs }) => untilMs > now)
      .map(({ candidate }) => candidate);
    const byUrl = new Map<string, Candidate>();
    for (const candidate of [...this.services.values(), invited].flat()) {
      if (!byUrl.has(candidate.url)) byUrl.set(candidate.url, candidate);
    }
    return [...byUrl.values()];
  }

  private async browse(signal: AbortSignal): Promise<void> {
    const { network, log, onSeen } = this.parts;
    try {
      for await (const event of network.findServers(signal)) {
        if (signal.aborted) return;
        const key = `${event.service.instance}.${event.service.type}`;
        const found = event.kind === "down" ? [] : candidatesOf(event);
        if (found.length === 0) this.services.delete(key);
        else this.services.set(key, found);
        onSeen(this.candidates());
      }
    } catch (error) {
      log.warn("Cannot look for servers on the network", {
        why: error instanceof Error ? error.message : String(error),
        hint: "name the server with: fleetd agent --server URL",
      });
    }
  }
}

/** One candidate for each address that a URL can hold. */
function candidatesOf({ service }: BrowseEvent): Candidate[] {
  const txt = parseServerTxt(service.txt);
  if (txt === undefined) return [];
  const path = (txt.path ?? "").replace(/\/+$/, "");
  return service.addresses.filter((address) => !address.includes("%")).map((address) => ({
    url: `http://${address.includes(":") ? `[${address}]` : address}:${service.port}${path}`,
    source: "mdns",
    name: service.instance,
    fingerprintPrefix: txt.fp,
  }));
}
