/**
 * @module
 * Commands to devices: queued by administrators, handed out until the device says it has taken them,
 * ended by the device's report or by their time. Which commands there are is up to the features that
 * queue them; the first is `identify`.
 */
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { LiveEvents } from "../events/live_events.ts";
import type { Awaitable, Tx } from "../transaction.ts";

/** `waiting`: not taken yet; `delivered`: the device has it; then a report or its end. */
export type CommandState = "waiting" | "delivered" | "finished" | "expired";

/** One command. */
export interface Command {
  /** Row id of the device. */
  readonly deviceId: number;
  /** Grows per device. */
  readonly id: number;
  readonly name: string;
  readonly args: Uint8Array | null;
  readonly state: CommandState;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly finishedAtMs: number | null;
  /** `CommandStatus` of the report; null before it. */
  readonly status: number | null;
  readonly code: number | null;
  /** At most 4,096 bytes. */
  readonly output: Uint8Array | null;
  /** `Actor.name` of who queued it. */
  readonly actor: string;
}

/** A report on a command, or one part of it. */
export interface CommandResult {
  readonly id: number;
  readonly status: number;
  readonly code: number | null;
  /** Appended to what came before. */
  readonly output: Uint8Array | null;
  /** More parts follow. */
  readonly isPartial: boolean;
  readonly atMs: number;
}

/** Where commands are kept. */
export interface CommandRecords {
  /** Gives the next id of the device: above every id it has or says it has taken. */
  insert(
    tx: Tx,
    command: Pick<Command, "deviceId" | "name" | "args" | "createdAtMs" | "expiresAtMs" | "actor">,
  ): Awaitable<number>;
  /** Commands that wait to be taken and have not expired, by id; at most `limit`. */
  waiting(
    query: { readonly deviceId: number; readonly nowMs: number; readonly limit: number },
  ): Awaitable<readonly Command[]>;
  countOpen(tx: Tx, deviceId: number): Awaitable<number>;
  /** The device has taken everything up to this id. */
  markTaken(
    tx: Tx,
    taken: { readonly deviceId: number; readonly through: number },
  ): Awaitable<void>;
  /** @returns false when there is no such command that may still end */
  finish(tx: Tx, result: CommandResult & { readonly deviceId: number }): Awaitable<boolean>;
  get(deviceId: number, id: number): Awaitable<Command | undefined>;
  /** Ends what nobody took in time, and what was taken and never reported. */
  expire(tx: Tx, nowMs: number): Awaitable<void>;
}

/** What the feature stands on. */
export interface CommandsOptions {
  readonly records: CommandRecords;
  readonly live: LiveEvents;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Open commands a device may have. */
const MOST_OPEN = 16;

/** Queues commands and shows what became of them. */
export class Commands {
  readonly #with: CommandsOptions;

  constructor(options: CommandsOptions) {
    this.#with = options;
  }

  /**
   * Queues a command for a device that the caller found within its scope; a waiting device is woken after
   * the commit.
   * @param wanted `ttlS` 1..604,800, from now
   * @returns the command's id
   * @throws DomainError `command.queue_full`
   */
  async queue(
    tx: Tx,
    actor: Actor,
    { device, name, args = null, ttlS }: {
      readonly device: { readonly id: number; readonly handle: string };
      readonly name: string;
      readonly args?: Uint8Array | null;
      readonly ttlS: number;
    },
  ): Promise<number> {
    const { records, live, audit, clock } = this.#with;
    const open = await records.countOpen(tx, device.id);
    if (open >= MOST_OPEN) {
      throw new DomainError(
        "command.queue_full",
        `Cannot send ${name} to ${device.handle}: ${open} commands are open already; wait until the device has answered them`,
      );
    }
    const createdAtMs = clock.nowMs();
    const id = await records.insert(tx, {
      deviceId: device.id,
      name,
      args,
      createdAtMs,
      expiresAtMs: createdAtMs + 1_000 * ttlS,
      actor: actor.name,
    });
    await audit(tx, {
      actor: actor.name,
      address: actor.address,
      action: `command.${name}`,
      target: `device:${device.handle}`,
      after: { id, ttlS },
    });
    await live.publish(tx, {
      kind: "command.queued",
      deviceId: device.id,
      handle: device.handle,
      atMs: createdAtMs,
    });
    return id;
  }

  /**
   * One command of a device that the caller found within its scope.
   * @throws DomainError `command.not_found`
   */
  async get(
    device: { readonly id: number; readonly handle: string },
    id: number,
  ): Promise<Command> {
    const command = await this.#with.records.get(device.id, id);
    if (command !== undefined) return command;
    throw new DomainError(
      "command.not_found",
      `Cannot show command ${id} of ${device.handle}: there is none of that number`,
    );
  }
}
