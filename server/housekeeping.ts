/**
 * @module
 * What time alone brings about: devices that nobody accepted go, commands end, old telemetry goes, and
 * devices fall silent. Everything it needs is in the database, so a missed round is made up by the next.
 */
import { systemActor } from "./audit/actor.ts";
import type { Audit } from "./audit/audit.ts";
import type { Clock } from "./clock.ts";
import type { CommandRecords } from "./commands/commands.ts";
import type { LiveEvents } from "./events/live_events.ts";
import type { Log } from "./log.ts";
import type { TelemetryUpkeep } from "./telemetry/telemetry_records.ts";
import type { Awaitable, Transactions, Tx } from "./transaction.ts";

/** A device that a round concerns. */
export interface SweptDevice {
  readonly id: number;
  readonly handle: string;
}

/** What housekeeping reads and removes by itself. */
export interface HousekeepingRecords {
  /** Removes pending devices whose last contact was before this. @returns them */
  removePending(tx: Tx, seenBeforeMs: number): Awaitable<readonly SweptDevice[]>;
  /** Removes keys revoked before this, and handshakes that expired before `nowMs`. */
  forgetKeys(
    tx: Tx,
    bounds: { readonly revokedBeforeMs: number; readonly nowMs: number },
  ): Awaitable<void>;
  /** Accepted devices that stopped being online after `fromMs` and until `toMs`. */
  fellSilent(
    range: { readonly fromMs: number; readonly toMs: number },
  ): Awaitable<readonly SweptDevice[]>;
}

/** What housekeeping stands on. */
export interface HousekeepingOptions {
  readonly records: HousekeepingRecords;
  readonly telemetry: TelemetryUpkeep;
  readonly commands: Pick<CommandRecords, "expire">;
  readonly transactions: Transactions;
  readonly live: LiveEvents;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** How long telemetry is kept, ms. */
  readonly keepTelemetryMs?: number;
  /** Whether it is for this server to do now, of those on one database; default: it is. */
  readonly leads?: () => Awaitable<boolean>;
}

const DAY_MS = 86_400_000;
const PENDING_MS = DAY_MS;
const REVOKED_KEPT_MS = 30 * DAY_MS;
const KEEP_TELEMETRY_MS = 30 * DAY_MS;
/** Batches of a quarter of an hour are put together, at its end: a device then has few blocks, the log stays short. */
const FOLD_AFTER_MS = 900_000;
/** Batches dropped in one transaction, so that a long clean-up holds nobody up. */
const DROP_AT_ONCE = 500;
const SWEEP_EVERY_MS = 5_000;
const CLEAN_EVERY_MS = 60_000;

/** Runs the rounds. */
export class Housekeeping {
  readonly #with: HousekeepingOptions;
  #timers: ReturnType<typeof setInterval>[] = [];
  #round: Promise<void> = Promise.resolve();
  #sweptMs: number;
  #foldedMs = -Infinity;

  constructor(options: HousekeepingOptions) {
    this.#with = options;
    this.#sweptMs = options.clock.nowMs();
  }

  /** Begins the rounds: silence every 5 s, the rest every minute. */
  start(): void {
    this.#timers = [
      setInterval(() => this.#queue(() => this.#sweepIfLeading()), SWEEP_EVERY_MS),
      setInterval(() => this.#queue(() => this.#cleanIfLeading()), CLEAN_EVERY_MS),
    ];
  }

  /** Ends the rounds; resolves when the one under way is over. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#round;
  }

  async #sweepIfLeading(): Promise<void> {
    if (await this.#leads()) return await this.sweep();
    // If this server leads next time, it begins where the other one may have ended.
    this.#sweptMs = this.#with.clock.nowMs() - 2 * SWEEP_EVERY_MS;
  }

  async #cleanIfLeading(): Promise<void> {
    if (await this.#leads()) await this.clean();
  }

  #leads(): Awaitable<boolean> {
    return this.#with.leads?.() ?? true;
  }

  /** Tells watchers which devices fell silent since the last time. */
  async sweep(): Promise<void> {
    const { records, transactions, live, clock } = this.#with;
    const fromMs = this.#sweptMs, toMs = clock.nowMs();
    const silent = await records.fellSilent({ fromMs, toMs });
    this.#sweptMs = toMs;
    if (silent.length === 0) return;
    await transactions.write(async (tx) => {
      for (const { id, handle } of silent) {
        await live.publish(tx, { kind: "device.offline", deviceId: id, handle, atMs: toMs });
      }
    });
  }

  /** Removes and ends what has had its time. */
  async clean(): Promise<void> {
    const { transactions, records, commands, clock } = this.#with;
    const nowMs = clock.nowMs();
    await transactions.write(async (tx) => {
      for (const device of await records.removePending(tx, nowMs - PENDING_MS)) {
        await this.#removed(tx, device, nowMs);
      }
      await records.forgetKeys(tx, { revokedBeforeMs: nowMs - REVOKED_KEPT_MS, nowMs });
      await commands.expire(tx, nowMs);
    });
    if (nowMs - this.#foldedMs >= FOLD_AFTER_MS) {
      await this.#with.telemetry.fold(nowMs - FOLD_AFTER_MS);
      this.#foldedMs = nowMs;
    }
    await this.#dropTelemetry(nowMs);
  }

  async #removed(tx: Tx, { id, handle }: SweptDevice, nowMs: number): Promise<void> {
    await this.#with.audit(tx, {
      actor: systemActor("housekeeping").name,
      address: null,
      action: "device.expire",
      target: `device:${handle}`,
      before: { admission: "pending" },
    });
    await this.#with.live.publish(tx, {
      kind: "device.removed",
      deviceId: id,
      handle,
      atMs: nowMs,
    });
  }

  async #dropTelemetry(nowMs: number): Promise<void> {
    const { telemetry, transactions, keepTelemetryMs = KEEP_TELEMETRY_MS } = this.#with;
    const bound = { beforeMs: nowMs - keepTelemetryMs, limit: DROP_AT_ONCE };
    let dropped: number;
    do {
      dropped = await transactions.write((tx) => telemetry.dropReceivedBefore(tx, bound));
    } while (dropped === DROP_AT_ONCE);
  }

  /** One round after the other; a failed one is told and made up by the next. */
  #queue(round: () => Promise<void>): void {
    this.#round = this.#round.then(round).catch((error) =>
      this.#with.log.error("housekeeping.failed", { message: (error as Error).message })
    );
  }
}
