/**
 * What time it is, and how much that can be believed. The agent never sets the host's clock: it compares.
 *
 * The host's clock counts when a time service says so, or when it agrees with the server. Else the server's time counts,
 * carried on by the monotonic clock from a verified answer with a short round trip (PROTOCOL §5). Before either, there is
 * no time: samples are dated by uptime and boot id.
 *
 * @module
 */
import { ClockSource } from "@fleetd/firmware-protocol";
import type { Clock } from "../ports.ts";
import type { Dating } from "../telemetry/upload.ts";

/** A longer round trip says too little about the time. */
export const ROUND_TRIP_MAX_MS = 10_000;
/** A host clock that differs less from the server's is as good as synchronised. */
const AGREES_MS = 5_000;

/** What the clock needs. */
export interface DeviceClockParts {
  readonly clock: Clock;
  /** The present boot, 32 bits. */
  readonly bootId: number;
  /** Whether a time service has set the host's clock. */
  readonly isSynchronised: () => boolean;
}

/** The device's view of time. */
export class DeviceClock {
  /** Unix ms at monotonic 0 by the server's clock. */
  private serverAtBootMs: number | null = null;

  constructor(private readonly parts: DeviceClockParts) {}

  /** Takes the time of a verified answer; both moments are monotonic ms. Long round trips are ignored. */
  observe(
    serverTimeMs: number,
    { sentMs, receivedMs }: { sentMs: number; receivedMs: number },
  ): void {
    if (receivedMs - sentMs > ROUND_TRIP_MAX_MS) return;
    this.serverAtBootMs = serverTimeMs - (sentMs + receivedMs) / 2;
  }

  /** Where the time comes from, as the protocol numbers it. */
  source(): number {
    if (this.hostIsRight()) return ClockSource.ntp;
    return this.serverAtBootMs === null ? ClockSource.none : ClockSource.server;
  }

  /** Unix ms, integer, or `null` while there is no time to believe. */
  unixNowMs(): number | null {
    const { clock } = this.parts;
    if (this.hostIsRight()) return clock.nowMs();
    return this.serverAtBootMs === null
      ? null
      : Math.round(this.serverAtBootMs + clock.monotonicMs());
  }

  /** How uptime becomes Unix time now. */
  dating(): Dating {
    const now = this.unixNowMs();
    const unixAtBootMs = now === null ? null : now - this.parts.clock.monotonicMs();
    return { bootId: this.parts.bootId, unixAtBootMs };
  }

  private hostIsRight(): boolean {
    const { clock, isSynchronised } = this.parts;
    if (isSynchronised()) return true;
    if (this.serverAtBootMs === null) return false;
    return Math.abs(clock.nowMs() - this.serverAtBootMs - clock.monotonicMs()) <= AGREES_MS;
  }
}
